/* words.c - operators' lists of words: ten or a hundred thousand.
 *
 *   text, folded --> first KEY bytes --> bit map --> bucket --> whole term
 *
 * A position costs one hash and one bit; the map is small enough to stay near
 * the core, and sparse enough that almost nothing passes it. With MG_WORD_WHOLE
 * only beginnings of words are looked at. Caseless means ASCII and the Latin-1,
 * Greek and Cyrillic letters whose cases are equally long in UTF-8.
 */
#include <ctype.h>
#include <stdlib.h>

#include "detectors/impl.h"

enum {
	KEY = 4,            /* bytes hashed, fewer when a term is shorter */
	MAP_BITS = 1 << 19, /* 64 KiB */
	TERMS_MAX = 1000000,
	WINDOW = 4096,   /* folded at a time */
	TERM_MAX = 1024, /* bytes in one term */
};

struct term {
	uint32_t at; /* into text */
	uint32_t len;
	uint32_t next; /* in the bucket, 0 none */
};

/* Terms with keys of one length. */
struct shelf {
	uint32_t key;
	uint32_t mask;
	uint32_t *bucket; /* first term */
	uint64_t *map;
};

struct words {
	bool caseless;
	bool whole;
	uint32_t longest;
	uint32_t count;
	struct term *terms; /* number 0 is not used */
	char *text;
	struct shelf shelf[2]; /* short terms, and the rest */
};

/* Length-preserving: what stands where does not change. */
static void fold(unsigned char *out, const unsigned char *in, size_t len)
{
	unsigned char lead = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = in[i];

		if (c < 0x80) {
			out[i] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
			lead = 0;
			continue;
		}
		out[i] = c;
		if (lead == 0xc3 && c <= 0x9e && c != 0x97) {
			out[i] = c | 0x20; /* U+00C0..U+00DE */
		} else if (lead == 0xd0 && c >= 0x90 && c <= 0x9f) {
			out[i] = c | 0x20; /* U+0410..U+041F */
		} else if (lead == 0xd0 && c >= 0xa0 && c <= 0xaf) {
			out[i - 1] = 0xd1; /* U+0420..U+042F */
			out[i] = c - 0x20;
		} else if (lead == 0xce && c >= 0x91 && c <= 0x9f) {
			out[i] = c + 0x20; /* U+0391..U+039F */
		} else if (lead == 0xce && c >= 0xa0 && c <= 0xa9) {
			out[i - 1] = 0xcf; /* U+03A0..U+03A9 */
			out[i] = c - 0x20;
		}
		lead = c;
	}
}

static bool is_letter(unsigned char c)
{
	return c >= 0x80 || c == '_' || isalnum(c);
}

static uint32_t key_of(const unsigned char *at, uint32_t key)
{
	uint32_t word = 0;

	memcpy(&word, at, key);
	return word * 0x9e3779b1u;
}

static void shelf_init(struct shelf *s, uint32_t key, uint32_t count)
{
	uint32_t size = 1024;

	while (size < count * 2)
		size *= 2;
	s->key = key;
	s->mask = size - 1;
	s->bucket = calloc(size, sizeof(*s->bucket));
	s->map = calloc(MAP_BITS / 64, 8);
	if (!s->bucket || !s->map)
		abort();
}

static void shelf_add(struct words *w, struct shelf *s, uint32_t i)
{
	struct term *t = &w->terms[i];
	uint32_t hash = key_of((unsigned char *)w->text + t->at, s->key);
	uint32_t bit = hash % MAP_BITS;
	uint32_t *bucket = &s->bucket[hash >> 8 & s->mask];

	s->map[bit / 64] |= 1ull << bit % 64;
	t->next = *bucket;
	*bucket = i;
}

/* Terms into one copy of the list, folded, and an index of where they are. */
static int read_list(struct words *w, struct mg_slice list,
		     uint32_t shortest[2], uint32_t count[2])
{
	struct mg_slice rest = list, line;
	uint32_t cap = 1024, used = 0;

	w->terms = malloc(cap * sizeof(*w->terms));
	w->text = malloc(list.len + 1);
	if (!w->terms || !w->text)
		abort();
	while (slice_cut(&rest, '\n', &line)) {
		while (line.len && (line.at[line.len - 1] == '\r'))
			line.len--;
		line = slice_trim(line);
		if (line.len == 0)
			continue;
		if (w->count == TERMS_MAX || line.len > TERM_MAX)
			return MG_ETOOBIG;
		if (++w->count == cap) {
			cap *= 2;
			w->terms = realloc(w->terms, cap * sizeof(*w->terms));
			if (!w->terms)
				abort();
		}
		uint32_t len = (uint32_t)line.len, k = len >= KEY;
		if (w->caseless)
			fold((unsigned char *)w->text + used,
			     (const unsigned char *)line.at, len);
		else
			memcpy(w->text + used, line.at, len);
		w->terms[w->count] = (struct term){ used, len, 0 };
		used += len;
		count[k]++;
		if (len < shortest[k])
			shortest[k] = len;
		if (len > w->longest)
			w->longest = len;
	}
	return w->count ? 0 : MG_EINVAL;
}

struct words *words_new(struct mg_slice list, uint32_t flags, uint32_t *longest)
{
	struct words *w = calloc(1, sizeof(*w));
	uint32_t shortest[2] = { KEY - 1, KEY }, count[2] = { 0, 0 };

	if (!w)
		abort();
	w->caseless = flags & MG_WORD_CASELESS;
	w->whole = flags & MG_WORD_WHOLE;
	if (list.len > SPAN_MAX || read_list(w, list, shortest, count) < 0) {
		words_free(w);
		return NULL;
	}
	for (int k = 0; k < 2; k++)
		if (count[k])
			shelf_init(&w->shelf[k], k ? KEY : shortest[k],
				   count[k]);
	for (uint32_t i = 1; i <= w->count; i++)
		shelf_add(w, &w->shelf[w->terms[i].len >= KEY], i);
	*longest = w->longest;
	return w;
}

void words_free(struct words *w)
{
	if (!w)
		return;
	for (int k = 0; k < 2; k++) {
		free(w->shelf[k].bucket);
		free(w->shelf[k].map);
	}
	free(w->terms);
	free(w->text);
	free(w);
}

/* The longest term of the shelf at `at`; 0 when there is none. */
static uint32_t term_at(const struct words *w, const struct shelf *s,
			const unsigned char *at, uint32_t len)
{
	uint32_t best = 0;

	if (!s->map || len < s->key)
		return 0;
	uint32_t hash = key_of(at, s->key), bit = hash % MAP_BITS;
	if (!(s->map[bit / 64] >> bit % 64 & 1))
		return 0;
	for (uint32_t i = s->bucket[hash >> 8 & s->mask]; i;
	     i = w->terms[i].next) {
		const struct term *t = &w->terms[i];

		if (t->len > len || t->len <= best ||
		    memcmp(w->text + t->at, at, t->len) != 0)
			continue;
		if (w->whole && t->len < len && is_letter(at[t->len]) &&
		    is_letter(at[t->len - 1]))
			continue;
		best = t->len;
	}
	return best;
}

/* Terms that begin in [0, starts) of `at`, of which `len` bytes are there. */
static int run_window(struct mg_scan *scan, const struct words *w,
		      uint32_t thing, const unsigned char *at, uint32_t starts,
		      uint32_t len, uint32_t base, unsigned char before)
{
	for (uint32_t i = 0; i < starts; before = at[i++]) {
		if (w->whole && is_letter(before) && is_letter(at[i]))
			continue;
		uint32_t n = term_at(w, &w->shelf[1], at + i, len - i);
		if (!n)
			n = term_at(w, &w->shelf[0], at + i, len - i);
		if (!n)
			continue;
		int rc = scan_found(scan, thing, base + i, base + i + n, 100);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int words_run(struct mg_scan *scan, const struct words *w, uint32_t thing,
	      const char *text, uint32_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	unsigned char folded[2 * WINDOW];
	unsigned char before = ' ';

	if (!w->caseless)
		return run_window(scan, w, thing, p, len, len, 0, before);
	for (uint32_t i = 0; i < len; i += WINDOW) {
		uint32_t starts = len - i < WINDOW ? len - i : WINDOW;
		uint32_t held = len - i < 2 * WINDOW ? len - i : 2 * WINDOW;
		int rc;

		fold(folded, p + i, held);
		rc = run_window(scan, w, thing, folded, starts, held, i,
				before);
		if (rc < 0)
			return rc;
		before = folded[starts - 1];
	}
	return 0;
}
