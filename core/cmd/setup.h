/* setup.h - what most subcommands begin with: words, configuration, policies.
 *
 *   argv --options--> --config, --policies, --json and a command's own
 *                     --> conf --> engine
 */
#pragma once
#include <stdbool.h>

#include "policy/engine.h"

enum { SETUP_WORDS = 64, SETUP_WHY = 65536 };

/* One option of a command; exactly one of the pointers. A row without a name
 * ends the list. */
struct option {
	const char *name; /* "--scores" */
	bool *flag;
	const char **value;
};

struct setup {
	const char *command;  /* for complaints */
	const char *config;   /* --config, else moongate.lua if there is one */
	const char *policies; /* --policies */
	bool json;            /* --json */
	const char *words[SETUP_WORDS]; /* what is no option */
	int count;
	struct conf *conf; /* owns; after setup_conf */
};

/* CMD_OK, or CMD_USAGE with a complaint on stderr. */
int setup_read(struct setup *s, const struct option *options, int argc,
	       char **argv);

/* CMD_OK, or CMD_CONFIG with the reasons on stderr. */
int setup_conf(struct setup *s);

/* The engine of that configuration (owned by the caller), or NULL with the
 * reasons on stderr. */
struct engine *setup_engine(struct setup *s);

void setup_deinit(struct setup *s);

/* Prints reasons ("file:line: what", one a line) with the line they speak of, a
 * caret under the word in question and nothing else. How many there were. */
int setup_complain(const char *why);
