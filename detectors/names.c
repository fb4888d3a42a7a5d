/* names.c - see names.h */
#include "detectors/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

void names_init(struct names *n, struct arena *a)
{
	*n = (struct names){ .arena = a };
}

void names_add(struct names *n, const char *words, uint32_t thing)
{
	for (const char *at = words; at && *at;) {
		size_t len = strcspn(at, " ");

		n->at = arena_grow(n->arena, n->at, n->count, &n->cap,
				   sizeof(*n->at));
		n->at[n->count++] = (struct name){ slice(at, len), thing };
		at += len + (at[len] == ' ');
	}
}

static int compare(struct mg_slice a, struct mg_slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int rc = memcmp(a.at, b.at, len);

	return rc ? rc : (a.len > b.len) - (a.len < b.len);
}

static int by_text(const void *a, const void *b)
{
	const struct name *p = a, *q = b;
	int rc = compare(p->text, q->text);

	return rc ? rc : (p->thing > q->thing) - (p->thing < q->thing);
}

void names_sort(struct names *n)
{
	uint32_t kept = 0;

	if (n->count == 0)
		return;
	qsort(n->at, n->count, sizeof(*n->at), by_text);
	for (uint32_t i = 0; i < n->count; i++)
		if (!kept || by_text(&n->at[kept - 1], &n->at[i]) != 0)
			n->at[kept++] = n->at[i];
	n->count = kept;
}

int names_find(const struct names *n, const char *text, size_t len, uint32_t i)
{
	struct mg_slice wanted = slice(text, len);
	uint32_t low = 0, high = n->count;

	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (compare(n->at[middle].text, wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (i >= n->count - low || !slice_same(n->at[low + i].text, wanted))
		return MG_EINVAL;
	return (int)n->at[low + i].thing;
}
