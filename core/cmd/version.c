/* version.c - `moongate version`: which build, and what it stands on. */
#include <stdio.h>
#include <string.h>

#include "abi/mg.h"
#include "cmd/cmd.h"

static int run(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--json") == 0) {
		printf("{\"version\":\"%s\",\"abi\":%d,\"libraries\":\"%s\"}\n",
		       MG_VERSION, (int)mg_abi(), MG_LIBRARIES);
		return CMD_OK;
	}
	if (argc > 1 && strcmp(argv[1], "--version") != 0) {
		fprintf(stderr, "moongate version: what is '%s'?\n", argv[1]);
		return CMD_USAGE;
	}
	printf("moongate %s\n", MG_VERSION);
	printf("abi %d, built by %s\n", (int)mg_abi(), __VERSION__);
	printf("%s\n", MG_LIBRARIES);
	return CMD_OK;
}

const struct cmd cmd_version = {
	.name = "version",
	.about = "which build this is, and the libraries it stands on",
	.help = "usage: moongate version [--json]\n"
		"\n"
		"examples:\n"
		"  moongate version\n"
		"  moongate version --json\n",
	.run = run,
};
