/* fuzz_json.c - any bytes as a body: what is read lies where it says. */
#include <stdlib.h>

#include "text/coding.h"
#include "text/json.h"
#include "text/segment.h"
#include "text/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *pattern;
	uint32_t role, flags;
} rules[] = {
	{ "/m", 0, MG_RULE_MODEL },
	{ "/s", 0, MG_RULE_STREAM },
	{ "/a/*/c", MG_ROLE_USER, MG_RULE_ROLE_SIBLING },
	{ "/a/*/c/*/t", MG_ROLE_USER, MG_RULE_ROLE_SIBLING },
	{ "/a/0/x", MG_ROLE_SYSTEM, 0 },
	{ "/j", MG_ROLE_TOOL_CALL, MG_RULE_JSON },
	{ "/d", MG_ROLE_TOOL_CALL, MG_RULE_DEEP },
	{ "/d/**/w", 0, MG_RULE_WORD },
	{ "/b", MG_ROLE_DOCUMENT, MG_RULE_ATTACHMENT },
	{ "/t", 0, MG_RULE_TOOL_NAME | MG_RULE_TOKENS_IN },
	{ "/o", 0, MG_RULE_OPAQUE | MG_RULE_DEEP },
	{ "/z", MG_ROLE_THINKING, MG_RULE_SEALED },
};

static struct mg_shape *shape(void)
{
	static struct mg_shape *made;

	if (made)
		return made;
	made = mg_shape_new();
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		mg_shape_add(made, rules[i].pattern, strlen(rules[i].pattern),
			     rules[i].role, rules[i].flags);
	mg_shape_compile(made);
	return made;
}

/* The raw bytes of a segment, decoded by its layers, are its text. */
static void check(struct arena *a, struct mg_slice body,
		  const struct mg_segment *seg)
{
	struct mg_slice text;

	if (seg->raw_from > seg->raw_to || seg->raw_to > body.len)
		abort();
	if (seg->role & (seg->role - 1) || !seg->role)
		abort();
	if (seg->unread || seg->coding == CODING_JOINED)
		return;
	text = slice(body.at + seg->raw_from, seg->raw_to - seg->raw_from);
	for (uint32_t i = 0; i < coding_layers(seg->coding); i++)
		if (coding_decode(a, coding_layer(seg->coding, i), text,
				  &text) < 0)
			abort();
	if (!slice_same(text, seg->text))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {
		"",
		"application/json",
		"application/x-www-form-urlencoded",
		"text/event-stream; charset=utf-8",
		"text/plain",
		"multipart/form-data; boundary=b",
	};
	struct segments segs;
	struct arena a;

	if (!size)
		return 0;
	struct mg_slice body = slice((const char *)data + 1, size - 1);
	struct mg_slice type = slice_str(types[*data % ARRAY_LEN(types)]);
	arena_init(&a);
	segments_init(&segs, &a);
	int n = segments_of_body(&segs, *data & 64 ? NULL : shape(), type,
				 body);
	if (n >= 0 && (uint32_t)n != segs.count)
		abort();
	for (uint32_t i = 0; n >= 0 && i < segs.count; i++)
		check(&a, body, &segs.at[i]);
	segments_init(&segs, &a);
	segments_of_stream(&segs, shape(), MG_STREAM_JSON_ARRAY, body);
	arena_deinit(&a);
	return 0;
}
