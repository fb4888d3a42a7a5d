/* asked.h - a decision asked for in one line of JSON, for judge and explain.
 *
 *   line --> struct decision: surface, stage, application, headers, body
 *
 * The body is undone by its Content-Encoding as on the wire.
 */
#pragma once
#include "cmd/line.h"
#include "surface/decision.h"

struct asked {
	struct line line;
	struct decision decision;
	struct buf plain; /* the decoded body, where it was encoded */
	bool as_text;     /* the body came as a string */
	struct mg_slice id;
};

/* 0, or MG_EPROTO with a sentence in `why`. Borrows `json` and the arena.
 * asked_deinit after the decision is done with. */
int asked_read(struct asked *q, struct arena *a, struct generation *gen,
	       struct mg_slice json, const char **why);
void asked_deinit(struct asked *q);
