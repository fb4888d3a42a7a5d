/* test_decision.c - from a body to the bytes that may go on. */
#include <stdlib.h>
#include <unistd.h>

#include "surface/decision.h"
#include "test.h"
#include "text/vault.h"

static char dir[] = "/tmp/decisions-XXXXXX";
static char why[4096];
static struct conf *conf;
static struct arena arena;

static struct engine *load(const char *policy)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/p.lua", dir);
	f = fopen(path, "w");
	fprintf(f, "return Policy \"p\" { Where = anywhere, %s }", policy);
	fclose(f);

	struct engine *e = engine_new(conf, why, sizeof(why));
	if (!e)
		printf("# %s\n", why);
	return e;
}

static struct decision asked(struct generation *gen, enum mg_stage stage,
			     const char *body)
{
	const struct mg_apps *apps = generation_apps(gen);
	struct decision d = {
		.arena = &arena,
		.surface = MG_ENDPOINT,
		.stage = stage,
		.app = (int)apps_find(apps, slice_str("openai")),
		.body = slice_str(body),
		.content_type = slice_str("application/json"),
	};

	d.endpoint = apps_endpoint(apps, (uint32_t)d.app, slice_str("POST"),
				   slice_str("/v1/chat/completions"));
	return d;
}

static void a_mask_changes_its_span_alone(void)
{
	struct engine *e = load("When = input:has(pii), Then = mask");
	struct generation *gen = engine_use(e);
	struct decision d = asked(
		gen, MG_REQUEST,
		"{ "
		"\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
		"\"\\u0061nn@acme-corp.com \\n\"}] }");
	struct buf out;

	buf_init(&out, 1 << 20);
	decision_make(gen, &d);
	OK(d.verdict.action == MG_MASK && d.finding_count == 1);
	OK(slice_is(d.attr[MG_ATTR_MODEL], "m"));
	OK(decision_apply(gen, &d, &out) == 1);
	OK(slice_is(buf_slice(&out),
		    "{ \"model\":\"m\",\"messages\":[{\"role\":"
		    "\"user\",\"content\":\"[EMAIL] \\n\"}] }"));
	buf_deinit(&out);
	generation_done(gen);
	engine_free(e);
}

static void what_is_allowed_is_not_touched(void)
{
	struct engine *e = load("When = input:has(pii), Then = mask");
	struct generation *gen = engine_use(e);
	struct decision d = asked(gen, MG_REQUEST, "{\"messages\":[]}");
	struct buf out;

	buf_init(&out, 1 << 20);
	decision_make(gen, &d);
	OK(d.verdict.action == MG_ALLOW);
	OK(decision_apply(gen, &d, &out) == 0 && buf_len(&out) == 0);
	d.stage = MG_REPLY;
	OK(!decision_wanted(gen, &d));
	buf_deinit(&out);
	generation_done(gen);
	engine_free(e);
}

static void tokens_come_back_in_the_reply(void)
{
	struct engine *e =
		load("When = input:has(pii), Then = mask { style = token }");
	struct generation *gen = engine_use(e);
	struct vault *vault = vault_new(&arena);
	struct decision d =
		asked(gen, MG_REQUEST,
		      "{\"messages\":[{\"role\":\"user\",\"content\":"
		      "\"ann@acme-corp.com\"}]}");
	struct buf out;

	buf_init(&out, 1 << 20);
	d.vault = vault;
	decision_make(gen, &d);
	OK(decision_apply(gen, &d, &out) == 1);
	OK(strstr(arena_str(&arena, buf_slice(&out).at, buf_len(&out)),
		  "\"[EMAIL_1]\""));
	buf_clear(&out);
	d = asked(gen, MG_REPLY,
		  "{\"choices\":[{\"message\":{\"content\":\"Hi [EMAIL_1], "
		  "[EMAIL_2]\"}}]}");
	d.vault = vault;
	decision_make(gen, &d);
	OK(d.verdict.action == MG_ALLOW);
	OK(decision_apply(gen, &d, &out) == 1);
	OK(strstr(arena_str(&arena, buf_slice(&out).at, buf_len(&out)),
		  "\"Hi ann@acme-corp.com, [EMAIL_2]\""));
	buf_deinit(&out);
	generation_done(gen);
	engine_free(e);
}

static void a_block_says_why(void)
{
	struct engine *e =
		load("When = input:has(pii), Then = block \"no \\\"mail\\\"\"");
	struct generation *gen = engine_use(e);
	struct decision d =
		asked(gen, MG_REQUEST,
		      "{\"messages\":[{\"role\":\"user\",\"content\":"
		      "\"ann@acme-corp.com\"}]}");
	const char *type;
	struct buf out;

	buf_init(&out, 1 << 20);
	decision_make(gen, &d);
	OK(d.verdict.action == MG_BLOCK);
	OK(decision_block(gen, &d, &out, &type) == 403);
	OK(strstr(arena_str(&arena, buf_slice(&out).at, buf_len(&out)),
		  "no \\\"mail\\\""));
	buf_deinit(&out);
	generation_done(gen);
	engine_free(e);
}

static void a_known_failure_decides(void)
{
	static const enum failure failures[] = { FAILURE_TOO_BIG,
						 FAILURE_ENCODING,
						 FAILURE_DETECTOR };
	struct engine *e = load("When = input:has(pii), Then = log");
	struct generation *gen = engine_use(e);

	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		struct decision d = asked(gen, MG_REQUEST, "");

		d.failure = failures[i];
		decision_make(gen, &d);
		OK(d.verdict.action == MG_BLOCK &&
		   d.verdict.failure == failures[i]);
		d.observe = true;
		decision_make(gen, &d);
		OK(d.verdict.action == MG_LOG && d.verdict.observed);
	}
	generation_done(gen);
	engine_free(e);
}

static void observing_changes_nothing(void)
{
	struct engine *e = load("When = input:has(pii), Then = mask");
	struct generation *gen = engine_use(e);
	struct decision d =
		asked(gen, MG_REQUEST,
		      "{\"messages\":[{\"role\":\"user\",\"content\":"
		      "\"ann@acme-corp.com\"}]}");
	struct buf out;

	buf_init(&out, 1 << 20);
	d.observe = true;
	decision_make(gen, &d);
	OK(d.verdict.action == MG_LOG && d.verdict.observed);
	OK(decision_apply(gen, &d, &out) == 0);
	buf_deinit(&out);
	generation_done(gen);
	engine_free(e);
}

int main(void)
{
	char path[256];

	if (!mkdtemp(dir))
		abort();
	arena_init(&arena);
	conf = conf_new();
	conf_set(conf, "policies", dir, why, sizeof(why));
	conf_set(conf, "state", "/nonexistent", why, sizeof(why));
	RUN(a_mask_changes_its_span_alone);
	RUN(what_is_allowed_is_not_touched);
	RUN(tokens_come_back_in_the_reply);
	RUN(a_block_says_why);
	RUN(a_known_failure_decides);
	RUN(observing_changes_nothing);
	conf_free(conf);
	arena_deinit(&arena);
	snprintf(path, sizeof(path), "%s/p.lua", dir);
	unlink(path);
	rmdir(dir);
	return test_done();
}
