/* buf.h - bytes that grow up to a ceiling.
 *
 *   at ---- from ======== to ---- cap       [from, to) are the bytes held
 *
 * Bytes are added at the end and dropped from the front without moving what
 * remains, so a buffer that drains as it fills never copies twice.
 */
#pragma once
#include <stdbool.h>

#include "abi/mg.h"

struct buf {
	char *at;
	size_t from;
	size_t to;
	size_t cap;
	size_t max;  /* never holds more than this */
	bool secret; /* growing wipes the memory that it leaves */
};

void buf_init(struct buf *b, size_t max);
void buf_deinit(struct buf *b);

/* As buf_deinit, and wipes what was held: for keys and gathered bodies. */
void buf_wipe(struct buf *b);

/* Appends a copy. MG_ETOOBIG when it would pass `max`; then unchanged. */
int buf_add(struct buf *b, struct mg_slice bytes);
int buf_add_at(struct buf *b, const void *at, size_t len);
int buf_add_str(struct buf *b, const char *str);
int buf_addf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Room for at least `len` more bytes: writes go to the returned pointer and
 * are taken in by buf_grow. NULL when it would pass `max`. */
char *buf_room(struct buf *b, size_t len);
void buf_grow(struct buf *b, size_t len);

/* Drops `len` bytes from the front; at most buf_len. */
void buf_drop(struct buf *b, size_t len);
void buf_clear(struct buf *b);

/* Gives memory back when empty: for connections that sit idle. */
void buf_relax(struct buf *b);

static inline size_t buf_len(const struct buf *b)
{
	return b->to - b->from;
}

/* Borrowed until the next change. */
static inline struct mg_slice buf_slice(const struct buf *b)
{
	return (struct mg_slice){ b->at ? b->at + b->from : "",
				  b->to - b->from };
}
