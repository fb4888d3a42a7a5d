/* vault.c - see vault.h */
#include "text/vault.h"

#include "base/hash.h"

enum { FIRST_SLOTS = 32, LONGEST_TOKEN = 96 };

/* Two ways into the same rows: by token, and by word and value. */
struct row {
	struct mg_slice token;
	struct mg_slice word; /* at == NULL: only to be avoided */
	struct mg_slice value;
};

/* How far an entity's numbers have got. */
struct counter {
	struct mg_slice word;
	uint32_t last;
};

struct table {
	uint32_t *slots; /* index of a row, plus one; 0 free */
	uint32_t mask;
	uint32_t used;
};

struct vault {
	struct arena *arena;
	struct row *rows;
	uint32_t count;
	uint32_t cap;
	struct counter *counters;
	uint32_t counter_count;
	uint32_t counter_cap;
	struct table by_token;
	struct table by_value;
	uint32_t made;
	size_t reach;
};

struct vault *vault_new(struct arena *a)
{
	struct vault *v = arena_zalloc(a, sizeof(*v));

	v->arena = a;
	return v;
}

static uint64_t value_hash(struct mg_slice word, struct mg_slice value)
{
	return hash_table(value) + 31 * hash_table(word);
}

static uint64_t row_hash(const struct vault *v, const struct table *t,
			 uint32_t row)
{
	const struct row *r = &v->rows[row];

	return t == &v->by_token ? hash_table(r->token)
				 : value_hash(r->word, r->value);
}

static void table_put(struct vault *v, struct table *t, uint32_t row)
{
	if (2 * t->used >= t->mask) {
		uint32_t *old = t->slots, slots = old ? t->mask + 1 : 0;
		t->mask = slots ? 2 * slots - 1 : FIRST_SLOTS - 1;
		t->slots = arena_zalloc(v->arena,
					(t->mask + 1) * sizeof(*t->slots));
		t->used = 0;
		for (uint32_t i = 0; i < slots; i++)
			if (old[i])
				table_put(v, t, old[i] - 1);
	}
	uint32_t i = (uint32_t)row_hash(v, t, row) & t->mask;
	while (t->slots[i])
		i = (i + 1) & t->mask;
	t->slots[i] = row + 1;
	t->used++;
}

static const struct row *by_token(const struct vault *v, struct mg_slice token)
{
	const struct table *t = &v->by_token;

	if (!t->slots)
		return NULL;
	uint32_t i = (uint32_t)hash_table(token) & t->mask;
	for (; t->slots[i]; i = (i + 1) & t->mask)
		if (slice_same(v->rows[t->slots[i] - 1].token, token))
			return &v->rows[t->slots[i] - 1];
	return NULL;
}

static const struct row *by_value(const struct vault *v, struct mg_slice word,
				  struct mg_slice value)
{
	const struct table *t = &v->by_value;

	if (!t->slots)
		return NULL;
	uint32_t i = (uint32_t)value_hash(word, value) & t->mask;
	for (; t->slots[i]; i = (i + 1) & t->mask) {
		const struct row *r = &v->rows[t->slots[i] - 1];
		if (slice_same(r->value, value) && slice_same(r->word, word))
			return r;
	}
	return NULL;
}

static uint32_t add_row(struct vault *v, const struct row *row)
{
	v->rows =
		arena_grow(v->arena, v->rows, v->count, &v->cap, sizeof(*row));
	v->rows[v->count] = *row;
	table_put(v, &v->by_token, v->count);
	return v->count++;
}

/* --- what looks like a token -------------------------------------------------
 */

static bool is_token_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* From *at on: the next "[WORD_1]" in `text`; at == NULL when none is left. */
static struct mg_slice next_token(struct mg_slice text, size_t *at)
{
	while (*at < text.len) {
		const char *open = memchr(text.at + *at, '[', text.len - *at);
		if (!open)
			break;
		size_t from = (size_t)(open - text.at), to = from + 1;
		while (to < text.len && is_token_byte(text.at[to]))
			to++;
		*at = to;
		if (to < text.len && text.at[to] == ']' && to > from + 1 &&
		    to - from < LONGEST_TOKEN) {
			*at = to + 1;
			return slice(open, to + 1 - from);
		}
	}
	*at = text.len;
	return slice(NULL, 0);
}

void vault_avoid(struct vault *v, const struct mg_segment *segs, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct mg_slice token;
		size_t at = 0;
		while ((token = next_token(segs[i].text, &at)).at) {
			if (by_token(v, token))
				continue;
			struct row row = {
				.token = arena_slice(v->arena, token),
			};
			add_row(v, &row);
		}
	}
}

/* --- making and undoing
 * --------------------------------------------------------- */

static struct counter *counter_of(struct vault *v, struct mg_slice word)
{
	for (uint32_t i = 0; i < v->counter_count; i++)
		if (slice_same(v->counters[i].word, word))
			return &v->counters[i];
	v->counters = arena_grow(v->arena, v->counters, v->counter_count,
				 &v->counter_cap, sizeof(*v->counters));
	struct counter *c = &v->counters[v->counter_count++];
	*c = (struct counter){ .word = arena_slice(v->arena, word) };
	return c;
}

struct mg_slice vault_token(struct vault *v, struct mg_slice word,
			    struct mg_slice value)
{
	const struct row *known = by_value(v, word, value);
	struct mg_slice token;

	if (known)
		return known->token;
	struct counter *c = counter_of(v, word);
	do
		token = slice_str(arena_fmt(v->arena, "[%.*s_%u]",
					    (int)word.len, word.at, ++c->last));
	while (by_token(v, token));

	struct row row = {
		.token = token,
		.word = c->word,
		.value = arena_slice(v->arena, value),
	};
	table_put(v, &v->by_value, add_row(v, &row));
	v->made++;
	if (token.len > v->reach)
		v->reach = token.len;
	return token;
}

uint32_t vault_count(const struct vault *v)
{
	return v->made;
}

size_t vault_reach(const struct vault *v)
{
	return v->reach;
}

struct mg_slice vault_find(const struct vault *v, struct mg_slice text,
			   size_t *from, size_t *to)
{
	struct mg_slice token;

	*to = *from;
	while ((token = next_token(text, to)).at) {
		const struct row *row = by_token(v, token);
		*from = *to - token.len;
		if (row && row->value.at)
			return row->value;
	}
	return slice(NULL, 0);
}

uint32_t vault_restore(const struct vault *v, struct arena *a,
		       const struct mg_segment *segs, uint32_t count,
		       struct edit **edits)
{
	uint32_t n = 0, cap = 0;

	*edits = NULL;
	if (!v->made)
		return 0;
	for (uint32_t i = 0; i < count; i++) {
		struct mg_slice value;
		size_t from = 0, to = 0;
		if (!edit_may(&segs[i]))
			continue;
		for (; (value = vault_find(v, segs[i].text, &from, &to)).at;
		     from = to) {
			*edits =
				arena_grow(a, *edits, n, &cap, sizeof(**edits));
			(*edits)[n++] = (struct edit){
				.segment = i,
				.from = (uint32_t)from,
				.to = (uint32_t)to,
				.with = value,
			};
		}
	}
	return n;
}
