/* stream.c - see stream.h */
#include "text/stream.h"

#include <stdlib.h>

#include "text/json.h"
#include "text/sse.h"
#include "text/walk.h"

enum {
	SPELLED_OUT = 8, /* longer unnamed strings that repeat are said once */
	FIRST_SLOTS = 64,
};

/* What is being joined. The text lives in a buf until the stream is over. */
struct channel {
	uint64_t id;
	uint32_t role;
	struct mg_slice path; /* of its first piece */
	struct mg_slice last; /* its last piece */
	uint32_t pieces;
	struct buf text;
};

struct joining {
	struct segments *segs; /* the result */
	const struct mg_shape *event;
	struct arena pieces; /* one event's segments */
	struct channel *channels;
	uint32_t count;
	uint32_t cap;
	uint32_t *slots; /* index + 1 by id; 0 free */
	uint32_t slot_mask;
	uint32_t events;
	size_t room; /* text may not grow past the body's length */
};

/* --- channels ------------------------------------------------------------- */

static void slot_put(struct joining *join, uint64_t id, uint32_t index)
{
	uint32_t i = (uint32_t)id & join->slot_mask;

	while (join->slots[i])
		i = (i + 1) & join->slot_mask;
	join->slots[i] = index + 1;
}

static void more_slots(struct joining *join)
{
	join->slot_mask =
		join->slot_mask ? join->slot_mask * 2 + 1 : FIRST_SLOTS - 1;
	free(join->slots);
	join->slots = calloc(join->slot_mask + 1, sizeof(*join->slots));
	if (!join->slots)
		abort();
	for (uint32_t i = 0; i < join->count; i++)
		slot_put(join, join->channels[i].id, i);
}

/* NULL when there are more channels than segments may be. */
static struct channel *channel_of(struct joining *join, uint64_t id)
{
	if (2 * join->count >= join->slot_mask)
		more_slots(join);
	uint32_t i = (uint32_t)id & join->slot_mask;
	for (; join->slots[i]; i = (i + 1) & join->slot_mask)
		if (join->channels[join->slots[i] - 1].id == id)
			return &join->channels[join->slots[i] - 1];
	if (join->count == join->segs->max)
		return NULL;
	if (join->count == join->cap) {
		join->cap = join->cap ? join->cap * 2 : FIRST_SLOTS;
		join->channels = realloc(join->channels,
					 join->cap * sizeof(*join->channels));
		if (!join->channels)
			abort();
	}
	struct channel *ch = &join->channels[join->count];
	*ch = (struct channel){ .id = id };
	buf_init(&ch->text, join->room);
	slot_put(join, id, join->count++);
	return ch;
}

static int add_piece(struct joining *join, const struct mg_segment *piece,
		     uint64_t id)
{
	/* Reasoning and answers share a path in some formats. */
	struct channel *ch = channel_of(join, id ^ piece->role);

	if (!ch)
		return MG_ETOOBIG;
	if (!ch->pieces) {
		ch->role = piece->role;
		ch->path = arena_slice(join->segs->arena, piece->path);
	}
	/* Ids that every event repeats are one text, not a thousand. */
	if (ch->pieces && piece->role == MG_ROLE_OTHER &&
	    piece->text.len > SPELLED_OUT && slice_same(ch->last, piece->text))
		return MG_OK;
	ch->pieces++;
	int err = buf_add(&ch->text, piece->text);
	struct mg_slice all = buf_slice(&ch->text);
	if (err >= 0)
		ch->last = slice(all.at + all.len - piece->text.len,
				 piece->text.len);
	return err;
}

/* --- events --------------------------------------------------------------- */

static void keep_notes(struct segments *to, const struct segments *from)
{
	if (!to->model.len && from->model.len)
		to->model = arena_slice(to->arena, from->model);
	if (from->tokens_in > to->tokens_in)
		to->tokens_in = from->tokens_in;
	if (from->tokens_out > to->tokens_out)
		to->tokens_out = from->tokens_out;
	to->unread += from->unread;
}

static int keep_tools(struct segments *to, const struct segments *from)
{
	int err = MG_OK;

	for (uint32_t i = 0; err >= 0 && i < from->tool_count; i++)
		err = segments_add_tool(to,
					arena_slice(to->arena, from->tools[i]));
	return err;
}

static int join_pieces(struct joining *join, const struct segments *event,
		       const uint64_t *ids)
{
	int err = keep_tools(join->segs, event);

	keep_notes(join->segs, event);
	for (uint32_t i = 0; err >= 0 && i < event->count; i++)
		err = add_piece(join, &event->at[i], ids[i]);
	return err;
}

/* JSON of one event (SSE) or of all of them (an array). MG_EPROTO: it is
 * something else. */
static int join_json(struct joining *join, struct mg_slice text, bool array)
{
	struct segments event;
	struct walk_channels ids = { 0 };
	struct walk_origin origin = {
		.channels = &ids,
		.events = array,
		.lenient = true,
	};

	arena_deinit(&join->pieces);
	segments_init(&event, &join->pieces);
	event.max = join->segs->max;
	event.max_depth = join->segs->max_depth;
	int err = walk_json(&event, join->event, &origin, text, NULL);
	return err < 0 ? err : join_pieces(join, &event, ids.at);
}

/* "[DONE]", "v1", plain words: joined as they stand. */
static int join_text(struct joining *join, struct mg_slice text)
{
	struct mg_segment piece = {
		.role = MG_ROLE_OTHER,
		.text = text,
		.path = slice_str("/data"),
	};

	if (slice_is(text, "[DONE]"))
		return MG_OK;
	return add_piece(join, &piece, 1);
}

static int join_event(struct joining *join, struct mg_slice data)
{
	join->events++;
	int err = join_json(join, data, false);
	return err == MG_EPROTO ? join_text(join, data) : err;
}

static int join_sse(struct joining *join, struct mg_slice body)
{
	struct sse sse;
	int got;

	sse_init(&sse, join->room);
	do {
		got = sse_feed(&sse, &body);
		if (got > 0)
			got = join_event(join, sse_data(&sse));
	} while (got >= 0 && body.len);
	if (got >= 0 && sse_end(&sse) > 0)
		got = join_event(join, sse_data(&sse));
	sse_deinit(&sse);
	return got;
}

/* --- the result ----------------------------------------------------------- */

/* Some formats repeat at the end what the deltas said. */
static bool is_repeated(const struct joining *join, uint32_t i)
{
	struct mg_slice text = buf_slice(&join->channels[i].text);

	for (uint32_t k = 0; k < i; k++)
		if (slice_same(buf_slice(&join->channels[k].text), text))
			return true;
	return false;
}

static int give_out(struct joining *join)
{
	for (uint32_t i = 0; i < join->count; i++) {
		struct channel *ch = &join->channels[i];
		if (join->count <= 4 * FIRST_SLOTS && is_repeated(join, i))
			continue;
		struct mg_segment *seg = segments_add(join->segs);
		if (!seg)
			return MG_ETOOBIG;
		seg->role = ch->role;
		seg->path = ch->path;
		seg->text =
			arena_slice(join->segs->arena, buf_slice(&ch->text));
		seg->coding = CODING_JOINED;
		seg->escaped = 1;
	}
	return MG_OK;
}

static void joining_deinit(struct joining *join)
{
	for (uint32_t i = 0; i < join->count; i++)
		buf_wipe(&join->channels[i].text);
	free(join->channels);
	free(join->slots);
	arena_wipe(&join->pieces);
}

bool stream_is_sse(struct mg_slice content_type, struct mg_slice body)
{
	static const char *const fields[] = { "data:", "event:", ":",
					      "id:", "retry:" };
	struct mg_slice type;

	/* Connect envelopes come as text/event-stream, too. */
	if (body.len && (unsigned char)*body.at < '\t')
		return false;
	if (content_type.len && slice_cut(&content_type, ';', &type) &&
	    slice_is_caseless(slice_trim(type), "text/event-stream"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (slice_starts(body, fields[i]))
			return true;
	return false;
}

static bool begins_array(struct mg_slice body)
{
	while (body.len && (*body.at == ' ' || *body.at == '\n' ||
			    *body.at == '\r' || *body.at == '\t')) {
		body.at++;
		body.len--;
	}
	return body.len && *body.at == '[';
}

int segments_of_stream(struct segments *segs, const struct mg_shape *event,
		       uint32_t kind, struct mg_slice body)
{
	struct joining join = {
		.segs = segs,
		.event = event,
		.room = body.len + 1,
	};
	int err;

	if (body.len >= UINT32_MAX)
		return MG_ETOOBIG;
	/* One endpoint may stream both ways (Gemini's alt=sse). */
	if (kind != MG_STREAM_SSE && !begins_array(body))
		kind = MG_STREAM_SSE;
	segs->form = kind == MG_STREAM_SSE ? BODY_SSE : BODY_JSON;
	if (kind == MG_STREAM_SSE)
		err = join_sse(&join, body);
	else
		err = join_json(&join, body, true);
	/* Neither an event nor a comment: it only said it was a stream. */
	if (err >= 0 && kind == MG_STREAM_SSE && !join.events && body.len &&
	    *body.at != ':')
		err = MG_EPROTO;
	if (err == MG_EPROTO) {
		segs->broken = true;
		err = join_text(&join, body);
	}
	if (err >= 0)
		err = give_out(&join);
	joining_deinit(&join);
	return err < 0 ? err : (int)segs->count;
}
