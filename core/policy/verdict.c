/* verdict.c - see verdict.h. Votes and masks are sets: they are gathered in any
 * order and any number of times, then sorted, made unique and joined at once.
 * That is what makes the join commutative, associative and idempotent. */
#include "policy/verdict.h"

#include <stdlib.h>

static const char *const failure_names[FAILURES] = {
	[FAILURE_NONE] = "none",           [FAILURE_DETECTOR] = "detector",
	[FAILURE_TOO_BIG] = "too_big",     [FAILURE_ENCODING] = "encoding",
	[FAILURE_UNREAD] = "unread",       [FAILURE_IDENTITY] = "identity",
	[FAILURE_NO_POLICY] = "no_policy", [FAILURE_UNMASKABLE] = "unmaskable",
};

static const char *const failure_reasons[FAILURES] = {
	[FAILURE_NONE] = "nothing is wrong",
	[FAILURE_DETECTOR] = "it could not be checked",
	[FAILURE_TOO_BIG] = "it is too large to be checked",
	[FAILURE_ENCODING] = "its encoding cannot be read",
	[FAILURE_UNREAD] = "its format cannot be read",
	[FAILURE_IDENTITY] = "the sender is unknown",
	[FAILURE_NO_POLICY] = "no policies are in use",
	[FAILURE_UNMASKABLE] = "it holds something that cannot be masked there",
};

const struct verdict_table verdict_defaults = {
	.fallback = {
		[FAILURE_NONE] = FALLBACK_LOG,
		[FAILURE_DETECTOR] = FALLBACK_BLOCK,
		[FAILURE_TOO_BIG] = FALLBACK_BLOCK,
		[FAILURE_ENCODING] = FALLBACK_BLOCK,
		[FAILURE_UNREAD] = FALLBACK_LOG,
		[FAILURE_IDENTITY] = FALLBACK_BLOCK,
		[FAILURE_NO_POLICY] = FALLBACK_BLOCK,
		[FAILURE_UNMASKABLE] = FALLBACK_BLOCK,
	},
};

const char *failure_name(enum failure failure)
{
	return failure_names[failure];
}

const char *failure_reason(enum failure failure)
{
	return failure_reasons[failure];
}

const char *fallback_name(enum fallback fallback)
{
	static const char *const names[] = {
		[FALLBACK_BLOCK] = "block",
		[FALLBACK_ALLOW_WITH_ALERT] = "allow_with_alert",
		[FALLBACK_LOG] = "log",
	};

	return names[fallback];
}

const char *action_name(enum mg_action action)
{
	static const char *const names[] = {
		[MG_ALLOW] = "allow",
		[MG_LOG] = "log",
		[MG_MASK] = "mask",
		[MG_BLOCK] = "block",
	};

	return names[action];
}

void verdict_init(struct verdict *v, struct arena *a)
{
	*v = (struct verdict){ .arena = a };
}

void verdict_vote(struct verdict *v, const struct vote *vote)
{
	v->votes = arena_grow(v->arena, v->votes, v->vote_count, &v->vote_cap,
			      sizeof(*v->votes));
	v->votes[v->vote_count++] = *vote;
}

void verdict_mask(struct verdict *v, const struct masking *m)
{
	v->masks = arena_grow(v->arena, v->masks, v->mask_count, &v->mask_cap,
			      sizeof(*v->masks));
	v->masks[v->mask_count++] = *m;
}

void verdict_because(struct verdict *v, uint32_t policy, uint32_t finding)
{
	v->because = arena_grow(v->arena, v->because, v->because_count,
				&v->because_cap, sizeof(*v->because));
	v->because[v->because_count++] = (struct because){ policy, finding };
}

void verdict_fail_as(struct verdict *v, enum failure failure,
		     enum fallback fallback)
{
	struct vote vote = {
		.policy = VOTE_FAILURE,
		.action = fallback == FALLBACK_BLOCK ? MG_BLOCK : MG_LOG,
		.reason = failure,
		.alert = fallback == FALLBACK_ALLOW_WITH_ALERT,
	};

	verdict_vote(v, &vote);
}

void verdict_fail(struct verdict *v, const struct verdict_table *table,
		  enum failure failure)
{
	verdict_fail_as(v, failure, table->fallback[failure]);
}

/* --- the join ------------------------------------------------------------- */

static int compare(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int by_policy(const void *one, const void *other)
{
	const struct vote *a = one, *b = other;
	int c = compare(a->policy, b->policy);

	if (!c)
		c = compare(b->action, a->action);
	if (!c)
		c = compare(a->reason, b->reason);
	if (!c)
		c = compare(a->retry, b->retry);
	if (!c)
		c = compare(a->observe, b->observe);
	return c ? c : compare(a->alert, b->alert);
}

static int by_place(const void *one, const void *other)
{
	const struct masking *a = one, *b = other;
	int c = compare(a->segment, b->segment);

	if (!c)
		c = compare(a->from, b->from);
	if (!c)
		c = compare(b->to, a->to);
	if (!c)
		c = compare(a->entity, b->entity);
	return c ? c : compare(a->style, b->style);
}

static int by_finding(const void *one, const void *other)
{
	const struct because *a = one, *b = other;
	int c = compare(a->policy, b->policy);

	return c ? c : compare(a->finding, b->finding);
}

/* Sorts and drops equals; the number that are left. */
static uint32_t unique(void *at, uint32_t count, size_t size,
		       int (*order)(const void *, const void *))
{
	char *base = at;
	uint32_t kept = 0, sorted = 1;

	/* Policies speak in order more often than not. */
	while (sorted < count &&
	       order(base + (sorted - 1) * size, base + sorted * size) <= 0)
		sorted++;
	if (sorted < count)
		qsort(at, count, size, order);
	for (uint32_t i = 0; i < count; i++) {
		char *it = base + i * size;

		if (kept && order(base + (kept - 1) * size, it) == 0)
			continue;
		if (kept != i)
			memcpy(base + kept * size, it, size);
		kept++;
	}
	return kept;
}

/* Two masks over one span: what shows least wins. */
static uint32_t stricter(uint32_t a, uint32_t b)
{
	static const uint8_t shows[] = {
		[MG_MASK_PLACEHOLDER] = 0, [MG_MASK_HASH] = 1,
		[MG_MASK_TOKEN] = 2,       [MG_MASK_KEEP_LENGTH] = 3,
		[MG_MASK_KEEP_LAST4] = 4,
	};

	return shows[a] <= shows[b] ? a : b;
}

/* Masks that share bytes become one over their union, named for the widest. */
static void merge_masks(struct verdict *v)
{
	uint32_t n =
		unique(v->masks, v->mask_count, sizeof(*v->masks), by_place);
	uint32_t kept = 0, widest = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct masking m = v->masks[i];
		struct masking *last = kept ? &v->masks[kept - 1] : NULL;

		if (!last || last->segment != m.segment || last->to <= m.from) {
			widest = m.to - m.from;
			v->masks[kept++] = m;
			continue;
		}
		if (m.to - m.from > widest) {
			widest = m.to - m.from;
			last->entity = m.entity;
		}
		if (m.to > last->to)
			last->to = m.to;
		last->style = stricter(last->style, m.style);
	}
	v->mask_count = kept;
}

static enum mg_action effect(const struct verdict *v, const struct vote *vote)
{
	bool watch = v->observe || vote->observe;

	return watch && vote->action > MG_LOG ? MG_LOG : vote->action;
}

/* A limit's 429 promises that waiting helps; it does only when no other block
 * stands beside it. */
static void settle_reason(struct verdict *v)
{
	uint32_t retry = 0;
	bool only_limits = true;

	for (uint32_t i = 0; i < v->vote_count; i++) {
		struct vote *vote = &v->votes[i];

		vote->determining =
			v->action > MG_ALLOW && effect(v, vote) == v->action;
		if (!vote->determining)
			continue;
		only_limits = only_limits && vote->retry;
		if (vote->retry > retry)
			retry = vote->retry;
		if (vote->policy == VOTE_FAILURE && !v->reason.at)
			v->reason = slice_str(failure_reasons[vote->reason]);
	}
	v->retry_after = v->action == MG_BLOCK && only_limits ? retry : 0;
}

void verdict_settle(struct verdict *v)
{
	enum mg_action wanted = MG_ALLOW, worst = MG_ALLOW;

	v->vote_count =
		unique(v->votes, v->vote_count, sizeof(*v->votes), by_policy);
	v->because_count = unique(v->because, v->because_count,
				  sizeof(*v->because), by_finding);
	v->action = MG_ALLOW;
	v->failure = FAILURE_NONE;
	for (uint32_t i = 0; i < v->vote_count; i++) {
		const struct vote *vote = &v->votes[i];
		enum mg_action mine = effect(v, vote);

		v->action = mine > v->action ? mine : v->action;
		wanted = vote->action > wanted ? vote->action : wanted;
		v->alert = v->alert || vote->alert;
		if (vote->policy == VOTE_FAILURE && vote->action > worst) {
			worst = vote->action;
			v->failure = vote->reason;
		}
	}
	v->observed = wanted > v->action;
	settle_reason(v);
	if (v->observe)
		v->mask_count = 0;
	merge_masks(v);
}
