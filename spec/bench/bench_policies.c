/* bench_policies.c - what a decision costs among a thousand policies.
 *
 *   make build/bench/bench_policies && build/bench/bench_policies
 *
 * A thousand policies are written, as a company of a thousand teams would: by
 * application, integration, tag, user; conditions on findings, attributes,
 * tools and time; a tenth of them for everybody. Then requests of two hundred
 * kinds of sender are judged. Findings are given, not looked for: detectors are
 * measured elsewhere. One JSON line with load time, decisions and memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "policy/engine.h"
#include "policy/quota.h"

enum {
	POLICIES = 1000,
	SCOPES_TRIED = 200,
	WARM = 20000,
	RUNS = 200000,
	FINDINGS = 6,
	QUOTA = 1 << 20,
};

static char dir[] = "/tmp/bench-policies-XXXXXX";
static const char *const apps[] = { "openai",  "anthropic", "google",
				    "mistral", "deepseek",  "groq",
				    "copilot", "cursor",    "perplexity" };

static void path_of(char *out, size_t len, int i)
{
	snprintf(out, len, "%s/p%04d.lua", dir, i);
}

static void where_of(char *out, size_t len, int i)
{
	const char *app = apps[i % 9];

	switch (i % 10) {
	case 0:
		snprintf(out, len, "anywhere");
		break;
	case 1:
	case 2:
	case 3:
		snprintf(out, len,
			 "endpoint { applications = \"%s\", integrations = "
			 "\"team-%d\" }",
			 app, i % 100);
		break;
	case 4:
		snprintf(out, len,
			 "endpoint { applications = { \"%s\", \"%s\" } }", app,
			 apps[(i + 4) % 9]);
		break;
	case 5:
		snprintf(out, len, "endpoint { tags = \"tag-%d\" }", i % 50);
		break;
	case 6:
		snprintf(out, len,
			 "{ endpoint { integrations = \"team-%d*\" }, gateway "
			 "{ routes = \"r%d\" } }",
			 i % 100, i);
		break;
	case 7:
		snprintf(out, len, "browser { applications = \"%s\" }", app);
		break;
	case 8:
		snprintf(out, len,
			 "endpoint:except(endpoint { tags = "
			 "\"tag-%d\" })",
			 i % 50);
		break;
	default:
		snprintf(out, len, "endpoint { groups = \"group-%d\" }",
			 i % 40);
	}
}

static const char *when_of(int i)
{
	static const char *const whens[] = {
		"input:has(pii)",
		"input:has(pii { \"email\", \"iban\", min_count = 3 })",
		"any_of { input:has(secrets), upload:has(secrets) }",
		"all_of { input:user():has(pii.strict), attr.model:matches "
		"\"gpt-4*\" }",
		"all_of { attr.bytes > 1000000, input:has(pii) }",
		"none_of { input:has(pii), attr.tool:is \"shell\" }",
		"output:has(secrets)",
		"all_of { time { from = \"09:00\", to = \"18:00\" }, "
		"input:has(secrets.sure) }",
		"any_of { attr.path:matches \"/v2/*\", input:has(pii "
		"\"credit_card\") }",
		"input:has(keywords { \"project falcon\", \"codename "
		"swift\" })",
		"tools:has(pii)",
	};

	return whens[i % 11];
}

static const char *then_of(int i)
{
	static const char *const thens[] = { "mask", "log", "log",
					     "block \"no\"", "log" };
	const char *then = thens[i % 5];

	/* What only looks at attributes has nothing to mask. */
	return *then == 'm' && i % 11 == 5 ? "log" : then;
}

static void write_policies(void)
{
	for (int i = 0; i < POLICIES; i++) {
		char path[256], where[256];
		FILE *f;

		path_of(path, sizeof(path), i);
		where_of(where, sizeof(where), i);
		f = fopen(path, "w");
		if (!f)
			abort();
		fprintf(f,
			"return Policy \"p%04d\" {\n"
			"  about = \"Number %d of a thousand.\",\n"
			"  Where = %s,\n  When  = %s,\n  Then  = %s,\n"
			"  severity = \"medium\",\n}\n",
			i, i, where, when_of(i), then_of(i));
		fclose(f);
	}
}

static void remove_policies(void)
{
	for (int i = 0; i < POLICIES; i++) {
		char path[256];

		path_of(path, sizeof(path), i);
		unlink(path);
	}
	rmdir(dir);
}

static long resident(void)
{
	long pages = 0, resident_pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%ld %ld", &pages, &resident_pages) != 2)
		abort();
	fclose(f);
	return resident_pages * sysconf(_SC_PAGESIZE) / 1024;
}

static struct mg_segment segments[] = {
	{ .role = MG_ROLE_USER,
	  .text = { "Write to ann@acme-corp.com, account "
		    "DE89370400440532013000, or bob@acme-corp.com.",
		    81 },
	  .path = { "/messages/0/content", 19 } },
};

/* What the detectors would say of it. */
static void find(const struct generation *gen, struct mg_finding *out)
{
	static const struct {
		const char *name;
		uint32_t from, to;
	} places[FINDINGS] = {
		{ "pii.email", 9, 26 },  { "pii.iban", 36, 58 },
		{ "pii.email", 63, 80 }, { "pii.phone", 38, 50 },
		{ "pii.email", 9, 26 },  { "pii.iban", 36, 58 },
	};

	for (int i = 0; i < FINDINGS; i++) {
		int entity = mg_catalogue_find(generation_catalogue(gen),
					       places[i].name,
					       strlen(places[i].name));

		out[i] = (struct mg_finding){
			.entity = entity < 0 ? 0 : (uint32_t)entity,
			.score = 90,
			.role = MG_ROLE_USER,
			.from = places[i].from,
			.to = places[i].to,
		};
	}
}

static struct {
	char integration[16];
	char tag[16];
	char group[16];
	struct mg_slice tags[2];
	struct mg_slice groups[1];
} senders[SCOPES_TRIED];

static void make_senders(void)
{
	for (int i = 0; i < SCOPES_TRIED; i++) {
		snprintf(senders[i].integration, 16, "team-%d", i % 100);
		snprintf(senders[i].tag, 16, "tag-%d", i * 7 % 50);
		snprintf(senders[i].group, 16, "group-%d", i % 40);
		senders[i].tags[0] = slice_str(senders[i].tag);
		senders[i].tags[1] = slice_str("laptop");
		senders[i].groups[0] = slice_str(senders[i].group);
	}
}

static uint64_t votes;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t decide(struct generation *gen, struct arena *a,
		       const struct mg_finding *findings, int i)
{
	int who = i % SCOPES_TRIED;
	struct verdict v;
	struct mg_case c = {
		.arena = a,
		.tags = senders[who].tags,
		.tag_count = 2,
		.groups = senders[who].groups,
		.group_count = 1,
		.segments = segments,
		.segment_count = ARRAY_LEN(segments),
		.scanned = true,
		.scan_result = i % 3 ? FINDINGS : 0,
		.findings = findings,
		.verdict = &v,
	};

	c.attr[MG_ATTR_APPLICATION] = slice_str(apps[i % 9]);
	c.attr[MG_ATTR_INTEGRATION] = slice_str(senders[who].integration);
	c.attr[MG_ATTR_MODEL] = slice_str("gpt-4o");
	c.attr[MG_ATTR_PATH] = slice_str("/v1/chat/completions");
	c.attr[MG_ATTR_USER] = slice_str("ann");
	c.number[MG_NUM_SURFACE] = MG_ENDPOINT;
	c.number[MG_NUM_BYTES] = 2048;
	c.number[MG_NUM_TIME] = 1800000000;

	uint64_t began = now_ns();
	verdict_init(&v, a);
	generation_judge(gen, &c);
	uint64_t took = now_ns() - began;
	votes += v.vote_count;
	arena_deinit(a);
	return took;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void print(uint64_t *took, uint64_t cold, double load_ms, long kib)
{
	qsort(took, RUNS, sizeof(*took), by_size);
	printf("{\"bench\":\"policies\",\"policies\":%d,\"load_ms\":%.1f,"
	       "\"decision_us\":{\"min\":%.2f,\"p50\":%.2f,\"p90\":%.2f,"
	       "\"p99\":%.2f,\"p999\":%.2f,\"max\":%.1f,\"first_of_scope\":"
	       "%.1f},\"votes_each\":%.1f,\"resident_kib\":%ld}\n",
	       POLICIES, load_ms, (double)took[0] / 1e3,
	       (double)took[RUNS / 2] / 1e3, (double)took[RUNS * 9 / 10] / 1e3,
	       (double)took[RUNS / 100 * 99] / 1e3,
	       (double)took[RUNS / 1000 * 999] / 1e3,
	       (double)took[RUNS - 1] / 1e3,
	       (double)cold / 1e3 / SCOPES_TRIED / 9, (double)votes / RUNS,
	       kib);
}

int main(void)
{
	static uint64_t took[RUNS];
	struct mg_finding findings[FINDINGS];
	struct conf *conf = conf_new();
	struct generation *gen;
	struct engine *e;
	struct arena a;
	char why[4096] = "";
	uint64_t began, cold = 0;
	long before = resident();
	double load_ms;

	if (!mkdtemp(dir))
		abort();
	write_policies();
	make_senders();
	conf_set(conf, "policies", dir, why, sizeof(why));
	conf_set(conf, "state", "/nonexistent", why, sizeof(why));
	began = clock_mono_us();
	e = engine_new(conf, why, sizeof(why));
	load_ms = (double)(clock_mono_us() - began) / 1e3;
	remove_policies();
	if (!e) {
		fprintf(stderr, "%s\n", why);
		return 1;
	}
	gen = engine_use(e);
	find(gen, findings);
	arena_init(&a);
	for (int i = 0; i < SCOPES_TRIED * 9; i++)
		cold += decide(gen, &a, findings, i);
	for (int i = 0; i < WARM; i++)
		decide(gen, &a, findings, i);
	votes = 0;
	for (int i = 0; i < RUNS; i++)
		took[i] = decide(gen, &a, findings, i);
	print(took, cold, load_ms, resident() - before);
	generation_done(gen);
	engine_free(e);
	conf_free(conf);
	return 0;
}
