/* shape.c - see shape.h */
#include "detectors/shape.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "abi/mg.h"

enum { LAYOUTS_MAX = 4096 }; /* of one shape: a typing error has more */

struct layout {
	uint64_t hash;
	uint16_t row; /* SHAPE_END: only the head of a layout */
};

struct shape_list {
	struct layout *at;
	uint32_t count;
	uint32_t cap;
};

/* Where an expansion stands. */
struct expansion {
	struct shape_list *list;
	const char *end; /* of the alternative */
	uint32_t alphabet;
	uint16_t row;
	char separator; /* what '~' stands for now; 0 nothing */
	uint32_t made;
	int longest;
};

struct shape_list *shape_list_new(void)
{
	struct shape_list *list = calloc(1, sizeof(*list));

	if (!list)
		abort();
	return list;
}

void shape_list_free(struct shape_list *list)
{
	if (!list)
		return;
	free(list->at);
	free(list);
}

static int layout_add(struct expansion *x, uint64_t hash, uint16_t row)
{
	struct shape_list *list = x->list;

	if (++x->made > LAYOUTS_MAX)
		return MG_EINVAL;
	if (list->count == list->cap) {
		list->cap = list->cap ? list->cap * 2 : 256;
		list->at = realloc(list->at, list->cap * sizeof(*list->at));
		if (!list->at)
			abort();
	}
	list->at[list->count++] = (struct layout){ hash ? hash : 1, row };
	return 0;
}

/* Reads {m,n}, {m} or ? at `at`; returns what follows. */
static const char *repeat_of(const char *at, uint32_t *min, uint32_t *max)
{
	*min = *max = 1;
	if (*at == '?') {
		*min = 0;
		return at + 1;
	}
	if (*at != '{')
		return at;

	char *next;
	*min = *max = (uint32_t)strtoul(at + 1, &next, 10);
	if (*next == ',')
		*max = (uint32_t)strtoul(next + 1, &next, 10);
	return *next == '}' && *max >= *min ? next + 1 : NULL;
}

static bool is_separator(char symbol)
{
	return symbol && strchr(" -./:", symbol);
}

static int expand(struct expansion *x, const char *at, uint64_t hash, int len)
{
	uint32_t min, max;

	if (at == x->end) {
		if (len > x->longest)
			x->longest = len;
		return layout_add(x, hash, x->row);
	}

	char symbol = *at == '~' ? x->separator : *at;
	const char *rest = repeat_of(at + 1, &min, &max);
	if (!rest)
		return MG_EINVAL;
	if (symbol == '\0')
		return expand(x, rest, hash, len);

	for (uint32_t n = 0;; n++) {
		if (n >= min) {
			int rc = expand(x, rest, hash, len);
			if (rc < 0)
				return rc;
		}
		if (n == max)
			return 0;
		if (is_separator(symbol) && layout_add(x, hash, SHAPE_END) < 0)
			return MG_EINVAL;
		hash = shape_step(hash, (unsigned char)symbol);
		if (++len > SHAPE_MAX)
			return MG_EINVAL;
	}
}

static int expand_one(struct shape_list *list, const char *at, size_t len,
		      uint16_t row)
{
	static const char separators[] = { 0, ' ', '-', '.' };
	struct expansion x = { .list = list, .row = row, .end = at + len };

	if (memchr(at, 'h', len))
		x.alphabet = ALPHABET_HEX;
	else if (memchr(at, 'x', len))
		x.alphabet = ALPHABET_ANY;

	for (unsigned i = 0; i < sizeof(separators); i++) {
		x.separator = separators[i];
		if (expand(&x, at, shape_seed(x.alphabet), 0) < 0)
			return MG_EINVAL;
		if (!memchr(at, '~', len))
			break;
	}
	return x.longest;
}

int shape_list_add(struct shape_list *list, const char *shape, uint16_t row)
{
	int longest = 0;

	for (const char *at = shape;;) {
		const char *bar = strchr(at, '|');
		size_t len = bar ? (size_t)(bar - at) : strlen(at);
		int n = expand_one(list, at, len, row);

		if (n <= 0)
			return MG_EINVAL;
		if (n > longest)
			longest = n;
		if (!bar)
			return longest;
		at = bar + 1;
	}
}

static int by_hash(const void *a, const void *b)
{
	const struct layout *p = a, *q = b;

	if (p->hash != q->hash)
		return p->hash < q->hash ? -1 : 1;
	return (p->row > q->row) - (p->row < q->row);
}

void shapes_init(struct shapes *s, const struct shape_list *list)
{
	uint32_t size = 64;

	while (size < list->count * 3)
		size *= 2;
	*s = (struct shapes){ .mask = size - 1 };
	s->hash = calloc(size, sizeof(*s->hash));
	s->first = calloc(size, sizeof(*s->first));
	s->rows = calloc(2 * (size_t)list->count + 1, sizeof(*s->rows));
	if (!s->hash || !s->first || !s->rows)
		abort();
	if (list->count)
		qsort(list->at, list->count, sizeof(*list->at), by_hash);

	for (uint32_t i = 0; i < list->count;) {
		uint64_t hash = list->at[i].hash;
		uint32_t slot = (uint32_t)(hash >> 32) & s->mask;

		while (s->hash[slot])
			slot = (slot + 1) & s->mask;
		s->hash[slot] = hash;
		s->first[slot] = s->row_count;
		for (; i < list->count && list->at[i].hash == hash; i++) {
			uint16_t row = list->at[i].row;

			if (row != SHAPE_END &&
			    (s->row_count == s->first[slot] ||
			     s->rows[s->row_count - 1] != row))
				s->rows[s->row_count++] = row;
		}
		s->rows[s->row_count++] = SHAPE_END;
	}
}

void shapes_deinit(struct shapes *s)
{
	free(s->hash);
	free(s->first);
	free(s->rows);
	*s = (struct shapes){ 0 };
}
