/* edit.h - puts replacements into a body and leaves every other byte alone.
 *
 *   spans of text  --innermost layer-->  ...  --outermost-->  spans of the body
 *
 * A span is widened to whole characters and whole escapes on every layer it
 * crosses, and its replacement is encoded on the way: once inside a JSON
 * string, twice inside JSON inside a JSON string, as %XX in a form, as base64
 * in an attachment. JSON stays JSON: in text that is JSON itself only the
 * insides of string values are replaced, never a key, and a number is replaced
 * whole, by a string.
 */
#pragma once
#include "base/buf.h"
#include "text/segment.h"

/* Replaces [from, to) of the text of segment `segment`. */
struct edit {
	uint32_t segment;
	uint32_t from;
	uint32_t to;
	struct mg_slice with; /* plain text; borrows */
};

/* False for what must not change (sealed), cannot (joined streams) or was
 * never read. */
bool edit_may(const struct mg_segment *seg);

/* Edits that were asked for and not made. */
struct edit_left {
	uint32_t sealed; /* edit_may() forbids them */
	uint32_t keys;   /* within a key of JSON that is text */
};

/* Appends `body` to `out` with the edits made. `edits` are sorted by segment,
 * then by `from`; those of one segment that overlap act as one, with the first
 * one's replacement. What must not change is left as it is and counted in
 * `left` (may be NULL), which is for the caller to make a decision of. How many
 * segments changed; 0 leaves `out` as it was; MG_EINVAL when a span lies
 * outside its text; MG_ETOOBIG when `out` is full (and then holds a part). */
int edit_apply(struct arena *a, struct mg_slice body,
	       const struct mg_segment *segs, uint32_t seg_count,
	       const struct edit *edits, uint32_t count, struct edit_left *left,
	       struct buf *out);
