/* tail.c - `moongate tail`: what goes by, as it does.
 *
 * Follows the store by row number. A worker writes its events every 50 ms,
 * control stores them every 100 ms, and we look five times a second: what ends
 * is shown within half a second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/cmd.h"
#include "cmd/settings.h"
#include "cmd/story.h"

enum { LOOK_MS = 200, USUAL = 10, MOST = 1000, WORDS = 64 };

struct options {
	const char *config;
	long lines;
	bool json;
	char *words[WORDS];
	int count;
};

static void pause_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

static struct archive *wait_for_store(const char *state)
{
	struct archive *ar = story_open(state);

	if (!ar)
		fprintf(stderr, "waiting for the event store in %s\n", state);
	while (!ar) {
		pause_ms(LOOK_MS);
		ar = story_open(state);
	}
	return ar;
}

/* The last few, oldest first. */
static int show_last(struct archive *ar, struct filter *f,
		     const struct options *o)
{
	struct mg_slice rows[MOST];
	struct archive_row row;
	struct arena a;
	long n = 0;

	if (!o->lines)
		return MG_OK;
	int err = archive_find(ar, f, ARCHIVE_BY_TIME, (uint32_t)o->lines);
	arena_init(&a);
	while (err == MG_OK && n < o->lines && archive_next(ar, &row) == 1)
		rows[n++] = arena_slice(&a, row.packed);
	while (n-- > 0)
		story_print(rows[n], o->json);
	arena_deinit(&a);
	return err;
}

/* What came since; *after moves on, also past rows that do not match. */
static int show_new(struct archive *ar, struct filter *f,
		    const struct options *o, uint64_t *after)
{
	uint64_t newest = archive_newest(ar);
	struct archive_row row;

	if (newest <= *after)
		return MG_OK;
	int got = archive_find(ar, f, (int64_t)*after, 0);
	while (got >= 0 && (got = archive_next(ar, &row)) == 1) {
		story_print(row.packed, o->json);
		if (row.number > newest)
			newest = row.number;
	}
	if (got < 0)
		return got;
	*after = newest;
	return fflush(stdout) == 0 ? MG_OK : MG_ESTOP;
}

static int follow(struct archive *ar, struct filter *f, const struct options *o)
{
	uint64_t after = archive_newest(ar);
	int err = show_last(ar, f, o), failed = 0;

	fflush(stdout);
	while (err == MG_OK || (err == MG_EIO && ++failed < 10)) {
		if (err == MG_OK)
			failed = 0;
		pause_ms(LOOK_MS);
		err = show_new(ar, f, o, &after);
	}
	if (err == MG_ESTOP)
		return CMD_OK; /* nobody reads on */
	fprintf(stderr, "moongate tail: the store cannot be read\n");
	return CMD_SOFTWARE;
}

static int parse_lines(const char *text, long *lines)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 0 || n > MOST) {
		fprintf(stderr, "moongate tail: --lines is 0 to %d\n", MOST);
		return MG_EINVAL;
	}
	*lines = n;
	return MG_OK;
}

static int parse(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		bool more = i + 1 < argc;
		if (!strcmp(argv[i], "--json")) {
			o->json = true;
		} else if (!strcmp(argv[i], "--config") && more) {
			o->config = argv[++i];
		} else if (!strcmp(argv[i], "--filter") && more &&
			   o->count < WORDS) {
			o->words[o->count++] = argv[++i];
		} else if (!strcmp(argv[i], "--lines") && more) {
			if (parse_lines(argv[++i], &o->lines) < 0)
				return MG_EINVAL;
		} else if (argv[i][0] == '-' || o->count == WORDS) {
			fprintf(stderr, "moongate tail: what is '%s'?\n",
				argv[i]);
			return MG_EINVAL;
		} else {
			o->words[o->count++] = argv[i];
		}
	}
	return MG_OK;
}

static int run(int argc, char **argv)
{
	struct options o = { .lines = USUAL };

	if (parse(argc, argv, &o) < 0)
		return CMD_USAGE;
	struct filter *f = story_filter(o.words, o.count);
	if (!f)
		return CMD_USAGE;
	struct conf *conf = settings_read(o.config);
	if (!conf) {
		filter_free(f);
		return CMD_CONFIG;
	}
	struct archive *ar = wait_for_store(conf->state);
	int code = follow(ar, f, &o);
	archive_free(ar);
	filter_free(f);
	conf_free(conf);
	return code;
}

const struct cmd cmd_tail = {
	.name = "tail",
	.about = "watch decisions as they are made",
	.help = "usage: moongate tail [FILTER] [--lines N] [--json] "
		"[--config FILE]\n"
		"\n"
		"Shows the last 10 (or N) events that match, then every new "
		"one, until it is\n"
		"interrupted. One line each: time, integration, application, "
		"method and path,\n"
		"request/reply action, policies that decided, findings, "
		"reason, status, time.\n"
		"Filters are those of `moongate events --help`.\n"
		"\n"
		"examples:\n"
		"  moongate tail\n"
		"  moongate tail 'action>=mask' --json | jq .event_id\n",
	.run = run,
};
