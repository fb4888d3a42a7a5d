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

/* Why a verdict could not be reached by policy alone (design, section 12). */
enum failure {
	FAILURE_NONE,
	FAILURE_DETECTOR,  /* detector or policy error, budget spent */
	FAILURE_TOO_BIG,   /* body over its ceiling */
	FAILURE_ENCODING,  /* unknown or broken Content-Encoding, bomb */
	FAILURE_UNREAD,    /* a body type no reader knows */
	FAILURE_IDENTITY,  /* who is it? */
	FAILURE_NO_POLICY, /* no generation in use */
	FAILURES           /* how many; must be last */
};

enum fallback { FALLBACK_BLOCK, FALLBACK_ALLOW_WITH_ALERT, FALLBACK_LOG };

struct vote {
	uint32_t policy;  /* index into the generation's policies */
	uint32_t action;  /* mg_action, before observe */
	uint32_t reason;  /* index into the generation's reasons */
	bool observe;     /* counts as log at most */
	bool determining; /* its action is the verdict's */
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
	enum mg_action action;
	bool observed; /* something stronger was wanted, and not done */
	enum failure failure;
	struct mg_slice
		reason;       /* for the person who is blocked; never payload */
	uint32_t retry_after; /* seconds; > 0 when a limit tripped: 429 */
	struct vote *votes;
	uint32_t vote_count;
	uint32_t vote_cap;
	struct masking *masks; /* sorted, overlaps merged, by verdict_settle */
	uint32_t mask_count;
	uint32_t mask_cap;
	uint64_t revision; /* of the generation that judged */
};

/* Which fallback stands for each failure; filled from the configuration. */
struct verdict_table {
	enum fallback fallback[FAILURES];
};

extern const struct verdict_table verdict_defaults;

void verdict_init(struct verdict *v, struct arena *a);
void verdict_vote(struct verdict *v, uint32_t policy, enum mg_action action,
		  uint32_t reason, bool observe);
void verdict_mask(struct verdict *v, const struct masking *m);

/* Turns a failure into a vote by the table. */
void verdict_fail(struct verdict *v, const struct verdict_table *table,
		  enum failure failure);

/* Marks the determining votes; sorts and merges masks. Call once, last. */
void verdict_settle(struct verdict *v);

const char *failure_name(enum failure failure);
const char *action_name(enum mg_action action);
