/* unpack.h - MessagePack, read token by token from borrowed bytes.
 *
 * The library's own reader allocates what a container announces before it has
 * seen it; these bytes come from a disk that may be torn, so here nothing is
 * allocated and nothing is believed: a count can never exceed the bytes that
 * are left, and nesting costs no stack.
 */
#pragma once
#include <stdbool.h>

#include "base/slice.h"

enum unpack_kind {
	UNPACK_NIL,
	UNPACK_BOOL,   /* number is 0 or 1 */
	UNPACK_NUMBER, /* not negative */
	UNPACK_SIGNED, /* negative: number holds two's complement */
	UNPACK_FLOAT,
	UNPACK_TEXT,
	UNPACK_BYTES, /* bin and ext */
	UNPACK_ARRAY, /* `number` values follow */
	UNPACK_MAP,   /* `number` pairs follow */
};

struct unpack {
	const unsigned char *at;
	const unsigned char *end;
};

struct item {
	enum unpack_kind kind;
	uint64_t number;
	double real;
	struct mg_slice text; /* borrowed */
};

static inline struct unpack unpack_from(struct mg_slice s)
{
	const unsigned char *at = (const unsigned char *)s.at;

	return (struct unpack){ at, at + s.len };
}

/* 0, or MG_EPROTO at the end of the bytes and for what cannot be. */
int unpack_next(struct unpack *u, struct item *item);

/* Passes over one whole value, containers included. */
int unpack_skip(struct unpack *u);
