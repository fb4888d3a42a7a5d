/* sink_sqlite.h - events in one SQLite file: the default sink, and what
 * `events`, `tail` and `explain` read.
 *
 *   event     one narrow row each: the columns that filters ask about
 *   record    the packed event, by the same id
 *   rollup    sums by minute, surface, integration, application and action
 *   arrival   the first row that came in a minute
 *
 * All of it is written in one transaction per batch, fully synchronous: a
 * committed batch survives a power cut, so the spool may forget it.
 */
#pragma once
#include "event/filter.h"
#include "event/sink.h"

/* Opens or creates the file. Events older than `days` are removed by and by
 * (sink_tidy). NULL, with the reason logged, when it cannot be used. */
struct sink *sink_sqlite_new(const char *path, uint64_t days);

/* --- reading, from any process ----------------------------------------------
 */

struct archive;

/* Read-only. NULL when there is no such file yet or it cannot be read. */
struct archive *archive_new(const char *path);
void archive_free(struct archive *ar);

/* The newest row's number, 0 when there is none. */
uint64_t archive_newest(struct archive *ar);

enum { ARCHIVE_NEWEST = -1 };

/* Begins a search, in order of arrival: rows with a number greater than
 * `after`; or, for ARCHIVE_NEWEST, the newest `limit`, newest first. A `limit`
 * of 0 is none, and begins with the oldest. 0, or MG_EIO. Ends the search
 * before. */
int archive_find(struct archive *ar, struct filter *f, int64_t after,
		 uint32_t limit);

struct archive_row {
	uint64_t number;
	struct mg_slice packed; /* valid until the next call */
};

/* 1 with a row, 0 past the last, or MG_EIO. */
int archive_next(struct archive *ar, struct archive_row *row);

/* The event with this id. 1, 0 when there is none, or MG_EIO. */
int archive_get(struct archive *ar, const char *event_id,
		struct archive_row *row);
