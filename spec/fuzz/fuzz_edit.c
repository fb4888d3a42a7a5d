/* fuzz_edit.c - any edit of any body: JSON stays JSON, the rest stays itself.
 *
 *   byte 0: media type   1: which segment   2, 3: the span   4...: the body
 */
#include <stdlib.h>

#include "text/edit.h"
#include "text/json.h"
#include "text/vault.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mg_shape *shape(void)
{
	static struct mg_shape *made;

	if (made)
		return made;
	made = mg_shape_new();
	mg_shape_add(made, "/j", 2, MG_ROLE_TOOL_CALL, MG_RULE_JSON);
	mg_shape_add(made, "/d", 2, MG_ROLE_TOOL_CALL, MG_RULE_DEEP);
	mg_shape_add(made, "/b", 2, MG_ROLE_DOCUMENT, MG_RULE_ATTACHMENT);
	mg_shape_compile(made);
	return made;
}

static void compare(const struct segments *was, const struct segments *is,
		    uint32_t edited)
{
	if (was->count != is->count)
		abort();
	for (uint32_t i = 0; i < was->count; i++) {
		if (!slice_same(was->at[i].path, is->at[i].path))
			abort();
		if (i != edited && !slice_same(was->at[i].text, is->at[i].text))
			abort();
	}
}

/* Puts tokens in and takes them out again. */
static void round_trip(struct arena *a, const struct segments *segs,
		       struct mg_slice body)
{
	struct vault *v = vault_new(a);
	struct edit *edits;

	vault_avoid(v, segs->at, segs->count);
	vault_token(v, slice_str("X"), body);
	if (vault_restore(v, a, segs->at, segs->count, &edits))
		abort(); /* nothing in the body may be one of ours */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {
		"application/json",
		"application/x-www-form-urlencoded",
		"text/plain",
	};
	struct segments segs, after;
	struct arena a;
	struct buf out;

	if (size < 5)
		return 0;
	struct mg_slice type = slice_str(types[data[0] % ARRAY_LEN(types)]);
	struct mg_slice body = slice((const char *)data + 4, size - 4);
	arena_init(&a);
	segments_init(&segs, &a);
	buf_init(&out, 1 << 24);
	if (segments_of_body(&segs, shape(), type, body) > 0) {
		uint32_t which = data[1] % segs.count;
		uint32_t len = (uint32_t)segs.at[which].text.len;
		struct edit e = { .segment = which, .with = slice_str("\"\\") };
		e.from = data[2] % (len + 1);
		e.to = e.from + data[3] % (len + 1 - e.from);
		int n = edit_apply(&a, body, segs.at, segs.count, &e, 1, NULL,
				   &out);
		if (n < 0)
			abort();
		round_trip(&a, &segs, body);
		if (n && segs.form == BODY_JSON && !segs.broken &&
		    json_valid(body, 256)) {
			if (!json_valid(buf_slice(&out), 256))
				abort();
			segments_init(&after, &a);
			segments_of_body(&after, shape(), type,
					 buf_slice(&out));
			if (segs.at[which].kind == MG_SEGMENT_TEXT &&
			    e.to > e.from)
				compare(&segs, &after, which);
		}
	}
	buf_deinit(&out);
	arena_deinit(&a);
	return 0;
}
