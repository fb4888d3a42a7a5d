/* sink_sqlite_archive.c - reading what the SQLite sink wrote. See
 * sink_sqlite.h. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "event/impl.h"
#include "event/sink_sqlite.h"

enum { QUERY_MAX = 80 << 10, GRACE_MINUTES = 5 };

struct archive {
	sqlite3 *db;
	sqlite3_stmt *stmt; /* of the search that is going on */
};

/* list_like(",a,b,", 'b*'): one member matches. */
static void on_list_like(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	struct mg_slice list = slice((const char *)sqlite3_value_text(argv[0]),
				     (size_t)sqlite3_value_bytes(argv[0]));
	struct mg_slice glob = slice((const char *)sqlite3_value_text(argv[1]),
				     (size_t)sqlite3_value_bytes(argv[1]));
	struct mg_slice member;
	int found = 0;

	(void)argc;
	while (!found && slice_cut(&list, ',', &member))
		found = member.len && filter_is_like(member, glob);
	sqlite3_result_int(call, found);
}

/* Readers of a WAL share a file with the writer, so they need to write, too;
 * query_only keeps them from more. */
static bool is_open(struct archive *ar, const char *path, int flags)
{
	return sqlite3_open_v2(path, &ar->db, flags, NULL) == SQLITE_OK &&
	       sqlite3_exec(ar->db,
			    "PRAGMA busy_timeout = 2000;"
			    "PRAGMA query_only = 1;"
			    "SELECT 1 FROM event LIMIT 1",
			    NULL, NULL, NULL) == SQLITE_OK;
}

struct archive *archive_new(const char *path)
{
	struct archive *ar = calloc(1, sizeof(*ar));

	if (!ar)
		abort();
	if (!is_open(ar, path, SQLITE_OPEN_READWRITE)) {
		sqlite3_close(ar->db);
		ar->db = NULL;
		if (!is_open(ar, path, SQLITE_OPEN_READONLY)) {
			archive_free(ar);
			return NULL;
		}
	}
	if (sqlite3_create_function(ar->db, "list_like", 2,
				    SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
				    on_list_like, NULL, NULL) != SQLITE_OK) {
		archive_free(ar);
		return NULL;
	}
	return ar;
}

void archive_free(struct archive *ar)
{
	if (!ar)
		return;
	sqlite3_finalize(ar->stmt);
	sqlite3_close(ar->db);
	free(ar);
}

static int start(struct archive *ar, const char *sql)
{
	sqlite3_finalize(ar->stmt);
	ar->stmt = NULL;
	return sqlite3_prepare_v2(ar->db, sql, -1, &ar->stmt, NULL) == SQLITE_OK
		       ? MG_OK
		       : MG_EIO;
}

uint64_t archive_newest(struct archive *ar)
{
	uint64_t n = 0;

	if (start(ar, "SELECT coalesce(max(id), 0) FROM event") == MG_OK &&
	    sqlite3_step(ar->stmt) == SQLITE_ROW)
		n = (uint64_t)sqlite3_column_int64(ar->stmt, 0);
	sqlite3_finalize(ar->stmt);
	ar->stmt = NULL;
	return n;
}

static void bind_all(sqlite3_stmt *stmt, const struct filter_sql *sql)
{
	for (uint32_t i = 0; i < sql->count; i++) {
		const struct filter_bind *b = &sql->binds[i];
		if (b->is_text)
			sqlite3_bind_text(stmt, (int)i + 1, b->text.at,
					  (int)b->text.len, SQLITE_TRANSIENT);
		else
			sqlite3_bind_int64(stmt, (int)i + 1, b->number);
	}
}

/* Rows are looked through as they lie, which is several times faster than in
 * the order of an index, and almost the order of time. Nothing arrives before
 * it happens, so "since" says where to stop; minutes of grace for a clock that
 * was set back. */
static int put_bounds(const struct filter *f, int64_t after, struct buf *text)
{
	uint64_t minute = f->since / 60000000;

	if (after >= 0 &&
	    buf_addf(text, " AND event.id > %lld", (long long)after) < 0)
		return MG_ETOOBIG;
	if (minute <= GRACE_MINUTES)
		return MG_OK;
	return buf_addf(text,
			" AND event.id >= (SELECT coalesce(min(id), %lld) FROM"
			" arrival WHERE minute >= %llu)",
			(long long)INT64_MAX,
			(unsigned long long)(minute - GRACE_MINUTES));
}

static int put_query(const struct filter *f, const struct filter_sql *sql,
		     int64_t after, uint32_t limit, struct buf *text)
{
	int err = buf_addf(text,
			   "SELECT event.id, body FROM event JOIN record"
			   " USING (id) WHERE %s",
			   sql->where.at);

	if (err == MG_OK)
		err = put_bounds(f, after, text);
	if (err == MG_OK)
		err = buf_addf(text, " ORDER BY event.id%s",
			       after < 0 && limit ? " DESC" : "");
	if (err == MG_OK && limit)
		err = buf_addf(text, " LIMIT %u", limit);
	return err == MG_OK ? buf_add_at(text, "", 1) : err;
}

int archive_find(struct archive *ar, struct filter *f, int64_t after,
		 uint32_t limit)
{
	struct filter_sql sql;
	struct buf text;
	int err = filter_sql(f, &sql);

	buf_init(&text, QUERY_MAX);
	if (err == MG_OK)
		err = put_query(f, &sql, after, limit, &text);
	if (err == MG_OK)
		err = start(ar, text.at);
	if (err == MG_OK)
		bind_all(ar->stmt, &sql);
	buf_deinit(&sql.where);
	buf_deinit(&text);
	return err;
}

int archive_next(struct archive *ar, struct archive_row *row)
{
	int rc = ar->stmt ? sqlite3_step(ar->stmt) : SQLITE_DONE;

	if (rc != SQLITE_ROW) {
		sqlite3_finalize(ar->stmt);
		ar->stmt = NULL;
		return rc == SQLITE_DONE ? 0 : MG_EIO;
	}
	row->number = (uint64_t)sqlite3_column_int64(ar->stmt, 0);
	row->packed = slice(sqlite3_column_blob(ar->stmt, 1),
			    (size_t)sqlite3_column_bytes(ar->stmt, 1));
	return 1;
}

int archive_get(struct archive *ar, const char *event_id,
		struct archive_row *row)
{
	int err = start(ar, "SELECT event.id, body FROM event"
			    " JOIN record USING (id) WHERE event_id = ?");

	if (err < 0)
		return err;
	sqlite3_bind_text(ar->stmt, 1, event_id, -1, SQLITE_TRANSIENT);
	return archive_next(ar, row);
}
