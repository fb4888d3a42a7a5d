/* budget.h - what all bodies held by one worker may weigh together.
 *
 *   0 ---------- max: new bodies wait ---------- 2 * max: growing fails
 *
 * Who starts to read a body asks budget_is_full first, and stops reading its
 * peer while it is. Bodies that were begun may grow past `max`, or all of them
 * could wait for one another for ever; past twice `max` they fail as too big.
 */
#pragma once
#include <stdbool.h>

#include "abi/mg.h"

struct budget {
	size_t held;
	size_t max;
};

static inline bool budget_is_full(const struct budget *b)
{
	return b->held >= b->max;
}

/* What may still be taken. */
static inline size_t budget_room(const struct budget *b)
{
	return b->held < 2 * b->max ? 2 * b->max - b->held : 0;
}

/* 0, or MG_ETOOBIG with nothing taken. */
static inline int budget_take(struct budget *b, size_t len)
{
	if (len > budget_room(b))
		return MG_ETOOBIG;
	b->held += len;
	return MG_OK;
}

static inline void budget_give(struct budget *b, size_t len)
{
	b->held -= len;
}
