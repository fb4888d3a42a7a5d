/* buf.c - see buf.h */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 512 };

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void buf_deinit(struct buf *b)
{
	free(b->at);
	*b = (struct buf){ .max = b->max, .secret = b->secret };
}

void buf_wipe(struct buf *b)
{
	if (b->at)
		explicit_bzero(b->at, b->cap);
	buf_deinit(b);
}

char *buf_room(struct buf *b, size_t len)
{
	size_t held = buf_len(b);

	if (len > b->max - held)
		return NULL;
	if (b->cap - b->to >= len)
		return b->at + b->to;

	/* Sliding pays for itself only when it frees half the memory. */
	if (b->from > b->cap / 2 && b->cap - held >= len) {
		memmove(b->at, b->at + b->from, held);
	} else {
		size_t cap = b->cap ? b->cap : SMALLEST;
		while (cap - held < len)
			cap *= 2;
		char *at = malloc(cap);
		if (!at)
			abort();
		if (held)
			memcpy(at, b->at + b->from, held);
		if (b->secret && b->at)
			explicit_bzero(b->at, b->cap);
		free(b->at);
		b->at = at;
		b->cap = cap;
	}
	b->from = 0;
	b->to = held;
	return b->at + b->to;
}

void buf_grow(struct buf *b, size_t len)
{
	b->to += len;
}

int buf_add_at(struct buf *b, const void *at, size_t len)
{
	if (!len)
		return MG_OK;

	char *room = buf_room(b, len);
	if (!room)
		return MG_ETOOBIG;
	memcpy(room, at, len);
	b->to += len;
	return MG_OK;
}

int buf_add(struct buf *b, struct mg_slice bytes)
{
	return buf_add_at(b, bytes.at, bytes.len);
}

int buf_add_str(struct buf *b, const char *str)
{
	return buf_add_at(b, str, strlen(str));
}

int buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);

	/* vsnprintf ends with a NUL, which is not kept. */
	char *room = buf_room(b, (size_t)len + 1);
	if (!room)
		return MG_ETOOBIG;
	va_start(args, fmt);
	vsnprintf(room, (size_t)len + 1, fmt, args);
	va_end(args);
	b->to += (size_t)len;
	return MG_OK;
}

void buf_drop(struct buf *b, size_t len)
{
	b->from += len;
	if (b->from == b->to)
		b->from = b->to = 0;
}

void buf_clear(struct buf *b)
{
	b->from = b->to = 0;
}

void buf_relax(struct buf *b)
{
	if (b->from == b->to)
		buf_deinit(b);
}
