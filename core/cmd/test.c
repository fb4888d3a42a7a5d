/* test.c - `moongate test`: do the policies do what their examples say? */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/line.h"
#include "cmd/setup.h"
#include "policy/engine_examples.h"
#include "policy/quota.h"

enum { QUOTA_BYTES = 1 << 20 };

struct testing {
	struct generation *gen;
	void *table; /* of quotas: cleared for each example */
	bool json;
	int passed;
	int failed;
};

static void report(struct testing *t, const struct example *x, int got)
{
	const char *said = got < 0 ? "there is no such policy"
				   : action_name((enum mg_action)got);
	bool fine = got >= 0 && slice_is(x->verb, said);
	struct buf out;

	t->passed += fine;
	t->failed += !fine;
	buf_init(&out, SIZE_MAX);
	if (t->json) {
		buf_add_str(&out, "{");
		line_add_name(&out, "policy");
		line_add_string(&out, x->policy);
		line_add_name(&out, "title");
		line_add_string(&out, x->title);
		line_add_name(&out, "wanted");
		line_add_string(&out, x->verb);
		line_add_name(&out, "got");
		line_add_string(&out, slice_str(said));
		buf_addf(&out, ",\"ok\":%s}\n", fine ? "true" : "false");
	} else {
		buf_addf(&out, "%s %-7s %.*s: %.*s", fine ? "ok    " : "FAILED",
			 said, (int)x->policy.len, x->policy.at,
			 (int)x->title.len, x->title.at);
		buf_addf(&out, fine ? "\n" : " (wanted %.*s)\n",
			 (int)x->verb.len, x->verb.at);
	}
	fwrite(buf_slice(&out).at, 1, buf_len(&out), stdout);
	buf_deinit(&out);
}

static void test_file(struct testing *t, const char *path)
{
	struct examples examples;
	struct arena a;
	char why[4096];

	arena_init(&a);
	if (examples_read(&examples, &a, path, why, sizeof(why)) < 0) {
		setup_complain(why);
		t->failed++;
		arena_deinit(&a);
		return;
	}
	for (uint32_t i = 0; i < examples.count; i++) {
		memset(t->table, 0, QUOTA_BYTES);
		report(t, &examples.at[i],
		       example_try(t->gen, &examples.at[i],
				   quota_init(t->table, QUOTA_BYTES)));
	}
	arena_deinit(&a);
}

static int is_spec(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 9 && !strcmp(entry->d_name + len - 9, "_spec.lua");
}

static int test_path(struct testing *t, const char *path)
{
	struct dirent **entries;
	struct stat st;
	int n;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		test_file(t, path);
		return CMD_OK;
	}
	n = scandir(path, &entries, is_spec, alphasort);
	if (n <= 0) {
		fprintf(stderr, "moongate test: no *_spec.lua in %s\n", path);
		return CMD_CANNOT;
	}
	for (int i = 0; i < n; i++) {
		char file[4096];

		snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
		test_file(t, file);
		free(entries[i]);
	}
	free(entries);
	return CMD_OK;
}

static int test_all(struct setup *s)
{
	struct testing t = { .json = s->json };
	struct engine *e = setup_engine(s);
	int rc = CMD_OK;

	if (!e)
		return CMD_CONFIG;
	t.gen = engine_use(e);
	t.table = calloc(1, QUOTA_BYTES);
	if (!t.table)
		abort();
	for (int i = 0; !rc && i < s->count; i++)
		rc = test_path(&t, s->words[i]);
	if (!rc && !s->json)
		printf("%d passed, %d failed\n", t.passed, t.failed);
	generation_done(t.gen);
	engine_free(e);
	free(t.table);
	return rc ? rc : t.failed ? CMD_NEGATIVE : CMD_OK;
}

static int run(int argc, char **argv)
{
	const struct option none[] = { { NULL, NULL, NULL } };
	struct setup s;
	int rc = setup_read(&s, none, argc, argv);

	if (!rc && !s.count) {
		fprintf(stderr, "moongate test: say where the *_spec.lua "
				"are\n");
		rc = CMD_USAGE;
	}
	if (rc)
		return rc;
	log_open(LOG_ERROR, "test");
	rc = setup_conf(&s);
	if (!rc)
		rc = test_all(&s);
	setup_deinit(&s);
	return rc;
}

const struct cmd cmd_test = {
	.name = "test",
	.about = "do the policies do what their examples say?",
	.help = "usage: moongate test [--policies DIR] [--config FILE] "
		"[--json] DIR|FILE...\n"
		"\n"
		"Reads *_spec.lua, lists of examples for one policy each:\n"
		"\n"
		"  examples \"no-code-to-deepseek\" {\n"
		"    { \"code pasted into DeepSeek\", \"block\",\n"
		"      application = \"deepseek\", input = \"#include "
		"<stdio.h>\\n...\" },\n"
		"  }\n"
		"\n"
		"The verb is what that policy alone wants: allow, log, mask or "
		"block. Texts:\n"
		"input, output, upload, system, assistant, tool_call, "
		"tool_result, document.\n"
		"Anything that Where or attr can ask may be said; times = n "
		"repeats it.\n"
		"\n"
		"examples:\n"
		"  moongate test spec/policies\n"
		"  moongate test --policies new "
		"spec/policies/fair-use_spec.lua\n",
	.run = run,
};
