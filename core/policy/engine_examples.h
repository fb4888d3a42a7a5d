/* engine_examples.h - what operators say their policies do, to be tried.
 *
 *   x_spec.lua --closed world--> examples --generation_judge--> as said, or not
 */
#pragma once
#include "policy/engine.h"

/* One example, ready to be judged. Everything lives in the arena. */
struct example {
	struct mg_slice policy;
	struct mg_slice title;
	struct mg_slice verb; /* allow, log, mask or block */
	double number[MG_NUMS];
	uint32_t times; /* judged so often; the last time counts */
	struct mg_slice attr[MG_ATTRS];
	struct mg_slice *tags;
	struct mg_slice *groups;
	struct mg_slice *tools;
	uint32_t tag_count;
	uint32_t group_count;
	uint32_t tool_count;
	struct mg_segment *segments;
	uint32_t segment_count;
};

struct examples {
	struct example *at;
	uint32_t count;
};

/* The examples of one file, in order. MG_EINVAL with sentences ("file:line:
 * what") in `why`. */
int examples_read(struct examples *out, struct arena *a, const char *path,
		  char *why, size_t why_len);

/* What the example's policy wants, as an action: its vote after observe, or
 * MG_ALLOW. MG_EINVAL when there is no such policy. `quota` keeps limits. */
int example_try(struct generation *gen, const struct example *x,
		struct quota *quota);
