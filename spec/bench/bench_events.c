/* bench_events.c - what an event costs, from the request path to the store.
 *
 *   build/bench/bench_events [EVENTS]     JSON on stdout
 *
 * One process, one core: packing and spooling as a worker does it, then reading
 * and storing as control does it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "event/sink_sqlite.h"
#include "event/spool.h"

enum { BATCH = 2000 };

static uint64_t cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static struct event_place places[] = {
	{ { "/messages/3/content/0/text", 26 }, 120, 142 },
	{ { "/messages/5/content/0/text", 26 }, 9, 31 },
};
static struct event_finding findings[] = {
	{ { "pii", 3 },
	  { "pii.email", 9 },
	  2,
	  99,
	  places,
	  2,
	  { "al..om#0123456789ab", 19 } },
	{ { "pii", 3 },
	  { "pii.iban", 8 },
	  1,
	  97,
	  places,
	  1,
	  { "DE..00#0123456789ab", 19 } },
};
static struct event_policy policies[] = {
	{ { "mask-pii-everywhere", 19 }, 12, MG_MASK, true },
	{ { "watch-contractor-code", 21 }, 12, MG_LOG, false },
};

static void fill(struct event *e, int i)
{
	static const char *const app[] = { "openai", "anthropic", "google",
					   "cursor" };

	event_init(e);
	e->org = slice_str("default");
	e->surface = MG_ENDPOINT;
	e->integration = slice_str("eng-macbooks");
	e->user = slice_str("alice");
	e->assurance = 3;
	e->application = slice_str(app[i % 4]);
	e->host = slice_str("api.openai.com");
	e->method = slice_str("POST");
	e->path = slice_str("/v1/chat/completions");
	e->model = slice_str("gpt-4o-mini");
	e->request_bytes = 2048;
	e->reply_bytes = 4096;
	e->status = 200;
	e->total_us = 812345;
	e->upstream_us = 812000;
	e->gateway_us = 345;
	e->detect_us = 20;
	e->policy_us = 12;
	e->generation = 12;
	e->client_address = slice_str("10.11.12.13");
	e->client_product = slice_str("OpenAI");
	e->tls_outer = e->tls_inner = slice_str("TLSv1.3");
	e->verdict[MG_REQUEST].judged = true;
	e->verdict[MG_REPLY].judged = true;
	if (i % 10)
		return;
	e->verdict[MG_REQUEST].action = MG_MASK;
	e->verdict[MG_REQUEST].policies = policies;
	e->verdict[MG_REQUEST].policy_count = 2;
	e->verdict[MG_REQUEST].findings = findings;
	e->verdict[MG_REQUEST].finding_count = 2;
}

static void say(const char *what, uint64_t wall, uint64_t cpu, int events,
		const char *end)
{
	printf("\"%s\":{\"per_event_us\":%.2f,\"cpu_per_event_us\":%.2f,"
	       "\"per_second\":%.0f}%s",
	       what, (double)wall / events, (double)cpu / events,
	       events * 1e6 / (double)wall, end);
}

static int store(const char *dir, const char *path)
{
	struct spool_reader *r = spool_reader_new(dir, "bench");
	struct sink *sink = sink_sqlite_new(path, 30);
	struct spool_record rec;
	struct event e;
	struct arena a;
	int n = 0;

	arena_init(&a);
	for (int dry = 0; sink && r && dry < 2;) {
		if (spool_next(r, &rec) == 1) {
			if (event_unpack(&e, rec.payload, &a) == MG_OK)
				sink_put(sink, &e, rec.payload);
			dry = 0;
			if (++n % BATCH)
				continue;
		} else {
			dry++;
		}
		sink_commit(sink);
		spool_keep(r);
		spool_retire(dir);
		arena_deinit(&a);
	}
	sink_free(sink);
	spool_reader_free(r);
	return n;
}

static int by_time(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Questions that people ask, each for its newest 50; some have no answer, so
 * everything is looked through. */
static void search(const char *path)
{
	static const char *const question[] = {
		"action=mask & app=cursor",
		"finding=pii.iban since 1h",
		"user=alice",
		"user=nobody",
		"latency>10s",
		"path~completions & status>=400",
		"policy=mask-* & app!=cursor",
		"integration=eng-* & action>=mask",
		"finding=secret",
		"action=block",
	};
	enum { QUESTIONS = ARRAY_LEN(question), ROUNDS = 5 };
	struct archive *ar = archive_new(path);
	uint64_t us[QUESTIONS * ROUNDS];
	struct archive_row row;
	char why[256];

	for (size_t i = 0; ar && i < QUESTIONS * ROUNDS; i++) {
		uint64_t start = clock_mono_us();
		struct filter *f = filter_new(question[i % QUESTIONS],
					      clock_now_us(), why, sizeof(why));
		if (!f || archive_find(ar, f, ARCHIVE_NEWEST, 50) < 0)
			abort();
		while (archive_next(ar, &row) == 1)
			;
		us[i] = clock_mono_us() - start;
		filter_free(f);
	}
	archive_free(ar);
	qsort(us, QUESTIONS * ROUNDS, sizeof(*us), by_time);
	printf("\"search\":{\"p50_ms\":%.1f,\"p95_ms\":%.1f,"
	       "\"max_ms\":%.1f}}\n",
	       (double)us[QUESTIONS * ROUNDS / 2] / 1e3,
	       (double)us[QUESTIONS * ROUNDS * 95 / 100] / 1e3,
	       (double)us[QUESTIONS * ROUNDS - 1] / 1e3);
}

int main(int argc, char **argv)
{
	char dir[] = "/tmp/moongate-bench-XXXXXX", path[64], command[80];
	int events = argc > 1 ? atoi(argv[1]) : 200000;
	struct event e;

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/events.db", dir);
	struct spool_writer *sp = spool_new(dir, 1ull << 40, 8 << 20);
	uint64_t wall = clock_mono_us(), cpu = cpu_us();
	for (int i = 0; i < events; i++) {
		fill(&e, i);
		spool_add_event(sp, &e);
	}
	spool_flush(sp);
	wall = clock_mono_us() - wall;
	cpu = cpu_us() - cpu;
	printf("{\"events\":%d,\"bytes_per_event\":%.0f,", events,
	       (double)spool_size(dir) / events);
	say("spool", wall, cpu, events, ",");
	spool_free(sp);

	wall = clock_mono_us();
	cpu = cpu_us();
	int stored = store(dir, path);
	say("sqlite", clock_mono_us() - wall, cpu_us() - cpu, events, ",");
	search(path);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command) || stored != events;
}
