/* main.c - finds the subcommand and gives it its words.
 *
 *   moongate NAME [words]        run a subcommand
 *   moongate help [NAME]         and its two older spellings, -h and --help
 *   moongate --version           as `moongate version`
 */
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "cmd/cmd.h"

static const struct cmd *find(const char *name)
{
	for (const struct cmd *const *c = cmd_list; *c; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

static const char *spelt(const char *word)
{
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return "help";
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		return "version";
	return word;
}

static int unknown(const char *word)
{
	struct suggest near;

	suggest_init(&near, word);
	for (const struct cmd *const *c = cmd_list; *c; c++)
		suggest_offer(&near, (*c)->name);
	fprintf(stderr, "moongate: there is no command '%s'", word);
	if (near.best)
		fprintf(stderr, ", did you mean '%s'?", near.best);
	fprintf(stderr, "\n'moongate help' lists them all.\n");
	return CMD_USAGE;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		find("help")->run(1, (char *[]){ (char *)"help", NULL });
		return CMD_USAGE;
	}

	const struct cmd *cmd = find(spelt(argv[1]));
	if (!cmd)
		return unknown(argv[1]);
	if (cmd_wants_help(cmd, argc - 1, argv + 1))
		return CMD_OK;
	return cmd->run(argc - 1, argv + 1);
}
