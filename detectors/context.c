/* context.c - see context.h
 *
 * A phrase is found by its last word: when that is read, the words before it
 * are still in hand.
 */
#include "detectors/context.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 8192, PHRASES_MAX = 4000 };

struct phrase {
	uint64_t word[CONTEXT_WORDS]; /* last first; 0 ends */
	uint32_t next;                /* with the same last word; 0 none */
};

struct contexts {
	uint32_t rows;
	uint32_t count; /* phrases; number 0 is not used */
	uint32_t slot[SLOTS];
	struct phrase phrase[PHRASES_MAX];
	uint64_t **of_row; /* bit set of phrases, NULL: has none */
};

struct reader {
	const unsigned char *at;
	uint32_t i;
	uint32_t len;
	uint32_t from; /* of the word read last */
	uint64_t hash;
};

static unsigned kind_of(unsigned char c)
{
	if (c >= 'a' && c <= 'z')
		return 1;
	if (c >= 'A' && c <= 'Z')
		return 2;
	return c >= 0x80 ? 3 : 0;
}

/* The next word: letters of either case; "cardNumber" is two. */
static bool read_word(struct reader *r)
{
	unsigned before = 0;

	while (r->i < r->len && !kind_of(r->at[r->i]))
		r->i++;
	if (r->i == r->len)
		return false;
	r->from = r->i;
	r->hash = 0xcbf29ce484222325u;
	for (; r->i < r->len; r->i++) {
		unsigned char c = r->at[r->i];
		unsigned kind = kind_of(c);

		if (!kind || (kind == 2 && before == 1))
			break;
		/* U+00C0..U+00DE have their small letters 32 further on. */
		if (kind == 2 || (kind == 3 && c >= 0x80 && c <= 0x9e && r->i &&
				  r->at[r->i - 1] == 0xc3))
			c |= 0x20;
		r->hash = (r->hash ^ c) * 0x100000001b3u;
		before = kind;
	}
	return true;
}

struct contexts *contexts_new(uint32_t rows)
{
	struct contexts *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	c->rows = rows;
	c->count = 1;
	c->of_row = calloc(rows ? rows : 1, sizeof(*c->of_row));
	if (!c->of_row)
		abort();
	return c;
}

void contexts_free(struct contexts *c)
{
	if (!c)
		return;
	for (uint32_t i = 0; i < c->rows; i++)
		free(c->of_row[i]);
	free(c->of_row);
	free(c);
}

static uint32_t phrase_of(struct contexts *c, const struct phrase *p)
{
	uint32_t *slot = &c->slot[p->word[0] % SLOTS];

	for (uint32_t i = *slot; i; i = c->phrase[i].next)
		if (!memcmp(c->phrase[i].word, p->word, sizeof(p->word)))
			return i;
	if (c->count == PHRASES_MAX)
		abort(); /* our own tables outgrew the number above */
	c->phrase[c->count] = *p;
	c->phrase[c->count].next = *slot;
	return *slot = c->count++;
}

static void phrase_add(struct contexts *c, uint32_t row, const char *at,
		       size_t len)
{
	struct reader r = { .at = (const unsigned char *)at,
			    .len = (uint32_t)len };
	struct phrase p = { 0 };

	while (read_word(&r)) {
		memmove(p.word + 1, p.word, sizeof(p.word) - sizeof(p.word[0]));
		p.word[0] = r.hash;
	}
	if (!p.word[0])
		return;
	if (!c->of_row[row]) {
		c->of_row[row] = calloc(PHRASES_MAX / 64 + 1, 8);
		if (!c->of_row[row])
			abort();
	}
	uint32_t i = phrase_of(c, &p);
	c->of_row[row][i / 64] |= 1ull << i % 64;
}

void contexts_add(struct contexts *c, uint32_t row, const char *phrases)
{
	for (const char *at = phrases;;) {
		size_t len = strcspn(at, "|");

		phrase_add(c, row, at, len);
		if (!at[len])
			return;
		at += len + 1;
	}
}

static void mention(struct mentions *m, uint32_t from, uint32_t to,
		    uint32_t phrase)
{
	if (m->count == m->cap) {
		m->cap = m->cap ? m->cap * 2 : 64;
		m->at = realloc(m->at, m->cap * sizeof(*m->at));
		if (!m->at)
			abort();
	}
	m->at[m->count++] = (struct mention){ from, to, phrase };
}

static void read_all(const struct contexts *c, struct mentions *m,
		     const char *text, uint32_t len)
{
	struct reader r = { .at = (const unsigned char *)text, .len = len };
	uint64_t last[CONTEXT_WORDS] = { 0 };

	m->read = true;
	m->count = 0;
	while (read_word(&r)) {
		for (int k = CONTEXT_WORDS - 1; k > 0; k--)
			last[k] = last[k - 1];
		last[0] = r.hash;
		for (uint32_t i = c->slot[r.hash % SLOTS]; i;
		     i = c->phrase[i].next) {
			const uint64_t *word = c->phrase[i].word;
			unsigned k = 0;

			while (k < CONTEXT_WORDS && word[k] &&
			       word[k] == last[k])
				k++;
			if (k && (k == CONTEXT_WORDS || !word[k]))
				mention(m, r.from, r.i, i);
		}
	}
}

bool contexts_near(const struct contexts *c, struct mentions *m, uint32_t row,
		   const struct setting *at)
{
	const uint64_t *mine = c->of_row[row];
	uint32_t before = at->close ? CONTEXT_CLOSE : CONTEXT_BEFORE;
	uint32_t start = at->from > before ? at->from - before : 0;
	uint32_t end = at->close ? at->from : at->to + CONTEXT_AFTER;
	uint32_t low = 0, high;

	if (!mine)
		return false;
	if (!m->read)
		read_all(c, m, at->text, at->len);

	for (high = m->count; low < high;) {
		uint32_t middle = (low + high) / 2;

		if (m->at[middle].from < start)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < m->count && m->at[low].from <= end; low++) {
		const struct mention *said = &m->at[low];

		if (said->from < at->to && said->to > at->from)
			continue; /* a value is no context of itself */
		if (mine[said->phrase / 64] >> said->phrase % 64 & 1)
			return true;
	}
	return false;
}
