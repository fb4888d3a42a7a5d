/* events.c - `moongate events`: what went by. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cmd/cmd.h"
#include "cmd/setup.h"
#include "cmd/story.h"

enum { USUAL = 100, MOST = 100000 };

struct search {
	struct archive *archive;
	bool json;
	long limit; /* 0: all */
};

/* The newest come first from the store and are shown last. */
static int show_newest(const struct search *q)
{
	struct archive_row row;
	struct mg_slice *rows = calloc((size_t)q->limit, sizeof(*rows));
	struct arena a;
	long n = 0;
	int got = 1;

	if (!rows)
		abort();
	arena_init(&a);
	while (n < q->limit && (got = archive_next(q->archive, &row)) == 1)
		rows[n++] = arena_slice(&a, row.packed);
	for (long i = n; i-- > 0;)
		story_print(rows[i], q->json);
	arena_deinit(&a);
	free(rows);
	return got < 0 ? got : MG_OK;
}

static int show_all(const struct search *q)
{
	struct archive_row row;
	int got;

	while ((got = archive_next(q->archive, &row)) == 1)
		story_print(row.packed, q->json);
	return got;
}

static int show(const struct search *q, struct filter *f)
{
	int err =
		archive_find(q->archive, f, ARCHIVE_NEWEST, (uint32_t)q->limit);

	if (err == MG_OK)
		err = q->limit ? show_newest(q) : show_all(q);
	if (err < 0)
		fprintf(stderr, "moongate events: the store cannot be read\n");
	return err < 0 ? CMD_SOFTWARE : CMD_OK;
}

static int narrow(struct filter *f, const char *since)
{
	uint64_t us;

	if (!since)
		return MG_OK;
	int err = filter_when(since, clock_now_us(), &us);
	if (err == MG_OK)
		filter_since(f, us);
	else
		fprintf(stderr,
			"moongate events: '%s' is not a time: 90s, 15m, 2h, "
			"7d, or 2026-08-21T10:14\n",
			since);
	return err;
}

/* A person wants the last page, a program wants all. */
static int parse_limit(const char *text, struct search *q)
{
	char *end;

	q->limit = q->json ? 0 : USUAL;
	if (!text)
		return MG_OK;
	q->limit = strtol(text, &end, 10);
	if (end != text && !*end && q->limit >= 0 && q->limit <= MOST)
		return MG_OK;
	fprintf(stderr, "moongate events: --limit is 0 (all) to %d\n", MOST);
	return MG_EINVAL;
}

static int search(struct setup *s, struct search *q, struct filter *f)
{
	int code = setup_conf(s);

	if (code)
		return code;
	q->archive = story_open(s->conf->state);
	if (!q->archive) {
		fprintf(stderr,
			"moongate events: no event store in %s; has "
			"`moongate run` run with this configuration?\n",
			s->conf->state);
		return CMD_CANNOT;
	}
	code = show(q, f);
	archive_free(q->archive);
	return code;
}

static int run(int argc, char **argv)
{
	const char *since = NULL, *limit = NULL, *filter = NULL;
	const struct option options[] = {
		{ "--filter", NULL, &filter },
		{ "--since", NULL, &since },
		{ "--limit", NULL, &limit },
		{ NULL, NULL, NULL },
	};
	struct search q = { 0 };
	struct setup s;

	if (setup_read(&s, options, argc, argv))
		return CMD_USAGE;
	q.json = s.json;
	struct filter *f = story_filter(s.words, s.count, filter);
	int code = CMD_USAGE;
	if (f && narrow(f, since) == MG_OK && parse_limit(limit, &q) == MG_OK)
		code = search(&s, &q, f);
	filter_free(f);
	setup_deinit(&s);
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
		"--limit 0 (which is what --json does).\n"
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
		"  moongate events 'finding=pii | latency>2s' --json\n",
	.run = run,
};
