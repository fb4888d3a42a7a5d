/* scores.h - what the statistical detectors think of a scanned text as a whole,
 * whether or not it is enough for a finding: `moongate scan --scores`. */
#pragma once
#include "detectors/linear/linear.h"

enum { SCORES = 9 };

struct score {
	const char *name; /* "toxicity.hate" */
	float value;      /* 0..1 */
};

struct scores {
	struct score of[SCORES];
};

void scores_init(struct scores *s);

/* One more segment, said by `role`. */
void scores_add(struct scores *s, const struct linear_text *t, uint32_t role);

/* A finding of a judge that joined these scores with rules: 1..100. */
void scores_found(struct scores *s, const char *entity, uint32_t score);

/* Roles that bring data, in which nobody gives a model orders. */
bool scores_is_data(uint32_t role);
