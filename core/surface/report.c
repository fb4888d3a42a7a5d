/* report.c - see report.h. From decisions to the record: names, counts, places
 * and masked samples; never the text.
 */
#include "surface/report.h"

#include <string.h>

#include "event/record.h"
#include "surface/impl.h"

/* --- one verdict
 * -------------------------------------------------------------- */

static void add_policies(struct event_verdict *out, struct arena *a,
			 struct generation *gen, const struct verdict *v)
{
	out->policies =
		arena_zalloc(a, (v->vote_count + 1) * sizeof(*out->policies));
	for (uint32_t i = 0; i < v->vote_count; i++) {
		const struct vote *vote = &v->votes[i];

		out->policies[out->policy_count++] = (struct event_policy){
			.id = generation_policy(gen, vote->policy),
			.revision = v->revision,
			.action = vote->action,
			.determining = vote->determining,
		};
	}
}

static struct event_finding *row_of(struct event_verdict *out, struct arena *a,
				    const struct mg_entity *entity)
{
	for (uint32_t i = 0; i < out->finding_count; i++)
		if (slice_is(out->findings[i].entity, entity->name))
			return &out->findings[i];

	struct event_finding *row = &out->findings[out->finding_count++];
	row->detector = slice_str(entity->detector);
	row->entity = slice_str(entity->name);
	row->places = arena_alloc(a, EVENT_PLACES * sizeof(*row->places));
	return row;
}

static uint32_t entities_of(const struct decision *d)
{
	uint32_t n = 0;

	/* At most one row an entity: findings come sorted by place, so a bound
	 * is all that is cheap to know. */
	for (uint32_t i = 0; i < d->finding_count; i++)
		n = d->findings[i].entity > n ? d->findings[i].entity : n;
	return d->finding_count < n + 1 ? d->finding_count : n + 1;
}

static void add_findings(struct event_verdict *out, const struct report *r,
			 const struct decision *d)
{
	const struct mg_catalogue *cat = generation_catalogue(r->gen);
	const unsigned char *key = r->device->sv->shm->hash_key;

	out->findings = arena_zalloc(r->arena, (entities_of(d) + 1) *
						       sizeof(*out->findings));
	for (uint32_t i = 0; i < d->finding_count; i++) {
		const struct mg_finding *f = &d->findings[i];
		const struct mg_entity *entity =
			mg_catalogue_at(cat, f->entity);
		const struct mg_segment *seg = &d->segments.at[f->segment];
		struct event_finding *row = row_of(out, r->arena, entity);

		if (f->score > row->max_score) {
			row->max_score = f->score;
			row->sample = event_sample(
				r->arena, key,
				slice(seg->text.at + f->from, f->to - f->from));
		}
		if (row->place_count < EVENT_PLACES)
			row->places[row->place_count++] = (struct event_place){
				.path = seg->path,
				.from = f->from,
				.to = f->to,
			};
		row->count++;
	}
}

static void fill_verdict(struct event_verdict *out, const struct report *r,
			 const struct decision *d)
{
	out->judged = true;
	out->action = d->verdict.action;
	out->observed = d->verdict.observed;
	out->alert = d->verdict.alert;
	out->failure = d->verdict.failure;
	out->reason = d->verdict.reason;
	add_policies(out, r->arena, r->gen, &d->verdict);
	add_findings(out, r, d);
}

/* --- the rest
 * ------------------------------------------------------------------- */

static void fill_device(struct event *e, const struct device *d)
{
	e->org = slice_str(d->sv->conf->org);
	e->surface = MG_ENDPOINT;
	e->integration = slice_str(d->who.integration);
	e->device = slice_str(d->who.device);
	e->assurance = d->who.assurance;
	e->host = slice_str(d->host);
	e->client_address = slice_str(d->address);
	e->tls_outer = slice_str(device_tls_outer(d));
	e->tls_inner = slice_str(device_tls_inner(d));
}

static void write_event(const struct device *d, const struct event *e)
{
	struct services *sv = d->sv;

	if (!sv->spool)
		return;
	if (spool_add_event(sv->spool, e) < 0)
		return; /* the spool has counted it */
	count(sv, SHM_EVENTS, 1);
	/* One small write to the page cache, so that kill -9 loses nothing. */
	spool_flush(sv->spool);
}

void report_exchange(const struct report *r)
{
	const struct decision *about = r->about;
	struct event e;

	event_init(&e);
	fill_device(&e, r->device);
	e.time = r->began;
	e.tags = (struct mg_slice *)about->tags;
	e.tag_count = about->tag_count;
	e.groups = (struct mg_slice *)about->groups;
	e.group_count = about->group_count;
	e.application = about->attr[MG_ATTR_APPLICATION];
	e.user = about->attr[MG_ATTR_USER];
	e.method = r->request->method;
	e.path = head_path(r->request);
	e.model = about->attr[MG_ATTR_MODEL];
	e.stream = r->stream;
	for (int stage = 0; stage < 2; stage++) {
		const struct decision *d = r->judged[stage];

		if (!d)
			continue;
		fill_verdict(&e.verdict[stage], r, d);
		e.detect_us += d->detect_us;
		e.policy_us += d->policy_us;
		if (d->segments.tokens_in)
			e.request_tokens = d->segments.tokens_in;
		if (d->segments.tokens_out)
			e.reply_tokens = d->segments.tokens_out;
		if (d->verdict.failure != FAILURE_NONE)
			e.failure = slice_str(failure_name(d->verdict.failure));
	}
	e.request_bytes = r->request_bytes;
	e.reply_bytes = r->reply_bytes;
	e.status = r->status;
	e.total_us = r->total_us;
	e.upstream_us = r->upstream_us;
	e.gateway_us =
		r->total_us > r->upstream_us ? r->total_us - r->upstream_us : 0;
	e.generation = generation_revision(r->gen);
	e.client_product = event_product(about->attr[MG_ATTR_USER_AGENT]);
	if (r->failure)
		e.failure = slice_str(r->failure);
	write_event(r->device, &e);
}

void report_refusal(const struct device *d, uint16_t status, const char *why)
{
	struct event e;

	event_init(&e);
	fill_device(&e, d);
	e.method = slice_str("CONNECT");
	e.status = status;
	e.failure = slice_str("refused");
	e.verdict[MG_REQUEST].judged = true;
	e.verdict[MG_REQUEST].action = MG_BLOCK;
	e.verdict[MG_REQUEST].failure = FAILURE_IDENTITY;
	e.verdict[MG_REQUEST].reason = slice_str(why);
	write_event(d, &e);
}

void report_trouble(const struct device *d, const char *failure,
		    const char *why)
{
	struct event e;

	event_init(&e);
	fill_device(&e, d);
	e.method = slice_str("CONNECT");
	e.failure = slice_str(failure);
	e.verdict[MG_REQUEST].reason = slice_str(why);
	write_event(d, &e);
}
