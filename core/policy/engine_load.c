/* engine_load.c - builds what engine.c keeps; reads moongate.lua.
 *
 * The bytes of all files are read here and handed to Lua: Lua opens nothing.
 * What Lua says in words is copied out before the next call.
 */
#include <errno.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "detectors/scan.h"
#include "policy/impl.h"
#include "policy/sources.h"

/* --- talking to Lua ------------------------------------------------------- */

static void say(char *why, size_t why_len, const char *text)
{
	snprintf(why, why_len, "%s", text ? text : "no reason was given");
}

static lua_State *state_new(char *why, size_t why_len)
{
	lua_State *L = luaL_newstate();

	if (!L)
		abort();
	luaL_openlibs(L);
	lua_getglobal(L, "require");
	lua_pushliteral(L, "moongate.boot");
	if (lua_pcall(L, 1, 1, 0)) {
		say(why, why_len, lua_tostring(L, -1));
		lua_close(L);
		return NULL;
	}
	return L;
}

/* Pushes boot's function `name`; boot is at `boot`. */
static void push(lua_State *L, int boot, const char *name)
{
	lua_getfield(L, boot, name);
}

/* Calls what was pushed. False when it threw, or when its first result is nil
 * and the second says why. */
static bool call(lua_State *L, int args, int results, char *why, size_t why_len)
{
	int base = lua_gettop(L) - args;

	if (lua_pcall(L, args, results, 0)) {
		say(why, why_len, lua_tostring(L, -1));
		lua_pop(L, 1);
		return false;
	}
	if (lua_isnil(L, base)) {
		say(why, why_len, lua_tostring(L, base + 1));
		lua_settop(L, base - 1);
		return false;
	}
	return true;
}

/* Addresses of user space fit into a double whole. */
static void push_address(lua_State *L, const void *at)
{
	lua_pushnumber(L, (double)(uintptr_t)at);
}

static void push_slice(lua_State *L, struct mg_slice s)
{
	lua_pushlstring(L, s.at, s.len);
}

static struct mg_slice slice_at(lua_State *L, int i)
{
	size_t len = 0;
	const char *at = lua_tolstring(L, i, &len);

	return slice(at ? at : "", len);
}

/* --- moongate.lua --------------------------------------------------------- */

static void push_environment(lua_State *L)
{
	extern char **environ;

	lua_newtable(L);
	for (char **e = environ; *e; e++) {
		const char *eq = strchr(*e, '=');

		if (!eq)
			continue;
		lua_pushlstring(L, *e, (size_t)(eq - *e));
		lua_pushstring(L, eq + 1);
		lua_rawset(L, -3);
	}
}

/* One setting of the list that stands at the top. */
static int set_one(lua_State *L, int i, const char *path, struct conf *conf,
		   char *why, size_t why_len)
{
	char reason[512];

	lua_rawgeti(L, -1, i);
	lua_rawgeti(L, -1, 1);
	lua_rawgeti(L, -2, 2);
	lua_rawgeti(L, -3, 3);
	int err = conf_set(conf, lua_tostring(L, -3), lua_tostring(L, -2),
			   reason, sizeof(reason));
	if (err) {
		size_t used = strlen(why);

		snprintf(why + used, why_len - used, "%s%s:%d: %s",
			 used ? "\n" : "", path, (int)lua_tointeger(L, -1),
			 reason);
	}
	lua_pop(L, 4);
	return err;
}

static int read_conf(lua_State *L, const char *path, struct mg_slice text,
		     struct conf *conf, char *why, size_t why_len)
{
	int err = MG_OK;

	push(L, 1, "conf");
	lua_pushstring(L, path);
	push_slice(L, text);
	push_environment(L);
	if (!call(L, 3, 2, why, why_len))
		return MG_EINVAL;
	lua_pop(L, 1);
	*why = '\0';
	for (int i = 1; i <= (int)lua_objlen(L, -1); i++)
		if (set_one(L, i, path, conf, why, why_len))
			err = MG_EINVAL;
	return err;
}

static void root_at(struct conf *conf, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return;
	char *dir = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	if (!dir)
		abort();
	conf_root(conf, dir);
	free(dir);
}

int engine_read_conf(const char *path, struct conf *conf, char *why,
		     size_t why_len)
{
	struct mg_slice text;
	struct arena a;
	int err;

	*why = '\0';
	if (!path)
		return MG_OK;
	arena_init(&a);
	err = source_read(&a, path, &text, why, why_len);
	if (!err) {
		lua_State *L = state_new(why, why_len);

		err = L ? read_conf(L, path, text, conf, why, why_len)
			: MG_EINVAL;
		if (L)
			lua_close(L);
	}
	if (!err)
		root_at(conf, path);
	arena_deinit(&a);
	return err ? MG_EINVAL : MG_OK;
}

/* --- building a generation ------------------------------------------------ */

static void push_list(lua_State *L, const struct conf_list *list)
{
	lua_newtable(L);
	for (uint32_t i = 0; i < list->count; i++) {
		lua_pushstring(L, list->at[i]);
		lua_rawseti(L, -2, (int)i + 1);
	}
}

static void push_files(lua_State *L, const struct sources *files)
{
	lua_createtable(L, (int)files->count, 0);
	for (uint32_t i = 0; i < files->count; i++) {
		lua_createtable(L, 0, 3);
		lua_pushstring(L, files->at[i].path);
		lua_setfield(L, -2, "path");
		lua_pushstring(L, files->at[i].stem);
		lua_setfield(L, -2, "stem");
		push_slice(L, files->at[i].text);
		lua_setfield(L, -2, "text");
		lua_rawseti(L, -2, (int)i + 1);
	}
}

/* Leaves the ids of all applications at the top. */
static bool load_apps(struct generation *gen, struct arena *a, char *why,
		      size_t why_len)
{
	const struct conf *conf = gen->conf;
	struct sources own = { 0 };
	lua_State *L = gen->L;

	if (*conf->applications &&
	    sources_read(&own, a, conf->applications, false, why, why_len) < 0)
		return false;
	push(L, 1, "apps");
	push_address(L, gen->apps);
	push_files(L, &own);
	lua_newtable(L);
	push_list(L, &conf->hosts_ai);
	lua_setfield(L, -2, "ai");
	push_list(L, &conf->hosts_chatty);
	lua_setfield(L, -2, "chatty");
	push_list(L, &conf->hosts_bypass);
	lua_setfield(L, -2, "bypass");
	if (!call(L, 3, 2, why, why_len))
		return false;
	lua_pop(L, 1);
	return true;
}

/* Equal files, equal number: what workers say they run can be compared. */
static uint64_t revision_of(const struct sources *lists, int count)
{
	unsigned char sum[32];
	uint64_t revision = 0;

	hash_sha256(slice("", 0), sum);
	for (int l = 0; l < count; l++) {
		for (uint32_t i = 0; i < lists[l].count; i++) {
			const struct source *f = &lists[l].at[i];
			unsigned char all[96];

			memcpy(all, sum, 32);
			hash_sha256(slice_str(f->stem), all + 32);
			hash_sha256(f->text, all + 64);
			hash_sha256(slice((char *)all, 96), sum);
		}
	}
	for (int i = 0; i < 6; i++)
		revision = revision << 8 | sum[i];
	return revision;
}

/* The ids at the top are used up; the plan is left there. */
static bool load_policies(struct generation *gen, struct arena *a, char *why,
			  size_t why_len)
{
	struct sources files[2];
	lua_State *L = gen->L;
	const char *dir = gen->conf->policies;

	if (sources_read(&files[0], a, dir, false, why, why_len) < 0 ||
	    sources_read(&files[1], a, arena_fmt(a, "%s/words", dir), true, why,
			 why_len) < 0)
		return false;
	push(L, 1, "plan");
	lua_insert(L, -2);
	push_address(L, gen->catalogue);
	lua_insert(L, -2);
	push_files(L, &files[0]);
	lua_insert(L, -2);
	push_files(L, &files[1]);
	lua_insert(L, -2);
	if (!call(L, 4, 2, why, why_len))
		return false;
	lua_pop(L, 1);
	gen->revision = revision_of(files, 2);
	return true;
}

static void take_texts(struct generation *gen, int i, struct texts *out)
{
	lua_State *L = gen->L;

	out->count = (uint32_t)lua_objlen(L, i);
	out->at = arena_alloc(&gen->arena, (out->count + 1) * sizeof(*out->at));
	for (uint32_t n = 0; n < out->count; n++) {
		lua_rawgeti(L, i, (int)n + 1);
		out->at[n] = arena_slice(&gen->arena, slice_at(L, -1));
		lua_pop(L, 1);
	}
}

/* Takes the plan off the top. */
static bool keep_plan(struct generation *gen, char *why, size_t why_len)
{
	lua_State *L = gen->L;

	gen->ref[REF_PLAN] = luaL_ref(L, LUA_REGISTRYINDEX);
	push(L, 1, "lists");
	lua_rawgeti(L, LUA_REGISTRYINDEX, gen->ref[REF_PLAN]);
	if (!call(L, 1, 3, why, why_len))
		return false;
	take_texts(gen, -3, &gen->policies);
	take_texts(gen, -2, &gen->reasons);
	for (int i = 1; i <= (int)lua_objlen(L, -1); i++) {
		lua_rawgeti(L, -1, i);
		gen->scopes.looks[lua_tointeger(L, -1)] = true;
		lua_pop(L, 1);
	}
	lua_pop(L, 3);
	push(L, 1, "judge");
	gen->ref[REF_JUDGE] = luaL_ref(L, LUA_REGISTRYINDEX);
	push(L, 1, "resolve");
	gen->ref[REF_RESOLVE] = luaL_ref(L, LUA_REGISTRYINDEX);
	gen->ref[REF_BOOT] = luaL_ref(L, LUA_REGISTRYINDEX);
	return true;
}

/* Compiled databases are kept under the state directory, if there is one. */
static int compile(struct generation *gen, char *why, size_t why_len)
{
	struct stat st;
	char cache[4096];
	bool kept = stat(gen->conf->state, &st) == 0;

	snprintf(cache, sizeof(cache), "%s/cache", gen->conf->state);
	if (kept && mkdir(cache, 0700) < 0 && errno != EEXIST)
		kept = false;
	int err = mg_catalogue_compile(gen->catalogue, kept ? cache : NULL);
	if (err) {
		snprintf(why, why_len, "%s:1: detectors: %s",
			 gen->conf->policies,
			 mg_catalogue_error(gen->catalogue));
		return err;
	}
	gen->scan = mg_scan_new(gen->catalogue);
	if (!gen->scan) {
		say(why, why_len, "the detectors could not be started");
		return MG_EINVAL;
	}
	scan_limit(gen->scan, (uint32_t)gen->conf->limits_findings);
	return MG_OK;
}

void generation_free(struct generation *gen)
{
	if (gen->L)
		lua_close(gen->L);
	mg_scan_free(gen->scan);
	mg_apps_free(gen->apps);
	mg_catalogue_free(gen->catalogue);
	arena_deinit(&gen->arena);
	conf_free(gen->own);
	free(gen);
}

static struct verdict_table table_of(const struct conf *conf)
{
	struct verdict_table table = verdict_defaults;

	table.fallback[FAILURE_DETECTOR] = conf->failure_detector;
	table.fallback[FAILURE_TOO_BIG] = conf->failure_too_big;
	table.fallback[FAILURE_ENCODING] = conf->failure_encoding;
	table.fallback[FAILURE_UNREAD] = conf->failure_unread;
	table.fallback[FAILURE_UNMASKABLE] = conf->failure_unmaskable;
	return table;
}

struct generation *generation_new(const struct conf *conf, char *why,
				  size_t why_len)
{
	struct generation *gen = calloc(1, sizeof(*gen));
	struct arena a;

	if (!gen)
		abort();
	arena_init(&a);
	arena_init(&gen->arena);
	gen->holders = 1;
	gen->conf = conf;
	gen->table = table_of(conf);
	gen->catalogue = mg_catalogue_new();
	gen->apps = mg_apps_new();
	gen->L = state_new(why, why_len);
	bool fine = gen->L && load_apps(gen, &a, why, why_len) &&
		    load_policies(gen, &a, why, why_len) &&
		    keep_plan(gen, why, why_len) &&
		    compile(gen, why, why_len) == MG_OK;
	arena_deinit(&a);
	if (fine)
		return gen;
	generation_free(gen);
	return NULL;
}
