/* fuzz_policy.c - arbitrary bytes as a policy, a word, examples, moongate.lua.
 *
 * Whatever they are, they are read within a budget: refused with a sentence, or
 * loaded. Detectors are not compiled, for that is not what is tried here.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/mg.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

enum { RUNS_A_STATE = 2000 };

static lua_State *state(void)
{
	static lua_State *L;
	static int runs;

	if (L && ++runs % RUNS_A_STATE == 0) {
		lua_close(L);
		L = NULL;
	}
	if (L)
		return L;
	L = luaL_newstate();
	luaL_openlibs(L);
	lua_getglobal(L, "require");
	lua_pushliteral(L, "moongate.boot");
	lua_call(L, 1, 1);
	return L;
}

/* A list of one file. */
static void push_file(lua_State *L, const char *stem, const char *at,
		      size_t len)
{
	lua_newtable(L);
	lua_newtable(L);
	lua_pushfstring(L, "%s.lua", stem);
	lua_setfield(L, -2, "path");
	lua_pushstring(L, stem);
	lua_setfield(L, -2, "stem");
	lua_pushlstring(L, at, len);
	lua_setfield(L, -2, "text");
	lua_rawseti(L, -2, 1);
}

/* Two results are wanted: something, or nil and a sentence. Never an error. */
static void call(lua_State *L, int args)
{
	if (lua_pcall(L, args, 2, 0)) {
		fprintf(stderr, "threw: %s\n", lua_tostring(L, -1));
		abort();
	}
	if (lua_isnil(L, -2) && !lua_isstring(L, -1))
		abort();
	lua_settop(L, 1);
}

static void load(lua_State *L, const char *at, size_t len, int word)
{
	static const char user[] =
		"return Policy \"p\" { When = w, Then = log }";
	struct mg_catalogue *cat = mg_catalogue_new();

	lua_getfield(L, 1, "plan");
	lua_pushnumber(L, (double)(uintptr_t)cat);
	if (word)
		push_file(L, "p", user, strlen(user));
	else
		push_file(L, "p", at, len);
	if (word)
		push_file(L, "w", at, len);
	else
		lua_newtable(L);
	call(L, 3);
	mg_catalogue_free(cat);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	lua_State *L = state();
	const char *text = (const char *)at + 1;

	if (len < 1 || len > 8192)
		return 0;
	len--;
	switch (at[0] % 4) {
	case 0:
		lua_getfield(L, 1, "conf");
		lua_pushliteral(L, "m.lua");
		lua_pushlstring(L, text, len);
		lua_newtable(L);
		call(L, 3);
		break;
	case 1:
		lua_getfield(L, 1, "examples");
		lua_pushliteral(L, "x_spec.lua");
		lua_pushlstring(L, text, len);
		call(L, 2);
		break;
	default:
		load(L, text, len, at[0] % 4 == 2);
	}
	return 0;
}
