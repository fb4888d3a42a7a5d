/* segment.c - see segment.h */
#include "text/segment.h"

enum { MOST_SEGMENTS = 100000, MOST_DEPTH = 256 };

void segments_init(struct segments *segs, struct arena *a)
{
	*segs = (struct segments){
		.arena = a,
		.max = MOST_SEGMENTS,
		.max_depth = MOST_DEPTH,
	};
}

struct mg_segment *segments_add(struct segments *segs)
{
	if (segs->count == segs->max)
		return NULL;
	segs->at = arena_grow(segs->arena, segs->at, segs->count, &segs->cap,
			      sizeof(*segs->at));
	struct mg_segment *seg = &segs->at[segs->count++];
	*seg = (struct mg_segment){ .role = MG_ROLE_OTHER };
	return seg;
}

int segments_add_tool(struct segments *segs, struct mg_slice name)
{
	/* The newest first: a tool is often called many times in a row. */
	for (uint32_t i = segs->tool_count; i-- > 0;)
		if (slice_same(segs->tools[i], name))
			return MG_OK;
	if (segs->tool_count == SEGMENTS_TOOLS)
		return MG_ETOOBIG;
	segs->tools = arena_grow(segs->arena, segs->tools, segs->tool_count,
				 &segs->tool_cap, sizeof(*segs->tools));
	segs->tools[segs->tool_count++] = name;
	return MG_OK;
}

const char *body_form_name(enum body_form form)
{
	static const char *const names[BODY_FORMS] = {
		[BODY_EMPTY] = "empty",   [BODY_JSON] = "json",
		[BODY_NDJSON] = "ndjson", [BODY_FORM] = "form",
		[BODY_TEXT] = "text",     [BODY_MULTIPART] = "multipart",
		[BODY_SSE] = "sse",       [BODY_BINARY] = "binary",
	};

	return names[form];
}
