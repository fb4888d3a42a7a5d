/* compile.c - from what is needed to what is scanned.
 *
 *   rows with anchors ----> distinct expressions --> Vectorscan (or cache)
 *   operators' regexes -/
 *   rows with shapes -----> table of layouts
 *   context words --------> table of phrases
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "detectors/impl.h"

/* Stands for an expression that was given up on: no text holds it. */
#define NOWHERE "\\xff\\x00\\xfe\\x00\\xff\\x01\\xfe\\x01\\xff"

/* Expressions while they are collected. */
struct draft {
	struct mg_catalogue *cat;
	struct anchor *anchors;
	uint32_t count;
	uint32_t cap;
	struct watcher *watchers;
	uint32_t watcher_count;
	uint32_t watcher_cap;
};

static int fail(struct mg_catalogue *cat, const char *name, const char *why)
{
	snprintf(cat->error, sizeof(cat->error), "%s: %s", name, why);
	return MG_EINVAL;
}

/* How many bytes an anchor matches: literals, escapes, classes and {n}. 0 when
 * it holds anything else. */
static uint32_t width_of(const char *at, size_t len)
{
	uint32_t width = 0, one = 0;

	for (size_t i = 0; i < len; i++) {
		char c = at[i];

		if (c == '{') {
			uint32_t n = (uint32_t)strtoul(at + i + 1, NULL, 10);
			width += one * (n - 1);
			while (i < len && at[i] != '}')
				i++;
			continue;
		}
		if (c == '[')
			while (i < len && at[i] != ']')
				i += at[i] == '\\' ? 2 : 1;
		else if (c == '\\')
			i++;
		else if (strchr("*+?(){}|^$", c))
			return 0;
		one = 1;
		width++;
	}
	return width;
}

static void watch(struct draft *d, const char *text, uint32_t flags,
		  uint32_t width, uint32_t thing)
{
	struct arena *a = &d->cat->arena;
	uint32_t i = 0;

	while (i < d->count && (d->anchors[i].flags != flags ||
				strcmp(d->anchors[i].text, text) != 0))
		i++;
	if (i == d->count) {
		d->anchors = arena_grow(a, d->anchors, d->count, &d->cap,
					sizeof(*d->anchors));
		d->anchors[d->count++] = (struct anchor){ .text = text,
							  .flags = flags,
							  .width = width };
	}
	d->watchers = arena_grow(a, d->watchers, d->watcher_count,
				 &d->watcher_cap, sizeof(*d->watchers));
	d->watchers[d->watcher_count++] = (struct watcher){ i, thing };
}

/* Length of the first alternative; '|' may be escaped or in a class. */
static size_t one_anchor(const char *at)
{
	bool class = false;
	size_t i = 0;

	for (; at[i] && (class || at[i] != '|'); i++) {
		if (at[i] == '\\' && at[i + 1])
			i++;
		else if (at[i] == '[')
			class = true;
		else if (at[i] == ']')
			class = false;
	}
	return i;
}

static int draft_row(struct draft *d, uint32_t i)
{
	const struct row *row = d->cat->things[i].row;
	uint32_t flags = row->flags & ROW_CASELESS ? HS_FLAG_CASELESS : 0;

	for (const char *at = row->anchor; at;) {
		size_t len = one_anchor(at);
		uint32_t width = width_of(at, len);

		if (!width)
			return fail(d->cat, row->name,
				    "an anchor must have a fixed width");
		watch(d, arena_str(&d->cat->arena, at, len), flags, width, i);
		at = at[len] ? at + len + 1 : NULL;
	}
	return 0;
}

/* An operator's regex is only looked for; PCRE2 says what it matches. Once a
 * block is enough to know that it is worth asking. */
static void draft_own(struct draft *d, uint32_t i)
{
	struct thing *t = &d->cat->things[i];
	uint32_t flags = HS_FLAG_PREFILTER | HS_FLAG_SINGLEMATCH |
			 HS_FLAG_MULTILINE | HS_FLAG_UTF8;
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *err = NULL;

	if (t->source_flags & MG_WORD_CASELESS)
		flags |= HS_FLAG_CASELESS;
	const char *text =
		arena_str(&d->cat->arena, t->source.at, t->source.len);
	/* \A, \z and \G ask where a text begins, and texts are joined; what
	 * matches nothing or too much is no filter either. */
	if (strlen(text) != t->source.len || strstr(text, "\\A") ||
	    strstr(text, "\\z") || strstr(text, "\\Z") || strstr(text, "\\G") ||
	    strstr(text, "(*") ||
	    hs_expression_info(text, flags, &info, &err) != HS_SUCCESS)
		t->unfiltered = true;
	else if (info->min_width == 0)
		t->unfiltered = true;
	if (info && info->max_width != UINT32_MAX && info->max_width > 0 &&
	    !t->unfiltered)
		t->max = info->max_width;
	free(info);
	hs_free_compile_error(err);
	if (!t->unfiltered)
		watch(d, text, flags, 0, i);
}

static void key_of(const struct draft *d, unsigned char key[32])
{
	struct arena a;
	char *all;
	size_t len = 0;

	arena_init(&a);
	for (uint32_t i = 0; i < d->count; i++)
		len += strlen(d->anchors[i].text) + 16;
	all = arena_alloc(&a, len + 256);
	len = (size_t)snprintf(all, 256, "%s\n", hs_version());
	for (uint32_t i = 0; i < d->count; i++)
		len += (size_t)sprintf(all + len, "%u %s\n",
				       d->anchors[i].flags, d->anchors[i].text);
	hash_sha256(slice(all, len), key);
	arena_deinit(&a);
}

/* Returns MG_EAGAIN when an operator's regex was given up on. */
static int build_once(struct draft *d)
{
	const char **text = calloc(d->count, sizeof(*text));
	unsigned *flags = calloc(d->count, sizeof(*flags));
	unsigned *ids = calloc(d->count, sizeof(*ids));
	hs_compile_error_t *err = NULL;
	int rc = 0;

	if (!text || !flags || !ids)
		abort();
	for (uint32_t i = 0; i < d->count; i++) {
		text[i] = d->anchors[i].text;
		flags[i] = d->anchors[i].flags;
		ids[i] = i;
	}
	if (hs_compile_multi(text, flags, ids, d->count, HS_MODE_BLOCK, NULL,
			     &d->cat->db, &err) != HS_SUCCESS) {
		int bad = err ? err->expression : -1;

		rc = fail(d->cat, bad >= 0 ? text[bad] : "database",
			  err ? err->message : "does not compile");
		if (bad >= 0 && d->anchors[bad].width == 0) {
			/* It can still be asked of every text. */
			d->anchors[bad].text = NOWHERE;
			d->anchors[bad].flags = 0;
			for (uint32_t i = 0; i < d->watcher_count; i++)
				if (d->watchers[i].anchor == (uint32_t)bad)
					d->cat->things[d->watchers[i].thing]
						.unfiltered = true;
			rc = MG_EAGAIN;
		}
	}
	hs_free_compile_error(err);
	free(text);
	free(flags);
	free(ids);
	return rc;
}

static int by_anchor(const void *a, const void *b)
{
	const struct watcher *p = a, *q = b;

	if (p->anchor != q->anchor)
		return p->anchor < q->anchor ? -1 : 1;
	return (p->thing > q->thing) - (p->thing < q->thing);
}

static int build_database(struct draft *d, const char *cache)
{
	struct mg_catalogue *cat = d->cat;
	unsigned char key[32];
	int rc = MG_EAGAIN;

	if (d->count == 0)
		return 0;
	qsort(d->watchers, d->watcher_count, sizeof(*d->watchers), by_anchor);
	for (uint32_t i = 0; i < d->watcher_count; i++) {
		struct anchor *a = &d->anchors[d->watchers[i].anchor];

		if (a->count++ == 0)
			a->first = i;
	}
	key_of(d, key);
	if (cache)
		cat->db = cache_take(cache, key);
	if (!cat->db) {
		while (rc == MG_EAGAIN)
			rc = build_once(d);
		if (rc < 0)
			return rc;
		key_of(d, key);
		if (cache)
			cache_keep(cache, key, cat->db);
	}
	cat->anchors = d->anchors;
	cat->anchor_count = d->count;
	cat->watchers = d->watchers;
	cat->watcher_count = d->watcher_count;
	if (hs_alloc_scratch(cat->db, &cat->scratch) != HS_SUCCESS)
		return fail(cat, "database", "no scratch memory");
	return 0;
}

static int compile_pattern(struct mg_catalogue *cat, struct thing *t)
{
	uint32_t options = PCRE2_ANCHORED | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP |
			   PCRE2_DOLLAR_ENDONLY;
	PCRE2_SIZE at;
	int code;

	t->code =
		pcre2_compile((PCRE2_SPTR)t->row->pattern,
			      PCRE2_ZERO_TERMINATED, options, &code, &at, NULL);
	if (!t->code) {
		char why[200], text[160];

		pcre2_get_error_message(code, (PCRE2_UCHAR *)text,
					sizeof(text));
		snprintf(why, sizeof(why), "at %zu: %s", at, text);
		return fail(cat, t->row->name, why);
	}
	/* Where the system forbids it, matching is interpreted. */
	pcre2_jit_compile(t->code, PCRE2_JIT_COMPLETE);
	return 0;
}

static int prepare_row(struct draft *d, struct shape_list *shapes, uint32_t i)
{
	struct mg_catalogue *cat = d->cat;
	struct thing *t = &cat->things[i];
	const struct row *row = t->row;
	int rc = 0;

	if (row->context)
		contexts_add(cat->contexts, i, row->context);
	if (row->unless)
		contexts_add(cat->contexts, cat->built_in + i, row->unless);
	if (row->shape) {
		cat->sieved = true;
		int longest = shape_list_add(shapes, row->shape, (uint16_t)i);
		if (longest < 0)
			return fail(cat, row->name, "bad shape");
		if (!row->max)
			t->max = (uint32_t)longest;
	}
	if (row->pattern && *row->pattern)
		rc = compile_pattern(cat, t);
	if (rc == 0 && row->anchor)
		rc = draft_row(d, i);
	return rc;
}

static void prepare_hooks(struct mg_catalogue *cat)
{
	for (uint32_t hook = 0; hook < HOOKS; hook++) {
		uint32_t n = 0;

		cat->hooked[hook] = arena_alloc(
			&cat->arena, (cat->built_in + 1) * sizeof(uint16_t));
		for (uint32_t i = 0; i < cat->built_in && hook; i++)
			if (cat->things[i].needed &&
			    cat->things[i].row->hook == hook)
				cat->hooked[hook][n++] = (uint16_t)i;
		cat->hooked[hook][n] = SHAPE_END;
		cat->sieved |= n > 0;
	}
}

/* Families whose judge has an entity that is needed. */
static void prepare_judges(struct mg_catalogue *cat)
{
	cat->judges = arena_alloc(&cat->arena,
				  (cat->built_in + 1) * sizeof(*cat->judges));
	cat->judge_base = arena_alloc(
		&cat->arena, (cat->built_in + 1) * sizeof(*cat->judge_base));
	for (uint32_t i = 0; i < cat->built_in; i++) {
		const struct thing *t = &cat->things[i];

		if (!t->needed || !t->family->judge)
			continue;
		cat->linear |= (t->row->flags & ROW_LINEAR) != 0;
		if (cat->judge_count &&
		    cat->judges[cat->judge_count - 1] == t->family)
			continue;
		cat->judges[cat->judge_count] = t->family;
		cat->judge_base[cat->judge_count++] = i - t->in_family;
	}
}

static void prepare_own(struct draft *d)
{
	struct mg_catalogue *cat = d->cat;
	uint32_t n = cat->count - cat->built_in + 1;

	cat->regexes = arena_alloc(&cat->arena, n * sizeof(uint32_t));
	cat->lists = arena_alloc(&cat->arena, n * sizeof(uint32_t));
	for (uint32_t i = cat->built_in; i < cat->count; i++) {
		if (!cat->things[i].needed)
			continue;
		if (cat->things[i].words || cat->things[i].urls) {
			cat->lists[cat->list_count++] = i;
			continue;
		}
		cat->regexes[cat->regex_count++] = i;
		draft_own(d, i);
	}
}

int mg_catalogue_compile(struct mg_catalogue *cat, const char *cache)
{
	struct draft d = { .cat = cat };
	struct shape_list *shapes = shape_list_new();
	int rc = 0;

	if (cat->frozen) {
		shape_list_free(shapes);
		return fail(cat, "catalogue", "is compiled already");
	}
	cat->frozen = true;
	cat->contexts = contexts_new(2 * cat->built_in);
	for (uint32_t i = 0; i < cat->built_in && rc == 0; i++)
		if (cat->things[i].needed)
			rc = prepare_row(&d, shapes, i);
	shapes_init(&cat->shapes, shapes);
	shape_list_free(shapes);
	if (rc < 0)
		return rc;
	prepare_hooks(cat);
	prepare_judges(cat);
	prepare_own(&d);
	rc = build_database(&d, cache);
	for (uint32_t i = 0; i < cat->count; i++)
		if (cat->things[i].needed && cat->things[i].max > cat->reach)
			cat->reach = cat->things[i].max;
	cat->compiled = rc == 0;
	return rc;
}
