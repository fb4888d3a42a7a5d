/* scores.c - see scores.h */
#include "detectors/linear/scores.h"

#include <string.h>

/* Which seat speaks for which score; the first two are joined below. */
static const struct {
	const char *name;
	uint32_t seat;
} scored[SCORES] = {
	{ "injection", SEAT_INJECTION },
	{ "toxicity", SEAT_TOXICITY },
	{ "toxicity.harassment", SEAT_HARASSMENT },
	{ "toxicity.hate", SEAT_HATE },
	{ "toxicity.illicit", SEAT_ILLICIT },
	{ "toxicity.self_harm", SEAT_SELF_HARM },
	{ "toxicity.sexual", SEAT_SEXUAL },
	{ "toxicity.violence", SEAT_VIOLENCE },
	{ "code", SEAT_CODE },
};

bool scores_is_data(uint32_t role)
{
	return role & (MG_ROLE_TOOL_RESULT | MG_ROLE_DOCUMENT |
		       MG_ROLE_TOOL_DEFINITION);
}

void scores_init(struct scores *s)
{
	for (int i = 0; i < SCORES; i++)
		s->of[i] = (struct score){ scored[i].name, 0 };
}

static void raise(struct score *s, float value)
{
	if (value > s->value)
		s->value = value;
}

void scores_add(struct scores *s, const struct linear_text *t, uint32_t role)
{
	const struct linear_model *m = linear_built_in();

	if (!t->windows)
		return;
	for (int i = 0; i < SCORES; i++) {
		uint32_t seat = scored[i].seat;
		float value = linear_score(m, seat, t->of[seat].margin);

		raise(&s->of[i], value);
		if (!strncmp(scored[i].name, "toxicity.", 9))
			raise(&s->of[1], value);
	}
	if (scores_is_data(role))
		raise(&s->of[0], linear_score(m, SEAT_INDIRECT,
					      t->of[SEAT_INDIRECT].margin));
}

void scores_found(struct scores *s, const char *entity, uint32_t score)
{
	for (int i = 0; i < SCORES; i++) {
		size_t n = strlen(scored[i].name);

		if (!strncmp(entity, scored[i].name, n) &&
		    (entity[n] == '\0' || entity[n] == '.'))
			raise(&s->of[i], (float)score / 100);
	}
}
