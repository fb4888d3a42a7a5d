/* verdict.h - the join of all votes, and the one place that decides what a
 * failure means.
 *
 *   allow < log < mask < block        join = the greater; masks add up
 *
 * Commutative, associative, idempotent: the order of policies never matters.
 */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

/* Why a verdict could not be reached by policy alone (design, section 12). */
enum failure {
	FAILURE_NONE,
	FAILURE_DETECTOR,   /* detector or policy error, budget spent */
	FAILURE_TOO_BIG,    /* body over its ceiling */
	FAILURE_ENCODING,   /* unknown or broken Content-Encoding, bomb */
	FAILURE_UNREAD,     /* a body type no reader knows */
	FAILURE_IDENTITY,   /* who is it? */
	FAILURE_NO_POLICY,  /* no generation in use */
	FAILURE_UNMASKABLE, /* a mask falls where nothing can be written */
	FAILURES            /* how many; must be last */
};

enum fallback { FALLBACK_BLOCK, FALLBACK_ALLOW_WITH_ALERT, FALLBACK_LOG };

/* Stands in a vote for the policy when a failure casts it. */
#define VOTE_FAILURE UINT32_MAX

/* What one policy wants. Casting the same vote twice changes nothing. */
struct vote {
	uint32_t policy;  /* index into the generation's policies */
	uint32_t action;  /* mg_action, before observe */
	uint32_t reason;  /* index into the generation's reasons; a failure's */
	uint32_t retry;   /* seconds until a tripped limit allows again, or 0 */
	bool observe;     /* counts as log at most */
	bool alert;       /* somebody wants to be told */
	bool determining; /* its action is the verdict's; by verdict_settle */
};

/* `policy` matched because of this finding. */
struct because {
	uint32_t policy;
	uint32_t finding;
};

/* A mask over [from, to) of a segment's decoded text. */
struct masking {
	uint32_t segment;
	uint32_t from;
	uint32_t to;
	uint32_t entity;
	uint32_t style; /* mg_mask_style */
};

struct verdict {
	struct arena *arena; /* borrows */
	bool observe;        /* nothing acts: the deployment only watches */
	enum mg_action action;
	bool observed; /* something stronger was wanted, and not done */
	bool alert;
	enum failure failure; /* the one that weighs most */
	struct mg_slice
		reason;       /* for the person who is blocked; never payload */
	uint32_t retry_after; /* seconds; > 0 when only limits block: 429 */
	struct vote *votes;   /* one of each, by policy, after settling */
	uint32_t vote_count;
	uint32_t vote_cap;
	struct masking *masks; /* sorted, overlaps merged, by verdict_settle */
	uint32_t mask_count;
	uint32_t mask_cap;
	struct because *because; /* for the record */
	uint32_t because_count;
	uint32_t because_cap;
	uint64_t revision; /* of the generation that judged */
};

/* Which fallback stands for each failure; filled from the configuration. */
struct verdict_table {
	enum fallback fallback[FAILURES];
};

extern const struct verdict_table verdict_defaults;

void verdict_init(struct verdict *v, struct arena *a);
void verdict_vote(struct verdict *v, const struct vote *vote);
void verdict_mask(struct verdict *v, const struct masking *m);
void verdict_because(struct verdict *v, uint32_t policy, uint32_t finding);

/* Turns a failure into a vote by the table, or by a policy's own choice. */
void verdict_fail(struct verdict *v, const struct verdict_table *table,
		  enum failure failure);
void verdict_fail_as(struct verdict *v, enum failure failure,
		     enum fallback fallback);

/* Joins the votes, marks the determining ones, merges masks. Call it last; a
 * second call changes nothing. `reason` is set when a failure determines, else
 * it is left to whoever knows the policies' reasons. */
void verdict_settle(struct verdict *v);

const char *failure_name(enum failure failure);
/* What a blocked person is told. */
const char *failure_reason(enum failure failure);
const char *fallback_name(enum fallback fallback);
const char *action_name(enum mg_action action);
