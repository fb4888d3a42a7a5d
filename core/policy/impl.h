/* impl.h - a generation from inside: shared by the two files that talk to Lua.
 *
 *   engine_load.c   conf -> files -> [moongate.boot] -> a generation
 *   engine.c        keeps generations, asks them
 */
#pragma once
#include "policy/engine.h"
#include "policy/scope.h"

struct lua_State;

/* Functions of moongate.boot and what they made, as registry references. */
enum lua_ref { REF_BOOT, REF_PLAN, REF_JUDGE, REF_RESOLVE, REFS };

struct texts {
	struct mg_slice *at;
	uint32_t count;
};

struct generation {
	struct lua_State *L;
	int ref[REFS];
	unsigned holders;
	const struct conf *conf; /* borrows */
	struct conf *own;        /* the same, when it was read for us; owns */
	struct mg_catalogue *catalogue;
	struct mg_apps *apps;
	struct mg_scan *scan;
	struct verdict_table table;
	struct texts policies;
	struct texts reasons;
	struct arena arena; /* of the texts */
	uint64_t revision;
	struct scopes scopes;
};

/* NULL with sentences in `why`. Borrows `conf`. */
struct generation *generation_new(const struct conf *conf, char *why,
				  size_t why_len);
void generation_free(struct generation *gen);
