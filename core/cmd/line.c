/* line.c - see line.h */
#include "cmd/line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"

/* --- reading ---------------------------------------------------------------
 */

/* After an opener was read: everything up to its closer. */
static int skip(struct json *j)
{
	uint32_t depth = 1;

	while (depth) {
		int kind = json_next(j);

		if (kind < 0)
			return kind;
		if (kind == JSON_OBJECT || kind == JSON_ARRAY)
			depth++;
		if (kind == JSON_OBJECT_END || kind == JSON_ARRAY_END)
			depth--;
	}
	return MG_OK;
}

/* One value: its kind, or an error. */
static int value(struct json *j, struct line_field *f)
{
	int kind = json_next(j), err = MG_OK;
	const char *from;

	if (kind < 0)
		return kind;
	f->kind = (enum json_kind)kind;
	f->text = slice("", 0);
	if (kind == JSON_STRING) {
		f->text = j->text;
		f->raw = slice(j->from + j->raw_from - 1,
			       j->raw_to - j->raw_from + 2);
		return kind;
	}
	if (kind == JSON_NUMBER) {
		f->text = f->raw = j->text;
		return kind;
	}
	from = j->at - 1;
	if (kind == JSON_OBJECT || kind == JSON_ARRAY)
		err = skip(j);
	else
		from = j->at; /* true, false, null: the kind says it */
	if (err)
		return err;
	f->raw = slice(from, (size_t)(j->at - from));
	return kind;
}

int line_read(struct line *line, struct arena *a, struct mg_slice json)
{
	struct json j;
	int kind;

	*line = (struct line){ 0 };
	json_init(&j, a, json, LINE_DEPTH);
	j.lenient = true;
	if (json_next(&j) != JSON_OBJECT)
		return MG_EPROTO;
	while ((kind = json_next(&j)) == JSON_KEY) {
		struct line_field f = { .name = j.text };

		if (value(&j, &f) < 0)
			return MG_EPROTO;
		line->at = arena_grow(a, line->at, line->count, &line->cap,
				      sizeof(*line->at));
		line->at[line->count++] = f;
	}
	return kind == JSON_OBJECT_END && json_next(&j) == JSON_END ? MG_OK
								    : MG_EPROTO;
}

const struct line_field *line_field(const struct line *line, const char *name)
{
	for (uint32_t i = 0; i < line->count; i++)
		if (slice_is(line->at[i].name, name))
			return &line->at[i];
	return NULL;
}

struct mg_slice line_text(const struct line *line, const char *name)
{
	const struct line_field *f = line_field(line, name);

	return f ? f->text : slice("", 0);
}

struct mg_slice *line_list(const struct line *line, const char *name,
			   struct arena *a, uint32_t *count)
{
	const struct line_field *f = line_field(line, name);
	struct mg_slice *list = NULL;
	uint32_t cap = 0;
	struct json j;

	*count = 0;
	if (!f || (f->kind != JSON_ARRAY && f->kind != JSON_STRING))
		return NULL;
	json_init(&j, a, f->raw, LINE_DEPTH);
	j.lenient = true;
	for (int kind = json_next(&j); kind > JSON_END; kind = json_next(&j)) {
		if (kind != JSON_STRING)
			continue;
		list = arena_grow(a, list, *count, &cap, sizeof(*list));
		list[(*count)++] = arena_slice(a, j.text);
	}
	return list;
}

int line_each(const char *path, const char *command,
	      int (*fn)(void *arg, struct mg_slice json), void *arg)
{
	bool own = path && strcmp(path, "-") != 0;
	FILE *f = own ? fopen(path, "r") : stdin;
	char *at = NULL;
	size_t cap = 0;
	ssize_t n;
	int rc = 0;

	if (!f) {
		fprintf(stderr, "moongate %s: %s: %s\n", command, path,
			strerror(errno));
		return CMD_CANNOT;
	}
	while (!rc && (n = getline(&at, &cap, f)) >= 0) {
		while (n && strchr(" \t\r\n", at[n - 1]))
			n--;
		if (n)
			rc = fn(arg, slice(at, (size_t)n));
	}
	free(at);
	if (own)
		fclose(f);
	return rc;
}

/* --- writing ----------------------------------------------------------------
 */

void line_add_string(struct buf *out, struct mg_slice text)
{
	size_t len = json_escape(text, NULL);
	char *room = buf_room(out, len + 2);

	if (!room)
		abort(); /* a line has no ceiling of its own */
	room[0] = '"';
	json_escape(text, room + 1);
	room[len + 1] = '"';
	buf_grow(out, len + 2);
}

void line_add_name(struct buf *out, const char *name)
{
	struct mg_slice have = buf_slice(out);
	char last = have.len ? have.at[have.len - 1] : '{';

	if (last != '{' && last != '[')
		buf_add_str(out, ",");
	line_add_string(out, slice_str(name));
	buf_add_str(out, ":");
}

uint32_t line_points(struct mg_slice text, uint32_t at)
{
	uint32_t points = 0;

	for (uint32_t i = 0; i < at && i < text.len; i++)
		points += ((unsigned char)text.at[i] & 0xc0) != 0x80;
	return points;
}
