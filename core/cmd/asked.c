/* asked.c - see asked.h */
#include "cmd/asked.h"

#include <stdlib.h>

#include "base/hash.h"
#include "http/encoding.h"
#include "text/vault.h"

static const struct {
	const char *name;
	enum mg_attr attr;
} attrs[] = {
	{ "integration", MG_ATTR_INTEGRATION },
	{ "host", MG_ATTR_HOST },
	{ "method", MG_ATTR_METHOD },
	{ "path", MG_ATTR_PATH },
	{ "model", MG_ATTR_MODEL },
	{ "user", MG_ATTR_USER },
	{ "device", MG_ATTR_DEVICE },
	{ "use_case", MG_ATTR_USE_CASE },
	{ "route", MG_ATTR_ROUTE },
	{ "gateway", MG_ATTR_GATEWAY },
	{ "engine", MG_ATTR_ENGINE },
	{ "user_agent", MG_ATTR_USER_AGENT },
};

static int word_of(struct mg_slice text, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (slice_is_caseless(text, words[i]))
			return i;
	return -1;
}

static int read_where(struct asked *q, const char **why)
{
	static const char *const surfaces[] = { "endpoint", "gateway", "api",
						"browser", NULL };
	static const char *const stages[] = { "request", "reply", NULL };
	static const char *const levels[] = { "none", "network", "token",
					      "mtls", NULL };
	struct mg_slice surface = line_text(&q->line, "surface");
	struct mg_slice stage = line_text(&q->line, "stage");
	struct mg_slice level = line_text(&q->line, "assurance");
	int n = surface.len ? word_of(surface, surfaces) : 0;

	*why = "surface is endpoint, gateway, api or browser";
	if (n < 0)
		return MG_EPROTO;
	q->decision.surface = BIT(n);
	n = stage.len ? word_of(stage, stages) : 0;
	*why = "stage is request or reply";
	if (n < 0)
		return MG_EPROTO;
	q->decision.stage = (uint32_t)n;
	n = level.len ? word_of(level, levels) : 3;
	*why = "assurance is none, network, token or mtls";
	if (n < 0)
		return MG_EPROTO;
	q->decision.assurance = (uint32_t)n;
	return MG_OK;
}

/* Which application: named, else by its host. */
static void read_application(struct asked *q, struct generation *gen)
{
	const struct mg_apps *apps = generation_apps(gen);
	struct mg_slice id = line_text(&q->line, "application");
	struct decision *d = &q->decision;
	uint32_t app = APPS_NONE;

	if (id.len)
		app = apps_find(apps, id);
	else if (d->attr[MG_ATTR_HOST].len &&
		 apps_cover(apps, d->attr[MG_ATTR_HOST], &app) != MG_COVERED)
		app = APPS_NONE;
	d->app = app == APPS_NONE ? -1 : (int)app;
	d->attr[MG_ATTR_APPLICATION] =
		app == APPS_NONE ? id : apps_id(apps, app);
	if (app != APPS_NONE)
		d->endpoint = apps_endpoint(apps, app, d->attr[MG_ATTR_METHOD],
					    d->attr[MG_ATTR_PATH]);
}

/* The value of a header; of several, the first. */
static struct mg_slice header(const struct line *headers, const char *name)
{
	for (uint32_t i = 0; i < headers->count; i++)
		if (slice_is_caseless(headers->at[i].name, name))
			return headers->at[i].text;
	return slice("", 0);
}

static enum failure undo(struct asked *q, struct generation *gen,
			 struct mg_slice encoding)
{
	const struct conf *conf = generation_conf(gen);
	struct decode_limits limits = { conf->limits_decoded,
					(uint32_t)conf->limits_ratio };
	int err = MG_OK;
	struct decoder *decoder = decoder_new(encoding, &limits, &err);

	if (!decoder)
		return FAILURE_ENCODING;
	err = decoder_feed(decoder, q->decision.body, &q->plain);
	if (err >= 0)
		err = decoder_end(decoder);
	decoder_free(decoder);
	if (err < 0)
		return FAILURE_ENCODING;
	q->decision.body = buf_slice(&q->plain);
	return FAILURE_NONE;
}

static int read_body(struct asked *q, struct arena *a, struct generation *gen,
		     const char **why)
{
	const struct line_field *body = line_field(&q->line, "body");
	struct mg_slice packed = line_text(&q->line, "body_base64");
	struct decision *d = &q->decision;

	q->as_text = !body || body->kind == JSON_STRING;
	if (packed.len) {
		unsigned char *raw = arena_alloc(a, packed.len);
		int n = hash_base64_decode(packed, raw, packed.len);

		*why = "body_base64 is not base64";
		if (n < 0)
			return MG_EPROTO;
		d->body = slice((char *)raw, (size_t)n);
	} else if (body) {
		d->body = q->as_text ? body->text : body->raw;
	}
	d->wire_bytes = d->body.len;
	if (d->body.len > generation_conf(gen)->limits_body)
		d->failure = FAILURE_TOO_BIG;
	return MG_OK;
}

static void read_headers(struct asked *q, struct arena *a,
			 struct generation *gen)
{
	const struct line_field *f = line_field(&q->line, "headers");
	struct decision *d = &q->decision;
	struct line headers = { 0 };
	struct mg_slice encoding;

	if (f && f->kind == JSON_OBJECT)
		line_read(&headers, a, f->raw);
	d->content_type = header(&headers, "content-type");
	d->attr[MG_ATTR_CONTENT_TYPE] = d->content_type;
	if (!d->attr[MG_ATTR_USER_AGENT].len)
		d->attr[MG_ATTR_USER_AGENT] = header(&headers, "user-agent");
	encoding = header(&headers, "content-encoding");
	if (encoding.len && d->failure == FAILURE_NONE)
		d->failure = undo(q, gen, encoding);
	d->streamed = d->stage == MG_REPLY &&
		      slice_starts(d->content_type, "text/event-stream");
}

int asked_read(struct asked *q, struct arena *a, struct generation *gen,
	       struct mg_slice json, const char **why)
{
	struct decision *d = &q->decision;
	int err;

	*q = (struct asked){ 0 };
	buf_init(&q->plain, generation_conf(gen)->limits_decoded);
	d->arena = a;
	d->app = -1;
	*why = "it is not a JSON object";
	err = line_read(&q->line, a, json);
	if (err)
		return err;
	q->id = line_text(&q->line, "id");
	err = read_where(q, why);
	if (err)
		return err;
	for (size_t i = 0; i < ARRAY_LEN(attrs); i++)
		d->attr[attrs[i].attr] = line_text(&q->line, attrs[i].name);
	if (!d->attr[MG_ATTR_METHOD].len)
		d->attr[MG_ATTR_METHOD] = slice_str("POST");
	d->tags = line_list(&q->line, "tags", a, &d->tag_count);
	d->groups = line_list(&q->line, "groups", a, &d->group_count);
	const struct line_field *mode = line_field(&q->line, "mode");
	d->observe = generation_conf(gen)->mode == 1 ||
		     (mode && slice_is(mode->text, "observe"));
	err = read_body(q, a, gen, why);
	if (err)
		return err;
	read_application(q, gen);
	read_headers(q, a, gen);
	return MG_OK;
}

void asked_deinit(struct asked *q)
{
	buf_wipe(&q->plain);
}
