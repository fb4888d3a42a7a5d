/* lane.h - one direction of one exchange.
 *
 *   source peer -> [stage] -> [stage] -> [stage] -> sink peer
 *
 * A lane carries the parts of one HTTP message, in order, one way. A stage is
 * handed a part and may hand parts on; it cannot look back, skip ahead, close a
 * socket or free the flow. What travels against the stream is a return code:
 * the first negative answer stops the lane and reaches whoever fed it.
 */
#pragma once
#include "http/part.h"

struct stage;

struct stage_ops {
	const char *name;
	int (*take)(struct stage *st, const struct part *part);
	void (*close)(struct stage *st); /* optional; runs exactly once */
};

/* Embed as the first member of a stage's own struct. */
struct stage {
	const struct stage_ops *ops;
	struct stage *next;
};

struct lane {
	struct stage *first;
	struct stage **end;
};

void lane_init(struct lane *lane);

/* Appends `st`, which the lane now owns and will close. */
void lane_add(struct lane *lane, struct stage *st);

/* Feeds one part in at the source end. 0, or the mg_err that stopped it. */
int lane_feed(struct lane *lane, const struct part *part);

/* Closes every stage, source end first. */
void lane_deinit(struct lane *lane);

/* For stages: pass `part` on. The last stage's `next` is NULL: part dropped. */
static inline int stage_pass(struct stage *st, const struct part *part)
{
	return st->next ? st->next->ops->take(st->next, part) : 0;
}
