/* judge.c - both stages of an exchange before the judge.
 *
 *   request: gather when a policy looks at bodies, else pass on as it comes
 *   reply:   stream -> observe, judged after END; else gather; else pass on
 *
 * What is decided here is which stage stands in a lane. What the verdict is, is
 * decided in policy; what the bytes become, in decision.c.
 */
#include <stdlib.h>

#include "flow/gather.h"
#include "flow/observe.h"
#include "flow/relay.h"
#include "flow/undo.h"
#include "surface/answer.h"
#include "surface/impl.h"
#include "text/vault.h"

/* --- what both stages share --------------------------------------------------
 */

static struct mg_slice keep(struct exchange *ex, const char *text)
{
	return arena_slice(&ex->arena, slice_str(text));
}

/* The row may go with its table before the exchange ends: copies. */
static const struct mg_slice *keep_list(struct exchange *ex,
					const struct mg_slice *list, uint32_t n)
{
	struct mg_slice *copy = arena_alloc(&ex->arena, n * sizeof(*copy) + 1);

	for (uint32_t i = 0; i < n; i++)
		copy[i] = arena_slice(&ex->arena, list[i]);
	return copy;
}

void judge_begin(struct exchange *ex, const struct identity *id)
{
	const struct device *dev = ex->device;
	const struct head *h = ex->request;
	const struct mg_apps *apps = generation_apps(ex->gen);
	struct decision *d = &ex->about;

	d->arena = &ex->arena;
	d->surface = MG_ENDPOINT;
	d->app = (int)dev->app;
	d->endpoint = apps_endpoint(apps, dev->app, h->method, head_path(h));
	d->attr[MG_ATTR_APPLICATION] = apps_id(apps, dev->app);
	d->attr[MG_ATTR_INTEGRATION] = keep(ex, dev->who.integration);
	d->attr[MG_ATTR_DEVICE] = keep(ex, dev->who.device);
	d->attr[MG_ATTR_HOST] = keep(ex, dev->host);
	d->attr[MG_ATTR_METHOD] = h->method;
	d->attr[MG_ATTR_PATH] = head_path(h);
	d->attr[MG_ATTR_USER_AGENT] = head_get(h, "User-Agent");
	d->assurance = dev->who.assurance;
	d->tags = keep_list(ex, id->tags, id->tag_count);
	d->tag_count = id->tag_count;
	d->groups = keep_list(ex, id->groups, id->group_count);
	d->group_count = id->group_count;
	d->observe = id->mode == IDENTITY_OBSERVE ||
		     ex->sv->conf->mode == CONF_OBSERVE;
	d->quota = ex->sv->quota;
	d->mask_key = slice((const char *)ex->sv->shm->hash_key,
			    sizeof(ex->sv->shm->hash_key));
	d->vault = ex->vault = vault_new(&ex->arena);
}

static struct decision *decision_new(struct exchange *ex, enum mg_stage stage,
				     const struct head *h)
{
	struct decision *d = arena_alloc(&ex->arena, sizeof(*d));

	*d = ex->about;
	d->stage = stage;
	d->content_type = head_get(h, "Content-Type");
	d->attr[MG_ATTR_CONTENT_TYPE] = d->content_type;
	d->wire_bytes =
		stage == MG_REQUEST ? ex->request_bytes : ex->reply_bytes;
	return d;
}

static enum failure failure_of(enum body_state state)
{
	switch (state) {
	case BODY_WHOLE:
	case BODY_CUT:
		return FAILURE_NONE;
	case BODY_TOO_BIG:
		return FAILURE_TOO_BIG;
	case BODY_ENCODING:
		return FAILURE_ENCODING;
	}
	return FAILURE_DETECTOR;
}

static void count_verdict(struct exchange *ex, const struct decision *d)
{
	static const enum shm_counter counter[] = {
		[MG_ALLOW] = SHM_ALLOWED,
		[MG_LOG] = SHM_LOGGED,
		[MG_MASK] = SHM_MASKED,
		[MG_BLOCK] = SHM_BLOCKED,
	};

	count(ex->sv, counter[d->verdict.action], 1);
	count(ex->sv, SHM_DETECT_US, d->detect_us);
	count(ex->sv, SHM_POLICY_US, d->policy_us);
	if (d->verdict.failure != FAILURE_NONE)
		count(ex->sv, SHM_FAILURES, 1);
}

static void decide(struct exchange *ex, struct decision *d)
{
	decision_make(ex->gen, d);
	ex->judged[d->stage] = d;
	ex->about.attr[MG_ATTR_MODEL] = d->attr[MG_ATTR_MODEL];
	count_verdict(ex, d);
}

int judge_block(struct exchange *ex, struct decision *d)
{
	const char *type = "application/json";
	struct buf body;
	int status;

	buf_init(&body, OUT_MAX);
	status = decision_block(ex->gen, d, &body, &type);
	if (status < 0) {
		buf_clear(&body);
		status = 403;
		answer_error_body(&body, 403, "blocked", "blocked");
	}
	exchange_answer(ex, (uint32_t)status, type, buf_slice(&body),
			d->verdict.retry_after);
	buf_deinit(&body);
	return MG_ESTOP;
}

/* --- whole messages
 * ----------------------------------------------------------- */

static int judge_whole(struct exchange *ex, enum mg_stage stage,
		       const struct gathered *what, struct buf *out)
{
	struct decision *d = decision_new(ex, stage, what->head);

	d->body = what->plain;
	d->failure = failure_of(what->state);
	decide(ex, d);
	if (d->verdict.action == MG_BLOCK)
		return judge_block(ex, d);
	if (what->state != BODY_WHOLE)
		return GATHER_ALLOW;

	int changed = decision_apply(ex->gen, d, out);
	if (changed < 0)
		return judge_block(ex, d);
	return changed ? GATHER_REPLACE : GATHER_ALLOW;
}

static int judge_request(void *arg, const struct gathered *what,
			 struct buf *out)
{
	return judge_whole(arg, MG_REQUEST, what, out);
}

static int judge_reply(void *arg, const struct gathered *what, struct buf *out)
{
	return judge_whole(arg, MG_REPLY, what, out);
}

/* --- streams, after they ended
 * --------------------------------------------------- */

static void judge_stream(void *arg, const struct observed *what)
{
	struct exchange *ex = arg;
	struct decision *d;

	if (!what->head)
		return;
	d = decision_new(ex, MG_REPLY, what->head);
	d->body = what->plain;
	d->failure = failure_of(what->state);
	/* What has left cannot be called back: observed, never enforced. */
	d->observe = true;
	d->streamed = true;
	decide(ex, d);
}

/* --- which stage stands in a lane
 * --------------------------------------------------- */

static bool wanted(struct exchange *ex, enum mg_stage stage)
{
	struct decision probe = ex->about;

	probe.stage = stage;
	return decision_wanted(ex->gen, &probe);
}

static bool is_stream(struct exchange *ex, const struct head *h)
{
	struct mg_slice type = head_get(h, "Content-Type");
	struct mg_slice media;
	const struct app_endpoint *ep = ex->about.endpoint;

	if (!type.at || !slice_cut(&type, ';', &media))
		return false;
	media = slice_trim(media);
	if (slice_is_caseless(media, "text/event-stream") ||
	    slice_is_caseless(media, "application/x-ndjson"))
		return true;
	return ep && ep->stream == MG_STREAM_JSON_ARRAY &&
	       h->framing == HEAD_CHUNKED;
}

/* Pictures, sound and films: nothing a text reader could find, and large. */
static bool is_media(const struct head *h)
{
	struct mg_slice type = head_get(h, "Content-Type");

	return slice_starts(type, "image/") || slice_starts(type, "audio/") ||
	       slice_starts(type, "video/") || slice_starts(type, "font/");
}

struct stage *judge_request_stage(struct exchange *ex)
{
	if (!wanted(ex, MG_REQUEST))
		return relay_new(&ex->passed);
	return gather_new(&ex->sv->gather, judge_request, ex);
}

static bool is_event_stream(const struct head *h)
{
	struct mg_slice type = head_get(h, "Content-Type"), media;

	return type.at && slice_cut(&type, ';', &media) &&
	       slice_is_caseless(slice_trim(media), "text/event-stream");
}

/* A stream is read along, and tokens in it become values on the way to the
 * device: after it was read, for what crossed the wire is what is judged. */
static struct stage *stream_stage(struct exchange *ex, bool want)
{
	const struct app_endpoint *ep = ex->about.endpoint;
	struct stage *watch =
		want ? observe_new(&ex->sv->observe, judge_stream, ex)
		     : relay_new(&ex->passed);

	if (!vault_count(ex->vault) || !is_event_stream(ex->reply))
		return watch;
	lane_add(&ex->down, watch);
	return undo_new(ex->vault, ep ? ep->event : NULL,
			ex->sv->observe.decode);
}

struct stage *judge_reply_stage(struct exchange *ex)
{
	const struct head *h = ex->reply;

	ex->stream = is_stream(ex, h);
	/* Tokens that the request was given are undone in the reply. */
	bool want = wanted(ex, MG_REPLY);
	bool undo = vault_count(ex->vault) > 0;

	if (!(want || undo) || h->framing == HEAD_NO_BODY || is_media(h))
		return relay_new(&ex->passed);
	if (ex->stream)
		return stream_stage(ex, want);
	return gather_new(&ex->sv->gather, judge_reply, ex);
}
