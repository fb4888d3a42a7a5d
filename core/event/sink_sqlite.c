/* sink_sqlite.c - see sink_sqlite.h */
#include "event/sink_sqlite.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "event/impl.h"

enum {
	SUMS = 256,      /* rollup rows gathered before they are written */
	TIDY_ROWS = 500, /* removed in one piece of housekeeping */
	ROLLUP_DAYS = 400,
	LIST_MAX_BYTES = 32 << 10,
};

static const uint64_t day_us = 86400ull * 1000000;

static const char schema[] =
	"PRAGMA journal_mode = WAL;"
	"PRAGMA synchronous = FULL;"
	"PRAGMA busy_timeout = 2000;"
	"PRAGMA cache_size = -16000;"
	"PRAGMA temp_store = MEMORY;" /* a confined process has no /tmp */
	"PRAGMA wal_autocheckpoint = 4000;"
	"CREATE TABLE IF NOT EXISTS event ("
	" id INTEGER PRIMARY KEY,"
	" event_id TEXT NOT NULL UNIQUE,"
	" time INTEGER NOT NULL,"
	" org TEXT NOT NULL, surface TEXT NOT NULL,"
	" integration TEXT NOT NULL, device TEXT NOT NULL,"
	" user TEXT NOT NULL, assurance TEXT NOT NULL,"
	" client TEXT NOT NULL, application TEXT NOT NULL,"
	" host TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,"
	" model TEXT NOT NULL, mode TEXT NOT NULL, failure TEXT NOT NULL,"
	" action INTEGER NOT NULL, request INTEGER NOT NULL,"
	" reply INTEGER NOT NULL, status INTEGER NOT NULL,"
	" bytes INTEGER NOT NULL, tokens INTEGER NOT NULL,"
	" latency_us INTEGER NOT NULL,"
	" policies TEXT NOT NULL, findings TEXT NOT NULL,"
	" tags TEXT NOT NULL, groups TEXT NOT NULL"
	") STRICT;"
	"CREATE INDEX IF NOT EXISTS event_time ON event (time);"
	"CREATE INDEX IF NOT EXISTS event_action ON event (action, time)"
	" WHERE action >= 2;"
	"CREATE TABLE IF NOT EXISTS record ("
	" id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;"
	"CREATE TABLE IF NOT EXISTS rollup ("
	" minute INTEGER NOT NULL, surface TEXT NOT NULL,"
	" integration TEXT NOT NULL, application TEXT NOT NULL,"
	" action INTEGER NOT NULL, events INTEGER NOT NULL,"
	" bytes INTEGER NOT NULL, tokens INTEGER NOT NULL,"
	" latency_us INTEGER NOT NULL, latency_max_us INTEGER NOT NULL,"
	" PRIMARY KEY (minute, surface, integration, application, action)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS arrival ("
	" minute INTEGER PRIMARY KEY, id INTEGER NOT NULL) STRICT;"
	"PRAGMA user_version = 1;";

/* In the order of put_row. */
static const char insert_event[] =
	"INSERT OR IGNORE INTO event (event_id, time, org, surface,"
	" integration, device, user, assurance, client, application, host,"
	" method, path, model, mode, failure, action, request, reply, status,"
	" bytes, tokens, latency_us, policies, findings, tags, groups) VALUES"
	" (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

static const char insert_record[] =
	"INSERT INTO record (id, body) VALUES (?, ?)";

static const char add_rollup[] =
	"INSERT INTO rollup VALUES (?,?,?,?,?,?,?,?,?,?)"
	" ON CONFLICT DO UPDATE SET events = events + excluded.events,"
	" bytes = bytes + excluded.bytes, tokens = tokens + excluded.tokens,"
	" latency_us = latency_us + excluded.latency_us,"
	" latency_max_us = max(latency_max_us, excluded.latency_max_us)";

static const char add_arrival[] =
	"INSERT OR IGNORE INTO arrival (minute, id) VALUES (?, ?)";

struct sum {
	uint64_t hash;
	uint64_t minute;
	const char *surface; /* static */
	struct mg_slice integration;
	struct mg_slice application;
	uint32_t action;
	uint64_t events;
	uint64_t bytes;
	uint64_t tokens;
	uint64_t latency_us;
	uint64_t latency_max_us;
};

enum statement {
	BEGIN,
	COMMIT,
	ROLLBACK,
	INSERT_EVENT,
	INSERT_RECORD,
	ADD_ROLLUP,
	ADD_ARRIVAL,
	OLD_EVENTS,
	OLD_RECORDS,
	OLD_ROLLUPS,
	OLD_ARRIVALS,
	STATEMENTS /* how many; must be last */
};

static const char *const sql[STATEMENTS] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[ROLLBACK] = "ROLLBACK",
	[INSERT_EVENT] = insert_event,
	[INSERT_RECORD] = insert_record,
	[ADD_ROLLUP] = add_rollup,
	[ADD_ARRIVAL] = add_arrival,
	[OLD_RECORDS] = "DELETE FROM record WHERE id IN (SELECT id FROM event"
			" WHERE time < ? ORDER BY time LIMIT ?)",
	[OLD_EVENTS] = "DELETE FROM event WHERE id IN (SELECT id FROM event"
		       " WHERE time < ? ORDER BY time LIMIT ?)",
	[OLD_ROLLUPS] = "DELETE FROM rollup WHERE minute < ?",
	[OLD_ARRIVALS] = "DELETE FROM arrival WHERE minute < ?",
};

struct sqlite {
	struct sink sink;
	sqlite3 *db;
	sqlite3_stmt *stmt[STATEMENTS];
	uint64_t keep_us;
	bool open;     /* inside a transaction */
	int64_t first; /* id of the first new row in it; 0: none */
	struct sum sum[SUMS];
	uint32_t sums;
	struct arena arena; /* texts of `sum` */
};

static int complain(struct sqlite *s, const char *what)
{
	log_error(LOG_EVENT, "event store: %s: %s", what,
		  sqlite3_errmsg(s->db));
	return MG_EIO;
}

/* Runs a statement that gives no rows, and makes it ready for the next time. */
static int run(struct sqlite *s, enum statement which)
{
	int rc = sqlite3_step(s->stmt[which]);

	sqlite3_reset(s->stmt[which]);
	return rc == SQLITE_DONE ? MG_OK
				 : complain(s, sqlite3_sql(s->stmt[which]));
}

static void bind_text(sqlite3_stmt *stmt, int at, struct mg_slice s)
{
	/* A NULL would break NOT NULL; empty is what we mean. */
	sqlite3_bind_text(stmt, at, s.at ? s.at : "", (int)s.len,
			  SQLITE_STATIC);
}

static void bind_number(sqlite3_stmt *stmt, int at, uint64_t n)
{
	sqlite3_bind_int64(stmt, at, (sqlite3_int64)n);
}

/* --- lists -------------------------------------------------------------------
 */

/* ",a,b,": the comma is what filter_sql looks for. */
static void list_add(struct buf *b, struct mg_slice s)
{
	if (!s.len)
		return;
	/* A list too long to search is cut; the record has all of it. */
	if (buf_len(b) + s.len + 2 > LIST_MAX_BYTES)
		return;
	if (!buf_len(b))
		buf_add_str(b, ",");
	buf_add(b, s);
	buf_add_str(b, ",");
}

static void list_add_once(struct buf *b, struct mg_slice s)
{
	char item[128];

	if (!s.len || s.len + 2 > sizeof(item))
		return;
	item[0] = ',';
	memcpy(item + 1, s.at, s.len);
	item[s.len + 1] = ',';
	if (!buf_len(b) ||
	    !memmem(b->at + b->from, buf_len(b), item, s.len + 2))
		list_add(b, s);
}

static void bind_list(sqlite3_stmt *stmt, int at, struct buf *b)
{
	struct mg_slice s = buf_slice(b);

	sqlite3_bind_text(stmt, at, s.at, (int)s.len, SQLITE_TRANSIENT);
	buf_clear(b);
}

static void bind_lists(sqlite3_stmt *stmt, int at, const struct event *e)
{
	struct buf b;

	buf_init(&b, LIST_MAX_BYTES + 1);
	for (int i = 0; i < 2; i++)
		for (uint32_t k = 0; k < e->verdict[i].policy_count; k++)
			list_add_once(&b, e->verdict[i].policies[k].id);
	bind_list(stmt, at, &b);
	for (int i = 0; i < 2; i++)
		for (uint32_t k = 0; k < e->verdict[i].finding_count; k++) {
			list_add_once(&b, e->verdict[i].findings[k].entity);
			list_add_once(&b, e->verdict[i].findings[k].detector);
		}
	bind_list(stmt, at + 1, &b);
	for (uint32_t i = 0; i < e->tag_count; i++)
		list_add(&b, e->tags[i]);
	bind_list(stmt, at + 2, &b);
	for (uint32_t i = 0; i < e->group_count; i++)
		list_add(&b, e->groups[i]);
	bind_list(stmt, at + 3, &b);
	buf_deinit(&b);
}

/* --- rollup
 * -------------------------------------------------------------------- */

static int write_sums(struct sqlite *s)
{
	sqlite3_stmt *stmt = s->stmt[ADD_ROLLUP];
	int err = MG_OK;

	for (uint32_t i = 0; i < s->sums && err == MG_OK; i++) {
		const struct sum *sum = &s->sum[i];
		bind_number(stmt, 1, sum->minute);
		bind_text(stmt, 2, slice_str(sum->surface));
		bind_text(stmt, 3, sum->integration);
		bind_text(stmt, 4, sum->application);
		bind_number(stmt, 5, sum->action);
		bind_number(stmt, 6, sum->events);
		bind_number(stmt, 7, sum->bytes);
		bind_number(stmt, 8, sum->tokens);
		bind_number(stmt, 9, sum->latency_us);
		bind_number(stmt, 10, sum->latency_max_us);
		err = run(s, ADD_ROLLUP);
	}
	s->sums = 0;
	arena_deinit(&s->arena);
	return err;
}

static struct sum *sum_of(struct sqlite *s, const struct event *e)
{
	uint64_t minute = e->time / 60000000;
	uint32_t action = event_action(e);
	uint64_t hash = hash_table(e->integration) * 31 +
			hash_table(e->application) * 7 + minute * 4 + action +
			e->surface * 1000003ull;

	for (uint32_t i = s->sums; i-- > 0;) {
		struct sum *sum = &s->sum[i];
		if (sum->hash == hash && sum->minute == minute &&
		    sum->action == action &&
		    sum->surface == surface_name(e->surface) &&
		    slice_same(sum->integration, e->integration) &&
		    slice_same(sum->application, e->application))
			return sum;
	}
	if (s->sums == SUMS)
		return NULL;
	s->sum[s->sums] = (struct sum){
		.hash = hash,
		.minute = minute,
		.surface = surface_name(e->surface),
		.integration = arena_slice(&s->arena, e->integration),
		.application = arena_slice(&s->arena, e->application),
		.action = action,
	};
	return &s->sum[s->sums++];
}

static int add_sum(struct sqlite *s, const struct event *e)
{
	struct sum *sum = sum_of(s, e);

	if (!sum) {
		int err = write_sums(s);
		if (err < 0)
			return err;
		sum = sum_of(s, e);
	}
	sum->events++;
	sum->bytes += e->request_bytes + e->reply_bytes;
	sum->tokens += e->request_tokens + e->reply_tokens;
	sum->latency_us += e->total_us;
	if (e->total_us > sum->latency_max_us)
		sum->latency_max_us = e->total_us;
	return MG_OK;
}

/* --- the sink
 * -------------------------------------------------------------------- */

static int put_row(struct sqlite *s, const struct event *e)
{
	sqlite3_stmt *stmt = s->stmt[INSERT_EVENT];
	int at = 1;

	bind_text(stmt, at++, slice_str(e->id));
	bind_number(stmt, at++, e->time);
	bind_text(stmt, at++, e->org);
	bind_text(stmt, at++, slice_str(surface_name(e->surface)));
	bind_text(stmt, at++, e->integration);
	bind_text(stmt, at++, e->device);
	bind_text(stmt, at++, e->user);
	bind_text(stmt, at++, slice_str(assurance_name(e->assurance)));
	bind_text(stmt, at++, e->client_address);
	bind_text(stmt, at++, e->application);
	bind_text(stmt, at++, e->host);
	bind_text(stmt, at++, e->method);
	bind_text(stmt, at++, e->path);
	bind_text(stmt, at++, e->model);
	bind_text(stmt, at++,
		  slice_str(event_observed(e) ? "observe" : "inline"));
	bind_text(stmt, at++, event_failure(e));
	bind_number(stmt, at++, event_action(e));
	sqlite3_bind_int(stmt, at++, stage_action(&e->verdict[MG_REQUEST]));
	sqlite3_bind_int(stmt, at++, stage_action(&e->verdict[MG_REPLY]));
	bind_number(stmt, at++, e->status);
	bind_number(stmt, at++, e->request_bytes + e->reply_bytes);
	bind_number(stmt, at++, e->request_tokens + e->reply_tokens);
	bind_number(stmt, at++, e->total_us);
	bind_lists(stmt, at, e);
	return run(s, INSERT_EVENT);
}

static int put(struct sink *sink, const struct event *e, struct mg_slice packed)
{
	struct sqlite *s = container_of(sink, struct sqlite, sink);
	int err = s->open ? MG_OK : run(s, BEGIN);

	if (err < 0)
		return err;
	s->open = true;
	err = put_row(s, e);
	if (err < 0 || !sqlite3_changes(s->db))
		return err; /* or: it is here already */

	sqlite3_stmt *stmt = s->stmt[INSERT_RECORD];
	int64_t id = sqlite3_last_insert_rowid(s->db);
	if (!s->first)
		s->first = id;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, packed.at, (int)packed.len, SQLITE_STATIC);
	err = run(s, INSERT_RECORD);
	return err < 0 ? err : add_sum(s, e);
}

static void rollback(struct sink *sink)
{
	struct sqlite *s = container_of(sink, struct sqlite, sink);

	/* A full disk may have rolled it back already. */
	if (s->open && !sqlite3_get_autocommit(s->db))
		run(s, ROLLBACK);
	s->open = false;
	s->first = 0;
	s->sums = 0;
	arena_deinit(&s->arena);
}

/* Which rows came when: a search "since" then knows where to stop. */
static int write_arrival(struct sqlite *s)
{
	if (!s->first)
		return MG_OK;
	bind_number(s->stmt[ADD_ARRIVAL], 1, clock_now_us() / 60000000);
	bind_number(s->stmt[ADD_ARRIVAL], 2, (uint64_t)s->first);
	return run(s, ADD_ARRIVAL);
}

static int commit(struct sink *sink)
{
	struct sqlite *s = container_of(sink, struct sqlite, sink);

	if (!s->open)
		return MG_OK;
	if (write_sums(s) < 0 || write_arrival(s) < 0 || run(s, COMMIT) < 0) {
		rollback(sink);
		return MG_EIO;
	}
	s->open = false;
	s->first = 0;
	return MG_OK;
}

static int run_old(struct sqlite *s, enum statement which, uint64_t before)
{
	bind_number(s->stmt[which], 1, before);
	if (which == OLD_RECORDS || which == OLD_EVENTS)
		sqlite3_bind_int(s->stmt[which], 2, TIDY_ROWS);
	int err = run(s, which);
	return err < 0 ? err : sqlite3_changes(s->db);
}

static int tidy(struct sink *sink, uint64_t now)
{
	struct sqlite *s = container_of(sink, struct sqlite, sink);
	uint64_t before = now > s->keep_us ? now - s->keep_us : 0;
	uint64_t rollup_us = ROLLUP_DAYS * day_us;
	uint64_t minute = now > rollup_us ? (now - rollup_us) / 60000000 : 0;

	if (s->open || run(s, BEGIN) < 0)
		return MG_EIO;
	s->open = true;
	/* Records first: they are found through their events. */
	int gone = run_old(s, OLD_RECORDS, before);
	if (gone >= 0)
		gone = run_old(s, OLD_EVENTS, before);
	int err = gone >= 0 ? run_old(s, OLD_ROLLUPS, minute) : gone;
	if (err >= 0)
		err = run_old(s, OLD_ARRIVALS, before / 60000000);
	if (err < 0) {
		rollback(sink);
		return MG_EIO;
	}
	err = commit(sink);
	return err < 0 ? err : gone == TIDY_ROWS;
}

static void deinit(struct sink *sink)
{
	struct sqlite *s = container_of(sink, struct sqlite, sink);

	rollback(sink);
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(s->stmt[i]);
	sqlite3_close(s->db);
	free(s);
}

static const struct sink_ops sqlite_ops = {
	.name = "sqlite",
	.put = put,
	.commit = commit,
	.rollback = rollback,
	.tidy = tidy,
	.free = deinit,
};

static int prepare(struct sqlite *s)
{
	for (int i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(s->db, sql[i], -1,
				       SQLITE_PREPARE_PERSISTENT, &s->stmt[i],
				       NULL) != SQLITE_OK)
			return MG_EIO;
	return MG_OK;
}

struct sink *sink_sqlite_new(const char *path, uint64_t days)
{
	struct sqlite *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->sink.ops = &sqlite_ops;
	s->keep_us = days * day_us;
	arena_init(&s->arena);
	if (sqlite3_open_v2(path, &s->db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
			    NULL) != SQLITE_OK ||
	    sqlite3_exec(s->db, schema, NULL, NULL, NULL) != SQLITE_OK ||
	    prepare(s) < 0) {
		complain(s, path);
		deinit(&s->sink);
		return NULL;
	}
	return &s->sink;
}
