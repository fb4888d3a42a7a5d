/* injection.c - texts that try to give a model orders it should not take.
 *
 *   phrases (rows marked, below) --> judge: weights join per technique
 *
 * Each phrase has a weight, its score. Weights join as independent evidence:
 * 1 - (1 - a)(1 - b)... Orders inside a tool's result or a document weigh more,
 * for nobody gives a model orders there; a system prompt weighs little, for it
 * is where rules about rules are written.
 *
 * Scores: 80 and more hardly ever wrong, 50 usual, 30 strict. Rules know what
 * they were told; the statistical tier (detectors/linear) sees what is worded
 * alike, and has a name of its own, injection.wording, which policies must say.
 */
#include "detectors/injection/techniques.h"
#include "detectors/linear/scores.h"

enum {
	LEAST = 30,       /* weaker is not worth a line */
	WORDING_MAX = 90, /* wording makes nothing certain */
	SPAN_APART = 600, /* marks further apart are not one attack */
};

static uint32_t join(uint32_t a, uint32_t b)
{
	return 100 - (100 - a) * (100 - b) / 100;
}

static uint32_t weigh(uint32_t score, uint32_t role)
{
	if (role & MG_ROLE_SYSTEM)
		return score * 3 / 10;
	if (role &
	    (MG_ROLE_TOOL_RESULT | MG_ROLE_DOCUMENT | MG_ROLE_TOOL_DEFINITION))
		return join(score, 25);
	return score;
}

/* Evidence for one technique: where it is strongest, and how strong. */
struct evidence {
	uint32_t score;
	uint32_t best;
	uint32_t from;
	uint32_t to;
};

static void take(struct evidence *e, const struct mark *m, uint32_t score)
{
	if (e->score == 0 || score > e->best + 20 ||
	    m->from > e->to + SPAN_APART) {
		if (score < e->best) {
			e->score = join(e->score, score);
			return;
		}
		e->from = m->from;
		e->to = m->to;
	} else if (m->to > e->to) {
		e->to = m->to;
	}
	if (score > e->best)
		e->best = score;
	e->score = join(e->score, score);
}

/* The statistical tier's score, with the window that speaks for it. In what
 * brings data, any request to a model is out of place. */
static uint32_t wording(const struct exhibit *x, struct evidence *e)
{
	const struct linear_model *m = linear_built_in();
	uint32_t seat = SEAT_INJECTION;
	uint32_t score = linear_percent(m, seat, x->linear);

	if (scores_is_data(x->role) &&
	    linear_percent(m, SEAT_INDIRECT, x->linear) > score) {
		seat = SEAT_INDIRECT;
		score = linear_percent(m, seat, x->linear);
	}
	if (x->role & MG_ROLE_SYSTEM)
		score = score * 3 / 10;
	if (score > WORDING_MAX)
		score = WORDING_MAX;
	e->score = score >= LEAST ? score : 0;
	e->from = x->linear->of[seat].from;
	e->to = x->linear->of[seat].to;
	return score;
}

uint32_t injection_judge(const struct exhibit *x,
			 struct ruling out[RULINGS_MAX])
{
	struct evidence of[TECHNIQUES] = { 0 };
	uint64_t seen[4] = { 0 };
	uint32_t all = 0, n = 0;

	for (uint32_t i = 0; i < x->mark_count; i++) {
		const struct mark *m = &x->marks[i];
		uint32_t score = weigh(m->score, x->role);

		/* A phrase said twice is one piece of evidence. */
		if (seen[m->row / 64 % 4] >> m->row % 64 & 1)
			continue;
		seen[m->row / 64 % 4] |= 1ull << m->row % 64;
		take(&of[m->entity], m, score);
		all = join(all, score);
	}
	for (uint32_t k = 0; k < TECHNIQUE_WORDING; k++) {
		/* Techniques support each other, but none without a trace. */
		uint32_t score = of[k].score < 20 ? 0 : all;

		if (score < LEAST)
			continue;
		out[n++] = (struct ruling){ k, of[k].from, of[k].to,
					    score > 99 ? 99 : score };
	}
	/* What phrases say does not change: wording is noisier on manuals and
	 * is told apart, with the phrases joined to it. */
	uint32_t worded = x->linear ? wording(x, &of[TECHNIQUE_WORDING]) : 0;
	if (worded >= LEAST) {
		uint32_t both = join(all, worded * 6 / 10);

		both = both > worded ? both : worded;
		out[n++] = (struct ruling){ TECHNIQUE_WORDING,
					    of[TECHNIQUE_WORDING].from,
					    of[TECHNIQUE_WORDING].to,
					    both > WORDING_MAX ? WORDING_MAX
							       : both };
	}
	return n;
}
