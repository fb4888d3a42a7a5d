/* lane.h - one direction of one exchange.
 *
 *   source peer -> [stage] -> [stage] -> [stage] -> sink peer
 *
 * A lane carries the parts of one HTTP message, in order, one way. A stage is
 * handed a part and may hand parts on; it cannot look back, skip ahead, close a
 * socket or free the flow. What travels against the stream is a return code:
 * the first negative answer stops the lane and reaches whoever fed it.
 *
 * Stages stand in the order of what they do, written down once by whoever
 * builds the lane:
 *
 *   count what came  <  decide  <  count what leaves
 *
 * where one stage decides, chosen by what the policies ask of this message:
 *
 *   relay     nothing: every part passes
 *   observe   judged after it ended; every part passes at once
 *   gather    judged before any of it leaves
 *   window    judged while it passes, for live streams: the stage keeps the
 *             last bytes of text, as many as the longest match can have
 *             (mg_catalogue_reach), and passes on what slides past them. It
 *             has no clock; lane_flush tells it that T ms have gone by.
 *
 * A window is a stage like any other: nothing else in a lane has to know.
 */
#pragma once
#include "http/part.h"

struct stage;

struct stage_ops {
	const char *name;
	int (*take)(struct stage *st, const struct part *part);
	/* Optional: passes on what is held back only for want of more. */
	int (*flush)(struct stage *st);
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

/* The source has been silent for as long as bytes may be held back. Goes to
 * every stage, source end first; 0, or the mg_err that stopped it. */
int lane_flush(struct lane *lane);

/* Closes every stage, source end first. */
void lane_deinit(struct lane *lane);

/* For stages: pass `part` on. The last stage's `next` is NULL: part dropped. */
static inline int stage_pass(struct stage *st, const struct part *part)
{
	return st->next ? st->next->ops->take(st->next, part) : 0;
}
