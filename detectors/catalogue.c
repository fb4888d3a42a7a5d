/* catalogue.c - names, groups, operators' own entities, and needs. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "detectors/content/urls.h"
#include "detectors/impl.h"
#include "detectors/linear/linear.h"
#include "detectors/scan.h"

#define X(name) &family_##name,
static const struct family *const families[] = { FAMILIES(X) };
#undef X

static struct thing *thing_add(struct mg_catalogue *cat)
{
	cat->things = arena_grow(&cat->arena, cat->things, cat->count,
				 &cat->cap, sizeof(*cat->things));
	struct thing *t = &cat->things[cat->count++];

	memset(t, 0, sizeof(*t));
	return t;
}

/* "secret.github_pat" gives "GITHUB_PAT". */
static const char *mask_of(struct arena *a, const char *name)
{
	const char *dot = strchr(name, '.');
	char *mask = arena_str(a, dot ? dot + 1 : name,
			       strlen(dot ? dot + 1 : name));

	for (char *c = mask; *c; c++)
		*c = *c == '.' ? '_' : (char)toupper((unsigned char)*c);
	return mask;
}

static void add_row(struct mg_catalogue *cat, const struct family *family,
		    uint32_t i)
{
	const struct row *row = &family->rows[i];
	struct thing *t = thing_add(cat);
	bool secret = row->flags & ROW_SECRET;

	t->reported = (uint32_t)(t - cat->things);
	for (uint32_t k = 0; k < t->reported; k++)
		if (strcmp(cat->things[k].row->name, row->name) == 0) {
			t->reported = k;
			break;
		}
	t->row = row;
	t->family = family;
	t->in_family = i;
	t->max = row->max ? row->max : ROW_MAX;
	t->entity = (struct mg_entity){
		.name = row->name,
		.detector = arena_str(&cat->arena, row->name,
				      strcspn(row->name, ".")),
		.mask = row->mask ? row->mask : mask_of(&cat->arena, row->name),
		.about = row->about,
		.tier = row->tier ? row->tier
			: secret  ? 1
				  : 2,
		.score = row->score ? row->score : 90,
	};
}

/* Not what asks how the text itself is written. */
bool catalogue_plain(const char *detector)
{
	static const char *const as_written[] = { "code", "unicode",
						  "language" };

	for (uint32_t i = 0; i < ARRAY_LEN(as_written); i++)
		if (!strcmp(detector, as_written[i]))
			return false;
	return true;
}

/* Marks and further looks of an entity have no name of their own. */
static bool is_visible(const struct thing *t, uint32_t i)
{
	return t->reported == i && !(t->row->flags & ROW_MARK);
}

/* An entity is in the groups its row names; in that of its detector, unless
 * they begin with "-"; and in that of its tier: "pii.tier2". */
static void name_row(struct mg_catalogue *cat, uint32_t i)
{
	const struct thing *t = &cat->things[i];
	const char *groups = t->row->groups;

	names_add(&cat->names, t->row->name, i);
	names_add(&cat->aliases, t->row->alias, i);
	names_add(&cat->groups,
		  arena_fmt(&cat->arena, "%s.tier%u", t->entity.detector,
			    t->entity.tier),
		  i);
	if (groups && groups[0] == '-')
		names_add(&cat->groups, groups + 1 + (groups[1] == ' '), i);
	else
		names_add(&cat->groups, t->entity.detector, i);
	if (groups && groups[0] != '-')
		names_add(&cat->groups, groups, i);
}

struct mg_catalogue *mg_catalogue_new(void)
{
	struct mg_catalogue *cat = calloc(1, sizeof(*cat));

	if (!cat)
		abort();
	/* A damaged table ends the start, not the first request. */
	linear_built_in();
	arena_init(&cat->arena);
	names_init(&cat->names, &cat->arena);
	names_init(&cat->aliases, &cat->arena);
	names_init(&cat->groups, &cat->arena);
	for (uint32_t f = 0; f < ARRAY_LEN(families); f++)
		for (uint32_t i = 0; i < families[f]->count; i++)
			add_row(cat, families[f], i);
	cat->built_in = cat->count;
	for (uint32_t i = 0; i < cat->built_in; i++)
		if (is_visible(&cat->things[i], i))
			name_row(cat, i);
	names_sort(&cat->names);
	names_sort(&cat->aliases);
	names_sort(&cat->groups);
	return cat;
}

void mg_catalogue_free(struct mg_catalogue *cat)
{
	if (!cat)
		return;
	for (uint32_t i = 0; i < cat->count; i++) {
		pcre2_code_free(cat->things[i].code);
		words_free(cat->things[i].words);
		urls_free(cat->things[i].urls);
	}
	hs_free_scratch(cat->scratch);
	hs_free_database(cat->db);
	shapes_deinit(&cat->shapes);
	contexts_free(cat->contexts);
	arena_deinit(&cat->arena);
	free(cat);
}

uint32_t mg_catalogue_count(const struct mg_catalogue *cat)
{
	return cat->count;
}

const struct mg_entity *mg_catalogue_at(const struct mg_catalogue *cat,
					uint32_t i)
{
	return i < cat->count ? &cat->things[i].entity : NULL;
}

int mg_catalogue_find(const struct mg_catalogue *cat, const char *name,
		      size_t len)
{
	int found = names_find(&cat->names, name, len, 0);

	if (found < 0)
		found = names_find(&cat->aliases, name, len, 0);
	for (uint32_t i = cat->built_in; i < cat->count && found < 0; i++)
		if (slice_is(slice(name, len), cat->things[i].entity.name))
			found = (int)i;
	return found;
}

int mg_catalogue_group(const struct mg_catalogue *cat, const char *group,
		       size_t len, uint32_t i)
{
	int found = names_find(&cat->groups, group, len, i);

	/* Operators' entities: "regex" and "keyword". */
	for (uint32_t k = cat->built_in; k < cat->count && found < 0; k++)
		if (slice_is(slice(group, len),
			     cat->things[k].entity.detector) &&
		    i-- == 0)
			found = (int)k;
	return found;
}

/* The one already there, or a new one with `t->source` filled in. */
static struct thing *own_of(struct mg_catalogue *cat, const char *name,
			    size_t name_len, struct mg_slice source,
			    uint32_t flags, const char *detector)
{
	for (uint32_t i = cat->built_in; i < cat->count; i++) {
		struct thing *t = &cat->things[i];

		if (slice_is(slice(name, name_len), t->entity.name) &&
		    slice_same(t->source, source) && t->source_flags == flags &&
		    strcmp(t->entity.detector, detector) == 0)
			return t;
	}
	struct thing *t = thing_add(cat);
	char *own = arena_str(&cat->arena, name, name_len);

	t->source = arena_slice(&cat->arena, source);
	t->source_flags = flags;
	t->entity = (struct mg_entity){
		.name = own,
		.detector = detector,
		.mask = mask_of(&cat->arena, own),
		.about = "Defined by the operator.",
		.tier = 1,
		.score = 100,
	};
	return t;
}

static int refuse(struct mg_catalogue *cat, const char *name, size_t len,
		  const char *why)
{
	snprintf(cat->error, sizeof(cat->error), "%.*s: %s",
		 (int)(len < 100 ? len : 100), name, why);
	return MG_EINVAL;
}

static int is_addable(struct mg_catalogue *cat, const char *name, size_t len)
{
	if (cat->frozen)
		return refuse(cat, name, len, "the catalogue is compiled");
	if (cat->count >= THINGS_MAX)
		return refuse(cat, name, len, "too many entities");
	return 0;
}

int mg_catalogue_add_regex(struct mg_catalogue *cat, const char *name,
			   size_t name_len, const char *pattern, size_t len,
			   uint32_t flags)
{
	char why[256];

	if (is_addable(cat, name, name_len) < 0)
		return MG_EINVAL;
	struct thing *t = own_of(cat, name, name_len, slice(pattern, len),
				 flags, "regex");
	if (!t->code)
		t->code = own_compile(t->source, flags, why, sizeof(why));
	if (!t->code) {
		cat->count--; /* it was made just now, and is the last */
		return refuse(cat, name, name_len, why);
	}
	t->max = ROW_MAX;
	return (int)(t - cat->things);
}

static int add_urls(struct mg_catalogue *cat, const char *name, size_t name_len,
		    struct mg_slice list)
{
	struct thing *t =
		own_of(cat, name, name_len, list, MG_WORD_URLS, "url");

	if (!t->urls)
		t->urls = urls_new(t->source);
	if (!t->urls) {
		cat->count--;
		return refuse(cat, name, name_len,
			      "the list holds what is no domain");
	}
	t->max = ROW_MAX;
	return (int)(t - cat->things);
}

int mg_catalogue_add_words(struct mg_catalogue *cat, const char *name,
			   size_t name_len, const char *words, size_t len,
			   uint32_t flags)
{
	if (is_addable(cat, name, name_len) < 0)
		return MG_EINVAL;
	if (flags & MG_WORD_URLS)
		return add_urls(cat, name, name_len, slice(words, len));
	struct thing *t = own_of(cat, name, name_len, slice(words, len), flags,
				 "keyword");
	if (!t->words)
		t->words = words_new(t->source, flags, &t->max);
	if (!t->words) {
		cat->count--;
		return refuse(cat, name, name_len,
			      "the list holds no word, or one over 1024 bytes");
	}
	return (int)(t - cat->things);
}

int mg_catalogue_need(struct mg_catalogue *cat, uint32_t entity)
{
	if (entity >= cat->count || cat->frozen)
		return MG_EINVAL;
	struct thing *t = &cat->things[entity];

	t->needed = true;
	cat->plain |= catalogue_plain(t->entity.detector);
	if (!t->row)
		return 0;
	/* All looks of the entity; and what a judge reports rests on all the
	 * marks of its family. */
	for (uint32_t i = 0; i < cat->built_in; i++) {
		struct thing *other = &cat->things[i];

		other->needed |=
			other->reported == entity ||
			(t->family->judge && other->family == t->family &&
			 other->row->flags & ROW_MARK);
	}
	return 0;
}

const char *mg_catalogue_error(const struct mg_catalogue *cat)
{
	return cat->error;
}

uint32_t mg_catalogue_reach(const struct mg_catalogue *cat)
{
	return cat->reach;
}

const struct row *catalogue_row(const struct mg_catalogue *cat, uint32_t i)
{
	return i < cat->count ? cat->things[i].row : NULL;
}
