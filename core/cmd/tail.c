/* tail.c - `moongate tail`: what goes by, as it does.
 *
 * Follows the store by row number. A worker writes its events every 50 ms,
 * control stores them every 100 ms, and we look five times a second: what ends
 * is shown within half a second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cmd/cmd.h"
#include "cmd/setup.h"
#include "cmd/story.h"

enum { LOOK_MS = 200, USUAL = 10, MOST = 1000 };

struct tailing {
	struct archive *archive;
	struct filter *filter;
	long lines; /* shown before following */
	bool json;
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
static int show_last(const struct tailing *t)
{
	struct mg_slice rows[MOST];
	struct archive_row row;
	struct arena a;
	long n = 0;

	if (!t->lines)
		return MG_OK;
	int err = archive_find(t->archive, t->filter, ARCHIVE_NEWEST,
			       (uint32_t)t->lines);
	arena_init(&a);
	while (err == MG_OK && n < t->lines &&
	       archive_next(t->archive, &row) == 1)
		rows[n++] = arena_slice(&a, row.packed);
	while (n-- > 0)
		story_print(rows[n], t->json);
	arena_deinit(&a);
	return err;
}

/* What came since; *after moves on, also past rows that do not match. */
static int show_new(const struct tailing *t, uint64_t *after)
{
	uint64_t newest = archive_newest(t->archive);
	struct archive_row row;

	if (newest <= *after)
		return MG_OK;
	int got = archive_find(t->archive, t->filter, (int64_t)*after, 0);
	while (got >= 0 && (got = archive_next(t->archive, &row)) == 1) {
		story_print(row.packed, t->json);
		if (row.number > newest)
			newest = row.number;
	}
	if (got < 0)
		return got;
	*after = newest;
	return fflush(stdout) == 0 ? MG_OK : MG_ESTOP;
}

static int follow(const struct tailing *t)
{
	uint64_t after = archive_newest(t->archive);
	int err = show_last(t), failed = 0;

	fflush(stdout);
	while (err == MG_OK || (err == MG_EIO && ++failed < 10)) {
		if (err == MG_OK)
			failed = 0;
		pause_ms(LOOK_MS);
		err = show_new(t, &after);
	}
	if (err == MG_ESTOP)
		return CMD_OK; /* nobody reads on */
	fprintf(stderr, "moongate tail: the store cannot be read\n");
	return CMD_SOFTWARE;
}

static int parse_lines(const char *text, long *lines)
{
	char *end;

	*lines = USUAL;
	if (!text)
		return MG_OK;
	*lines = strtol(text, &end, 10);
	if (end != text && !*end && *lines >= 0 && *lines <= MOST)
		return MG_OK;
	fprintf(stderr, "moongate tail: --lines is 0 to %d\n", MOST);
	return MG_EINVAL;
}

static int run(int argc, char **argv)
{
	const char *lines = NULL, *filter = NULL;
	const struct option options[] = {
		{ "--filter", NULL, &filter },
		{ "--lines", NULL, &lines },
		{ NULL, NULL, NULL },
	};
	struct tailing t = { 0 };
	struct setup s;
	int code = setup_read(&s, options, argc, argv);

	if (code || parse_lines(lines, &t.lines) < 0)
		return CMD_USAGE;
	t.json = s.json;
	t.filter = story_filter(s.words, s.count, filter);
	if (!t.filter)
		return CMD_USAGE;
	code = setup_conf(&s);
	if (!code) {
		t.archive = wait_for_store(s.conf->state);
		code = follow(&t);
	}
	archive_free(t.archive);
	filter_free(t.filter);
	setup_deinit(&s);
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
