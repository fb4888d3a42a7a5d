/* events.c - `moongate events`: what went by. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cmd/cmd.h"
#include "cmd/settings.h"
#include "cmd/story.h"

enum { USUAL = 100, MOST = 100000, WORDS = 64 };

struct options {
	const char *config;
	const char *since;
	long limit;
	bool json;
	char *words[WORDS];
	int count;
};

/* The newest come first from the store and are shown last. */
static int show_newest(struct archive *ar, const struct options *o)
{
	struct archive_row row;
	struct mg_slice *rows = calloc((size_t)o->limit, sizeof(*rows));
	struct arena a;
	long n = 0;
	int got = 1;

	if (!rows)
		abort();
	arena_init(&a);
	while (n < o->limit && (got = archive_next(ar, &row)) == 1)
		rows[n++] = arena_slice(&a, row.packed);
	for (long i = n; i-- > 0;)
		story_print(rows[i], o->json);
	arena_deinit(&a);
	free(rows);
	return got < 0 ? got : n > 0;
}

static int show_all(struct archive *ar, const struct options *o)
{
	struct archive_row row;
	int got, any = 0;

	for (; (got = archive_next(ar, &row)) == 1; any = 1)
		story_print(row.packed, o->json);
	return got < 0 ? got : any;
}

static int show(struct archive *ar, struct filter *f, const struct options *o)
{
	int err = archive_find(ar, f, ARCHIVE_BY_TIME, (uint32_t)o->limit);

	if (err == MG_OK)
		err = o->limit ? show_newest(ar, o) : show_all(ar, o);
	if (err < 0) {
		fprintf(stderr, "moongate events: the store cannot be read\n");
		return CMD_SOFTWARE;
	}
	return err ? CMD_OK : CMD_NEGATIVE;
}

static int narrow(struct filter *f, const struct options *o)
{
	uint64_t since;

	if (!o->since)
		return MG_OK;
	int err = filter_when(o->since, clock_now_us(), &since);
	if (err == MG_OK)
		filter_since(f, since);
	else
		fprintf(stderr,
			"moongate events: '%s' is not a time: 90s, 15m, 2h, "
			"7d, or 2026-08-21T10:14\n",
			o->since);
	return err;
}

static int parse_limit(const char *text, long *limit)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 0 || n > MOST) {
		fprintf(stderr, "moongate events: --limit is 0 (all) to %d\n",
			MOST);
		return MG_EINVAL;
	}
	*limit = n;
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
		} else if (!strcmp(argv[i], "--since") && more) {
			o->since = argv[++i];
		} else if (!strcmp(argv[i], "--limit") && more) {
			if (parse_limit(argv[++i], &o->limit) < 0)
				return MG_EINVAL;
		} else if (argv[i][0] == '-' || o->count == WORDS) {
			fprintf(stderr, "moongate events: what is '%s'?\n",
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
	struct options o = { .limit = USUAL };
	int code = CMD_USAGE;

	if (parse(argc, argv, &o) < 0)
		return CMD_USAGE;
	struct filter *f = story_filter(o.words, o.count);
	if (!f || narrow(f, &o) < 0) {
		filter_free(f);
		return CMD_USAGE;
	}
	struct conf *conf = settings_read(o.config);
	if (!conf) {
		filter_free(f);
		return CMD_CONFIG;
	}
	struct archive *ar = story_open(conf->state);
	if (ar) {
		code = show(ar, f, &o);
	} else {
		fprintf(stderr,
			"moongate events: no event store in %s; has "
			"`moongate run` run with this configuration?\n",
			conf->state);
		code = CMD_CANNOT;
	}
	archive_free(ar);
	filter_free(f);
	conf_free(conf);
	return code;
}

const struct cmd cmd_events = {
	.name = "events",
	.about = "search what went by",
	.help = "usage: moongate events [FILTER] [--since WHEN] [--limit N] "
		"[--json]\n"
		"                       [--config FILE]\n"
		"\n"
		"Shows the newest events that match, oldest first: 100 of "
		"them, N, or all with\n"
		"--limit 0. Exits with 1 when none does.\n"
		"\n"
		"A filter is made of FIELD OP VALUE, joined by & and |, with ! "
		"and brackets:\n"
		"  fields  action request reply app integration surface host "
		"method path model\n"
		"          user device org client assurance failure mode "
		"status bytes tokens\n"
		"          latency policy finding tag group id\n"
		"  ops     = != ~ (holds) < <= > >=\n"
		"  values  a word with * for anything, a list a,b, or "
		"\"quoted\"\n"
		"  at the end: since 2h, until 2026-08-21T10:14\n"
		"\n"
		"examples:\n"
		"  moongate events 'action=block & app=cursor since 2h'\n"
		"  moongate events 'finding=pii | latency>2s' --limit 0 "
		"--json\n",
	.run = run,
};
