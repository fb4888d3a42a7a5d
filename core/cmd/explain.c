/* explain.c - `moongate explain`: why a request was decided as it was. */
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "cmd/asked.h"
#include "cmd/cmd.h"
#include "cmd/setup.h"
#include "cmd/story.h"

struct explaining {
	struct generation *gen;
	struct arena arena;
	int rc;
};

static void print_verdict(struct generation *gen, const struct decision *d)
{
	const struct verdict *v = &d->verdict;

	printf("%s", action_name(v->action));
	if (v->observed)
		printf(" (something stronger was wanted, and only observed)");
	if (v->failure != FAILURE_NONE)
		printf(", because of a failure: %s", failure_name(v->failure));
	if (v->reason.len)
		printf(": %.*s", (int)v->reason.len, v->reason.at);
	printf("\n%u segments, %u findings, %u masks, revision %llu\n",
	       d->segments.count, d->finding_count, v->mask_count,
	       (unsigned long long)generation_revision(gen));
	for (uint32_t i = 0; i < v->vote_count; i++) {
		struct mg_slice id = generation_policy(gen, v->votes[i].policy);

		if (v->votes[i].determining && id.len)
			printf("decided by %.*s\n", (int)id.len, id.at);
	}
	printf("\n");
}

static int explain_line(void *arg, struct mg_slice json)
{
	struct explaining *x = arg;
	const char *why = NULL;
	struct asked q;
	struct buf out;

	buf_init(&out, SIZE_MAX);
	if (asked_read(&q, &x->arena, x->gen, json, &why) < 0) {
		fprintf(stderr, "moongate explain: %s\n", why);
		x->rc = CMD_NEGATIVE;
	} else {
		decision_make(x->gen, &q.decision);
		print_verdict(x->gen, &q.decision);
		if (decision_explain(x->gen, &q.decision, &out) < 0)
			x->rc = CMD_SOFTWARE;
		fwrite(buf_slice(&out).at, 1, buf_len(&out), stdout);
	}
	buf_wipe(&out);
	asked_deinit(&q);
	arena_wipe(&x->arena);
	return 0;
}

static int run(int argc, char **argv)
{
	const char *file = NULL;
	const struct option options[] = {
		{ "-f", NULL, &file },
		{ "--file", NULL, &file },
		{ NULL, NULL, NULL },
	};
	struct explaining x = { 0 };
	struct engine *e = NULL;
	struct setup s;
	int rc = setup_read(&s, options, argc, argv);

	if (!rc && !file && s.count == 1 && story_is_id(s.words[0])) {
		rc = setup_conf(&s);
		if (!rc)
			rc = story_explain(s.conf->state, s.words[0], s.json);
		setup_deinit(&s);
		return rc;
	}
	if (!rc && !file && !s.count) {
		fprintf(stderr, "moongate explain: say EVENT or -f FILE\n");
		rc = CMD_USAGE;
	}
	if (rc)
		return rc;
	log_open(LOG_WARN, "explain");
	rc = setup_conf(&s);
	if (!rc && !(e = setup_engine(&s)))
		rc = CMD_CONFIG;
	if (!rc) {
		x.gen = engine_use(e);
		arena_init(&x.arena);
		rc = line_each(file ? file : s.words[0], "explain",
			       explain_line, &x);
		generation_done(x.gen);
		engine_free(e);
	}
	setup_deinit(&s);
	return rc ? rc : x.rc;
}

const struct cmd cmd_explain = {
	.name = "explain",
	.about = "which policies matched a request, and why",
	.help = "usage: moongate explain EVENT [--json] [--config FILE]\n"
		"       moongate explain -f FILE [--policies DIR] [--config "
		"FILE]\n"
		"\n"
		"EVENT is the id of an event in the store: who asked what, "
		"which policies\n"
		"voted, what was found where, and which vote decided.\n"
		"\n"
		"FILE holds requests as `moongate judge` reads them, one a "
		"line. Each is\n"
		"judged again, and each policy's Where and When is shown as a "
		"tree with\n"
		"what was found.\n"
		"\n"
		"examples:\n"
		"  moongate explain -f request.json\n"
		"  moongate explain --policies new-policies -f request.json\n",
	.run = run,
};
