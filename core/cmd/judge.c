/* judge.c - `moongate judge`: the decision path without a network.
 *
 *   line --asked--> decision --make, apply or block--> line
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/log.h"
#include "cmd/asked.h"
#include "cmd/cmd.h"
#include "cmd/setup.h"
#include "policy/quota.h"
#include "text/vault.h"

enum { QUOTA_BYTES = 1 << 20 };

struct judging {
	struct generation *gen;
	struct quota *quota;
	struct arena arena;     /* of one line */
	struct arena remembers; /* of the last request's tokens */
	struct vault *vault;    /* of the last request, for its reply */
	unsigned char key[32];
	long number;  /* of the line */
	bool refused; /* a line could not be read */
};

static void add_policies(struct buf *out, struct generation *gen,
			 const struct verdict *v)
{
	line_add_name(out, "policies");
	buf_add_str(out, "[");
	for (uint32_t i = 0; i < v->vote_count; i++) {
		const struct vote *vote = &v->votes[i];

		if (vote->policy == VOTE_FAILURE)
			continue;
		buf_addf(out, "%s{",
			 buf_slice(out).at[buf_len(out) - 1] == '[' ? "" : ",");
		line_add_name(out, "id");
		line_add_string(out, generation_policy(gen, vote->policy));
		buf_addf(out, ",\"action\":\"%s\",\"determining\":%s}",
			 action_name(vote->observe && vote->action > MG_LOG
					     ? MG_LOG
					     : (enum mg_action)vote->action),
			 vote->determining ? "true" : "false");
	}
	buf_add_str(out, "]");
}

static void add_findings(struct buf *out, struct generation *gen,
			 const struct decision *d)
{
	line_add_name(out, "findings");
	buf_add_str(out, "[");
	for (uint32_t i = 0; i < d->finding_count; i++) {
		const struct mg_finding *f = &d->findings[i];
		const struct mg_segment *seg = &d->segments.at[f->segment];
		const struct mg_entity *e =
			mg_catalogue_at(generation_catalogue(gen), f->entity);

		buf_add_str(out, i ? ",{" : "{");
		line_add_name(out, "detector");
		line_add_string(out, slice_str(e->detector));
		line_add_name(out, "entity");
		line_add_string(out, slice_str(e->name));
		buf_addf(out, ",\"score\":%.2f,\"from\":%u,\"to\":%u",
			 f->score / 100.0, line_points(seg->text, f->from),
			 line_points(seg->text, f->to));
		line_add_name(out, "path");
		line_add_string(out, seg->path);
		buf_add_str(out, "}");
	}
	buf_add_str(out, "]");
}

/* A body goes out as it came in: a string as a string, JSON as JSON. */
static void add_body(struct buf *out, const struct asked *q,
		     struct mg_slice body)
{
	line_add_name(out, "body");
	if (!q->as_text && json_valid(body, LINE_DEPTH))
		buf_add(out, body);
	else
		line_add_string(out, body);
}

/* What would be sent on: the status a client would see, and the bytes. */
static void add_outcome(struct buf *out, struct generation *gen,
			struct asked *q)
{
	struct decision *d = &q->decision;
	struct mg_slice body = d->body;
	const char *type;
	struct buf sent;
	int status = 200, changed;

	buf_init(&sent, SIZE_MAX);
	if (d->verdict.action != MG_BLOCK && d->failure == FAILURE_NONE &&
	    (changed = decision_apply(gen, d, &sent)) != 0)
		body = changed > 0 ? buf_slice(&sent) : slice("", 0);
	if (d->verdict.action == MG_BLOCK) {
		buf_clear(&sent);
		status = decision_block(gen, d, &sent, &type);
		body = buf_slice(&sent);
	}
	buf_addf(out, ",\"status\":%d", status);
	add_body(out, q, body);
	buf_wipe(&sent);
}

static void answer(struct judging *j, struct asked *q, struct buf *out)
{
	struct decision *d = &q->decision;
	const struct verdict *v = &d->verdict;
	struct buf end;

	/* Applying may still fail, and then the action is another. */
	buf_init(&end, SIZE_MAX);
	buf_add_str(&end, "{");
	add_outcome(&end, j->gen, q);
	buf_add_str(out, "{");
	line_add_name(out, "id");
	line_add_string(out, q->id);
	buf_addf(out, ",\"action\":\"%s\",\"mode\":\"%s\"",
		 action_name(v->action), d->observe ? "observe" : "inline");
	if (v->observed)
		buf_add_str(out, ",\"observed\":true");
	if (v->failure != FAILURE_NONE)
		buf_addf(out, ",\"failure\":\"%s\"", failure_name(v->failure));
	if (v->reason.len) {
		line_add_name(out, "reason");
		line_add_string(out, v->reason);
	}
	if (v->retry_after)
		buf_addf(out, ",\"retry_after\":%u", v->retry_after);
	add_policies(out, j->gen, v);
	add_findings(out, j->gen, d);
	buf_addf(out, ",\"segments\":%u", d->segments.count);
	buf_add(out, slice(buf_slice(&end).at + 1, buf_len(&end) - 1));
	buf_add_str(out, "}\n");
	buf_wipe(&end);
}

static void vault_for(struct judging *j, struct decision *d)
{
	if (d->stage == MG_REQUEST || !j->vault) {
		arena_wipe(&j->remembers);
		j->vault = vault_new(&j->remembers);
	}
	d->vault = j->vault;
}

static int judge_line(void *arg, struct mg_slice json)
{
	struct judging *j = arg;
	const char *why = NULL;
	struct asked q;
	struct buf out;

	j->number++;
	buf_init(&out, SIZE_MAX);
	if (asked_read(&q, &j->arena, j->gen, json, &why) < 0) {
		fprintf(stderr, "moongate judge: line %ld: %s\n", j->number,
			why);
		buf_addf(&out, "{\"line\":%ld,\"error\":\"%s\"}\n", j->number,
			 why);
		j->refused = true;
	} else {
		q.decision.quota = j->quota;
		q.decision.mask_key = slice((char *)j->key, sizeof(j->key));
		vault_for(j, &q.decision);
		decision_make(j->gen, &q.decision);
		answer(j, &q, &out);
	}
	fwrite(buf_slice(&out).at, 1, buf_len(&out), stdout);
	fflush(stdout);
	asked_deinit(&q);
	buf_wipe(&out);
	arena_wipe(&j->arena);
	return CMD_OK;
}

static int judge_all(struct setup *s)
{
	struct engine *e = setup_engine(s);
	struct judging j = { 0 };
	void *table;
	int rc;

	if (!e)
		return CMD_CONFIG;
	table = calloc(1, QUOTA_BYTES);
	if (!table)
		abort();
	j.quota = quota_init(table, QUOTA_BYTES);
	j.gen = engine_use(e);
	arena_init(&j.arena);
	arena_init(&j.remembers);
	hash_random(j.key, sizeof(j.key));
	rc = line_each(s->count ? s->words[0] : NULL, "judge", judge_line, &j);
	arena_wipe(&j.remembers);
	generation_done(j.gen);
	engine_free(e);
	free(table);
	return rc ? rc : j.refused ? CMD_NEGATIVE : CMD_OK;
}

static int run(int argc, char **argv)
{
	const struct option none[] = { { NULL, NULL, NULL } };
	struct setup s;
	int rc = setup_read(&s, none, argc, argv);

	if (!rc && s.count > 1) {
		fprintf(stderr, "moongate judge: one file at a time\n");
		rc = CMD_USAGE;
	}
	if (rc)
		return rc;
	log_open(LOG_WARN, "judge");
	rc = setup_conf(&s);
	if (!rc)
		rc = judge_all(&s);
	setup_deinit(&s);
	return rc;
}

const struct cmd cmd_judge = {
	.name = "judge",
	.about = "decide requests and replies given as JSON lines",
	.help = "usage: moongate judge [--policies DIR] [--config FILE] "
		"[FILE]\n"
		"\n"
		"Reads one JSON object a line from FILE (else stdin):\n"
		"  id, surface (endpoint, gateway, api, browser), stage "
		"(request, reply),\n"
		"  application or host, method, path, headers {}, body (a "
		"string or JSON)\n"
		"  or body_base64; integration, user, device, groups [], tags "
		"[], mode,\n"
		"  assurance where policies ask for them.\n"
		"Writes one line each: id, action, mode, policies, findings, "
		"segments,\n"
		"status and body: what would be sent on, or the block answer. "
		"A reply\n"
		"gets back what tokens of the request before it stand for.\n"
		"\n"
		"examples:\n"
		"  echo "
		"'{\"id\":\"1\",\"application\":\"openai\",\"body\":\"my "
		"card: 4111 1111 1111 1111\"}' |\n"
		"    moongate judge --policies policies\n"
		"  moongate judge --policies policies requests.jsonl\n",
	.run = run,
};
