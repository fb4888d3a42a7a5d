/* engine_pac.c - see engine_pac.h. With engine.c, one of the two files that
 * know Lua's C interface. */
#include "policy/engine_pac.h"

#include <dirent.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Borrowed for one call; travels through lua_cpcall. */
struct asking {
	const struct conf *conf;
	bool plain;
	const char *hosts; /* NULL: render */
	struct buf *out;
	int err;
};

static void push_list(lua_State *L, const struct conf_list *list)
{
	lua_createtable(L, (int)list->count, 0);
	for (uint32_t i = 0; i < list->count; i++) {
		lua_pushstring(L, list->at[i]);
		lua_rawseti(L, -2, (int)i + 1);
	}
}

/* "HTTPS name:port" for each port of the listeners, once. */
static void push_proxies(lua_State *L, const struct asking *q)
{
	const struct conf *conf = q->conf;
	bool plain = q->plain || !conf->listen_tls.count;
	const struct conf_list *list =
		plain ? &conf->listen_plain : &conf->listen_tls;

	lua_newtable(L);
	lua_newtable(L); /* ports seen */
	for (uint32_t i = 0, n = 0; i < list->count; i++) {
		const char *port = strrchr(list->at[i], ':');
		port = port ? port + 1 : list->at[i];
		lua_getfield(L, -1, port);
		bool seen = lua_toboolean(L, -1);
		lua_pop(L, 1);
		if (seen)
			continue;
		lua_pushboolean(L, 1);
		lua_setfield(L, -2, port);
		lua_pushfstring(L, "%s %s:%s", plain ? "PROXY" : "HTTPS",
				conf->proxy_name, port);
		lua_rawseti(L, -3, (int)++n);
	}
	lua_pop(L, 1);
}

static int is_lua(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return d->d_name[0] != '.' && dot && strcmp(dot, ".lua") == 0;
}

/* The operator's own tables, in the order of their names. */
static void push_files(lua_State *L, const char *dir)
{
	struct dirent **list;
	int n = *dir ? scandir(dir, &list, is_lua, alphasort) : 0;

	lua_newtable(L);
	for (int i = 0; i < n; i++) {
		lua_pushfstring(L, "%s/%s", dir, list[i]->d_name);
		lua_rawseti(L, -2, i + 1);
		free(list[i]);
	}
	if (*dir && n >= 0)
		free(list);
}

static void require(lua_State *L, const char *name)
{
	lua_getglobal(L, "require");
	lua_pushstring(L, name);
	lua_call(L, 1, 1);
}

/* The table that pac.render takes; an error when the tables are wrong. */
static void push_setting(lua_State *L, const struct asking *q)
{
	const struct conf *conf = q->conf;

	lua_newtable(L);
	require(L, "moongate.apps");
	lua_getfield(L, -1, "tables");
	push_files(L, conf->applications);
	lua_call(L, 1, 2);
	if (lua_isnil(L, -2))
		lua_error(L); /* with the complaints on top */
	lua_pop(L, 1);
	lua_setfield(L, -3, "tables");
	lua_pop(L, 1);

	lua_newtable(L);
	push_list(L, &conf->hosts_ai);
	lua_setfield(L, -2, "ai");
	push_list(L, &conf->hosts_chatty);
	lua_setfield(L, -2, "chatty");
	push_list(L, &conf->hosts_bypass);
	lua_setfield(L, -2, "bypass");
	lua_setfield(L, -2, "lists");

	push_proxies(L, q);
	lua_setfield(L, -2, "proxies");
	lua_pushboolean(L, conf->pac_failure == 1);
	lua_setfield(L, -2, "open");
}

/* Runs inside lua_cpcall: nothing here holds memory of its own when an error
 * leaves it, but push_files' list, for the few calls it takes. */
static int ask(lua_State *L)
{
	struct asking *q = lua_touserdata(L, 1);
	size_t len;

	luaL_openlibs(L);
	require(L, "pac_gen.pac");
	lua_getfield(L, -1, q->hosts ? "ask" : "render");
	push_setting(L, q);
	if (q->hosts)
		lua_pushstring(L, q->hosts);
	lua_call(L, q->hosts ? 2 : 1, 2);
	if (lua_isnil(L, -2))
		return lua_error(L);
	lua_pop(L, 1);
	const char *text = lua_tolstring(L, -1, &len);
	q->err = buf_add_at(q->out, text, len);
	return 0;
}

static int run(struct asking *q, char *why, size_t why_len)
{
	lua_State *L = luaL_newstate();

	if (!L)
		abort();
	if (lua_cpcall(L, ask, q)) {
		const char *text = lua_tostring(L, -1);
		snprintf(why, why_len, "%s", text ? text : "unknown error");
		q->err = MG_EINVAL;
	} else if (q->err < 0) {
		snprintf(why, why_len, "%s", mg_strerror(q->err));
	}
	lua_close(L);
	return q->err;
}

int engine_pac(const struct conf *conf, bool plain, struct buf *out, char *why,
	       size_t why_len)
{
	struct asking q = { .conf = conf, .plain = plain, .out = out };

	return run(&q, why, why_len);
}

int engine_pac_ask(const struct conf *conf, bool plain, const char *hosts,
		   struct buf *out, char *why, size_t why_len)
{
	struct asking q = {
		.conf = conf, .plain = plain, .hosts = hosts, .out = out
	};

	return run(&q, why, why_len);
}
