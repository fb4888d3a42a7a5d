/* decision.c - see decision.h
 *
 *   failure known? ----------------------------------------\
 *   body --segments--> case --generation_judge--> votes ----+--> verdict
 *                                                            \-> masks -> edits
 */
#include "surface/decision.h"

#include <stdlib.h>

#include "base/clock.h"
#include "text/edit.h"
#include "text/mask.h"
#include "text/stream.h"
#include "text/vault.h"

static void fill_case(struct generation *gen, const struct decision *d,
		      struct mg_case *c)
{
	*c = (struct mg_case){
		.arena = d->arena,
		.tags = d->tags,
		.tag_count = d->tag_count,
		.groups = d->groups,
		.group_count = d->group_count,
		.tools = d->segments.tools,
		.tool_count = d->segments.tool_count,
		.segments = d->segments.at,
		.segment_count = d->segments.count,
		.scan = generation_scan(gen),
		.quota = d->quota,
		.table = generation_table(gen),
	};
	memcpy(c->attr, d->attr, sizeof(c->attr));
	c->number[MG_NUM_SURFACE] = d->surface;
	c->number[MG_NUM_STAGE] = d->stage;
	c->number[MG_NUM_BYTES] = (double)d->wire_bytes;
	c->number[MG_NUM_SEGMENTS] = d->segments.count;
	c->number[MG_NUM_ASSURANCE] = d->assurance;
	c->number[MG_NUM_TIME] = (double)clock_now_us() / 1e6;
	c->number[MG_NUM_STREAM] = d->streamed || d->segments.wants_stream;
}

bool decision_wanted(struct generation *gen, const struct decision *d)
{
	struct mg_case c;

	fill_case(gen, d, &c);
	return generation_wants(gen, &c);
}

/* --- making -----------------------------------------------------------------
 */

/* English text is about four bytes a token; it only has to be monotonic. */
static double estimate_tokens(const struct segments *segs)
{
	double bytes = 0;

	for (uint32_t i = 0; i < segs->count; i++)
		bytes += (double)segs->at[i].text.len;
	return bytes / 4;
}

static double tokens_of(const struct decision *d)
{
	uint64_t said = d->segments.tokens_in + d->segments.tokens_out;

	return said ? (double)said : estimate_tokens(&d->segments);
}

static int read_text(struct generation *gen, struct decision *d)
{
	const struct conf *conf = generation_conf(gen);
	const struct app_endpoint *ep = d->endpoint;

	d->segments.max = (uint32_t)conf->limits_segments;
	d->segments.max_depth = (uint32_t)conf->limits_depth;
	if (d->streamed)
		return segments_of_stream(
			&d->segments, ep ? ep->event : NULL,
			ep && ep->stream ? ep->stream : MG_STREAM_SSE, d->body);
	return segments_of_body(&d->segments,
				!ep                      ? NULL
				: d->stage == MG_REQUEST ? ep->request
							 : ep->reply,
				d->content_type, d->body);
}

static void judge(struct generation *gen, struct decision *d)
{
	uint64_t began = clock_mono_us();
	struct mg_case c;

	fill_case(gen, d, &c);
	c.verdict = &d->verdict;
	c.number[MG_NUM_TOKENS] = d->segments.tokens_in + d->segments.tokens_out
					  ? (double)(d->segments.tokens_in +
						     d->segments.tokens_out)
					  : estimate_tokens(&d->segments);
	generation_judge(gen, &c);
	if (c.scan_result > 0) {
		d->findings = c.findings;
		d->finding_count = (uint32_t)c.scan_result;
	}
	d->detect_us = c.detect_us;
	d->policy_us = clock_mono_us() - began - c.detect_us;
}

/* Attachments that were read but cannot be written, such as PDF. */
static bool may_mask_all(const struct decision *d)
{
	for (uint32_t i = 0; i < d->verdict.mask_count; i++)
		if (!edit_may(&d->segments.at[d->verdict.masks[i].segment]))
			return false;
	return true;
}

void decision_make(struct generation *gen, struct decision *d)
{
	const struct verdict_table *table = generation_table(gen);

	segments_init(&d->segments, d->arena);
	verdict_init(&d->verdict, d->arena);
	d->verdict.observe = d->observe;
	d->verdict.revision = generation_revision(gen);
	if (d->failure == FAILURE_NONE && read_text(gen, d) < 0)
		d->failure = FAILURE_TOO_BIG;
	if (d->failure != FAILURE_NONE)
		verdict_fail(&d->verdict, table, d->failure);
	if (d->segments.unread)
		verdict_fail(&d->verdict, table, FAILURE_UNREAD);
	if (d->segments.model.len)
		d->attr[MG_ATTR_MODEL] = d->segments.model;
	else if (!d->attr[MG_ATTR_MODEL].len) /* Gemini's is in the path */
		d->attr[MG_ATTR_MODEL] = apps_model(d->attr[MG_ATTR_PATH]);
	judge(gen, d);
	if (may_mask_all(d))
		return;
	verdict_fail(&d->verdict, table, FAILURE_UNMASKABLE);
	verdict_settle(&d->verdict);
}

/* --- applying ----------------------------------------------------------------
 */

/* The mask's words, by style; in the arena. */
static struct edit edit_of(struct generation *gen, struct decision *d,
			   const struct masking *m)
{
	const struct mg_segment *seg = &d->segments.at[m->segment];
	const struct mg_entity *entity =
		mg_catalogue_at(generation_catalogue(gen), m->entity);
	struct masker masker = { d->arena, d->mask_key, d->vault };

	return (struct edit){
		.segment = m->segment,
		.from = m->from,
		.to = m->to,
		.with = mask_render(
			&masker, (enum mg_mask_style)m->style,
			slice_str(entity->mask),
			slice(seg->text.at + m->from, m->to - m->from)),
	};
}

static int by_place(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;

	if (x->segment != y->segment)
		return x->segment < y->segment ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* Masks of this verdict and, in replies, the values of tokens. */
static uint32_t list_edits(struct generation *gen, struct decision *d,
			   struct edit **out)
{
	bool mask = d->verdict.action == MG_MASK;
	uint32_t masks = mask ? d->verdict.mask_count : 0, undone = 0;
	struct edit *restored = NULL, *all;

	if (d->stage == MG_REPLY && d->vault && vault_count(d->vault))
		undone = vault_restore(d->vault, d->arena, d->segments.at,
				       d->segments.count, &restored);
	if (!masks && !undone)
		return 0;
	if (d->stage == MG_REQUEST && d->vault)
		vault_avoid(d->vault, d->segments.at, d->segments.count);
	all = arena_alloc(d->arena, (masks + undone) * sizeof(*all));
	for (uint32_t i = 0; i < masks; i++)
		all[i] = edit_of(gen, d, &d->verdict.masks[i]);
	if (undone)
		memcpy(all + masks, restored, undone * sizeof(*all));
	if (masks && undone)
		qsort(all, masks + undone, sizeof(*all), by_place);
	*out = all;
	return masks + undone;
}

/* A mask that cannot be put on is a failure, decided where failures are. */
static int unmaskable(struct generation *gen, struct decision *d)
{
	verdict_fail(&d->verdict, generation_table(gen), FAILURE_UNMASKABLE);
	verdict_settle(&d->verdict);
	return d->verdict.action == MG_BLOCK ? MG_ESTOP : MG_OK;
}

int decision_apply(struct generation *gen, struct decision *d, struct buf *out)
{
	struct edit *edits = NULL;
	struct edit_left left = { 0 };
	uint32_t count = list_edits(gen, d, &edits);
	int changed, err = MG_OK;

	if (!count)
		return 0;
	changed = edit_apply(d->arena, d->body, d->segments.at,
			     d->segments.count, edits, count, &left, out);
	if (changed < 0)
		buf_clear(out);
	if (changed < 0 || left.sealed || left.keys)
		err = unmaskable(gen, d);
	return err < 0 ? err : changed > 0;
}

int decision_block(struct generation *gen, const struct decision *d,
		   struct buf *out, const char **content_type)
{
	uint32_t app = d->app < 0 ? APPS_NONE : (uint32_t)d->app;

	*content_type = "application/json";
	return apps_block(generation_apps(gen), app, d->verdict.reason,
			  d->verdict.retry_after ? 429 : 0, out);
}

int decision_explain(struct generation *gen, const struct decision *d,
		     struct buf *out)
{
	struct arena a;
	struct verdict v;
	struct mg_case c;
	int err;

	arena_init(&a);
	fill_case(gen, d, &c);
	verdict_init(&v, &a);
	c.arena = &a;
	c.verdict = &v;
	c.quota = NULL; /* asking again counts nothing */
	c.number[MG_NUM_TOKENS] = tokens_of(d);
	generation_judge(gen, &c);
	err = generation_explain(gen, &c, out);
	arena_wipe(&a);
	return err;
}
