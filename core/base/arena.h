/* arena.h - memory that lives and dies with one flow.
 *
 * Blocks are chained; nothing is freed alone; all goes at once. Small
 * allocations do not fail (they abort); what a peer can make large is bounded
 * by the caller before it asks.
 */
#pragma once
#include "abi/mg.h"

struct arena_block;

struct arena {
	struct arena_block *block;
	size_t used; /* bytes handed out in all */
};

void arena_init(struct arena *a);

/* Frees everything; `a` is empty and usable again. */
void arena_deinit(struct arena *a);

/* As arena_deinit, and wipes: for memory that held a prompt. */
void arena_wipe(struct arena *a);

/* 16-byte aligned, not cleared. Never NULL. */
void *arena_alloc(struct arena *a, size_t len);
void *arena_zalloc(struct arena *a, size_t len);

/* A copy, NUL-terminated past its end. */
struct mg_slice arena_slice(struct arena *a, struct mg_slice s);
char *arena_str(struct arena *a, const char *at, size_t len);
char *arena_fmt(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Grows an array of `n` elements of `size` to hold one more; doubles. Returns
 * the (possibly moved) array. `*cap` is updated. */
void *arena_grow(struct arena *a, void *at, uint32_t n, uint32_t *cap,
		 size_t size);
