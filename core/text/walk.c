/* walk.c - see walk.h */
#include "text/walk.h"

#include "text/attachment.h"
#include "text/coding.h"
#include "text/json.h"
#include "text/role.h"
#include "text/shape.h"
#include "text/utf8.h"

enum {
	LONGEST_PATH = 256, /* keys are foreign: they do not fill events */
	LONGEST_PART = 64,
	LONGEST_WORD = 64,   /* of MG_RULE_WORD */
	LONGEST_MODEL = 128, /* of MG_RULE_MODEL */
	SHORTEST_NUMBER = 7, /* digits of a number that could be somebody's */
};

/* In a segment's role while its `role` key was not met. */
#define WAITING BIT(31)

/* One open array or object. */
struct frame {
	uint32_t here;  /* shape state of the container */
	uint32_t value; /* of the value that comes */
	uint32_t first; /* segments there were before it */
	uint32_t waiting;
	uint32_t role;  /* said by its own key; 0 none */
	uint32_t index; /* arrays: of the value that comes */
	struct mg_slice key;
	bool object;
	uint64_t place; /* streams: hash of the path, indices left out */
	uint64_t which; /* streams: hash of its index keys; 0 none */
};

struct walk {
	struct segments *segs;
	const struct mg_shape *shape;
	const struct walk_origin *origin;
	struct coding_cursor cursor; /* when the JSON was decoded itself */
	struct json json;
	struct frame *frames;
	uint32_t cap;
	uint32_t depth;
	uint32_t values; /* outermost ones begun */
	uint32_t first;  /* segments there were before */
};

static struct frame *top(struct walk *w)
{
	return w->depth ? &w->frames[w->depth - 1] : NULL;
}

/* --- paths
 * -------------------------------------------------------------------- */

static size_t add_key(char *out, struct mg_slice key)
{
	size_t n = 0;

	if (key.len > LONGEST_PART) {
		key.len = LONGEST_PART;
		while (key.len && utf8_continues(key.at[key.len]))
			key.len--;
	}
	for (size_t i = 0; i < key.len; i++) {
		if (key.at[i] == '~' || key.at[i] == '/') {
			out[n++] = '~';
			out[n++] = key.at[i] == '~' ? '0' : '1';
		} else {
			out[n++] = key.at[i];
		}
	}
	return n;
}

static size_t add_index(char *out, uint32_t index)
{
	char digits[10];
	size_t n = 0, len = 0;

	do
		digits[n++] = (char)('0' + index % 10);
	while (index /= 10);
	out[len++] = '/';
	while (n > 0)
		out[len++] = digits[--n];
	return len;
}

static struct mg_slice path(struct walk *w)
{
	char text[LONGEST_PATH + 2 * LONGEST_PART + 16];
	size_t n = w->origin->path.len;

	if (n > LONGEST_PATH)
		n = LONGEST_PATH;
	if (n)
		memcpy(text, w->origin->path.at, n);
	if (w->values > 1)
		n += add_index(text + n, w->values - 1);
	for (uint32_t i = 0; i < w->depth && n < LONGEST_PATH; i++) {
		const struct frame *f = &w->frames[i];
		if (!f->object) {
			n += add_index(text + n, f->index);
			continue;
		}
		text[n++] = '/';
		n += add_key(text + n, f->key);
	}
	return arena_slice(w->segs->arena, slice(text, n));
}

/* Several values in a row: the first was not known to be one of them. */
static void number_first(struct walk *w)
{
	size_t head = w->origin->path.len;

	for (uint32_t i = w->first; i < w->segs->count; i++) {
		struct mg_slice *at = &w->segs->at[i].path;
		*at = slice_str(arena_fmt(w->segs->arena, "%.*s/0%s", (int)head,
					  at->at, at->at + head));
	}
}

/* --- roles
 * ---------------------------------------------------------------------- */

/* Gives the role to what waits for one since the frame began. */
static void settle(struct walk *w, struct frame *f, uint32_t role)
{
	struct segments *segs = w->segs;

	for (uint32_t i = segs->count; f->waiting && i-- > f->first;) {
		if (!(segs->at[i].role & WAITING))
			continue;
		segs->at[i].role = role ? role : segs->at[i].role & ~WAITING;
		f->waiting--;
	}
}

/* --- streams: which segments continue each other
 * ---------------------------------- */

static uint64_t mix(uint64_t h, uint64_t more)
{
	h = (h ^ more) * 0xd6e8feb86659fd93u;
	return h ^ h >> 32;
}

static uint64_t mix_text(uint64_t h, struct mg_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.at[i]) * 0x100000001b3u;
	return mix(h, s.len);
}

static uint64_t place(const struct frame *f)
{
	if (!f)
		return 1;
	return f->object ? mix_text(f->place, f->key) : mix(f->place, '*');
}

/* Keys that tell one delta's place from another's. */
static void note_index(struct walk *w, struct frame *f, bool is_number)
{
	static const char *const numbers[] = { "index", "output_index",
					       "content_index",
					       "summary_index" };
	bool counts = !is_number && slice_is(f->key, "type");

	if (!w->origin->channels)
		return;
	for (size_t i = 0; is_number && i < ARRAY_LEN(numbers); i++)
		counts |= slice_is(f->key, numbers[i]);
	/* Added, not chained: the order of keys says nothing. */
	if (counts)
		f->which += mix_text(mix_text(1, f->key), w->json.text) | 1;
}

static void mark_channels(struct walk *w, const struct frame *f)
{
	struct walk_channels *channels = w->origin->channels;

	if (!channels || !f->which)
		return;
	for (uint32_t i = f->first; i < w->segs->count; i++)
		channels->at[i] = mix(channels->at[i], f->which);
}

static void note_channel(struct walk *w, const struct frame *f)
{
	struct walk_channels *channels = w->origin->channels;
	uint32_t i = w->segs->count - 1;

	if (!channels)
		return;
	channels->at = arena_grow(w->segs->arena, channels->at, i,
				  &channels->cap, sizeof(*channels->at));
	channels->at[i] = place(f);
}

/* --- segments
 * ---------------------------------------------------------------------- */

static void locate(struct walk *w, struct mg_segment *seg, size_t from,
		   size_t to)
{
	if (w->origin->raw.at) {
		from = coding_seek(&w->cursor, from);
		to = coding_seek(&w->cursor, to);
	}
	seg->raw_from = w->origin->base + (uint32_t)from;
	seg->raw_to = w->origin->base + (uint32_t)to;
}

/* A segment for the token at hand. */
static int add(struct walk *w, struct mg_slice text, uint32_t role,
	       uint32_t flags, uint32_t coding)
{
	struct mg_segment *seg = segments_add(w->segs);
	struct frame *f = top(w);

	if (!seg)
		return MG_ETOOBIG;
	seg->role = role;
	seg->text = text;
	seg->path = path(w);
	seg->coding = coding;
	seg->kind =
		flags & MG_RULE_SEALED ? MG_SEGMENT_SEALED : MG_SEGMENT_TEXT;
	seg->escaped = w->json.escaped || w->origin->raw.at;
	locate(w, seg, w->json.raw_from, w->json.raw_to);
	if (flags & MG_RULE_ROLE_SIBLING && f) {
		seg->role |= WAITING;
		f->waiting++;
	}
	note_channel(w, f);
	return MG_OK;
}

static uint32_t json_coding(const struct walk *w)
{
	return coding_push(w->origin->coding, CODING_JSON);
}

/* 1 when the value was an attachment, 0 when it is text like any other. */
static int add_attachment(struct walk *w, uint32_t role, uint32_t flags)
{
	struct mg_slice value = w->json.text;
	struct payload payload;
	enum attachment found = attachment_open(
		w->segs->arena, value, flags & MG_RULE_ATTACHMENT, &payload);

	if (found == ATTACHMENT_NONE)
		return 0;
	if (role == MG_ROLE_OTHER)
		role = MG_ROLE_DOCUMENT;
	/* The media type in front is no part of the payload. */
	struct coding_cursor skip = {
		.coding = CODING_JSON,
		.raw = slice(w->json.from + w->json.raw_from,
			     w->json.raw_to - w->json.raw_from),
	};
	w->json.raw_from += (uint32_t)coding_seek(&skip, payload.from);
	int err = add(w, payload.text, role, flags & MG_RULE_SEALED,
		      coding_push(json_coding(w), payload.coding));
	if (err < 0)
		return err;

	struct mg_segment *seg = &w->segs->at[w->segs->count - 1];
	seg->kind = flags & MG_RULE_SEALED ? MG_SEGMENT_SEALED
					   : MG_SEGMENT_ATTACHMENT;
	seg->escaped = 1;
	seg->unread = found == ATTACHMENT_UNREAD;
	w->segs->unread += seg->unread;
	return 1;
}

static bool is_word(struct mg_slice s, size_t longest)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (!(c >= '0' && c <= '9') &&
		    !((c | 32) >= 'a' && (c | 32) <= 'z') &&
		    !(c && strchr("-_.:/", c)))
			return false;
	}
	return s.len <= longest;
}

/* Takes note of what a rule wants known. True: that was all it was for. */
static int note(struct walk *w, const struct shape_rule *rule)
{
	struct mg_slice text = w->json.text;

	if (rule->flags & MG_RULE_MODEL) {
		bool word = is_word(text, LONGEST_MODEL);
		if (slice_starts(text, "models/"))
			text = slice(text.at + 7, text.len - 7);
		if (!w->segs->model.len && word)
			w->segs->model = text;
		return word;
	}
	if (rule->flags & MG_RULE_TOOL_NAME && is_word(text, LONGEST_MODEL)) {
		int err = segments_add_tool(w->segs, text);
		return err < 0 ? err : 1;
	}
	return rule->flags & MG_RULE_WORD && is_word(text, LONGEST_WORD);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool may_be_json(struct mg_slice s)
{
	while (s.len && is_space(s.at[s.len - 1]))
		s.len--;
	return s.len >= 2 && ((*s.at == '{' && s.at[s.len - 1] == '}') ||
			      (*s.at == '[' && s.at[s.len - 1] == ']'));
}

static int on_string(struct walk *w, uint32_t state)
{
	static const struct shape_rule unnamed = { .role = MG_ROLE_OTHER };
	const struct shape_rule *rule = shape_rule(w->shape, state);
	struct frame *f = top(w);
	int done = 0;

	if (f && f->object) {
		note_index(w, f, false);
		uint32_t role = slice_is(f->key, "role")
					? role_of_word(w->json.text)
					: 0;
		if (role) {
			f->role = role;
			return MG_OK;
		}
		if (!f->role && slice_is(f->key, "type"))
			f->role = role_of_event(w->json.text);
	}
	if (!w->json.text.len)
		return MG_OK;
	if (rule)
		done = rule->flags & MG_RULE_OPAQUE ? 1 : note(w, rule);
	if (done)
		return done < 0 ? done : MG_OK;
	if (!rule)
		rule = &unnamed;
	if (rule->flags & MG_RULE_ATTACHMENT ||
	    (w->json.text.at[0] | 32) == 'd') {
		done = add_attachment(w, rule->role, rule->flags);
		if (done)
			return done < 0 ? done : MG_OK;
	}

	uint32_t coding = json_coding(w);
	if (rule->flags & MG_RULE_JSON ||
	    (rule->role == MG_ROLE_OTHER && may_be_json(w->json.text)))
		coding = coding_push(coding, CODING_JSON_TEXT);
	return add(w, w->json.text, rule->role, rule->flags, coding);
}

static uint64_t whole(struct mg_slice s)
{
	uint64_t n;

	return slice_number(s, &n) == MG_OK ? n : 0;
}

static int on_number(struct walk *w, uint32_t state)
{
	const struct shape_rule *rule = shape_rule(w->shape, state);
	struct mg_slice text = w->json.text;
	struct frame *f = top(w);

	if (f && f->object)
		note_index(w, f, true);
	if (!rule)
		return MG_OK;
	/* Streams say it again and again, and only ever more. */
	if (rule->flags & MG_RULE_TOKENS_IN && whole(text) > w->segs->tokens_in)
		w->segs->tokens_in = whole(text);
	if (rule->flags & MG_RULE_TOKENS_OUT &&
	    whole(text) > w->segs->tokens_out)
		w->segs->tokens_out = whole(text);

	/* Arguments and results of tools: a card number may be a number. */
	uint64_t unused;
	if (!(rule->flags & MG_RULE_DEEP) || rule->flags & MG_RULE_OPAQUE ||
	    text.len < SHORTEST_NUMBER || slice_number(text, &unused))
		return MG_OK;
	return add(w, text, rule->role, rule->flags & MG_RULE_SEALED,
		   coding_push(w->origin->coding, CODING_NUMBER));
}

static void on_true(struct walk *w, uint32_t state)
{
	const struct shape_rule *rule = shape_rule(w->shape, state);
	struct frame *f = top(w);

	if (rule && rule->flags & MG_RULE_STREAM)
		w->segs->wants_stream = true;
	/* Gemini marks the model's reasoning beside the text. */
	if (f && f->object && slice_is(f->key, "thought"))
		f->role = MG_ROLE_THINKING;
}

/* --- nesting
 * ------------------------------------------------------------------------- */

static int push(struct walk *w, uint32_t state, bool object)
{
	struct frame f = {
		.here = state,
		.first = w->segs->count,
		.object = object,
		.place = place(top(w)),
	};

	if (w->origin->events && !w->depth && !object) {
		/* Each element stands alone: its path starts at the shape. */
		f.here = SHAPE_NOWHERE;
		f.place = 0;
	}
	w->frames = arena_grow(w->segs->arena, w->frames, w->depth, &w->cap,
			       sizeof(f));
	w->frames[w->depth++] = f;
	return MG_OK;
}

static void pop(struct walk *w)
{
	struct frame f = w->frames[--w->depth];
	struct frame *outer = top(w);

	if (f.role)
		settle(w, &f, f.role);
	mark_channels(w, &f);
	if (!outer) {
		settle(w, &f, 0);
		return;
	}
	outer->waiting += f.waiting;
	/* ChatGPT's own form: {"author":{"role":...},"content":...}. */
	if (f.role && outer->object && slice_is(outer->key, "author"))
		outer->role = f.role;
}

/* The shape state of the value that begins now. */
static uint32_t enter(struct walk *w)
{
	struct frame *f = top(w);

	if (!f) {
		if (w->values++ == 1)
			number_first(w);
		return shape_start(w->shape);
	}
	if (f->object)
		return f->value;
	if (w->origin->events && w->depth == 1)
		return shape_start(w->shape);
	return shape_index(w->shape, f->here, f->index);
}

/* An array's index is that of the value at hand until the value is over. */
static void leave(struct walk *w)
{
	struct frame *f = top(w);

	if (f && !f->object)
		f->index++;
}

static int on_token(struct walk *w, int kind)
{
	struct frame *f = top(w);
	int err = MG_OK;

	switch (kind) {
	case JSON_KEY:
		f->key = w->json.text;
		f->value = shape_key(w->shape, f->here, f->key);
		return MG_OK;
	case JSON_OBJECT:
	case JSON_ARRAY:
		return push(w, enter(w), kind == JSON_OBJECT);
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
		pop(w);
		break;
	case JSON_STRING:
		err = on_string(w, enter(w));
		break;
	case JSON_NUMBER:
		err = on_number(w, enter(w));
		break;
	case JSON_TRUE:
		on_true(w, enter(w));
		break;
	default:
		enter(w);
	}
	leave(w);
	return err;
}

int walk_json(struct segments *segs, const struct mg_shape *shape,
	      const struct walk_origin *origin, struct mg_slice text,
	      bool *bad_utf8)
{
	struct walk w = { .segs = segs,
			  .shape = shape,
			  .origin = origin,
			  .first = segs->count };
	int err = MG_OK, kind;

	w.cursor = (struct coding_cursor){
		.coding = coding_layer(origin->coding, 0),
		.raw = origin->raw,
	};
	json_init(&w.json, segs->arena, text, segs->max_depth);
	w.json.sequence = true;
	w.json.lenient = origin->lenient;
	do {
		kind = json_next(&w.json);
		if (kind > JSON_END)
			err = on_token(&w, kind);
	} while (kind > JSON_END && err >= 0);
	if (bad_utf8)
		*bad_utf8 = w.json.bad_utf8;
	if (err < 0)
		return err;
	return kind < 0 ? kind : (int)w.values;
}
