/* case.c - what Lua may ask of a case (mg.h), pulled one by one. */
#include "policy/case.h"

#include "base/clock.h"
#include "policy/quota.h"

static const struct mg_slice *nth(const struct mg_slice *at, uint32_t count,
				  uint32_t i)
{
	return i < count ? &at[i] : NULL;
}

const struct mg_slice *mg_case_attr(const struct mg_case *c, uint32_t attr)
{
	static const struct mg_slice none = { "", 0 };

	return attr < MG_ATTRS && c->attr[attr].at ? &c->attr[attr] : &none;
}

double mg_case_number(const struct mg_case *c, uint32_t number)
{
	return number < MG_NUMS ? c->number[number] : 0;
}

const struct mg_slice *mg_case_tag(const struct mg_case *c, uint32_t i)
{
	return nth(c->tags, c->tag_count, i);
}

const struct mg_slice *mg_case_group(const struct mg_case *c, uint32_t i)
{
	return nth(c->groups, c->group_count, i);
}

const struct mg_slice *mg_case_tool(const struct mg_case *c, uint32_t i)
{
	return nth(c->tools, c->tool_count, i);
}

const struct mg_segment *mg_case_segment(const struct mg_case *c, uint32_t i)
{
	return i < c->segment_count ? &c->segments[i] : NULL;
}

static int scan(struct mg_case *c)
{
	if (!c->segment_count)
		return 0;
	if (!c->scan)
		return MG_EINVAL;

	uint64_t began = clock_mono_us();
	int n = mg_scan_segments(c->scan, c->segments, c->segment_count);
	c->detect_us = clock_mono_us() - began;
	if (n <= 0)
		return n;

	/* The scan is the worker's and serves the next flow soon. */
	struct mg_finding *own =
		arena_alloc(c->arena, (size_t)n * sizeof(*own));
	for (int i = 0; i < n; i++) {
		const struct mg_finding *f = mg_scan_at(c->scan, (uint32_t)i);

		if (!f || f->segment >= c->segment_count ||
		    f->to > c->segments[f->segment].text.len || f->from > f->to)
			return MG_EINVAL;
		own[i] = *f;
	}
	c->findings = own;
	return n;
}

int mg_case_scan(struct mg_case *c)
{
	if (!c->scanned) {
		c->scanned = true;
		c->scan_result = scan(c);
	}
	return c->scan_result;
}

const struct mg_finding *mg_case_finding(const struct mg_case *c, uint32_t i)
{
	return c->scan_result > 0 && i < (uint32_t)c->scan_result
		       ? &c->findings[i]
		       : NULL;
}

int mg_case_vote(struct mg_case *c, uint32_t policy, uint32_t action,
		 uint32_t reason, uint32_t flags, uint32_t retry)
{
	struct vote vote = {
		.policy = policy,
		.action = action,
		.reason = reason,
		.retry = retry,
		.observe = flags & MG_VOTE_OBSERVE,
		.alert = flags & MG_VOTE_ALERT,
	};

	if (action > MG_BLOCK)
		return MG_EINVAL;
	verdict_vote(c->verdict, &vote);
	return MG_OK;
}

int mg_case_mask(struct mg_case *c, uint32_t finding, uint32_t style)
{
	const struct mg_finding *f = mg_case_finding(c, finding);

	if (!f || style > MG_MASK_TOKEN)
		return MG_EINVAL;

	/* What is signed or sealed came from the service itself: it is known
	 * there, and a changed byte would break the conversation. */
	if (c->segments[f->segment].kind == MG_SEGMENT_SEALED)
		return MG_OK;

	struct masking m = {
		.segment = f->segment,
		.from = f->from,
		.to = f->to,
		.entity = f->entity,
		.style = style,
	};
	verdict_mask(c->verdict, &m);
	return MG_OK;
}

int mg_case_because(struct mg_case *c, uint32_t policy, uint32_t finding)
{
	if (!mg_case_finding(c, finding))
		return MG_EINVAL;
	verdict_because(c->verdict, policy, finding);
	return MG_OK;
}

int mg_case_fail(struct mg_case *c, int err, int fallback)
{
	enum failure failure =
		err == MG_ETOOBIG ? FAILURE_TOO_BIG : FAILURE_DETECTOR;

	if (fallback > FALLBACK_LOG)
		return MG_EINVAL;
	if (fallback < 0)
		verdict_fail(c->verdict, c->table, failure);
	else
		verdict_fail_as(c->verdict, failure, (enum fallback)fallback);
	return MG_OK;
}

/* Whose quota: where the user is not known, the device's; else the
 * integration's. */
static struct mg_slice counted(const struct mg_case *c, uint32_t by)
{
	if (by >= MG_ATTRS)
		return slice("", 0);
	if (by == MG_ATTR_USER && !c->attr[by].len)
		by = MG_ATTR_DEVICE;
	if (by == MG_ATTR_DEVICE && !c->attr[by].len)
		by = MG_ATTR_INTEGRATION;
	return *mg_case_attr(c, by);
}

int mg_case_quota(struct mg_case *c, uint64_t salt, uint32_t by, uint32_t max,
		  uint32_t seconds, uint32_t amount)
{
	uint64_t now = (uint64_t)(c->number[MG_NUM_TIME] * 1000), key;

	if (!c->quota)
		return 0;
	key = quota_key(c->quota, salt, counted(c, by));
	if (c->number[MG_NUM_STAGE] == MG_REPLY) {
		quota_charge(c->quota, key, max, seconds, amount, now);
		return 0;
	}
	return (int)quota_take(c->quota, key, max, seconds, amount, now);
}
