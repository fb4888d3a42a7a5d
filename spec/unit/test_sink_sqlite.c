/* test_sink_sqlite.c - a batch is kept whole, once, for its time. */
#include "event/sink_sqlite.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static char path[64];
static const uint64_t day = 86400ull * 1000000;

static void fresh(void)
{
	char name[80];

	snprintf(path, sizeof(path), "/tmp/moongate-sink-%d.db", getpid());
	unlink(path);
	snprintf(name, sizeof(name), "%s-wal", path);
	unlink(name);
	snprintf(name, sizeof(name), "%s-shm", path);
	unlink(name);
}

static void put(struct sink *sink, struct event *e)
{
	struct buf b;

	buf_init(&b, EVENT_MAX);
	event_pack(e, &b);
	OK(sink_put(sink, e, buf_slice(&b)) == MG_OK);
	buf_deinit(&b);
}

static struct event some_event(void)
{
	struct event e;

	event_init(&e);
	e.surface = MG_ENDPOINT;
	e.integration = slice_str("laptops");
	e.application = slice_str("openai");
	e.request_bytes = 100;
	e.total_us = 1000;
	return e;
}

/* The first column of the first row. */
static long long ask(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt = NULL;
	long long n = -1;

	if (sqlite3_open(path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

static void an_event_comes_back_by_its_id(void)
{
	struct event e = some_event(), got;
	struct archive_row row;
	struct arena a;

	fresh();
	arena_init(&a);
	OK(archive_new(path) == NULL); /* not there yet */
	struct sink *sink = sink_sqlite_new(path, 30);
	put(sink, &e);
	OK(sink_commit(sink) == MG_OK);
	struct archive *ar = archive_new(path);
	OK(archive_newest(ar) == 1);
	OK(archive_get(ar, e.id, &row) == 1 && row.number == 1);
	OK(event_unpack(&got, row.packed, &a) == MG_OK);
	OK(strcmp(got.id, e.id) == 0 && slice_is(got.integration, "laptops"));
	OK(archive_get(ar, "nonsense", &row) == 0);
	archive_free(ar);
	sink_free(sink);
	arena_deinit(&a);
}

static void the_same_event_twice_is_one(void)
{
	struct event e = some_event(), other = some_event();

	fresh();
	struct sink *sink = sink_sqlite_new(path, 30);
	put(sink, &e);
	put(sink, &e);
	OK(sink_commit(sink) == MG_OK);
	put(sink, &e);
	put(sink, &other);
	OK(sink_commit(sink) == MG_OK);
	sink_free(sink);
	OK(ask("SELECT count(*) FROM event") == 2);
	OK(ask("SELECT count(*) FROM record") == 2);
	OK(ask("SELECT sum(events) FROM rollup") == 2);
	OK(ask("SELECT sum(bytes) FROM rollup") == 200);
}

static void what_is_rolled_back_was_never_there(void)
{
	struct event e = some_event();

	fresh();
	struct sink *sink = sink_sqlite_new(path, 30);
	put(sink, &e);
	sink_rollback(sink);
	OK(sink_commit(sink) == MG_OK);
	OK(ask("SELECT count(*) FROM event") == 0);
	put(sink, &e);
	OK(sink_commit(sink) == MG_OK);
	sink_free(sink);
	OK(ask("SELECT count(*) FROM event") == 1);
	OK(ask("SELECT sum(events) FROM rollup") == 1);
}

static void minutes_are_summed_by_kind(void)
{
	struct event e;

	fresh();
	struct sink *sink = sink_sqlite_new(path, 30);
	for (int i = 0; i < 600; i++) {
		e = some_event();
		e.time = (uint64_t)(i / 2) * 60000000 + 1;
		e.verdict[MG_REQUEST].judged = true;
		e.verdict[MG_REQUEST].action = i % 2 ? MG_BLOCK : MG_LOG;
		e.total_us = (uint64_t)i;
		put(sink, &e);
	}
	OK(sink_commit(sink) == MG_OK);
	sink_free(sink);
	OK(ask("SELECT count(*) FROM rollup") == 600);
	OK(ask("SELECT sum(events) FROM rollup WHERE action = 3") == 300);
	OK(ask("SELECT max(latency_max_us) FROM rollup") == 599);
}

static void old_events_go_a_piece_at_a_time(void)
{
	struct event e;
	uint64_t now = 100 * day;
	int pieces = 0;

	fresh();
	struct sink *sink = sink_sqlite_new(path, 30);
	for (int i = 0; i < 1200; i++) {
		e = some_event();
		e.time = i < 1100 ? 60 * day : 99 * day;
		put(sink, &e);
	}
	OK(sink_commit(sink) == MG_OK);
	while (sink_tidy(sink, now) == 1)
		pieces++;
	OK(pieces == 2);
	OK(ask("SELECT count(*) FROM event") == 100);
	OK(ask("SELECT count(*) FROM record") == 100);
	OK(ask("SELECT sum(events) FROM rollup") == 1200);
	sink_tidy(sink, 600 * day);
	OK(ask("SELECT count(*) FROM rollup") == 0);
	sink_free(sink);
}

/* kill -9 between two commits: the first is there, the second is not. */
static void a_kill_leaves_whole_batches(void)
{
	int status;

	fresh();
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		struct event e = some_event();
		struct buf b;
		struct sink *sink = sink_sqlite_new(path, 30);

		buf_init(&b, EVENT_MAX);
		for (int i = 0; i < 30; i++) {
			e = some_event();
			buf_clear(&b);
			event_pack(&e, &b);
			sink_put(sink, &e, buf_slice(&b));
			if (i == 19)
				sink_commit(sink);
		}
		kill(getpid(), SIGKILL);
	}
	waitpid(pid, &status, 0);
	OK(WIFSIGNALED(status));
	struct sink *sink = sink_sqlite_new(path, 30);
	OK(sink != NULL);
	sink_free(sink);
	OK(ask("SELECT count(*) FROM event") == 20);
	OK(ask("SELECT sum(events) FROM rollup") == 20);
}

static void a_search_goes_either_way(void)
{
	struct archive_row row;
	struct filter *f;
	char why[256];
	struct event e;

	fresh();
	struct sink *sink = sink_sqlite_new(path, 30);
	for (int i = 0; i < 10; i++) {
		e = some_event();
		e.time = (uint64_t)(i + 1) * 1000;
		put(sink, &e);
	}
	sink_commit(sink);
	struct archive *ar = archive_new(path);
	f = filter_new("app=openai", 1, why, sizeof(why));
	OK(archive_find(ar, f, ARCHIVE_NEWEST, 3) == MG_OK);
	OK(archive_next(ar, &row) == 1 && row.number == 10);
	OK(archive_next(ar, &row) == 1 && archive_next(ar, &row) == 1);
	OK(archive_next(ar, &row) == 0);
	OK(archive_find(ar, f, 8, 0) == MG_OK);
	OK(archive_next(ar, &row) == 1 && row.number == 9);
	OK(archive_next(ar, &row) == 1 && archive_next(ar, &row) == 0);
	filter_free(f);
	archive_free(ar);
	sink_free(sink);
}

static int count_since(struct archive *ar, uint64_t us)
{
	struct archive_row row;
	char why[256];
	struct filter *f = filter_new("", us, why, sizeof(why));
	int n = 0;

	filter_since(f, us);
	archive_find(ar, f, ARCHIVE_NEWEST, 100);
	while (archive_next(ar, &row) == 1)
		n++;
	filter_free(f);
	return n;
}

static void since_stops_where_rows_came_earlier(void)
{
	struct event e = some_event();
	uint64_t now = e.time;
	char sql[128];

	fresh();
	struct sink *sink = sink_sqlite_new(path, 30);
	for (int i = 0; i < 6; i++) {
		e = some_event();
		e.time = now - (uint64_t)i * 1000000;
		put(sink, &e);
		sink_commit(sink);
	}
	OK(ask("SELECT min(id) FROM arrival") == 1);
	OK(ask("SELECT count(*) FROM arrival") <= 2);
	struct archive *ar = archive_new(path);
	OK(count_since(ar, now - 60 * 1000000ull) == 6);
	OK(count_since(ar, now - 2 * 1000000ull) == 3);
	OK(count_since(ar, now + 3600 * 1000000ull) == 0);
	/* As if rows 5 and 6 had come an hour after the others. */
	snprintf(sql, sizeof(sql),
		 "DELETE FROM arrival;"
		 "INSERT INTO arrival VALUES (%llu, 1), (%llu, 5)",
		 (unsigned long long)(now / 60000000 - 60),
		 (unsigned long long)(now / 60000000));
	sqlite3 *db;
	OK(sqlite3_open(path, &db) == SQLITE_OK &&
	   sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_close(db);
	OK(count_since(ar, now - 60 * 1000000ull) == 2);
	OK(count_since(ar, now - 7200 * 1000000ull) == 6);
	archive_free(ar);
	sink_free(sink);
}

static void a_file_that_is_no_database_is_refused(void)
{
	fresh();
	FILE *f = fopen(path, "w");
	for (int i = 0; i < 100; i++)
		fputs("this is not a database, whatever its name says\n", f);
	fclose(f);
	if (!freopen("/dev/null", "w", stderr))
		return;
	OK(sink_sqlite_new(path, 30) == NULL);
	OK(archive_new(path) == NULL);
}

int main(void)
{
	RUN(an_event_comes_back_by_its_id);
	RUN(the_same_event_twice_is_one);
	RUN(what_is_rolled_back_was_never_there);
	RUN(minutes_are_summed_by_kind);
	RUN(old_events_go_a_piece_at_a_time);
	RUN(a_kill_leaves_whole_batches);
	RUN(a_search_goes_either_way);
	RUN(since_stops_where_rows_came_earlier);
	RUN(a_file_that_is_no_database_is_refused);
	fresh();
	return test_done();
}
