/* scope.c - see scope.h */
#include "policy/scope.h"

#include "base/hash.h"

static uint64_t join(uint64_t h, struct mg_slice s)
{
	h ^= hash_table(s);
	h *= 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static uint64_t join_list(uint64_t h, const struct mg_slice *list,
			  uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		h = join(h, list[i]);
	return join(h, slice("", 0));
}

uint64_t scope_key(const struct scopes *scopes, const struct mg_case *c)
{
	uint64_t h = (uint64_t)c->number[MG_NUM_SURFACE] + 1;

	for (uint32_t i = 0; i < MG_ATTRS; i++)
		if (scopes->looks[i])
			h = join(h, *mg_case_attr(c, i));
	if (scopes->looks[SCOPE_TAGS])
		h = join_list(h, c->tags, c->tag_count);
	if (scopes->looks[SCOPE_GROUPS])
		h = join_list(h, c->groups, c->group_count);
	return h ? h : 1;
}

const struct scope *scopes_find(const struct scopes *scopes, uint64_t key,
				double now)
{
	for (uint32_t i = (uint32_t)key;; i++) {
		const struct scope *s = &scopes->at[i & (SCOPES - 1)];

		if (s->key == key)
			return !s->until || now < s->until ? s : NULL;
		if (!s->key)
			return NULL;
	}
}

bool scopes_add(struct scopes *scopes, const struct scope *scope)
{
	if (scopes->count >= SCOPES / 2)
		return false;
	for (uint32_t i = (uint32_t)scope->key;; i++) {
		struct scope *s = &scopes->at[i & (SCOPES - 1)];

		if (s->key && s->key != scope->key)
			continue;
		scopes->count += !s->key;
		*s = *scope;
		return true;
	}
}

void scopes_drop(struct scopes *scopes)
{
	memset(scopes->at, 0, sizeof(scopes->at));
	scopes->count = 0;
}
