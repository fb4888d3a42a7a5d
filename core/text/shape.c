/* shape.c - see shape.h
 *
 * Compilation is the subset construction: a state is the set of (pattern,
 * how far) pairs that the path so far could stand for. Pairs are numbers:
 * pattern << 8 | position.
 */
#include "text/shape.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

enum {
	MAX_PARTS = 32, /* components of a pattern */
	MAX_PATTERNS = 1024,
	MAX_STATES = 8192, /* what a foolish set of '**' could grow to */
};

struct pattern {
	struct mg_slice text;
	struct mg_slice part[MAX_PARTS];
	uint32_t parts;
	uint32_t literals;
	struct shape_rule rule;
};

/* The pairs of a state while compiling. */
struct set {
	uint32_t *at;
	uint32_t count;
	uint64_t hash; /* of a state's: sets are compared a lot */
};

struct edge {
	struct mg_slice key; /* at == NULL: slot is free */
	uint64_t hash;
	uint32_t next;
};

struct state {
	struct edge *edges;
	uint32_t mask; /* slots less one */
	uint32_t any;  /* where other keys lead */
	bool numeric;  /* some key is a number: indices are looked up too */
	bool ruled;
	struct shape_rule rule;
};

struct mg_shape {
	struct arena arena;    /* keys, states and edges */
	struct arena building; /* patterns and sets; gone once compiled */
	struct pattern *patterns;
	uint32_t count;
	uint32_t cap;
	struct state *states;
	uint32_t state_count;
	uint32_t state_cap;
	struct set *sets; /* beside states, while compiling */
	uint32_t set_cap;
	bool compiled;
};

struct mg_shape *mg_shape_new(void)
{
	struct mg_shape *shape = calloc(1, sizeof(*shape));

	if (!shape)
		abort();
	return shape;
}

void mg_shape_free(struct mg_shape *shape)
{
	if (!shape)
		return;
	arena_deinit(&shape->arena);
	arena_deinit(&shape->building);
	free(shape);
}

/* --- patterns ------------------------------------------------------------- */

/* "~1" is a slash and "~0" a tilde, as in any JSON Pointer. In place. */
static int plain_part(struct mg_slice *part)
{
	char *out = (char *)part->at;
	size_t n = 0;

	for (size_t i = 0; i < part->len; i++) {
		char c = part->at[i];
		if (c == '~') {
			if (++i == part->len ||
			    (part->at[i] != '0' && part->at[i] != '1'))
				return MG_EINVAL;
			c = part->at[i] == '0' ? '~' : '/';
		}
		out[n++] = c;
	}
	part->len = n;
	return MG_OK;
}

static int split(struct pattern *p, struct mg_slice text)
{
	struct mg_slice rest = text, part;

	if (!text.len)
		return MG_OK; /* the outermost value itself */
	if (*text.at != '/')
		return MG_EINVAL;
	rest.at++;
	rest.len--;
	while (slice_cut(&rest, '/', &part)) {
		if (p->parts == MAX_PARTS)
			return MG_ETOOBIG;
		if (plain_part(&part) < 0)
			return MG_EINVAL;
		p->literals += part.len && *part.at != '*';
		p->part[p->parts++] = part;
	}
	return MG_OK;
}

int mg_shape_add(struct mg_shape *shape, const char *pattern, size_t len,
		 uint32_t role, uint32_t flags)
{
	struct mg_slice text = slice(pattern, len);

	if (shape->compiled || (role & (role - 1)) || role > MG_ROLE_ANY)
		return MG_EINVAL;
	for (uint32_t i = 0; i < shape->count; i++) {
		struct shape_rule *rule = &shape->patterns[i].rule;
		if (!slice_same(shape->patterns[i].text, text))
			continue;
		rule->role = role ? role : rule->role;
		rule->flags |= flags;
		return MG_OK;
	}
	if (shape->count == MAX_PATTERNS)
		return MG_ETOOBIG;

	struct pattern p = {
		.text = arena_slice(&shape->building, text),
		.rule = { role ? role : MG_ROLE_OTHER, flags },
	};
	int err = split(&p, arena_slice(&shape->arena, text));
	if (err < 0)
		return err;
	shape->patterns = arena_grow(&shape->building, shape->patterns,
				     shape->count, &shape->cap, sizeof(p));
	shape->patterns[shape->count++] = p;
	return MG_OK;
}

/* --- subset construction ---------------------------------------------------
 */

static bool is_star(struct mg_slice part)
{
	return part.len == 1 && *part.at == '*';
}

static bool is_deep_star(struct mg_slice part)
{
	return part.len == 2 && memcmp(part.at, "**", 2) == 0;
}

/* Keeps the set sorted and free of doubles. `room` is enough for all pairs. */
static void set_add(struct set *set, uint32_t pair)
{
	uint32_t i = set->count;

	while (i > 0 && set->at[i - 1] > pair)
		i--;
	if (i > 0 && set->at[i - 1] == pair)
		return;
	memmove(set->at + i + 1, set->at + i,
		(set->count - i) * sizeof(*set->at));
	set->at[i] = pair;
	set->count++;
}

/* Adds a pair, and what it stands for without a step: '**' may be nothing. */
static void reach(const struct mg_shape *shape, struct set *set, uint32_t pair)
{
	const struct pattern *p = &shape->patterns[pair >> 8];
	uint32_t i = pair & 0xff;

	set_add(set, pair);
	for (; i < p->parts && is_deep_star(p->part[i]); i++)
		set_add(set, pair = pair + 1);
}

/* Where `from` leads by `key`; by any other key when key->at == NULL. */
static void step(const struct mg_shape *shape, const struct set *from,
		 struct mg_slice key, struct set *to)
{
	to->count = 0;
	for (uint32_t i = 0; i < from->count; i++) {
		uint32_t pair = from->at[i], pos = pair & 0xff;
		const struct pattern *p = &shape->patterns[pair >> 8];
		if (pos >= p->parts) {
			/* Below a DEEP place: remembered as one part further,
			 * so that the place itself outranks it. */
			if (p->rule.flags & MG_RULE_DEEP)
				set_add(to, (pair & ~0xffu) | (p->parts + 1));
			continue;
		}
		if (is_deep_star(p->part[pos]))
			reach(shape, to, pair);
		else if (is_star(p->part[pos]) ||
			 (key.at && slice_same(p->part[pos], key)))
			reach(shape, to, pair + 1);
	}
}

static bool accepted(const struct mg_shape *shape, uint32_t pair,
		     uint32_t *rank)
{
	const struct pattern *p = &shape->patterns[pair >> 8];
	uint32_t pos = pair & 0xff, deep = pos > p->parts;

	if (pos < p->parts)
		return false;
	for (uint32_t i = 0; i < p->parts; i++)
		deep |= is_deep_star(p->part[i]);
	*rank = (deep ? 0 : 1000) + p->literals;
	return true;
}

static void choose_rule(struct mg_shape *shape, struct state *state,
			const struct set *set)
{
	uint32_t best = 0, rank;

	for (uint32_t i = 0; i < set->count; i++) {
		if (!accepted(shape, set->at[i], &rank))
			continue;
		if (state->ruled && rank < best)
			continue;
		best = rank;
		state->ruled = true;
		state->rule = shape->patterns[set->at[i] >> 8].rule;
	}
}

static uint64_t set_hash(const struct set *set)
{
	uint64_t h = set->count;

	for (uint32_t i = 0; i < set->count; i++)
		h = (h ^ set->at[i]) * 0x100000001b3u;
	return h;
}

static bool set_is(const struct set *a, const struct set *b, uint64_t b_hash)
{
	return a->hash == b_hash && a->count == b->count &&
	       (!a->count ||
		memcmp(a->at, b->at, a->count * sizeof(*a->at)) == 0);
}

static int state_of(struct mg_shape *shape, const struct set *set)
{
	uint32_t n = shape->state_count;
	uint64_t hash = set_hash(set);

	for (uint32_t i = 0; i < n; i++)
		if (set_is(&shape->sets[i], set, hash))
			return (int)i;
	if (n == MAX_STATES)
		return MG_ETOOBIG;

	shape->states = arena_grow(&shape->arena, shape->states, n,
				   &shape->state_cap, sizeof(*shape->states));
	shape->sets = arena_grow(&shape->building, shape->sets, n,
				 &shape->set_cap, sizeof(*shape->sets));
	struct set kept = { .count = set->count, .hash = hash };
	kept.at = arena_alloc(&shape->building,
			      (set->count + 1) * sizeof(*set->at));
	if (set->count)
		memcpy(kept.at, set->at, set->count * sizeof(*set->at));
	shape->sets[n] = kept;
	shape->states[n] = (struct state){ 0 };
	choose_rule(shape, &shape->states[n], &kept);
	return (int)shape->state_count++;
}

/* --- edges ------------------------------------------------------------------
 */

/* Keys are short and known: the ends and the length tell most apart. */
static uint64_t key_hash(struct mg_slice key)
{
	uint64_t head = 0, tail = 0;

	if (key.len >= 8) {
		memcpy(&head, key.at, 8);
		memcpy(&tail, key.at + key.len - 8, 8);
	} else if (key.len >= 4) {
		uint32_t half;
		memcpy(&half, key.at, 4);
		head = half;
		memcpy(&half, key.at + key.len - 4, 4);
		tail = half;
	} else if (key.len) {
		head = (unsigned char)key.at[0];
		tail = (uint64_t)(unsigned char)key.at[key.len / 2] << 8 |
		       (unsigned char)key.at[key.len - 1];
	}
	uint64_t h = (head ^ tail * 0x9e3779b97f4a7c15u) + key.len;
	h *= 0xd6e8feb86659fd93u;
	return h ^ h >> 32;
}

static struct edge *edge_slot(const struct state *st, struct mg_slice key,
			      uint64_t hash)
{
	uint32_t i = (uint32_t)hash & st->mask;

	while (st->edges[i].key.at && !(st->edges[i].hash == hash &&
					slice_same(st->edges[i].key, key)))
		i = (i + 1) & st->mask;
	return &st->edges[i];
}

static bool is_numeric(struct mg_slice key)
{
	uint64_t unused;

	return slice_number(key, &unused) == MG_OK;
}

static uint32_t slots_for(uint32_t keys)
{
	uint32_t slots = 4;

	while (slots < 2 * keys)
		slots *= 2;
	return slots;
}

/* What compiling works with: a set, and edges before they are counted. */
struct bench {
	struct set to;
	struct edge *edges;
};

/* Finds the keys that lead on from a set; writes their edges to the bench. */
static int find_edges(struct mg_shape *shape, const struct set *set,
		      struct bench *bench, uint32_t *count)
{
	struct state draft = { .edges = bench->edges };

	draft.mask = slots_for(set->count) - 1;
	memset(draft.edges, 0, (draft.mask + 1) * sizeof(*draft.edges));
	*count = 0;
	for (uint32_t i = 0; i < set->count; i++) {
		const struct pattern *p = &shape->patterns[set->at[i] >> 8];
		uint32_t pos = set->at[i] & 0xff;
		if (pos >= p->parts || is_star(p->part[pos]) ||
		    is_deep_star(p->part[pos]))
			continue;
		struct mg_slice key = p->part[pos];
		uint64_t hash = key_hash(key);
		struct edge *edge = edge_slot(&draft, key, hash);
		if (edge->key.at)
			continue;
		step(shape, set, key, &bench->to);
		int next = state_of(shape, &bench->to);
		if (next < 0)
			return next;
		*edge = (struct edge){ key, hash, (uint32_t)next };
		++*count;
	}
	return (int)draft.mask;
}

static int add_edges(struct mg_shape *shape, uint32_t from, struct bench *bench)
{
	struct set set = shape->sets[from];
	uint32_t count;

	step(shape, &set, slice(NULL, 0), &bench->to);
	int any = state_of(shape, &bench->to);
	if (any < 0)
		return any;
	int mask = find_edges(shape, &set, bench, &count);
	if (mask < 0)
		return mask;

	struct state *st = &shape->states[from];
	uint32_t slots = slots_for(count);
	st->any = (uint32_t)any;
	st->edges = arena_zalloc(&shape->arena, slots * sizeof(*st->edges));
	st->mask = slots - 1;
	for (int i = 0; i <= mask; i++) {
		const struct edge *edge = &bench->edges[i];
		if (!edge->key.at)
			continue;
		*edge_slot(st, edge->key, edge->hash) = *edge;
		st->numeric |= is_numeric(edge->key);
	}
	return MG_OK;
}

static void forget_building(struct mg_shape *shape)
{
	arena_deinit(&shape->building);
	shape->patterns = NULL;
	shape->sets = NULL;
	shape->cap = shape->set_cap = 0;
}

int mg_shape_compile(struct mg_shape *shape)
{
	if (shape->compiled)
		return MG_OK;

	uint32_t pairs = shape->count * (MAX_PARTS + 2) + 1;
	struct bench bench = { 0 };
	bench.to.at = malloc(pairs * sizeof(*bench.to.at));
	bench.edges = malloc(slots_for(pairs) * sizeof(*bench.edges));
	if (!bench.to.at || !bench.edges)
		abort();

	int err = state_of(shape, &bench.to); /* SHAPE_NOWHERE: the empty set */
	for (uint32_t i = 0; i < shape->count; i++)
		reach(shape, &bench.to, i << 8);
	if (err >= 0)
		err = state_of(shape, &bench.to);
	for (uint32_t i = 0; err >= 0 && i < shape->state_count; i++)
		err = add_edges(shape, i, &bench);
	free(bench.to.at);
	free(bench.edges);
	if (err < 0)
		return err;
	shape->compiled = true;
	forget_building(shape);
	return MG_OK;
}

/* --- walking ----------------------------------------------------------------
 */

bool shape_compiled(const struct mg_shape *shape)
{
	return shape->compiled;
}

uint32_t shape_start(const struct mg_shape *shape)
{
	return shape && shape->compiled && shape->count ? 1 : SHAPE_NOWHERE;
}

uint32_t shape_key(const struct mg_shape *shape, uint32_t state,
		   struct mg_slice key)
{
	if (state == SHAPE_NOWHERE)
		return SHAPE_NOWHERE;

	const struct state *st = &shape->states[state];
	const struct edge *edge = edge_slot(st, key, key_hash(key));
	return edge->key.at ? edge->next : st->any;
}

uint32_t shape_index(const struct mg_shape *shape, uint32_t state,
		     uint32_t index)
{
	char text[12];

	if (state == SHAPE_NOWHERE)
		return SHAPE_NOWHERE;
	if (!shape->states[state].numeric)
		return shape->states[state].any;
	int len = snprintf(text, sizeof(text), "%u", index);
	return shape_key(shape, state, slice(text, (size_t)len));
}

const struct shape_rule *shape_rule(const struct mg_shape *shape,
				    uint32_t state)
{
	if (state == SHAPE_NOWHERE || !shape->states[state].ruled)
		return NULL;
	return &shape->states[state].rule;
}
