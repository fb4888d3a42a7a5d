/* line.h - JSON lines: one object a line, read and written.
 *
 *   {"id":"7","body":{...}}  -->  fields: name, kind, decoded text, raw bytes
 */
#pragma once
#include <stdio.h>

#include "base/buf.h"
#include "text/json.h"

struct line_field {
	struct mg_slice name;
	enum json_kind kind;  /* OBJECT and ARRAY stand for the whole */
	struct mg_slice text; /* strings decoded; numbers as written */
	struct mg_slice raw;  /* as it stands there, quotes included */
};

struct line {
	struct line_field *at;
	uint32_t count;
	uint32_t cap;
};

enum { LINE_MAX_BYTES = 64 << 20, LINE_DEPTH = 256 };

/* Reads one object. 0, or MG_EPROTO. Fields live in the arena. */
int line_read(struct line *line, struct arena *a, struct mg_slice json);

/* NULL when there is none. */
const struct line_field *line_field(const struct line *line, const char *name);

/* A string's text, a number as written; empty when there is none. */
struct mg_slice line_text(const struct line *line, const char *name);

/* The strings of an array (or the one string) in the arena. */
struct mg_slice *line_list(const struct line *line, const char *name,
			   struct arena *a, uint32_t *count);

/* Calls `fn` for each line of a file ("-" and NULL: stdin), without its end,
 * blank ones left out; until it answers other than 0, which is returned.
 * CMD_CANNOT with a complaint when the file cannot be opened. */
int line_each(const char *path, const char *command,
	      int (*fn)(void *arg, struct mg_slice json), void *arg);

/* Appends a JSON string. */
void line_add_string(struct buf *out, struct mg_slice text);
/* Appends `"name":`, after a comma unless it is the first. */
void line_add_name(struct buf *out, const char *name);
/* Offset in code points of a byte offset. */
uint32_t line_points(struct mg_slice text, uint32_t at);
