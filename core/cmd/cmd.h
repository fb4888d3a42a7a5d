/* cmd.h - the subcommands. Each is one file: parse the words, call the layer
 * that does it, print. Data on stdout, words on stderr. */
#pragma once

/* Exit codes, the same for every subcommand. */
enum cmd_exit {
	CMD_OK = 0,
	CMD_NEGATIVE = 1, /* it worked, and the answer is no */
	CMD_USAGE = 2,
	CMD_SOFTWARE = 70,
	CMD_CANNOT = 73, /* cannot create, cannot open */
	CMD_CONFIG = 78,
};

struct cmd {
	const char *name;
	const char *about; /* one line for `moongate help` */
	const char *help;  /* the whole of `moongate NAME --help`: usage,
			    * options, two examples */
	int (*run)(int argc, char **argv); /* argv[0] is the name */
};

/* Every subcommand, in the order in which `moongate help` shows them. To add
 * one: a line here, and core/cmd/NAME.c that defines cmd_NAME. */
#define CMD_LIST(X)                                                            \
	X(help)                                                                \
	X(run)                                                                 \
	X(status)                                                              \
	X(check)                                                               \
	X(test)                                                                \
	X(judge)                                                               \
	X(scan)                                                                \
	X(explain)                                                             \
	X(tail)                                                                \
	X(events)                                                              \
	X(ca)                                                                  \
	X(integration)                                                         \
	X(pac)                                                                 \
	X(schema)                                                              \
	X(completion)                                                          \
	X(version)

#define CMD_DECLARE(name) extern const struct cmd cmd_##name;
CMD_LIST(CMD_DECLARE)
#undef CMD_DECLARE

extern const struct cmd *const cmd_list[]; /* ends with NULL */

/* True, and help printed on stdout, when argv asks for it. */
int cmd_wants_help(const struct cmd *cmd, int argc, char **argv);
