/* setup.c - see setup.h */
#include "cmd/setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/suggest.h"
#include "cmd/cmd.h"

/* --- words ---------------------------------------------------------------- */

static int unknown(const struct setup *s, const struct option *options,
		   const char *word)
{
	struct suggest near;

	suggest_init(&near, word);
	for (; options->name; options++)
		suggest_offer(&near, options->name);
	suggest_offer(&near, "--config");
	suggest_offer(&near, "--policies");
	suggest_offer(&near, "--json");
	fprintf(stderr, "moongate %s: what is '%s'?", s->command, word);
	if (near.best)
		fprintf(stderr, " Did you mean '%s'?", near.best);
	fprintf(stderr, " Try 'moongate %s --help'.\n", s->command);
	return CMD_USAGE;
}

static int take(struct setup *s, const struct option *options, int argc,
		char **argv, int *i)
{
	const struct option common[] = {
		{ "--config", NULL, &s->config },
		{ "--policies", NULL, &s->policies },
		{ "--json", &s->json, NULL },
		{ NULL, NULL, NULL },
	};
	const struct option *lists[] = { options, common };

	for (int l = 0; l < 2; l++) {
		for (const struct option *o = lists[l]; o->name; o++) {
			if (strcmp(o->name, argv[*i]) != 0)
				continue;
			if (o->flag) {
				*o->flag = true;
				return CMD_OK;
			}
			if (*i + 1 == argc) {
				fprintf(stderr,
					"moongate %s: %s wants a value\n",
					s->command, o->name);
				return CMD_USAGE;
			}
			*o->value = argv[++*i];
			return CMD_OK;
		}
	}
	return unknown(s, options, argv[*i]);
}

int setup_read(struct setup *s, const struct option *options, int argc,
	       char **argv)
{
	bool only_words = false;

	*s = (struct setup){ .command = argv[0] };
	for (int i = 1; i < argc; i++) {
		bool option = argv[i][0] == '-' && argv[i][1] && !only_words;

		if (option && strcmp(argv[i], "--") == 0) {
			only_words = true;
		} else if (option) {
			int rc = take(s, options, argc, argv, &i);

			if (rc)
				return rc;
		} else if (s->count == SETUP_WORDS) {
			fprintf(stderr, "moongate %s: too many words\n",
				s->command);
			return CMD_USAGE;
		} else {
			s->words[s->count++] = argv[i];
		}
	}
	return CMD_OK;
}

/* --- complaints ------------------------------------------------------------
 */

/* Line `number` of a file, or nothing. */
static char *line_of(const char *path, long number)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n = -1;

	if (!f)
		return NULL;
	while (number-- > 0 && (n = getline(&line, &cap, f)) >= 0)
		;
	fclose(f);
	if (n < 0) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

/* Where in `line` the first quoted word of `what` stands, or NULL. */
static const char *word_in(const char *line, const char *what)
{
	const char *open = strchr(what, '\'');
	const char *close = open ? strchr(open + 1, '\'') : NULL;
	char word[128];

	if (!close || close - open < 2 || close - open > (long)sizeof(word))
		return NULL;
	memcpy(word, open + 1, (size_t)(close - open - 1));
	word[close - open - 1] = '\0';
	return strstr(line, word);
}

static void show(const char *line, const char *at)
{
	fprintf(stderr, "  %s\n", line);
	if (!at)
		return;
	fputs("  ", stderr);
	for (const char *c = line; c < at; c++)
		fputc(*c == '\t' ? '\t' : ' ', stderr);
	fputs("^\n", stderr);
}

/* "file:line: what" gains a column, the line itself and a caret. */
static void complain(const char *what)
{
	const char *colon = strchr(what, ':'), *at = NULL;
	char path[4096], *line = NULL, *rest = NULL;
	long number = 0;

	while (colon && (number = strtol(colon + 1, &rest, 10)) <= 0)
		colon = strchr(colon + 1, ':');
	if (colon && (size_t)(colon - what) < sizeof(path)) {
		memcpy(path, what, (size_t)(colon - what));
		path[colon - what] = '\0';
		line = line_of(path, number);
	}
	if (line)
		at = word_in(line, rest);
	if (at)
		fprintf(stderr, "%s:%ld:%d%s\n", path, number,
			(int)(at - line) + 1, rest);
	else
		fprintf(stderr, "%s\n", what);
	if (line)
		show(line, at);
	free(line);
}

int setup_complain(const char *why)
{
	char *copy = strdup(why), *rest = copy, *line;
	int count = 0;

	if (!copy)
		abort();
	while ((line = strsep(&rest, "\n"))) {
		if (*line) {
			complain(line);
			count++;
		}
	}
	free(copy);
	return count;
}

/* --- configuration ---------------------------------------------------------
 */

int setup_conf(struct setup *s)
{
	char why[4096] = "";

	s->conf = conf_new();
	if (!s->config && access("moongate.lua", R_OK) == 0)
		s->config = "moongate.lua";
	if (engine_read_conf(s->config, s->conf, why, sizeof(why)) < 0) {
		setup_complain(why);
		return CMD_CONFIG;
	}
	if (s->policies &&
	    conf_set(s->conf, "policies", s->policies, why, sizeof(why)) < 0) {
		fprintf(stderr, "moongate %s: %s\n", s->command, why);
		return CMD_CONFIG;
	}
	return CMD_OK;
}

struct engine *setup_engine(struct setup *s)
{
	char *why = calloc(1, SETUP_WHY);
	struct engine *e;

	if (!why)
		abort();
	e = engine_new(s->conf, why, SETUP_WHY);
	if (!e)
		setup_complain(why);
	free(why);
	return e;
}

void setup_deinit(struct setup *s)
{
	conf_free(s->conf);
}
