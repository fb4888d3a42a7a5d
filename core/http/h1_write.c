/* h1_write.c - the writer: parts to bytes; see h1.h
 *
 * Room is asked for once a call, then filled.
 */
#include "http/h1.h"

#include <stdio.h>

static char *put(char *to, struct mg_slice s)
{
	if (s.len)
		memcpy(to, s.at, s.len);
	return to + s.len;
}

static char *put_fields(char *to, const struct head *h)
{
	for (uint32_t i = 0; i < h->count; i++) {
		const struct field *f = &h->fields[i];
		if (f->removed)
			continue;
		to = put(to, f->name);
		*to++ = ':';
		*to++ = ' ';
		to = put(to, f->value);
		*to++ = '\r';
		*to++ = '\n';
	}
	*to++ = '\r';
	*to++ = '\n';
	return to;
}

static size_t fields_len(const struct head *h)
{
	size_t len = 2;

	for (uint32_t i = 0; i < h->count; i++)
		len += h->fields[i].name.len + h->fields[i].value.len + 4;
	return len;
}

static char *put_start(char *to, const struct head *h)
{
	struct mg_slice version = slice(h->minor ? "HTTP/1.1" : "HTTP/1.0", 8);

	if (!h->is_reply) {
		to = put(to, h->method);
		*to++ = ' ';
		to = put(to, h->target);
		*to++ = ' ';
		to = put(to, version);
	} else {
		to = put(to, version);
		*to++ = ' ';
		*to++ = (char)('0' + h->status / 100 % 10);
		*to++ = (char)('0' + h->status / 10 % 10);
		*to++ = (char)('0' + h->status % 10);
		*to++ = ' ';
		to = put(to, h->reason);
	}
	*to++ = '\r';
	*to++ = '\n';
	return to;
}

int h1_write_head(struct buf *out, const struct head *h)
{
	size_t len = 24 + h->method.len + h->target.len + h->reason.len +
		     fields_len(h);
	char *room = buf_room(out, len);

	if (!room)
		return MG_ETOOBIG;
	char *end = put_fields(put_start(room, h), h);
	buf_grow(out, (size_t)(end - room));
	return MG_OK;
}

size_t h1_chunk_open(char *out, uint64_t len)
{
	static const char digits[] = "0123456789abcdef";
	char text[16];
	size_t n = 0, i = 0;

	do {
		text[n++] = digits[len & 15];
		len >>= 4;
	} while (len);
	while (n)
		out[i++] = text[--n];
	out[i++] = '\r';
	out[i++] = '\n';
	return i;
}

int h1_write_body(struct buf *out, const struct head *h, struct mg_slice body)
{
	if (!body.len) /* an empty chunk would be the last one */
		return MG_OK;
	if (h->framing != HEAD_CHUNKED)
		return buf_add(out, body);

	char *room = buf_room(out, H1_CHUNK_OPEN + body.len + 2);
	if (!room)
		return MG_ETOOBIG;
	char *to = room + h1_chunk_open(room, body.len);
	to = put(put(to, body), slice_str(H1_CHUNK_CLOSE));
	buf_grow(out, (size_t)(to - room));
	return MG_OK;
}

int h1_write_end(struct buf *out, const struct head *h,
		 const struct head *trailers)
{
	if (h->framing != HEAD_CHUNKED)
		return MG_OK;
	if (!trailers)
		return buf_add_at(out, "0\r\n\r\n", 5);

	char *room = buf_room(out, 3 + fields_len(trailers));
	if (!room)
		return MG_ETOOBIG;
	char *to = put_fields(put(room, slice_str("0\r\n")), trailers);
	buf_grow(out, (size_t)(to - room));
	return MG_OK;
}

int h1_write_part(struct buf *out, const struct head *h,
		  const struct part *part)
{
	switch (part->kind) {
	case PART_HEAD:
		return h1_write_head(out, h);
	case PART_BODY:
		return h1_write_body(out, h, part->body);
	case PART_END:
		return h1_write_end(out, h, part->head);
	}
	return MG_EINVAL;
}
