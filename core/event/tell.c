/* tell.c - see tell.h */
#include "event/tell.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"

struct pen {
	struct buf *out;
	bool colour;
	int err;
};

static void put(struct pen *p, const char *text)
{
	if (p->err == MG_OK)
		p->err = buf_add_str(p->out, text);
}

/* Records may come from another program's hands. */
static void put_slice(struct pen *p, struct mg_slice s)
{
	for (size_t i = 0; i < s.len && p->err == MG_OK; i++) {
		unsigned char c = (unsigned char)s.at[i];
		bool c1 = c == 0xc2 && i + 1 < s.len &&
			  (unsigned char)s.at[i + 1] < 0xa0;
		if (c < ' ' || c == 0x7f || c1)
			c = '?';
		p->err = buf_add_at(p->out, &c, 1);
	}
}

static void put_or_dash(struct pen *p, struct mg_slice s)
{
	put_slice(p, s.len ? s : slice_str("-"));
}

__attribute__((format(printf, 2, 3))) static void putf(struct pen *p,
						       const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	put(p, text);
}

static void paint(struct pen *p, const char *code)
{
	if (p->colour)
		putf(p, "\033[%sm", code);
}

static const char *colour_of(uint32_t action)
{
	switch (action) {
	case MG_BLOCK:
		return "1;31";
	case MG_MASK:
		return "33";
	case MG_LOG:
		return "36";
	}
	return "32";
}

static void put_action(struct pen *p, const struct event_verdict *v)
{
	if (!v->judged) {
		put(p, "-");
		return;
	}
	paint(p, colour_of(v->action));
	put(p, action_name((enum mg_action)v->action));
	paint(p, "0");
	if (v->observed)
		put(p, "(observe)");
}

static void put_time(struct pen *p, uint64_t us)
{
	char text[32];

	clock_print(us, text);
	put(p, text);
}

static void put_duration(struct pen *p, uint64_t us)
{
	if (us < 10000)
		putf(p, "%.1fms", (double)us / 1e3);
	else if (us < 10000000)
		putf(p, "%" PRIu64 "ms", us / 1000);
	else
		putf(p, "%.1fs", (double)us / 1e6);
}

/* Policies and findings of one stage that the other has not shown. */
static void put_names(struct pen *p, const struct event *e)
{
	const char *between = "  ";

	for (int k = 0; k < 2; k++)
		for (uint32_t i = 0; i < e->verdict[k].policy_count; i++) {
			if (!e->verdict[k].policies[i].determining)
				continue;
			put(p, between);
			put_slice(p, e->verdict[k].policies[i].id);
			between = ",";
		}
	between = "  ";
	for (int k = 0; k < 2; k++)
		for (uint32_t i = 0; i < e->verdict[k].finding_count; i++) {
			const struct event_finding *f =
				&e->verdict[k].findings[i];
			put(p, between);
			put_slice(p, f->entity);
			putf(p, "=%u", f->count);
			between = ",";
		}
}

static void put_reasons(struct pen *p, const struct event *e)
{
	for (int k = 0; k < 2; k++) {
		if (!e->verdict[k].reason.len)
			continue;
		put(p, "  \"");
		put_slice(p, e->verdict[k].reason);
		put(p, "\"");
	}
	if (e->failure.len) {
		put(p, "  failure=");
		put_slice(p, e->failure);
	}
}

int tell_line(const struct event *e, bool colour, struct buf *out)
{
	struct pen p = { out, colour, MG_OK };

	put_time(&p, e->time);
	put(&p, "  ");
	put_or_dash(&p, e->integration);
	put(&p, "  ");
	put_or_dash(&p, e->application.len ? e->application : e->host);
	put(&p, "  ");
	put_or_dash(&p, e->method);
	put(&p, " ");
	put_slice(&p, e->path.len ? e->path : e->host);
	put(&p, "  ");
	put_action(&p, &e->verdict[MG_REQUEST]);
	put(&p, "/");
	put_action(&p, &e->verdict[MG_REPLY]);
	put_names(&p, e);
	put_reasons(&p, e);
	if (e->status)
		putf(&p, "  %u", e->status);
	if (e->total_us) {
		put(&p, " ");
		put_duration(&p, e->total_us);
	}
	return p.err;
}

/* --- the whole story
 * ----------------------------------------------------------- */

static void put_row(struct pen *p, const char *name, struct mg_slice s)
{
	if (!s.len)
		return;
	putf(p, "  %-12s ", name);
	put_slice(p, s);
	put(p, "\n");
}

static void put_list(struct pen *p, const char *name,
		     const struct mg_slice *list, uint32_t count)
{
	if (!count)
		return;
	putf(p, "  %-12s ", name);
	for (uint32_t i = 0; i < count; i++) {
		put(p, i ? ", " : "");
		put_slice(p, list[i]);
	}
	put(p, "\n");
}

static void put_policies(struct pen *p, const struct event_verdict *v)
{
	for (uint32_t i = 0; i < v->policy_count; i++) {
		const struct event_policy *policy = &v->policies[i];
		put(p, "    policy ");
		put_slice(p, policy->id);
		put(p, ": ");
		paint(p, colour_of(policy->action));
		put(p, action_name((enum mg_action)policy->action));
		paint(p, "0");
		put(p, policy->determining ? ", decides\n" : "\n");
	}
}

static void put_findings(struct pen *p, const struct event_verdict *v)
{
	for (uint32_t i = 0; i < v->finding_count; i++) {
		const struct event_finding *f = &v->findings[i];
		put(p, "    found ");
		put_slice(p, f->entity);
		putf(p, ": %u, score %.2f  ", f->count,
		     (double)f->max_score / 100);
		put_slice(p, f->sample);
		put(p, "\n");
		for (uint32_t k = 0; k < f->place_count; k++) {
			put(p, "      at ");
			put_or_dash(p, f->places[k].path);
			putf(p, " [%u, %u)\n", f->places[k].from,
			     f->places[k].to);
		}
		if (f->count > f->place_count)
			putf(p, "      and %u more\n",
			     f->count - f->place_count);
	}
}

static void put_stage(struct pen *p, const char *name,
		      const struct event_verdict *v)
{
	putf(p, "  %s: ", name);
	if (!v->judged)
		put(p, "not judged");
	else
		put_action(p, v);
	if (v->reason.len) {
		put(p, "  \"");
		put_slice(p, v->reason);
		put(p, "\"");
	}
	put(p, "\n");
	if (v->failure != FAILURE_NONE)
		putf(p, "    failure %s decides, by the table of failures\n",
		     failure_name(v->failure));
	put_policies(p, v);
	put_findings(p, v);
	if (v->judged && !v->policy_count && v->failure == FAILURE_NONE)
		put(p, "    no policy matched\n");
}

static void put_times(struct pen *p, const struct event *e)
{
	static const char *const name[] = { "total", "upstream", "gateway",
					    "detectors", "policies" };
	const uint64_t us[] = { e->total_us, e->upstream_us, e->gateway_us,
				e->detect_us, e->policy_us };

	putf(p, "  %-12s ", "time");
	for (size_t i = 0; i < ARRAY_LEN(us); i++) {
		putf(p, "%s%s ", i ? ", " : "", name[i]);
		put_duration(p, us[i]);
	}
	put(p, "\n");
}

int tell_story(const struct event *e, bool colour, struct buf *out)
{
	struct pen p = { out, colour, MG_OK };

	put(&p, "event ");
	put_slice(&p, slice_str(e->id));
	put(&p, "  ");
	put_time(&p, e->time);
	put(&p, "\n");
	put_row(&p, "surface", slice_str(surface_name(e->surface)));
	put_row(&p, "integration", e->integration);
	put_row(&p, "identity", slice_str(assurance_name(e->assurance)));
	put_row(&p, "device", e->device);
	put_row(&p, "user", e->user);
	put_list(&p, "groups", e->groups, e->group_count);
	put_list(&p, "tags", e->tags, e->tag_count);
	put_row(&p, "client", e->client_address);
	put_row(&p, "product", e->client_product);
	put_row(&p, "application", e->application);
	put_row(&p, "host", e->host);
	put_row(&p, "method", e->method);
	put_row(&p, "path", e->path);
	put_row(&p, "model", e->model);
	put_stage(&p, "request", &e->verdict[MG_REQUEST]);
	put_stage(&p, "reply", &e->verdict[MG_REPLY]);
	put_row(&p, "failure", e->failure);
	if (e->status)
		putf(&p, "  %-12s %u%s\n", "status", e->status,
		     e->stream ? ", streamed" : "");
	putf(&p, "  %-12s %" PRIu64 " up, %" PRIu64 " down\n", "bytes",
	     e->request_bytes, e->reply_bytes);
	if (e->request_tokens || e->reply_tokens)
		putf(&p, "  %-12s %" PRIu64 " read, %" PRIu64 " written\n",
		     "tokens", e->request_tokens, e->reply_tokens);
	put_times(&p, e);
	putf(&p, "  %-12s %016" PRIx64 "\n", "generation", e->generation);
	return p.err;
}
