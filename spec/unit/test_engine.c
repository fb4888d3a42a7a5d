/* test_engine.c - a reload is all or nothing; a judge that fails has blocked.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/engine.h"
#include "policy/quota.h"
#include "test.h"

static char dir[] = "/tmp/policies-XXXXXX";
static char why[4096];
static struct conf *conf;

static void write_file(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s.lua", dir, name);
	FILE *f = fopen(path, "w");
	fputs(text, f);
	fclose(f);
}

static void remove_file(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s.lua", dir, name);
	unlink(path);
}

static const char block_mail[] =
	"return Policy \"p\" { Where = anywhere, When = input:has(pii "
	"\"email\"), Then = block \"no mail\" }\n";
static const char mask_mail[] =
	"return Policy \"p\" { Where = anywhere, When = input:has(pii "
	"\"email\"), Then = mask }\n";

/* What one generation says of a text, as an action. */
static int ask(struct generation *gen, const char *text, struct verdict *out,
	       struct arena *a)
{
	struct mg_segment seg = {
		.role = MG_ROLE_USER,
		.raw_to = (uint32_t)strlen(text),
		.text = slice_str(text),
	};
	struct mg_case c = {
		.arena = a,
		.segments = &seg,
		.segment_count = 1,
		.scan = generation_scan(gen),
		.verdict = out,
	};

	c.number[MG_NUM_SURFACE] = MG_ENDPOINT;
	c.number[MG_NUM_TIME] = 1.8e9;
	c.attr[MG_ATTR_APPLICATION] = slice_str("openai");
	verdict_init(out, a);
	generation_judge(gen, &c);
	return (int)out->action;
}

static int ask_engine(struct engine *e, const char *text)
{
	struct generation *gen = engine_use(e);
	struct verdict v;
	struct arena a;

	arena_init(&a);
	int action = ask(gen, text, &v, &a);
	arena_deinit(&a);
	generation_done(gen);
	return action;
}

static void a_policy_judges(void)
{
	struct engine *e;
	struct verdict v;
	struct arena a;

	arena_init(&a);
	write_file("p", block_mail);
	e = engine_new(conf, why, sizeof(why));
	OK(e != NULL);
	if (!e) {
		printf("# %s\n", why);
		return;
	}
	OK(ask_engine(e, "hello") == MG_ALLOW);

	struct generation *gen = engine_use(e);
	OK(ask(gen, "write to ann@acme-corp.com", &v, &a) == MG_BLOCK);
	OK(slice_is(v.reason, "no mail"));
	OK(v.vote_count == 1 && v.votes[0].determining);
	OK(slice_is(generation_policy(gen, v.votes[0].policy), "p"));
	OK(generation_policy(gen, VOTE_FAILURE).len == 0);
	OK(v.because_count == 1);
	generation_done(gen);
	engine_free(e);
	arena_deinit(&a);
}

static void a_broken_reload_changes_nothing(void)
{
	struct engine *e;

	write_file("p", block_mail);
	e = engine_new(conf, why, sizeof(why));
	write_file("p", "return Policy \"p\" {\n  When = inptu:has(pii) }\n");
	write_file("q", "return 7");
	OK(engine_reload(e, why, sizeof(why)) == MG_EINVAL);
	OK(strstr(why, "p.lua:2: unknown word 'inptu', did you mean 'input'?"));
	OK(strstr(why, "\n") && strstr(why, "q.lua:1: a policy file ends in"));
	OK(ask_engine(e, "write to ann@acme-corp.com") == MG_BLOCK);
	remove_file("q");
	engine_free(e);
}

static void a_flow_ends_with_the_generation_it_began_with(void)
{
	struct engine *e;
	struct generation *old;
	struct verdict v;
	struct arena a;

	arena_init(&a);
	write_file("p", block_mail);
	e = engine_new(conf, why, sizeof(why));
	old = engine_use(e);
	write_file("p", mask_mail);
	OK(engine_reload(e, why, sizeof(why)) == MG_OK);
	OK(ask(old, "write to ann@acme-corp.com", &v, &a) == MG_BLOCK);
	OK(ask_engine(e, "write to ann@acme-corp.com") == MG_MASK);
	OK(generation_revision(old) != v.revision + 1);
	generation_done(old);
	engine_free(e);
	arena_deinit(&a);
}

static void equal_files_have_equal_revisions(void)
{
	struct engine *one, *other;
	struct generation *a, *b;

	write_file("p", block_mail);
	one = engine_new(conf, why, sizeof(why));
	other = engine_new(conf, why, sizeof(why));
	a = engine_use(one);
	b = engine_use(other);
	OK(generation_revision(a) == generation_revision(b));
	OK(generation_revision(a) > 0 && generation_revision(a) < 1ull << 53);
	write_file("p", mask_mail);
	OK(engine_reload(one, why, sizeof(why)) == MG_OK);
	generation_done(a);
	a = engine_use(one);
	OK(generation_revision(a) != generation_revision(b));
	generation_done(a);
	generation_done(b);
	engine_free(one);
	engine_free(other);
}

static void a_word_that_never_ends_blocks(void)
{
	char words[256];
	struct engine *e;
	struct generation *gen;
	struct verdict v;
	struct arena a;

	arena_init(&a);
	snprintf(words, sizeof(words), "%s/words", dir);
	mkdir(words, 0700);
	write_file("words/spin",
		   "return Word \"spin\" (function(findings, attr)\n"
		   "  if attr.application == \"openai\" then\n"
		   "    while true do end\n"
		   "  end\n"
		   "  return false\n"
		   "end)\n");
	write_file("p", "return Policy \"p\" { Where = anywhere, When = spin, "
			"Then = log }");
	e = engine_new(conf, why, sizeof(why));
	OK(e != NULL);
	if (!e)
		printf("# %s\n", why);
	gen = engine_use(e);
	OK(ask(gen, "x", &v, &a) == MG_BLOCK);
	OK(v.failure == FAILURE_DETECTOR);
	OK(slice_is(v.reason, "it could not be checked"));
	generation_done(gen);

	write_file("p", "return Policy \"p\" { Where = anywhere, When = spin, "
			"Then = log, on_failure = \"log\" }");
	OK(engine_reload(e, why, sizeof(why)) == MG_OK);
	gen = engine_use(e);
	OK(ask(gen, "x", &v, &a) == MG_LOG && v.failure == FAILURE_DETECTOR);
	generation_done(gen);
	engine_free(e);
	remove_file("words/spin");
	arena_deinit(&a);
}

static void what_nobody_looks_at_is_not_wanted(void)
{
	struct mg_case c = { 0 };
	struct engine *e;
	struct generation *gen;

	write_file("p",
		   "return Policy \"p\" { Where = endpoint { applications = "
		   "\"openai\" }, When = input:has(pii), Then = log }");
	e = engine_new(conf, why, sizeof(why));
	gen = engine_use(e);
	c.number[MG_NUM_SURFACE] = MG_ENDPOINT;
	c.number[MG_NUM_STAGE] = MG_REQUEST;
	c.attr[MG_ATTR_APPLICATION] = slice_str("openai");
	OK(generation_wants(gen, &c));
	c.number[MG_NUM_STAGE] = MG_REPLY;
	OK(!generation_wants(gen, &c));
	c.number[MG_NUM_STAGE] = MG_REQUEST;
	c.attr[MG_ATTR_APPLICATION] = slice_str("anthropic");
	OK(!generation_wants(gen, &c));
	c.attr[MG_ATTR_APPLICATION] = slice_str("openai");
	c.number[MG_NUM_SURFACE] = MG_BROWSER;
	OK(!generation_wants(gen, &c));
	generation_done(gen);
	engine_free(e);
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

static void two_hundred_reloads_cost_no_memory(void)
{
	struct engine *e;
	long before;

	write_file("p", block_mail);
	e = engine_new(conf, why, sizeof(why));
	for (int i = 0; i < 20; i++)
		engine_reload(e, why, sizeof(why));
	before = resident();
	for (int i = 0; i < 200; i++) {
		write_file("p", i % 2 ? block_mail : "return Policy");
		engine_reload(e, why, sizeof(why));
		if (ask_engine(e, "write to ann@acme-corp.com") != MG_BLOCK)
			OK(!"it did not block");
	}
	long after = resident();
	printf("# %ld KiB before, %ld KiB after\n", before, after);
#ifndef __SANITIZE_ADDRESS__ /* freed memory stays in quarantine there */
	OK(after - before < 4096);
#endif
	engine_free(e);
}

static void moongate_lua_is_read(void)
{
	struct conf *c = conf_new();
	char path[256];

	snprintf(path, sizeof(path), "%s/moongate.lua", dir);
	write_file(
		"moongate",
		"return {\n  limits = { body = \"1MiB\" },\n"
		"  listen = { plain = { \"127.0.0.1:1\", \"127.0.0.1:2\" } },\n"
		"  upstream = { connect = { [\"a.example\"] = \"b:1\" } },\n"
		"  workers = 2, mode = \"observe\" }\n");
	OK(engine_read_conf(path, c, why, sizeof(why)) == MG_OK);
	OK(c->limits_body == 1 << 20 && c->workers == 2 && c->mode == 1);
	OK(c->listen_plain.count == 2);
	OK(strcmp(c->upstream_connect.at[0], "a.example=b:1") == 0);
	OK(strncmp(c->policies, dir, strlen(dir)) == 0);
	conf_free(c);

	c = conf_new();
	write_file("moongate", "return {\n  limits = {\n    bdoy = 1,\n"
			       "    depth = 1 },\n}\n");
	OK(engine_read_conf(path, c, why, sizeof(why)) == MG_EINVAL);
	OK(strstr(why, "moongate.lua:3: there is no setting 'limits.bdoy', "
		       "did you mean 'limits.body'?"));
	OK(strstr(why, "moongate.lua:4: limits.depth must be within 8..1000"));
	write_file("moongate", "return os.getenv 'HOME'");
	OK(engine_read_conf(path, c, why, sizeof(why)) == MG_EINVAL);
	OK(strstr(why, "moongate.lua:1: unknown word 'os'"));
	OK(engine_read_conf("/nowhere/x.lua", c, why, sizeof(why)) ==
	   MG_EINVAL);
	OK(engine_read_conf(NULL, c, why, sizeof(why)) == MG_OK);
	conf_free(c);
	remove_file("moongate");
}

int main(void)
{
	char unused[64];

	if (!mkdtemp(dir))
		abort();
	conf = conf_new();
	conf_set(conf, "policies", dir, unused, sizeof(unused));
	conf_set(conf, "state", dir, unused, sizeof(unused));
	RUN(a_policy_judges);
	RUN(a_broken_reload_changes_nothing);
	RUN(a_flow_ends_with_the_generation_it_began_with);
	RUN(equal_files_have_equal_revisions);
	RUN(a_word_that_never_ends_blocks);
	RUN(what_nobody_looks_at_is_not_wanted);
	RUN(two_hundred_reloads_cost_no_memory);
	RUN(moongate_lua_is_read);
	conf_free(conf);
	snprintf(why, sizeof(why), "rm -r %s", dir);
	if (system(why))
		abort();
	return test_done();
}
