/* gather.c - hold, judge, release.
 *
 *          HEAD           END, judge lets it go
 *   START ------> HOLD ---------------------------> DONE
 *     |            | |  over a ceiling,        END  ^ |
 *     |            | +-- judge lets it go --> PASS -+ |
 *     | not HEAD   | judge answers < 0,        |      | anything
 *     |            | refused further on        |      |
 *     +------------+----------> SHUT <---------+------+
 *
 * START  nothing seen yet.
 * HOLD   the head is held, the body is copied; nothing has left.
 * PASS   too big to hold, and let go all the same: parts go on as they come.
 * DONE   head, body and end went on, in that order.
 * SHUT   an error was answered, and is answered again to every later part.
 *
 * Invariant: not one byte leaves before the judge answered 0 or 1.
 */
#include "flow/gather.h"

#include <stdlib.h>

#include "base/buf.h"

enum state { START, HOLD, PASS, DONE, SHUT };

enum { FIRST_ROOM = 64 << 10 };

struct gather {
	struct stage stage;
	const struct gather_rules *rules; /* borrows */
	gather_judge judge;
	void *arg;
	enum state state;
	int answer; /* why we are SHUT */
	struct head *head;
	struct buf raw;
	struct buf plain; /* unused when raw is plain */
	struct buf out;   /* the judge's */
	struct buf sent;  /* `out`, encoded */
	size_t charged;   /* to the budget */
};

static int shut(struct gather *g, int err)
{
	g->state = SHUT;
	g->answer = err;
	return err;
}

static int charge(struct gather *g, size_t len)
{
	struct budget *budget = g->rules->budget;
	int err = budget ? budget_take(budget, len) : MG_OK;

	if (err >= 0)
		g->charged += len;
	return err;
}

/* --- decoding ---------------------------------------------------------------
 */

/* No more than the worker has left. */
static void bound_plain(struct gather *g)
{
	struct budget *budget = g->rules->budget;

	if (budget && budget_room(budget) < g->plain.max)
		g->plain.max = budget_room(budget);
}

static enum body_state decode(struct gather *g, struct mg_slice list,
			      struct mg_slice *plain)
{
	int err;
	struct decoder *d = decoder_new(list, g->rules->decode, &err);

	if (!d)
		return BODY_ENCODING;
	bound_plain(g);
	err = decoder_feed(d, buf_slice(&g->raw), &g->plain);
	if (err >= 0)
		err = decoder_end(d);
	bool full = err == MG_ETOOBIG && !decoder_is_over(d);
	decoder_free(d);
	if (err < 0) {
		buf_wipe(&g->plain);
		return full ? BODY_TOO_BIG : BODY_ENCODING;
	}
	charge(g, buf_len(&g->plain));
	*plain = buf_slice(&g->plain);
	return BODY_WHOLE;
}

/* --- release ----------------------------------------------------------------
 */

/* Sums over the old bytes would call the new ones forged. */
static void drop_digests(struct head *h)
{
	static const char *const names[] = { "content-md5", "digest",
					     "content-digest", "repr-digest" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		head_remove(h, names[i]);
}

/* Encodes `out` as `raw` was. What cannot be encoded goes plain. */
static struct mg_slice encode_again(struct gather *g)
{
	struct mg_slice list = head_join(g->head, "content-encoding");
	int err;

	if (!list.len)
		return buf_slice(&g->out);
	struct encoder *e = encoder_new(list, buf_len(&g->out), &err);
	if (e) {
		err = encoder_feed(e, buf_slice(&g->out), &g->sent);
		if (err >= 0)
			err = encoder_end(e, &g->sent);
		encoder_free(e);
	}
	if (err >= 0)
		return buf_slice(&g->sent);
	buf_wipe(&g->sent);
	head_remove(g->head, "content-encoding");
	return buf_slice(&g->out);
}

static struct mg_slice replacement(struct gather *g)
{
	struct mg_slice body = encode_again(g);
	enum head_length framing = g->head->framing;

	drop_digests(g->head);
	if (framing == HEAD_LENGTH || framing == HEAD_NO_BODY)
		head_set_length(g->head, body.len);
	return body;
}

static int release(struct gather *g, struct mg_slice body)
{
	struct part head = { .kind = PART_HEAD, .head = g->head };
	struct part part = { .kind = PART_BODY, .body = body };

	int err = stage_pass(&g->stage, &head);
	if (err >= 0 && body.len)
		err = stage_pass(&g->stage, &part);
	return err < 0 ? shut(g, err) : MG_OK;
}

static int finish(struct gather *g, const struct part *end)
{
	int err = stage_pass(&g->stage, end);

	if (err < 0)
		return shut(g, err);
	g->state = DONE;
	return MG_OK;
}

/* --- judging ----------------------------------------------------------------
 */

static int judge_whole(struct gather *g, const struct part *end)
{
	struct mg_slice list = head_join(g->head, "content-encoding");
	struct gathered what = { .head = g->head, .raw = buf_slice(&g->raw) };

	what.plain = what.raw;
	if (list.len && what.raw.len) {
		what.plain = slice("", 0);
		what.state = decode(g, list, &what.plain);
	}
	int answer = g->judge(g->arg, &what, &g->out);
	if (answer < 0)
		return shut(g, answer);
	if (answer == GATHER_REPLACE && what.state != BODY_WHOLE)
		return shut(g, MG_EINVAL);

	int err = release(g,
			  answer == GATHER_REPLACE ? replacement(g) : what.raw);
	return err < 0 ? err : finish(g, end);
}

/* The rest is not held; what a whole body would have said is not known. */
static int judge_too_big(struct gather *g, const struct part *body)
{
	struct gathered what = { .head = g->head,
				 .raw = buf_slice(&g->raw),
				 .plain = slice("", 0),
				 .state = BODY_TOO_BIG };
	int answer = g->judge(g->arg, &what, &g->out);

	if (answer != GATHER_ALLOW)
		return shut(g, answer < 0 ? answer : MG_EINVAL);
	int err = release(g, what.raw);
	if (err >= 0 && body)
		err = stage_pass(&g->stage, body);
	if (err < 0)
		return shut(g, err);
	g->state = PASS;
	return MG_OK;
}

/* --- parts ------------------------------------------------------------------
 */

static int begin(struct gather *g, const struct part *part)
{
	if (part->kind != PART_HEAD)
		return shut(g, MG_EPROTO);
	g->head = part->head;
	g->state = HOLD;
	if (g->head->framing != HEAD_LENGTH)
		return MG_OK;
	if (g->head->length > g->rules->max)
		return judge_too_big(g, NULL);
	/* A length is a promise of the peer: believed up to a point. */
	if (g->head->length <= FIRST_ROOM)
		buf_room(&g->raw, (size_t)g->head->length);
	return MG_OK;
}

static int hold(struct gather *g, const struct part *part)
{
	switch (part->kind) {
	case PART_BODY:
		if (part->body.len > g->raw.max - buf_len(&g->raw) ||
		    charge(g, part->body.len) < 0)
			return judge_too_big(g, part);
		return buf_add(&g->raw, part->body);
	case PART_END:
		return judge_whole(g, part);
	case PART_HEAD:
		break;
	}
	return shut(g, MG_EPROTO);
}

static int pass(struct gather *g, const struct part *part)
{
	if (part->kind == PART_HEAD)
		return shut(g, MG_EPROTO);
	if (part->kind == PART_END)
		return finish(g, part);
	int err = stage_pass(&g->stage, part);
	return err < 0 ? shut(g, err) : MG_OK;
}

static int gather_take(struct stage *st, const struct part *part)
{
	struct gather *g = (struct gather *)st;

	switch (g->state) {
	case START:
		return begin(g, part);
	case HOLD:
		return hold(g, part);
	case PASS:
		return pass(g, part);
	case DONE:
		return shut(g, MG_EPROTO);
	case SHUT:
		return g->answer;
	}
	abort(); /* unreachable: the switch names every state */
}

static void gather_close(struct stage *st)
{
	struct gather *g = (struct gather *)st;

	if (g->rules->budget)
		budget_give(g->rules->budget, g->charged);
	buf_wipe(&g->raw);
	buf_wipe(&g->plain);
	buf_wipe(&g->out);
	buf_wipe(&g->sent);
	free(g);
}

static const struct stage_ops gather_ops = {
	.name = "gather",
	.take = gather_take,
	.close = gather_close,
};

static void secret_init(struct buf *b, size_t max)
{
	buf_init(b, max);
	b->secret = true;
}

struct stage *gather_new(const struct gather_rules *rules, gather_judge judge,
			 void *arg)
{
	struct gather *g = calloc(1, sizeof(*g));
	size_t decoded = rules->decode->max;

	if (!g)
		abort();
	g->stage.ops = &gather_ops;
	g->rules = rules;
	g->judge = judge;
	g->arg = arg;
	secret_init(&g->raw, rules->max);
	secret_init(&g->plain, decoded);
	/* Masks may be longer than what they hide. */
	secret_init(&g->out, 2 * (decoded > rules->max ? decoded : rules->max));
	secret_init(&g->sent, g->out.max);
	return &g->stage;
}
