/* names.h - many names of many things, sorted: entities by name, by alias, and
 * by the groups they are in. */
#pragma once
#include "base/arena.h"

struct name {
	struct mg_slice text; /* borrows */
	uint32_t thing;
};

struct names {
	struct arena *arena; /* borrows */
	struct name *at;
	uint32_t count;
	uint32_t cap;
};

void names_init(struct names *n, struct arena *a);

/* `words` separated by spaces; NULL for none. Borrows them. */
void names_add(struct names *n, const char *words, uint32_t thing);

/* Once, after the last addition. */
void names_sort(struct names *n);

/* The i-th thing of that name, in order of number; MG_EINVAL past the last. */
int names_find(const struct names *n, const char *text, size_t len, uint32_t i);
