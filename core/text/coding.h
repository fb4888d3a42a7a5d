/* coding.h - the layers between raw bytes and text, one unit at a time.
 *
 *   raw   A n n a \ u 0 0 2 e +  ->  text   A n n a . ' '
 *         one unit a character or escape; a unit is never cut
 *
 * Everything that has to know which raw bytes a piece of text came from goes
 * through here: spans of nested fields, and edits.
 */
#pragma once
#include "base/buf.h"
#include "text/segment.h"

enum { CODING_LAYERS = 8, CODING_UNIT = 4 };

static inline enum coding coding_layer(uint32_t stack, uint32_t i)
{
	return (enum coding)(stack >> 4 * i & 15);
}

/* How many layers a stack has; CODING_RAW only fills it up. */
uint32_t coding_layers(uint32_t stack);

/* `stack` with one more layer inside. */
uint32_t coding_push(uint32_t stack, enum coding inner);

/* True for the layers that turn one unit into one character: not for BASE64
 * and the layers that only mark. */
bool coding_is_stepwise(enum coding c);

/* The first unit of `raw` (not empty): its length there; what it stands for in
 * `out` (CODING_UNIT bytes at most) and *len. Bytes that are no unit stand for
 * themselves. Stepwise layers only. */
size_t coding_unit(enum coding c, struct mg_slice raw, char *out, size_t *len);

/* The whole of `raw`, decoded. MG_EPROTO for what is not base64. */
int coding_decode(struct arena *a, enum coding c, struct mg_slice raw,
		  struct mg_slice *text);

/* Appends `text` so that it decodes to itself. */
int coding_encode(enum coding c, struct mg_slice text, struct buf *out);

/* Finds raw offsets for text offsets that only grow. */
struct coding_cursor {
	enum coding coding;
	struct mg_slice raw;
	size_t raw_at;  /* a unit begins here */
	size_t text_at; /* and stands for text from here */
};

/* Where the unit that holds text offset `at` begins, or raw.len at its end. */
size_t coding_seek(struct coding_cursor *cur, size_t at);
