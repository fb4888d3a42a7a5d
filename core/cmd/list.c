/* list.c - the table that main.c searches, made of CMD_LIST. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

#define CMD_ROW(name) &cmd_##name,
const struct cmd *const cmd_list[] = { CMD_LIST(CMD_ROW) NULL };
#undef CMD_ROW

int cmd_wants_help(const struct cmd *cmd, int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0) {
			fputs(cmd->help, stdout);
			return 1;
		}
	}
	return 0;
}
