/* undo.c - see undo.h */
#include "flow/undo.h"

#include <stdlib.h>

enum {
	HELD = 64 * 1024,        /* of events that end in half a token */
	MADE = 64 * 1024 * 1024, /* of one body part, decoded */
};

enum state { START, UNDO, PASS, DONE, SHUT };

struct undo {
	struct stage stage;
	const struct decode_limits *limits; /* borrows */
	enum state state;
	int answer; /* why we are SHUT */
	struct restore *restore;
	struct decoder *decoder; /* NULL: plain */
	struct encoder *encoder; /* NULL: plain */
	struct buf plain;
	struct buf restored;
	struct buf coded;
};

static int shut(struct undo *u, int err)
{
	u->state = SHUT;
	u->answer = err;
	return err;
}

/* An encoding that cannot be undone is not one that tokens are found in. */
static enum state open_codings(struct undo *u, struct head *head)
{
	struct mg_slice list = head_join(head, "content-encoding");
	int err = MG_OK;

	if (!list.len)
		return UNDO;
	u->decoder = decoder_new(list, u->limits, &err);
	if (err >= 0)
		u->encoder = encoder_new(list, 0, &err);
	return err < 0 ? PASS : UNDO;
}

static int begin(struct undo *u, const struct part *part)
{
	if (part->kind != PART_HEAD)
		return shut(u, MG_EPROTO);
	u->state = open_codings(u, part->head);
	/* A value is not as long as its token. */
	if (u->state == UNDO && part->head->framing == HEAD_LENGTH)
		head_set_chunked(part->head);
	return stage_pass(&u->stage, part);
}

static int encode(struct undo *u, bool end)
{
	int err = encoder_feed(u->encoder, buf_slice(&u->restored), &u->coded);

	if (err < 0)
		return err;
	return end ? encoder_end(u->encoder, &u->coded)
		   : encoder_flush(u->encoder, &u->coded);
}

/* Hands on what was made of the bytes so far. */
static int hand_on(struct undo *u, bool end)
{
	struct buf *made = u->encoder ? &u->coded : &u->restored;
	int err = MG_OK;

	if (u->encoder && (end || buf_len(&u->restored)))
		err = encode(u, end);
	struct part body = { .kind = PART_BODY, .body = buf_slice(made) };
	if (err >= 0 && body.body.len)
		err = stage_pass(&u->stage, &body);
	buf_clear(&u->restored);
	buf_clear(&u->coded);
	return err < 0 ? shut(u, err) : MG_OK;
}

static int take_body(struct undo *u, struct mg_slice bytes)
{
	int err = MG_OK;

	if (u->decoder) {
		err = decoder_feed(u->decoder, bytes, &u->plain);
		bytes = buf_slice(&u->plain);
	}
	if (err >= 0)
		err = restore_feed(u->restore, bytes, &u->restored);
	buf_clear(&u->plain);
	return err < 0 ? shut(u, err) : hand_on(u, false);
}

static int take_end(struct undo *u, const struct part *part)
{
	int err = u->decoder ? decoder_end(u->decoder) : MG_OK;

	if (err >= 0)
		err = restore_flush(u->restore, &u->restored);
	if (err < 0)
		return shut(u, err);
	err = hand_on(u, true);
	if (err < 0)
		return err;
	u->state = DONE;
	return stage_pass(&u->stage, part);
}

static int undo_take(struct stage *st, const struct part *part)
{
	struct undo *u = (struct undo *)st;

	switch (u->state) {
	case START:
		return begin(u, part);
	case UNDO:
		if (part->kind == PART_BODY)
			return take_body(u, part->body);
		if (part->kind == PART_END)
			return take_end(u, part);
		return shut(u, MG_EPROTO);
	case PASS:
		return stage_pass(st, part);
	case DONE:
		return shut(u, MG_EPROTO);
	case SHUT:
		return u->answer;
	}
	abort(); /* unreachable: the switch names every state */
}

static void undo_close(struct stage *st)
{
	struct undo *u = (struct undo *)st;

	restore_free(u->restore);
	decoder_free(u->decoder);
	encoder_free(u->encoder);
	buf_wipe(&u->plain);
	buf_wipe(&u->restored);
	buf_wipe(&u->coded);
	free(u);
}

static const struct stage_ops undo_ops = {
	.name = "undo",
	.take = undo_take,
	.close = undo_close,
};

struct stage *undo_new(const struct vault *vault, const struct mg_shape *event,
		       const struct decode_limits *limits)
{
	struct undo *u = calloc(1, sizeof(*u));

	if (!u)
		abort();
	u->stage.ops = &undo_ops;
	u->limits = limits;
	u->restore = restore_new(vault, event, HELD);
	buf_init(&u->plain, MADE);
	buf_init(&u->restored, MADE);
	buf_init(&u->coded, MADE);
	return &u->stage;
}
