/* reading.c - one body read by hand: mg_reading_* of mg.h, for specs and tools
 * that want to see what a surface would see. */
#include <stdlib.h>

#include "text/application.h"

struct mg_reading {
	struct arena arena;
	struct segments segs;
	struct mg_slice endpoint;
};

struct mg_reading *mg_reading_new(void)
{
	struct mg_reading *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	r->endpoint = slice("", 0);
	return r;
}

void mg_reading_free(struct mg_reading *r)
{
	if (!r)
		return;
	arena_wipe(&r->arena);
	free(r);
}

int mg_reading_body(struct mg_reading *r, const struct mg_apps *apps,
		    uint32_t app, uint32_t stage, const char *method,
		    size_t method_len, const char *path, size_t path_len,
		    const char *content_type, size_t content_type_len,
		    const char *body, size_t len)
{
	const struct app_endpoint *ep = apps_endpoint(
		apps, app, slice(method, method_len), slice(path, path_len));

	arena_wipe(&r->arena);
	segments_init(&r->segs, &r->arena);
	r->endpoint = ep ? ep->name : slice("", 0);
	int count = apps_read(ep, stage, slice(content_type, content_type_len),
			      slice(body, len), &r->segs);
	if (!r->segs.model.len)
		r->segs.model = arena_slice(&r->arena,
					    apps_model(slice(path, path_len)));
	return count;
}

const struct mg_segment *mg_reading_at(const struct mg_reading *r, uint32_t i)
{
	return i < r->segs.count ? &r->segs.at[i] : NULL;
}

const struct mg_slice *mg_reading_tool(const struct mg_reading *r, uint32_t i)
{
	return i < r->segs.tool_count ? &r->segs.tools[i] : NULL;
}

const struct mg_slice *mg_reading_model(const struct mg_reading *r)
{
	return &r->segs.model;
}

const struct mg_slice *mg_reading_endpoint(const struct mg_reading *r)
{
	return &r->endpoint;
}

uint32_t mg_reading_stream(const struct mg_reading *r)
{
	return r->segs.wants_stream;
}

uint32_t mg_reading_unread(const struct mg_reading *r)
{
	return r->segs.unread;
}

uint64_t mg_reading_tokens_in(const struct mg_reading *r)
{
	return r->segs.tokens_in;
}

uint64_t mg_reading_tokens_out(const struct mg_reading *r)
{
	return r->segs.tokens_out;
}
