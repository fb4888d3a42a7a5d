/* engine_examples.c - see engine_examples.h */
#include "policy/engine_examples.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "policy/impl.h"
#include "policy/sources.h"

/* --- tables of Lua as fields ------------------------------------------------
 * The table in question is at the top. */

static struct mg_slice text_at(lua_State *L, struct arena *a)
{
	size_t len = 0;
	const char *at = lua_tolstring(L, -1, &len);

	return arena_slice(a, slice(at ? at : "", at ? len : 0));
}

static struct mg_slice text_field(lua_State *L, struct arena *a,
				  const char *name)
{
	lua_getfield(L, -1, name);
	struct mg_slice text = text_at(L, a);
	lua_pop(L, 1);
	return text;
}

static double number_field(lua_State *L, const char *name)
{
	lua_getfield(L, -1, name);
	double n = lua_tonumber(L, -1);
	lua_pop(L, 1);
	return n;
}

static struct mg_slice *list_field(lua_State *L, struct arena *a,
				   const char *name, uint32_t *count)
{
	struct mg_slice *list;

	lua_getfield(L, -1, name);
	*count = (uint32_t)lua_objlen(L, -1);
	list = arena_alloc(a, (*count + 1) * sizeof(*list));
	for (uint32_t i = 0; i < *count; i++) {
		lua_rawgeti(L, -1, (int)i + 1);
		list[i] = text_at(L, a);
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
	return list;
}

static void read_segments(lua_State *L, struct arena *a, struct example *x)
{
	lua_getfield(L, -1, "segments");
	x->segment_count = (uint32_t)lua_objlen(L, -1);
	x->segments =
		arena_zalloc(a, (x->segment_count + 1) * sizeof(*x->segments));
	for (uint32_t i = 0; i < x->segment_count; i++) {
		struct mg_segment *seg = &x->segments[i];

		lua_rawgeti(L, -1, (int)i + 1);
		seg->role = (uint32_t)number_field(L, "role");
		seg->kind = (uint32_t)number_field(L, "kind");
		seg->text = text_field(L, a, "text");
		seg->path = slice_str("");
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

static void read_example(lua_State *L, struct arena *a, struct example *x)
{
	struct mg_slice *attrs;
	uint32_t count;

	x->policy = text_field(L, a, "policy");
	x->title = text_field(L, a, "title");
	x->verb = text_field(L, a, "verb");
	x->times = (uint32_t)number_field(L, "times");
	x->number[MG_NUM_SURFACE] = number_field(L, "surface");
	x->number[MG_NUM_STAGE] = number_field(L, "stage");
	x->number[MG_NUM_BYTES] = number_field(L, "bytes");
	x->number[MG_NUM_TOKENS] = number_field(L, "tokens");
	x->number[MG_NUM_ASSURANCE] = number_field(L, "assurance");
	x->number[MG_NUM_TIME] = number_field(L, "time");
	attrs = list_field(L, a, "attrs", &count);
	for (uint32_t i = 0; i < count && i < MG_ATTRS; i++)
		x->attr[i] = attrs[i];
	x->tags = list_field(L, a, "tags", &x->tag_count);
	x->groups = list_field(L, a, "groups", &x->group_count);
	x->tools = list_field(L, a, "tools", &x->tool_count);
	read_segments(L, a, x);
	x->number[MG_NUM_SEGMENTS] = x->segment_count;
}

/* The list, or nil and why not, is pushed. */
static int run(lua_State *L, const char *path, struct mg_slice text)
{
	luaL_openlibs(L);
	lua_getglobal(L, "require");
	lua_pushliteral(L, "moongate.examples");
	if (lua_pcall(L, 1, 1, 0))
		return MG_EINVAL;
	lua_pushstring(L, path);
	lua_pushlstring(L, text.at, text.len);
	if (lua_pcall(L, 2, 2, 0))
		return MG_EINVAL;
	if (lua_isnil(L, -2))
		return MG_EINVAL;
	lua_pop(L, 1);
	return MG_OK;
}

int examples_read(struct examples *out, struct arena *a, const char *path,
		  char *why, size_t why_len)
{
	struct mg_slice text;
	lua_State *L;
	int err = source_read(a, path, &text, why, why_len);

	if (err)
		return MG_EINVAL;
	L = luaL_newstate();
	if (!L)
		abort();
	err = run(L, path, text);
	if (err) {
		const char *said = lua_tostring(L, -1);

		snprintf(why, why_len, "%s", said ? said : "no reason");
		lua_close(L);
		return err;
	}
	out->count = (uint32_t)lua_objlen(L, -1);
	out->at = arena_zalloc(a, (out->count + 1) * sizeof(*out->at));
	for (uint32_t i = 0; i < out->count; i++) {
		lua_rawgeti(L, -1, (int)i + 1);
		read_example(L, a, &out->at[i]);
		lua_pop(L, 1);
	}
	lua_close(L);
	return MG_OK;
}

/* --- trying ----------------------------------------------------------------
 */

static int policy_index(const struct generation *gen, struct mg_slice id)
{
	for (uint32_t i = 0; generation_policy(gen, i).len; i++)
		if (slice_same(generation_policy(gen, i), id))
			return (int)i;
	return MG_EINVAL;
}

static enum mg_action vote_of(const struct verdict *v, uint32_t policy)
{
	enum mg_action most = MG_ALLOW;

	for (uint32_t i = 0; i < v->vote_count; i++) {
		const struct vote *vote = &v->votes[i];
		enum mg_action action = vote->action;

		if (vote->observe && action > MG_LOG)
			action = MG_LOG;
		/* A failure speaks for every policy. */
		if ((vote->policy == policy || vote->policy == VOTE_FAILURE) &&
		    action > most)
			most = action;
	}
	return most;
}

static enum mg_action judge_once(struct generation *gen,
				 const struct example *x, struct quota *quota,
				 uint32_t policy)
{
	enum mg_action action;
	struct verdict v;
	struct arena a;

	arena_init(&a);
	verdict_init(&v, &a);
	struct mg_case c = {
		.arena = &a,
		.tags = x->tags,
		.tag_count = x->tag_count,
		.groups = x->groups,
		.group_count = x->group_count,
		.tools = x->tools,
		.tool_count = x->tool_count,
		.segments = x->segments,
		.segment_count = x->segment_count,
		.scan = generation_scan(gen),
		.quota = quota,
		.verdict = &v,
	};
	memcpy(c.attr, x->attr, sizeof(c.attr));
	memcpy(c.number, x->number, sizeof(c.number));
	if (c.number[MG_NUM_TIME] == 0)
		c.number[MG_NUM_TIME] = (double)(clock_now_us() / 1000000);
	generation_judge(gen, &c);
	action = vote_of(&v, policy);
	arena_deinit(&a);
	return action;
}

int example_try(struct generation *gen, const struct example *x,
		struct quota *quota)
{
	int policy = policy_index(gen, x->policy);
	enum mg_action action = MG_ALLOW;

	if (policy < 0)
		return policy;
	for (uint32_t i = 0; i < x->times; i++)
		action = judge_once(gen, x, quota, (uint32_t)policy);
	return (int)action;
}
