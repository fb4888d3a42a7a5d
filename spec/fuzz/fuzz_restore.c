/* fuzz_restore.c - a stream with values put back: the same bytes however it is
 * cut, and without our tokens not a byte changes. */
#include <stdlib.h>

#include "text/restore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HELD = 1 << 16 };

static struct mg_shape *shape(void)
{
	static struct mg_shape *made;

	if (made)
		return made;
	made = mg_shape_new();
	mg_shape_add(made, "/d", 2, MG_ROLE_ASSISTANT, 0);
	mg_shape_add(made, "/c/*/d", 6, MG_ROLE_ASSISTANT, 0);
	mg_shape_add(made, "/a", 2, MG_ROLE_TOOL_CALL, MG_RULE_JSON);
	mg_shape_compile(made);
	return made;
}

static void run(const struct vault *v, struct mg_slice bytes, size_t step,
		struct buf *out)
{
	struct restore *r = restore_new(v, shape(), HELD);

	for (size_t at = 0; at < bytes.len; at += step)
		if (restore_feed(r,
				 slice(bytes.at + at, bytes.len - at < step
							      ? bytes.len - at
							      : step),
				 out) < 0)
			abort();
	if (restore_flush(r, out) < 0)
		abort();
	restore_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, cut;
	struct arena a;

	if (!size || size > HELD / 2)
		return 0;
	struct mg_slice body = slice((const char *)data + 1, size - 1);
	arena_init(&a);
	buf_init(&whole, 1 << 24);
	buf_init(&cut, 1 << 24);
	struct vault *v = vault_new(&a);
	vault_token(v, slice_str("E"), slice_str("a\"b\\c"));
	run(v, body, size, &whole);
	run(v, body, *data % 7 + 1, &cut);
	if (!slice_same(buf_slice(&whole), buf_slice(&cut)))
		abort();

	struct vault *none = vault_new(&a);
	vault_token(none, slice_str("VERY_LONG_WORD_THAT_NOBODY_SAYS"),
		    slice_str("x"));
	buf_clear(&cut);
	run(none, body, *data % 7 + 1, &cut);
	if (!slice_same(body, buf_slice(&cut)))
		abort();
	buf_deinit(&whole);
	buf_deinit(&cut);
	arena_deinit(&a);
	return 0;
}
