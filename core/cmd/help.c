/* help.c - `moongate help [NAME]`. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

static int run(int argc, char **argv)
{
	if (argc > 1) {
		for (const struct cmd *const *c = cmd_list; *c; c++) {
			if (strcmp((*c)->name, argv[1]) == 0) {
				fputs((*c)->help, stdout);
				return CMD_OK;
			}
		}
		fprintf(stderr, "moongate help: there is no command '%s'\n",
			argv[1]);
		return CMD_USAGE;
	}
	puts("Moongate governs what leaves a company for AI services, and what "
	     "comes back.\n\nusage: moongate COMMAND [options]\n");
	for (const struct cmd *const *c = cmd_list; *c; c++)
		printf("  %-12s %s\n", (*c)->name, (*c)->about);
	puts("\n'moongate COMMAND --help' shows options and examples.");
	return CMD_OK;
}

const struct cmd cmd_help = {
	.name = "help",
	.about = "what Moongate can be asked to do",
	.help = "usage: moongate help [COMMAND]\n"
		"\n"
		"Lists the commands, or explains one of them.\n"
		"\n"
		"examples:\n"
		"  moongate help\n"
		"  moongate help judge\n",
	.run = run,
};
