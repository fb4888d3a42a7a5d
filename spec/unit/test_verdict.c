/* test_verdict.c - whatever the order and however often, the same verdict. */
#include <stdlib.h>

#include "policy/verdict.h"
#include "test.h"

enum { VOTES = 9, MASKS = 12 };

struct world {
	struct vote votes[VOTES];
	struct masking masks[MASKS];
	int vote_count;
	int mask_count;
	int failures[3];
	int failure_count;
	bool observe;
};

static uint32_t any(uint32_t n)
{
	return (uint32_t)rand() % n;
}

static struct world random_world(void)
{
	struct world w = { .vote_count = (int)any(VOTES + 1),
			   .mask_count = (int)any(MASKS + 1),
			   .failure_count = (int)any(3),
			   .observe = any(8) == 0 };

	for (int i = 0; i < w.vote_count; i++)
		w.votes[i] = (struct vote){
			.policy = any(5),
			.action = any(4),
			.reason = any(3),
			.retry = any(4) ? 0 : any(60),
			.observe = any(3) == 0,
			.alert = any(5) == 0,
		};
	for (int i = 0; i < w.mask_count; i++) {
		uint32_t from = any(60);

		w.masks[i] = (struct masking){ .segment = any(2),
					       .from = from,
					       .to = from + 1 + any(12),
					       .entity = any(4),
					       .style = any(5) };
	}
	for (int i = 0; i < w.failure_count; i++)
		w.failures[i] = 1 + (int)any(FAILURES - 1);
	return w;
}

/* Casts everything in a random order, some of it twice. */
static void cast(struct verdict *v, const struct world *w, bool twice)
{
	int steps[3 * (VOTES + MASKS + 3)], n = 0;

	for (int i = 0; i < w->vote_count + w->mask_count + w->failure_count;
	     i++)
		for (uint32_t k = 0; k < 1 + (twice ? any(3) : 0); k++)
			steps[n++] = i;
	for (int i = n - 1; i > 0; i--) {
		int j = (int)any((uint32_t)i + 1), t = steps[i];

		steps[i] = steps[j];
		steps[j] = t;
	}
	v->observe = w->observe;
	for (int i = 0; i < n; i++) {
		int at = steps[i];

		if (at < w->vote_count)
			verdict_vote(v, &w->votes[at]);
		else if ((at -= w->vote_count) < w->mask_count)
			verdict_mask(v, &w->masks[at]);
		else
			verdict_fail(v, &verdict_defaults,
				     w->failures[at - w->mask_count]);
	}
	verdict_settle(v);
}

static bool same_vote(const struct vote *a, const struct vote *b)
{
	return a->policy == b->policy && a->action == b->action &&
	       a->reason == b->reason && a->retry == b->retry &&
	       a->observe == b->observe && a->alert == b->alert &&
	       a->determining == b->determining;
}

static bool same(const struct verdict *a, const struct verdict *b)
{
	if (a->action != b->action || a->observed != b->observed ||
	    a->alert != b->alert || a->failure != b->failure ||
	    a->retry_after != b->retry_after ||
	    a->vote_count != b->vote_count || a->mask_count != b->mask_count ||
	    !slice_same(a->reason, b->reason))
		return false;
	for (uint32_t i = 0; i < a->vote_count; i++)
		if (!same_vote(&a->votes[i], &b->votes[i]))
			return false;
	for (uint32_t i = 0; i < a->mask_count; i++) {
		const struct masking *m = &a->masks[i], *n = &b->masks[i];

		if (m->segment != n->segment || m->from != n->from ||
		    m->to != n->to || m->entity != n->entity ||
		    m->style != n->style)
			return false;
	}
	return true;
}

static void order_and_repetition_do_not_matter(void)
{
	int differ = 0;

	for (int round = 0; round < 20000; round++) {
		struct world w = random_world();
		struct arena a;
		struct verdict one, other;

		arena_init(&a);
		verdict_init(&one, &a);
		verdict_init(&other, &a);
		cast(&one, &w, false);
		cast(&other, &w, true);
		differ += !same(&one, &other);
		verdict_settle(&other);
		differ += !same(&one, &other);
		arena_deinit(&a);
	}
	OK(differ == 0);
}

static void the_verdict_is_the_greatest_effect(void)
{
	int wrong = 0;

	for (int round = 0; round < 5000; round++) {
		struct world w = random_world();
		struct arena a;
		struct verdict v;
		uint32_t most = 0;

		w.failure_count = 0;
		arena_init(&a);
		verdict_init(&v, &a);
		cast(&v, &w, false);
		for (int i = 0; i < w.vote_count; i++) {
			uint32_t it = w.votes[i].action;

			if ((w.votes[i].observe || w.observe) && it > MG_LOG)
				it = MG_LOG;
			most = it > most ? it : most;
		}
		wrong += v.action != most;
		wrong += w.observe && (v.action > MG_LOG || v.mask_count);
		arena_deinit(&a);
	}
	OK(wrong == 0);
}

static void every_masked_byte_is_covered_once(void)
{
	int wrong = 0;

	for (int round = 0; round < 5000; round++) {
		struct world w = random_world();
		struct arena a;
		struct verdict v;
		int want[2][80] = { 0 }, have[2][80] = { 0 };

		w.observe = false;
		arena_init(&a);
		verdict_init(&v, &a);
		cast(&v, &w, false);
		for (int i = 0; i < w.mask_count; i++)
			for (uint32_t k = w.masks[i].from; k < w.masks[i].to;
			     k++)
				want[w.masks[i].segment][k] = 1;
		for (uint32_t i = 0; i < v.mask_count; i++)
			for (uint32_t k = v.masks[i].from; k < v.masks[i].to;
			     k++)
				have[v.masks[i].segment][k]++;
		wrong += memcmp(want, have, sizeof(want)) != 0;
		arena_deinit(&a);
	}
	OK(wrong == 0);
}

static void failures_follow_the_table(void)
{
	struct verdict_table table = verdict_defaults;
	struct arena a;
	struct verdict v;

	arena_init(&a);
	verdict_init(&v, &a);
	verdict_fail(&v, &table, FAILURE_DETECTOR);
	verdict_settle(&v);
	OK(v.action == MG_BLOCK && v.failure == FAILURE_DETECTOR);
	OK(slice_is(v.reason, "it could not be checked"));

	table.fallback[FAILURE_DETECTOR] = FALLBACK_ALLOW_WITH_ALERT;
	verdict_init(&v, &a);
	verdict_fail(&v, &table, FAILURE_DETECTOR);
	verdict_settle(&v);
	OK(v.action == MG_LOG && v.alert && v.failure == FAILURE_DETECTOR);

	verdict_init(&v, &a);
	v.observe = true;
	verdict_fail(&v, &verdict_defaults, FAILURE_TOO_BIG);
	verdict_settle(&v);
	OK(v.action == MG_LOG && v.observed && v.failure == FAILURE_TOO_BIG);
	arena_deinit(&a);
}

static void waiting_is_promised_only_when_it_helps(void)
{
	struct vote limit = { .policy = 1, .action = MG_BLOCK, .retry = 9 };
	struct vote block = { .policy = 2, .action = MG_BLOCK };
	struct arena a;
	struct verdict v;

	arena_init(&a);
	verdict_init(&v, &a);
	verdict_vote(&v, &limit);
	verdict_settle(&v);
	OK(v.retry_after == 9);
	verdict_vote(&v, &block);
	verdict_settle(&v);
	OK(v.retry_after == 0);
	OK(v.votes[0].determining && v.votes[1].determining);
	arena_deinit(&a);
}

static void two_masks_on_one_span_show_the_least(void)
{
	struct arena a;
	struct verdict v;

	arena_init(&a);
	verdict_init(&v, &a);
	verdict_mask(&v, &(struct masking){ 0, 4, 20, 1, MG_MASK_KEEP_LAST4 });
	verdict_mask(&v, &(struct masking){ 0, 6, 30, 2, MG_MASK_TOKEN });
	verdict_mask(&v, &(struct masking){ 0, 30, 31, 3, MG_MASK_HASH });
	verdict_settle(&v);
	OK(v.mask_count == 2);
	OK(v.masks[0].from == 4 && v.masks[0].to == 30);
	OK(v.masks[0].entity == 2 && v.masks[0].style == MG_MASK_TOKEN);
	arena_deinit(&a);
}

int main(void)
{
	srand(20260821);
	RUN(order_and_repetition_do_not_matter);
	RUN(the_verdict_is_the_greatest_effect);
	RUN(every_masked_byte_is_covered_once);
	RUN(failures_follow_the_table);
	RUN(waiting_is_promised_only_when_it_helps);
	RUN(two_masks_on_one_span_show_the_least);
	return test_done();
}
