/* json.h - JSON as a row of tokens, one pass, no tree.
 *
 *   {"a": [1, "x"]}  ->  OBJECT KEY ARRAY NUMBER STRING ARRAY_END OBJECT_END
 * END
 *
 * Strict (RFC 8259, UTF-8), except where asked to be lenient. A string without
 * escapes is a slice of the input; others are decoded into one piece of arena
 * that is reserved when the first escape is met.
 *
 *   state    what may come
 *   VALUE    a value
 *   FIRST    a value or ']'       after '['
 *   MEMBER   a key or '}'         after '{'
 *   KEY      a key                after ',' in an object
 *   AFTER    ',' or the closer    after a value
 *   DONE     white space only     after the outermost value
 */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

enum { JSON_DEPTH = 1024 }; /* of the bit stack; max_depth is what counts */

enum json_kind {
	JSON_END = 0,
	JSON_OBJECT,
	JSON_OBJECT_END,
	JSON_ARRAY,
	JSON_ARRAY_END,
	JSON_KEY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

enum json_state {
	JSON_AT_VALUE,
	JSON_AT_FIRST,
	JSON_AT_MEMBER,
	JSON_AT_KEY,
	JSON_AT_AFTER,
	JSON_AT_DONE,
};

struct json {
	struct arena *arena; /* borrows; NULL: strings are not decoded */
	const char *from;
	const char *at;
	const char *end;
	char *spare; /* where the next decoded string goes */
	uint32_t depth;
	uint32_t max_depth;
	enum json_state state;
	int failed;    /* what every later call answers */
	bool sequence; /* several values in a row (NDJSON) are fine */
	bool lenient;  /* invalid UTF-8 is let through as it is */
	uint64_t
		objects[JSON_DEPTH / 64]; /* a bit a level: object, not array */

	/* The token: */
	uint32_t raw_from; /* strings and keys: quotes excluded */
	uint32_t raw_to;
	bool escaped;
	bool bad_utf8; /* why MG_EPROTO was answered */
	struct mg_slice text;
};

/* Borrows `text`, at most 4 GiB less one byte, until the last token was used.
 */
void json_init(struct json *j, struct arena *a, struct mg_slice text,
	       uint32_t max_depth);

/* The next json_kind, MG_EPROTO when it is not JSON, MG_ETOOBIG past
 * max_depth. After an error only errors come. */
int json_next(struct json *j);

/* True when the whole of `text` is one JSON value. */
bool json_valid(struct mg_slice text, uint32_t max_depth);

/* The escape at the front of `s` (a backslash): its length there, what it
 * stands for in `out` (4 bytes at most) and *len. 0 when it is none. Half a
 * surrogate pair stands for U+FFFD: texts cut by JavaScript clients have them.
 */
size_t json_unescape(struct mg_slice s, char *out, size_t *len);

/* Writes `text` as the inside of a JSON string: shortest escapes, UTF-8 kept,
 * invalid bytes as U+FFFD. Length of what would be written when out == NULL;
 * `out` then holds at least that much. */
size_t json_escape(struct mg_slice text, char *out);
