/* engine.c - see engine.h.
 *
 *   case --scope--> set of policies --one lua_pcall--> votes --join--> verdict
 *
 * No C frame of ours stands between a Lua error and its pcall.
 */
#include "policy/engine.h"

#include <lua.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "policy/impl.h"

struct engine {
	const struct conf *conf; /* borrows */
	char *path;              /* of moongate.lua; NULL: never read again */
	struct generation *now;
};

void generation_done(struct generation *gen)
{
	if (gen && --gen->holders == 0)
		generation_free(gen);
}

struct engine *engine_new(const struct conf *conf, char *why, size_t why_len)
{
	struct generation *first = generation_new(conf, why, why_len);
	struct engine *e;

	if (!first)
		return NULL;
	e = calloc(1, sizeof(*e));
	if (!e)
		abort();
	*e = (struct engine){ .conf = conf, .now = first };
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	generation_done(e->now);
	free(e->path);
	free(e);
}

void engine_follow(struct engine *e, const char *path)
{
	e->path = strdup(path);
	if (!e->path)
		abort();
}

/* A generation of the settings as they stand in the file now. */
static struct generation *read_again(struct engine *e, char *why,
				     size_t why_len)
{
	struct conf *conf = conf_new();
	struct generation *next = NULL;

	if (engine_read_conf(e->path, conf, why, why_len) == MG_OK)
		next = generation_new(conf, why, why_len);
	if (next)
		next->own = conf;
	else
		conf_free(conf);
	return next;
}

int engine_reload(struct engine *e, char *why, size_t why_len)
{
	struct generation *next =
		e->path ? read_again(e, why, why_len)
			: generation_new(e->conf, why, why_len);

	if (!next)
		return MG_EINVAL;
	generation_done(e->now);
	e->now = next;
	return MG_OK;
}

struct generation *engine_use(struct engine *e)
{
	e->now->holders++;
	return e->now;
}

/* --- what it holds -------------------------------------------------------- */

uint64_t generation_revision(const struct generation *gen)
{
	return gen->revision;
}

const struct mg_catalogue *generation_catalogue(const struct generation *gen)
{
	return gen->catalogue;
}

const struct mg_apps *generation_apps(const struct generation *gen)
{
	return gen->apps;
}

const struct verdict_table *generation_table(const struct generation *gen)
{
	return &gen->table;
}

const struct conf *generation_conf(const struct generation *gen)
{
	return gen->conf;
}

struct mg_scan *generation_scan(struct generation *gen)
{
	return gen->scan;
}

static struct mg_slice text_at(const struct texts *texts, uint32_t i)
{
	return i < texts->count ? texts->at[i] : slice("", 0);
}

struct mg_slice generation_policy(const struct generation *gen, uint32_t i)
{
	return text_at(&gen->policies, i);
}

struct mg_slice generation_reason(const struct generation *gen, uint32_t i)
{
	return text_at(&gen->reasons, i);
}

/* --- judging -------------------------------------------------------------- */

/* Addresses of user space fit into a double whole. */
static void push_address(lua_State *L, const void *at)
{
	lua_pushnumber(L, (double)(uintptr_t)at);
}

static void lua_failed(lua_State *L, const char *doing)
{
	log_error(LOG_POLICY, "%s: %s", doing, lua_tostring(L, -1));
	lua_settop(L, 0);
}

static bool forget(struct generation *gen)
{
	lua_State *L = gen->L;

	scopes_drop(&gen->scopes);
	lua_rawgeti(L, LUA_REGISTRYINDEX, gen->ref[REF_BOOT]);
	lua_getfield(L, -1, "forget");
	lua_rawgeti(L, LUA_REGISTRYINDEX, gen->ref[REF_PLAN]);
	if (lua_pcall(L, 1, 0, 0)) {
		lua_failed(L, "scopes are not forgotten");
		return false;
	}
	lua_settop(L, 0);
	return true;
}

static bool resolve(struct generation *gen, const struct mg_case *c,
		    struct scope *out)
{
	lua_State *L = gen->L;

	lua_rawgeti(L, LUA_REGISTRYINDEX, gen->ref[REF_RESOLVE]);
	lua_rawgeti(L, LUA_REGISTRYINDEX, gen->ref[REF_PLAN]);
	push_address(L, c);
	if (lua_pcall(L, 2, 4, 0)) {
		lua_failed(L, "a scope is not resolved");
		return false;
	}
	out->set = (uint32_t)lua_tointeger(L, 1);
	out->wanted[MG_REQUEST] = lua_toboolean(L, 2);
	out->wanted[MG_REPLY] = lua_toboolean(L, 3);
	out->until = lua_tonumber(L, 4);
	lua_settop(L, 0);
	return true;
}

/* NULL when Lua failed. Valid until the next call. */
static const struct scope *scope_of(struct generation *gen,
				    const struct mg_case *c)
{
	struct scope fresh = { .key = scope_key(&gen->scopes, c) };
	double now = c->number[MG_NUM_TIME];
	const struct scope *known = scopes_find(&gen->scopes, fresh.key, now);

	if (known)
		return known;
	if (gen->scopes.count >= SCOPES / 2 && !forget(gen))
		return NULL;
	if (!resolve(gen, c, &fresh) || !scopes_add(&gen->scopes, &fresh))
		return NULL;
	return scopes_find(&gen->scopes, fresh.key, 0);
}

bool generation_wants(struct generation *gen, const struct mg_case *c)
{
	const struct scope *s = scope_of(gen, c);
	bool reply = c->number[MG_NUM_STAGE] == MG_REPLY;

	/* When in doubt, look: then the judge fails, and not silently. */
	return !s || s->wanted[reply];
}

static bool judge(struct generation *gen, struct mg_case *c)
{
	lua_State *L = gen->L;
	const struct scope *s = scope_of(gen, c);

	if (!s)
		return false;
	if (!s->wanted[c->number[MG_NUM_STAGE] == MG_REPLY])
		return true;
	lua_rawgeti(L, LUA_REGISTRYINDEX, gen->ref[REF_JUDGE]);
	lua_rawgeti(L, LUA_REGISTRYINDEX, gen->ref[REF_PLAN]);
	push_address(L, c);
	lua_pushinteger(L, (lua_Integer)s->set);
	if (lua_pcall(L, 3, 0, 0)) {
		lua_failed(L, "the judge failed");
		return false;
	}
	lua_settop(L, 0);
	return true;
}

void generation_judge(struct generation *gen, struct mg_case *c)
{
	struct verdict *v = c->verdict;

	c->table = &gen->table;
	v->revision = gen->revision;
	if (!judge(gen, c))
		verdict_fail(v, &gen->table, FAILURE_DETECTOR);
	verdict_settle(v);
	for (uint32_t i = 0; i < v->vote_count; i++) {
		const struct vote *vote = &v->votes[i];

		if (vote->determining && vote->policy != VOTE_FAILURE) {
			v->reason = generation_reason(gen, vote->reason);
			break;
		}
	}
}

/* --- for people ------------------------------------------------------------
 */

static int tell(struct generation *gen, const char *name, struct mg_case *c,
		struct buf *out)
{
	lua_State *L = gen->L;
	size_t len;
	int err;

	lua_rawgeti(L, LUA_REGISTRYINDEX, gen->ref[REF_BOOT]);
	lua_getfield(L, -1, name);
	lua_rawgeti(L, LUA_REGISTRYINDEX, gen->ref[REF_PLAN]);
	if (c)
		push_address(L, c);
	if (lua_pcall(L, c ? 2 : 1, 1, 0)) {
		lua_failed(L, name);
		return MG_EINVAL;
	}
	const char *text = lua_tolstring(L, -1, &len);
	err = buf_add_at(out, text ? text : "", text ? len : 0);
	lua_settop(L, 0);
	return err;
}

int generation_explain(struct generation *gen, struct mg_case *c,
		       struct buf *out)
{
	return tell(gen, "explain", c, out);
}

int generation_list(struct generation *gen, struct buf *out)
{
	return tell(gen, "describe", NULL, out);
}
