/* observe.c - pass on, and keep a decoded copy.
 *
 *          HEAD           END or close
 *   START ------> COPY ------------------> DONE
 *                  |  copy fails            ^
 *                  +----------> BLIND ------+
 *
 * START  nothing seen yet.
 * COPY   every body part went on, and its decoded bytes are kept.
 * BLIND  every body part went on; the copy was given up, and why is known.
 * DONE   the judge was told; later parts still go on.
 */
#include "flow/observe.h"

#include <stdlib.h>

#include "base/buf.h"

enum state { START, COPY, BLIND, DONE };

struct observe {
	struct stage stage;
	const struct observe_rules *rules; /* borrows */
	observe_judge judge;
	void *arg;
	enum state state;
	struct head *head;
	struct decoder *decoder; /* NULL: plain as it comes */
	struct buf plain;
	size_t charged;
	uint64_t bytes;
	enum body_state body;
};

static void give_up(struct observe *o, enum body_state why)
{
	o->state = BLIND;
	o->body = why;
	buf_wipe(&o->plain);
	decoder_free(o->decoder);
	o->decoder = NULL;
	if (o->rules->budget)
		budget_give(o->rules->budget, o->charged);
	o->charged = 0;
}

static void begin(struct observe *o, struct head *head)
{
	struct mg_slice list = head_join(head, "content-encoding");
	int err = MG_OK;

	o->head = head;
	o->state = COPY;
	if (list.len)
		o->decoder = decoder_new(list, o->rules->decode, &err);
	if (err < 0)
		give_up(o, BODY_ENCODING);
}

static void copy(struct observe *o, struct mg_slice in)
{
	size_t before = buf_len(&o->plain);
	struct budget *budget = o->rules->budget;

	int err = o->decoder ? decoder_feed(o->decoder, in, &o->plain)
			     : buf_add(&o->plain, in);
	if (err < 0) {
		bool full = err == MG_ETOOBIG &&
			    !(o->decoder && decoder_is_over(o->decoder));
		give_up(o, full ? BODY_TOO_BIG : BODY_ENCODING);
		return;
	}
	size_t grown = buf_len(&o->plain) - before;
	if (budget && budget_take(budget, grown) < 0)
		give_up(o, BODY_TOO_BIG);
	else
		o->charged += grown;
}

static void tell(struct observe *o)
{
	struct observed what = { .head = o->head,
				 .plain = buf_slice(&o->plain),
				 .bytes = o->bytes,
				 .state = o->body };

	o->state = DONE;
	o->judge(o->arg, &what);
}

static void finish(struct observe *o)
{
	if (o->state == COPY && o->decoder && decoder_end(o->decoder) < 0)
		give_up(o, BODY_ENCODING);
	tell(o);
}

static void look(struct observe *o, const struct part *part)
{
	if (o->state == DONE)
		return;
	switch (part->kind) {
	case PART_HEAD:
		if (o->state == START)
			begin(o, part->head);
		break;
	case PART_BODY:
		o->bytes += part->body.len;
		if (o->state == COPY)
			copy(o, part->body);
		break;
	case PART_END:
		finish(o);
		break;
	}
}

/* What the next stage refuses is looked at all the same: it did come. */
static int observe_take(struct stage *st, const struct part *part)
{
	int err = stage_pass(st, part);

	look((struct observe *)st, part);
	return err;
}

/* The message ended badly: what came of it is judged all the same. */
static void cut(struct observe *o)
{
	if (o->body == BODY_WHOLE)
		o->body = BODY_CUT;
	tell(o);
}

static void observe_close(struct stage *st)
{
	struct observe *o = (struct observe *)st;

	if (o->state == COPY || o->state == BLIND)
		cut(o);
	if (o->rules->budget)
		budget_give(o->rules->budget, o->charged);
	decoder_free(o->decoder);
	buf_wipe(&o->plain);
	free(o);
}

static const struct stage_ops observe_ops = {
	.name = "observe",
	.take = observe_take,
	.close = observe_close,
};

struct stage *observe_new(const struct observe_rules *rules,
			  observe_judge judge, void *arg)
{
	struct observe *o = calloc(1, sizeof(*o));

	if (!o)
		abort();
	o->stage.ops = &observe_ops;
	o->rules = rules;
	o->judge = judge;
	o->arg = arg;
	buf_init(&o->plain, rules->max);
	o->plain.secret = true;
	return &o->stage;
}
