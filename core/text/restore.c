/* restore.c - see restore.h */
#include "text/restore.h"

#include <stdlib.h>

#include "text/json.h"
#include "text/sse.h"
#include "text/walk.h"

/* One delta: a segment of an event. */
struct piece {
	uint64_t channel;
	uint32_t event;   /* index among those held */
	uint32_t segment; /* index in that event's segments */
	struct mg_slice text;
	bool open; /* its end may be the beginning of a token */
};

struct held {
	size_t len;           /* of its raw bytes */
	size_t data_from;     /* where its data stands in them */
	struct mg_slice data; /* in the arena */
	struct segments segs;
	struct edit *edits;
	uint32_t count;
	uint32_t cap;
};

struct restore {
	const struct vault *vault;
	const struct mg_shape *shape;
	size_t max;
	struct sse sse;
	bool off;           /* gave up: bytes go on as they are */
	uint64_t given;     /* offset in the stream of raw's first byte */
	struct buf raw;     /* bytes not yet passed on */
	struct arena arena; /* of what is held; emptied when nothing is */
	struct held *events;
	uint32_t count;
	uint32_t cap;
	struct piece *pieces;
	uint32_t piece_count;
	uint32_t piece_cap;
};

static void forget_events(struct restore *r)
{
	arena_wipe(&r->arena);
	r->events = NULL;
	r->pieces = NULL;
	r->count = r->cap = r->piece_count = r->piece_cap = 0;
}

struct restore *restore_new(const struct vault *v, const struct mg_shape *event,
			    size_t max)
{
	struct restore *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	r->vault = v;
	r->shape = event;
	r->max = max;
	sse_init(&r->sse, max);
	buf_init(&r->raw, 2 * max);
	return r;
}

void restore_free(struct restore *r)
{
	if (!r)
		return;
	sse_deinit(&r->sse);
	buf_wipe(&r->raw);
	arena_wipe(&r->arena);
	free(r);
}

/* --- passing on
 * ---------------------------------------------------------------- */

static int pass_raw(struct restore *r, size_t len, struct buf *out)
{
	int err = buf_add_at(out, buf_slice(&r->raw).at, len);

	buf_drop(&r->raw, len);
	r->given += len;
	return err;
}

static int pass_edited(struct restore *r, struct held *h, struct buf *out)
{
	struct mg_slice raw = buf_slice(&r->raw);
	size_t after = h->data_from + h->data.len;

	int err = buf_add_at(out, raw.at, h->data_from);
	if (err >= 0)
		err = edit_apply(&r->arena, h->data, h->segs.at, h->segs.count,
				 h->edits, h->count, NULL, out);
	/* Whatever went wrong, the stream stays whole. */
	if (err <= 0 && err != MG_ETOOBIG)
		err = buf_add(out, h->data);
	if (err >= 0)
		err = buf_add_at(out, raw.at + after, h->len - after);
	buf_drop(&r->raw, h->len);
	r->given += h->len;
	return err < 0 ? err : MG_OK;
}

static int pass_events(struct restore *r, uint32_t n, struct buf *out)
{
	int err = MG_OK;

	for (uint32_t i = 0; err >= 0 && i < n; i++) {
		struct held *h = &r->events[i];
		err = h->count ? pass_edited(r, h, out)
			       : pass_raw(r, h->len, out);
	}
	if (n == r->count) {
		forget_events(r);
		return err;
	}
	r->count -= n;
	memmove(r->events, r->events + n, r->count * sizeof(*r->events));
	uint32_t kept = 0;
	for (uint32_t i = 0; i < r->piece_count; i++) {
		struct piece p = r->pieces[i];
		if (p.event < n)
			continue;
		p.event -= n;
		r->pieces[kept++] = p;
	}
	r->piece_count = kept;
	return err;
}

/* --- tokens over the pieces of a channel
 * ----------------------------------------- */

static void add_edit(struct restore *r, const struct piece *p, size_t from,
		     size_t to, struct mg_slice with)
{
	struct held *h = &r->events[p->event];
	uint32_t i = h->count;

	h->edits = arena_grow(&r->arena, h->edits, h->count, &h->cap,
			      sizeof(*h->edits));
	/* Sorted by segment; within one they come in order. */
	for (; i > 0 && h->edits[i - 1].segment > p->segment; i--)
		h->edits[i] = h->edits[i - 1];
	h->edits[i] = (struct edit){
		.segment = p->segment,
		.from = (uint32_t)from,
		.to = (uint32_t)to,
		.with = with,
	};
	h->count++;
}

/* The token at [from, to) of the channel's text becomes `value`, all of it in
 * the piece where it begins. */
static void replace(struct restore *r, uint64_t channel, size_t from, size_t to,
		    struct mg_slice value)
{
	size_t at = 0;

	for (uint32_t i = 0; i < r->piece_count; i++) {
		const struct piece *p = &r->pieces[i];
		if (p->channel != channel)
			continue;
		size_t end = at + p->text.len;
		size_t first = from > at ? from : at,
		       last = to < end ? to : end;
		if (first < last)
			add_edit(r, p, first - at, last - at,
				 first == from ? value : slice("", 0));
		at = end;
	}
}

/* Where at the end of `text` a token may have begun; text.len: nowhere. */
static size_t open_from(const struct restore *r, struct mg_slice text)
{
	size_t reach = vault_reach(r->vault), at = text.len;

	while (at > 0 && text.len - at + 1 < reach) {
		char c = text.at[--at];
		if (c == '[')
			return at;
		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '_')
			break;
	}
	return text.len;
}

static struct mg_slice value_for(struct restore *r, const struct piece *p,
				 struct mg_slice value)
{
	const struct mg_segment *seg = &r->events[p->event].segs.at[p->segment];

	/* Arguments of a tool are JSON, cut anywhere. */
	if (seg->role != MG_ROLE_TOOL_CALL)
		return value;
	size_t len = json_escape(value, NULL);
	char *at = arena_alloc(&r->arena, len + 1);
	return slice(at, json_escape(value, at));
}

/* Looks at a channel whose last piece is new: finishes its tokens, and says
 * which pieces may hold the beginning of another. */
static void look(struct restore *r, const struct piece *last)
{
	uint64_t channel = last->channel;
	struct mg_slice text = { NULL, 0 }, value;
	size_t from = 0, to, at = 0;

	for (uint32_t i = 0; i < r->piece_count; i++)
		if (r->pieces[i].channel == channel)
			text.len += r->pieces[i].text.len;
	char *joined = arena_alloc(&r->arena, text.len + 1);
	for (uint32_t i = 0; i < r->piece_count; i++) {
		const struct piece *p = &r->pieces[i];
		if (p->channel != channel)
			continue;
		memcpy(joined + at, p->text.at, p->text.len);
		at += p->text.len;
	}
	text.at = joined;

	size_t old = text.len - last->text.len;
	for (; (value = vault_find(r->vault, text, &from, &to)).at; from = to)
		if (to > old) /* else it was seen with an earlier piece */
			replace(r, channel, from, to,
				value_for(r, last, value));

	size_t open = open_from(r, text);
	at = 0;
	for (uint32_t i = 0; i < r->piece_count; i++) {
		struct piece *p = &r->pieces[i];
		if (p->channel != channel)
			continue;
		at += p->text.len;
		p->open = at > open;
	}
}

/* --- events
 * -------------------------------------------------------------------------- */

/* Where the data of an event with one data line stands in its raw bytes. What
 * was passed on already is not there any more. */
static bool locate(struct mg_slice raw, struct mg_slice data, size_t *from)
{
	size_t at = 0, end;

	if (!data.len || memchr(data.at, '\n', data.len))
		return false;
	for (; at < raw.len; at = end + 1) {
		for (end = at; end < raw.len && raw.at[end] != '\n' &&
			       raw.at[end] != '\r';)
			end++;
		struct mg_slice line = slice(raw.at + at, end - at);
		if (!slice_starts(line, "data:"))
			continue;
		*from = at + (slice_starts(line, "data: ") ? 6 : 5);
		return slice_same(slice(raw.at + *from, end - *from), data);
	}
	return false;
}

static void read_event(struct restore *r, struct held *h, uint32_t index)
{
	struct walk_channels ids = { 0 };
	struct walk_origin origin = { .channels = &ids };

	segments_init(&h->segs, &r->arena);
	if (walk_json(&h->segs, r->shape, &origin, h->data, NULL) < 0)
		return;
	for (uint32_t i = 0; i < h->segs.count; i++) {
		struct mg_segment *seg = &h->segs.at[i];
		if (seg->role == MG_ROLE_OTHER || !edit_may(seg))
			continue;
		/* A piece of JSON is no JSON. */
		seg->coding = CODING_JSON;
		r->pieces = arena_grow(&r->arena, r->pieces, r->piece_count,
				       &r->piece_cap, sizeof(*r->pieces));
		struct piece *p = &r->pieces[r->piece_count++];
		*p = (struct piece){
			.channel = ids.at[i] ^ seg->role,
			.event = index,
			.segment = i,
			.text = seg->text,
		};
		look(r, p);
	}
}

static void hold(struct restore *r, size_t len)
{
	struct mg_slice raw = buf_slice(&r->raw);
	struct held h = { .len = len };
	size_t before = 0, skip = 0;

	for (uint32_t i = 0; i < r->count; i++)
		before += r->events[i].len;
	/* Comments in front are no part of the event. */
	if (r->sse.from > r->given + before)
		skip = (size_t)(r->sse.from - r->given) - before;
	h.data = arena_slice(&r->arena, sse_data(&r->sse));
	bool found = locate(slice(raw.at + before + skip, len - skip), h.data,
			    &h.data_from);
	h.data_from += skip;
	r->events =
		arena_grow(&r->arena, r->events, r->count, &r->cap, sizeof(h));
	r->events[r->count++] = h;
	if (found)
		read_event(r, &r->events[r->count - 1], r->count - 1);
}

/* How many events at the front hold nothing that is open. */
static uint32_t ready(const struct restore *r)
{
	uint32_t n = r->count;

	for (uint32_t i = 0; i < r->piece_count; i++)
		if (r->pieces[i].open && r->pieces[i].event < n)
			n = r->pieces[i].event;
	return n;
}

static int take_event(struct restore *r, struct buf *out)
{
	uint64_t seen = r->given;

	for (uint32_t i = 0; i < r->count; i++)
		seen += r->events[i].len;
	/* Comments before an event travel with it. */
	hold(r, (size_t)(r->sse.to - seen));
	return pass_events(r, ready(r), out);
}

/* Nothing but comments and ends of lines waits: keep-alives go on at once. */
static bool idle(const struct restore *r)
{
	return !r->count && !r->sse.has_data && !buf_len(&r->sse.line) &&
	       !buf_len(&r->sse.name);
}

/* An event too long to be looked at: from here on all goes on as it is. */
static int give_up(struct restore *r, struct mg_slice bytes, struct buf *out)
{
	int err = restore_flush(r, out);

	r->off = true;
	return err < 0 ? err : buf_add(out, bytes);
}

int restore_feed(struct restore *r, struct mg_slice bytes, struct buf *out)
{
	if (r->off)
		return buf_add(out, bytes);
	while (bytes.len) {
		struct mg_slice left = bytes;
		int got = sse_feed(&r->sse, &left);
		if (got < 0 ||
		    buf_add_at(&r->raw, bytes.at, bytes.len - left.len) < 0)
			return give_up(r, bytes, out);
		bytes = left;
		if (got > 0)
			got = take_event(r, out);
		if (got < 0)
			return got;
	}
	if (idle(r) || buf_len(&r->raw) > r->max)
		return restore_flush(r, out);
	return MG_OK;
}

int restore_flush(struct restore *r, struct buf *out)
{
	int err = pass_events(r, r->count, out);

	return err < 0 ? err : pass_raw(r, buf_len(&r->raw), out);
}
