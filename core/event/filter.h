/* filter.h - one grammar for every question about events: tail, events,
 * alerts, later the console.
 *
 *   action=block & app=cursor & finding=pii.iban since 2h
 *   (user=alice | user=bob) & !status=200 & latency>250ms
 *
 *   filter = [ any ] [ "since" WHEN ] [ "until" WHEN ]
 *   any    = all { "|" all }
 *   all    = one { [ "&" ] one }
 *   one    = "!" one | "(" any ")" | FIELD OP VALUE { "," VALUE }
 *   OP     = "=" | "!=" | "~" | ">" | ">=" | "<" | "<="
 *   VALUE  = a word, or anything in double quotes; * matches any run
 *   WHEN   = 90s, 15m, 2h, 7d ago, or 2026-08-21[T10:14[:03]] in UTC
 *
 * `~` looks for the value anywhere in the field. A parsed filter is asked about
 * an event in memory (filter_match) or put into SQL with every value bound
 * (filter_sql); both give the same answer.
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "event/record.h"

enum {
	FILTER_TEXT_MAX = 4096,
	FILTER_NODES = 128,
	FILTER_DEPTH = 32,
};

struct filter;

/* `now` (clock_now_us) is what "ago" counts from. Owned by the caller. NULL
 * with what is wrong, where (a caret) and a hint in `why`. An empty text
 * matches everything. */
struct filter *filter_new(const char *text, uint64_t now, char *why,
			  size_t why_len);
void filter_free(struct filter *f);

/* Narrows to events not older than this; the later of two holds. */
void filter_since(struct filter *f, uint64_t us);
/* "2h" or a date, as after "since". 0 or MG_EINVAL. */
int filter_when(const char *text, uint64_t now, uint64_t *us);

bool filter_match(const struct filter *f, const struct event *e);

/* One value to bind, in the order of the question marks. */
struct filter_bind {
	bool is_text;
	int64_t number;
	struct mg_slice text; /* borrows from the filter or its arena */
};

struct filter_sql {
	struct buf where; /* an expression, "1" when everything matches */
	struct filter_bind *binds; /* in the filter's arena */
	uint32_t count;
	uint32_t cap;
};

/* Over the columns of sink_sqlite. `out` is initialised here; the caller
 * deinits out->where. */
int filter_sql(struct filter *f, struct filter_sql *out);
