/* edit.c - see edit.h
 *
 * For each segment with edits: its raw bytes are decoded layer by layer, the
 * edits are put into the innermost text, and then carried outwards: the spans
 * of a layer's text become spans of that layer's raw bytes. What arrives
 * outside are spans of the body.
 */
#include "text/edit.h"

#include <stdlib.h>

#include "text/coding.h"
#include "text/json.h"

enum { EMBEDDED_DEPTH = 256 };

struct span {
	size_t from;
	size_t to;
	struct mg_slice with;
};

/* Sorted, apart from each other. */
struct spans {
	struct arena *arena;
	struct span *at;
	uint32_t count;
	uint32_t cap;
};

static void spans_add(struct spans *list, size_t from, size_t to,
		      struct mg_slice with)
{
	struct span *last = list->count ? &list->at[list->count - 1] : NULL;

	/* Both were widened to the same unit: they act as one. */
	if (last && from < last->to) {
		last->to = to > last->to ? to : last->to;
		return;
	}
	list->at = arena_grow(list->arena, list->at, list->count, &list->cap,
			      sizeof(*list->at));
	list->at[list->count++] = (struct span){ from, to, with };
}

bool edit_may(const struct mg_segment *seg)
{
	return seg->kind != MG_SEGMENT_SEALED && !seg->unread &&
	       coding_layer(seg->coding, 0) != CODING_JOINED;
}

static int encode(struct arena *a, enum coding c, struct mg_slice text,
		  struct mg_slice *coded)
{
	struct buf tmp;

	/* JSON and percent make six bytes of one at most. */
	buf_init(&tmp, text.len * 8 + 64);
	int err = coding_encode(c, text, &tmp);
	if (err >= 0)
		*coded = arena_slice(a, buf_slice(&tmp));
	buf_wipe(&tmp);
	return err;
}

/* --- stepwise layers ---------------------------------------------------------
 */

/* Where the unit that holds the byte before text offset `at` ends. */
static size_t seek_end(struct coding_cursor *cur, size_t at)
{
	char unit[CODING_UNIT];
	size_t len, used = coding_seek(cur, at);

	if (cur->text_at == at || used == cur->raw.len)
		return used;
	return used +
	       coding_unit(cur->coding,
			   slice(cur->raw.at + used, cur->raw.len - used), unit,
			   &len);
}

static int carry_steps(struct spans *spans, enum coding c, struct mg_slice raw)
{
	struct coding_cursor cur = { .coding = c, .raw = raw };
	struct spans out = { .arena = spans->arena };
	struct mg_slice coded;

	for (uint32_t i = 0; i < spans->count; i++) {
		struct span *s = &spans->at[i];
		size_t from = coding_seek(&cur, s->from);
		size_t to = seek_end(&cur, s->to);
		int err = encode(spans->arena, c, s->with, &coded);
		if (err < 0)
			return err;
		spans_add(&out, from, to, coded);
	}
	*spans = out;
	return MG_OK;
}

/* --- layers that are written anew --------------------------------------------
 */

static int splice(struct mg_slice text, const struct spans *spans,
		  struct buf *out)
{
	size_t at = 0;
	int err = MG_OK;

	for (uint32_t i = 0; err >= 0 && i < spans->count; i++) {
		const struct span *s = &spans->at[i];
		err = buf_add_at(out, text.at + at, s->from - at);
		if (err >= 0)
			err = buf_add(out, s->with);
		at = s->to;
	}
	return err < 0 ? err : buf_add_at(out, text.at + at, text.len - at);
}

static size_t spliced_len(struct mg_slice text, const struct spans *spans)
{
	size_t len = text.len;

	for (uint32_t i = 0; i < spans->count; i++)
		len += spans->at[i].with.len;
	return len;
}

/* Groups of base64 shift when a length changes: all of it is coded again. */
static int carry_base64(struct spans *spans, struct mg_slice raw,
			struct mg_slice text)
{
	struct buf whole;
	struct mg_slice coded;

	buf_init(&whole, spliced_len(text, spans) + 64);
	int err = splice(text, spans, &whole);
	if (err >= 0)
		err = encode(spans->arena, CODING_BASE64, buf_slice(&whole),
			     &coded);
	buf_wipe(&whole);
	if (err < 0)
		return err;
	spans->count = 0;
	spans_add(spans, 0, raw.len, coded);
	return MG_OK;
}

static int carry_number(struct spans *spans, struct mg_slice raw)
{
	struct mg_slice coded;
	int err = encode(spans->arena, CODING_JSON, spans->at[0].with, &coded);

	if (err < 0)
		return err;
	spans->count = 0;
	spans_add(spans, 0, raw.len,
		  slice_str(arena_fmt(spans->arena, "\"%s\"", coded.at)));
	return MG_OK;
}

/* --- text that is JSON
 * --------------------------------------------------------- */

/* Replaces a number, or the part of `s` in the string at hand. Offsets are raw
 * here: only whole escapes and characters count. *at only grows: a unit of the
 * string begins there, and what stands before has been seen to. */
static int clip(struct spans *out, const struct json *j, int kind,
		const struct span *s, size_t *at)
{
	struct mg_slice raw = j->text, coded;
	size_t from = s->from > j->raw_from ? s->from - j->raw_from : 0;
	size_t to = s->to - j->raw_from, first = raw.len, len;
	char unit[CODING_UNIT];

	int err = encode(out->arena, CODING_JSON, s->with, &coded);
	if (err < 0)
		return err;
	if (kind == JSON_NUMBER) {
		coded = slice_str(arena_fmt(out->arena, "\"%s\"", coded.at));
		spans_add(out, j->raw_from, j->raw_to, coded);
		return MG_OK;
	}
	while (*at < raw.len && *at < to) {
		size_t used = coding_unit(CODING_JSON,
					  slice(raw.at + *at, raw.len - *at),
					  unit, &len);
		if (*at + used > from && first == raw.len)
			first = *at;
		*at += used;
	}
	if (first < *at)
		spans_add(out, j->raw_from + first, j->raw_from + *at, coded);
	return MG_OK;
}

/* Spans from `i` on that lie in the token at hand and nowhere else. */
static uint32_t count_within(const struct spans *spans, uint32_t i,
			     const struct json *j)
{
	uint32_t n = 0;

	for (; i < spans->count && spans->at[i].from < j->raw_to; i++)
		n += spans->at[i].from >= j->raw_from &&
		     spans->at[i].to <= j->raw_to;
	return n;
}

/* Keeps what lies in string values and numbers; keys, braces and the like stay.
 * Text that is not JSON after all is edited like any text. */
static int keep_json(struct spans *spans, struct mg_slice text,
		     struct edit_left *left)
{
	struct spans out = { .arena = spans->arena };
	struct json j;
	uint32_t next = 0;
	int kind, err = MG_OK;

	if (!json_valid(text, EMBEDDED_DEPTH))
		return MG_OK;
	json_init(&j, NULL, text, EMBEDDED_DEPTH);
	while (err >= 0 && (kind = json_next(&j)) > JSON_END) {
		if (kind != JSON_STRING && kind != JSON_KEY &&
		    kind != JSON_NUMBER)
			continue;
		while (next < spans->count && spans->at[next].to <= j.raw_from)
			next++;
		if (kind == JSON_KEY) {
			left->keys += count_within(spans, next, &j);
			continue;
		}
		size_t at = 0;
		for (uint32_t i = next; err >= 0 && i < spans->count &&
					spans->at[i].from < j.raw_to;
		     i++)
			err = clip(&out, &j, kind, &spans->at[i], &at);
	}
	*spans = out;
	return err;
}

/* --- a segment
 * ------------------------------------------------------------------ */

static int carry(struct spans *spans, const struct mg_segment *seg,
		 struct mg_slice raw, struct edit_left *left)
{
	struct mg_slice text[CODING_LAYERS + 1] = { raw };
	uint32_t layers = coding_layers(seg->coding);
	int err;

	for (uint32_t i = 0; i < layers; i++) {
		err = coding_decode(spans->arena, coding_layer(seg->coding, i),
				    text[i], &text[i + 1]);
		if (err < 0)
			return err;
	}
	for (uint32_t i = layers; i-- > 0 && spans->count;) {
		enum coding c = coding_layer(seg->coding, i);
		if (c == CODING_BASE64)
			err = carry_base64(spans, text[i], text[i + 1]);
		else if (c == CODING_NUMBER)
			err = carry_number(spans, text[i]);
		else if (c == CODING_JSON_TEXT)
			err = keep_json(spans, text[i + 1], left);
		else
			err = carry_steps(spans, c, text[i]);
		if (err < 0)
			return err;
	}
	if (!layers)
		return carry_steps(spans, CODING_RAW, raw);
	return MG_OK;
}

/* The edits of one segment as spans of the body, added to `all`. */
static int add_segment(struct spans *all, struct mg_slice body,
		       const struct mg_segment *seg, const struct edit *edits,
		       uint32_t count, struct edit_left *left)
{
	struct spans spans = { .arena = all->arena };

	if (seg->raw_from > seg->raw_to || seg->raw_to > body.len)
		return MG_EINVAL;
	for (uint32_t i = 0; i < count; i++) {
		if (edits[i].from > edits[i].to || edits[i].to > seg->text.len)
			return MG_EINVAL;
		if (i && edits[i].from < edits[i - 1].from)
			return MG_EINVAL;
		spans_add(&spans, edits[i].from, edits[i].to, edits[i].with);
	}
	int err = carry(
		&spans, seg,
		slice(body.at + seg->raw_from, seg->raw_to - seg->raw_from),
		left);
	if (err < 0)
		return err;
	for (uint32_t i = 0; i < spans.count; i++)
		spans_add(all, seg->raw_from + spans.at[i].from,
			  seg->raw_from + spans.at[i].to, spans.at[i].with);
	return spans.count != 0;
}

int edit_apply(struct arena *a, struct mg_slice body,
	       const struct mg_segment *segs, uint32_t seg_count,
	       const struct edit *edits, uint32_t count, struct edit_left *left,
	       struct buf *out)
{
	struct spans all = { .arena = a };
	struct edit_left unasked, *kept = left ? left : &unasked;
	uint32_t n;
	int changed = 0;

	*kept = (struct edit_left){ 0 };
	for (uint32_t i = 0; i < count; i += n) {
		uint32_t which = edits[i].segment;
		for (n = 1; i + n < count && edits[i + n].segment == which;)
			n++;
		if (which >= seg_count || (i && which < edits[i - 1].segment))
			return MG_EINVAL;
		if (!edit_may(&segs[which])) {
			kept->sealed += n;
			continue;
		}
		int err = add_segment(&all, body, &segs[which], edits + i, n,
				      kept);
		if (err < 0)
			return err;
		changed += err;
	}
	if (!changed)
		return 0;
	int err = splice(body, &all, out);
	return err < 0 ? err : changed;
}
