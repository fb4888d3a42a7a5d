/* shape.h - layouts of numbers and codes, and the table that knows them all.
 *
 * A shape is written with one byte a position:
 *
 *   9  a digit          A  a letter of either case
 *   h  a hex digit      x  a letter or a digit
 *   ~  nothing, ' ', '-' or '.', the same each time in one shape
 *   {m,n} after a byte: m to n times       ? after a byte: perhaps
 *   any other byte: itself
 *
 * and "999-99-9999|999999999" means either. A shape uses one alphabet: 9 and A,
 * or h, or x. Shapes are expanded at load into the hashes of all their layouts,
 * so that a scan asks once whether what it sees is a layout of anything, for
 * ten rows or for a thousand.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* The alphabets; each has its own hash of the same bytes. */
enum alphabet {
	ALPHABET_CLASS, /* 9 and A */
	ALPHABET_HEX,   /* h */
	ALPHABET_ANY,   /* x */
	ALPHABETS       /* how many; must be last */
};

enum { SHAPE_MAX = 60 }; /* longest layout, separators included */

struct shapes {
	uint64_t *hash;  /* open addressing; 0 is free */
	uint32_t *first; /* into `rows` */
	uint32_t mask;   /* size - 1 */
	uint16_t *rows;  /* runs of row numbers; each run ends at SHAPE_END */
	uint32_t row_count;
};

enum { SHAPE_END = 0xffff };

/* One step of a layout's hash. Starts from shape_seed(alphabet). */
static inline uint64_t shape_seed(uint32_t alphabet)
{
	return 0x9e3779b97f4a7c15u * (alphabet + 1);
}

static inline uint64_t shape_step(uint64_t hash, unsigned char symbol)
{
	return ((hash ^ symbol) * 0x9fb21c651e98df25u) + 1;
}

struct shape_list;

/* Collects layouts at load. */
struct shape_list *shape_list_new(void);
void shape_list_free(struct shape_list *list);

/* Longest layout of `shape`, or MG_EINVAL when it is not well formed. */
int shape_list_add(struct shape_list *list, const char *shape, uint16_t row);

void shapes_init(struct shapes *s, const struct shape_list *list);
void shapes_deinit(struct shapes *s);

/* The rows of a layout, none when it is only the head of one up to a
 * separator; NULL when nothing begins so. */
static inline const uint16_t *shapes_find(const struct shapes *s, uint64_t hash)
{
	uint32_t i = (uint32_t)(hash >> 32) & s->mask;

	for (; s->hash[i]; i = (i + 1) & s->mask)
		if (s->hash[i] == hash)
			return s->rows + s->first[i];
	return NULL;
}
