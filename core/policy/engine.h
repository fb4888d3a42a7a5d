/* engine.h - the policies, loaded, and how they are replaced.
 *
 * A generation is one lua_State with every policy, application, list and the
 * detector database that they need. It is built aside and put in use only when
 * it is whole; a flow finishes with the generation it began with. So a reload
 * that fails changes nothing, and one that succeeds interrupts nobody.
 */
#pragma once
#include "base/buf.h"
#include "base/conf.h"
#include "policy/case.h"

struct engine;
struct generation;

/* Reads moongate.lua at `path` (NULL: all defaults) into `conf`; relative
 * paths in it start where the file lies. MG_EINVAL with sentences ("file:line:
 * what, hint"), one a line, in `why`. */
int engine_read_conf(const char *path, struct conf *conf, char *why,
		     size_t why_len);

/* Loads everything under conf->policies. Borrows `conf`. NULL with sentences
 * in `why`. */
struct engine *engine_new(const struct conf *conf, char *why, size_t why_len);
void engine_free(struct engine *e);

/* From now on a reload reads moongate.lua at `path` again, for what policies
 * and applications are made of: their directories, host lists, failures, limits
 * of bodies. Addresses and processes need a restart. */
void engine_follow(struct engine *e, const char *path);

/* Builds the next generation; 0, or MG_EINVAL with the old one still in use
 * and the reasons in `why`, each starting with file:line. */
int engine_reload(struct engine *e, char *why, size_t why_len);

/* The generation in use. The caller owes one generation_done(). */
struct generation *engine_use(struct engine *e);
void generation_done(struct generation *gen);

/* Made of the bytes of all policies: equal in every process that loaded the
 * same files. Below 2^53. */
uint64_t generation_revision(const struct generation *gen);
const struct mg_catalogue *generation_catalogue(const struct generation *gen);
const struct mg_apps *generation_apps(const struct generation *gen);
const struct verdict_table *generation_table(const struct generation *gen);
const struct conf *generation_conf(const struct generation *gen);
/* One scan, for one case after another. */
struct mg_scan *generation_scan(struct generation *gen);
/* Id and reason text by the indices that votes carry; empty for others. Valid
 * as long as gen. */
struct mg_slice generation_policy(const struct generation *gen, uint32_t i);
struct mg_slice generation_reason(const struct generation *gen, uint32_t i);

/* Puts `c` before every policy that may apply; writes c->verdict (settled).
 * A judge that throws, loops or answers nonsense gives FAILURE_DETECTOR. */
void generation_judge(struct generation *gen, struct mg_case *c);

/* Which policies could apply, by (surface, application, integration, tags):
 * true when any of them looks at this stage. Cached. */
bool generation_wants(struct generation *gen, const struct mg_case *c);

/* For people: the case judged last as a tree; all policies, one a line. 0, or
 * MG_EINVAL. */
int generation_explain(struct generation *gen, struct mg_case *c,
		       struct buf *out);
int generation_list(struct generation *gen, struct buf *out);
