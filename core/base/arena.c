/* arena.c - see arena.h */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 4096, ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t cap;
	size_t unused; /* keeps `bytes` aligned */
	char bytes[];
};

_Static_assert(sizeof(struct arena_block) % ALIGN == 0, "blocks are aligned");

void arena_init(struct arena *a)
{
	*a = (struct arena){ 0 };
}

static void release(struct arena *a, int wipe)
{
	struct arena_block *next;

	for (struct arena_block *b = a->block; b; b = next) {
		next = b->next;
		if (wipe)
			explicit_bzero(b->bytes, b->used);
		free(b);
	}
	arena_init(a);
}

void arena_deinit(struct arena *a)
{
	release(a, 0);
}

void arena_wipe(struct arena *a)
{
	release(a, 1);
}

static struct arena_block *block_new(struct arena *a, size_t len)
{
	size_t cap = a->block ? a->block->cap * 2 : FIRST;

	if (cap > 1 << 20)
		cap = 1 << 20;
	if (cap < len)
		cap = len;

	struct arena_block *b = malloc(sizeof(*b) + cap);
	if (!b)
		abort();
	*b = (struct arena_block){ .next = a->block, .cap = cap };
	a->block = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t len)
{
	struct arena_block *b = a->block;

	len = (len + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!b || b->cap - b->used < len)
		b = block_new(a, len);

	void *at = b->bytes + b->used;
	b->used += len;
	a->used += len;
	return at;
}

void *arena_zalloc(struct arena *a, size_t len)
{
	return memset(arena_alloc(a, len), 0, len);
}

char *arena_str(struct arena *a, const char *at, size_t len)
{
	char *copy = arena_alloc(a, len + 1);

	if (len)
		memcpy(copy, at, len);
	copy[len] = '\0';
	return copy;
}

struct mg_slice arena_slice(struct arena *a, struct mg_slice s)
{
	return (struct mg_slice){ arena_str(a, s.at, s.len), s.len };
}

char *arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);

	char *at = arena_alloc(a, (size_t)len + 1);
	va_start(args, fmt);
	vsnprintf(at, (size_t)len + 1, fmt, args);
	va_end(args);
	return at;
}

void *arena_grow(struct arena *a, void *at, uint32_t n, uint32_t *cap,
		 size_t size)
{
	if (n < *cap)
		return at;

	uint32_t more = *cap ? *cap * 2 : 16;
	void *bigger = arena_alloc(a, more * size);
	if (n)
		memcpy(bigger, at, n * size);
	*cap = more;
	return bigger;
}
