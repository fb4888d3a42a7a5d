/* test_mask.c - what stands where a value stood. */
#include "test.h"
#include "text/mask.h"

static struct arena arena;

static int shows(struct masker *m, enum mg_mask_style style, const char *value,
		 const char *want)
{
	struct mg_slice got =
		mask_render(m, style, slice_str("EMAIL"), slice_str(value));

	if (!slice_is(got, want))
		printf("# %.*s\n", (int)got.len, got.at);
	return slice_is(got, want);
}

static void every_style_has_its_form(void)
{
	struct masker m = {
		.arena = &arena,
		.key = slice_str("a key of this organisation"),
		.vault = vault_new(&arena),
	};

	OK(shows(&m, MG_MASK_PLACEHOLDER, "ann@x.io", "[EMAIL]"));
	OK(shows(&m, MG_MASK_KEEP_LENGTH, "ann@x.io", "********"));
	OK(shows(&m, MG_MASK_KEEP_LENGTH, "\xc3\xa9\xe4\xbd\xa0!", "***"));
	OK(shows(&m, MG_MASK_KEEP_LENGTH, "", ""));
	OK(shows(&m, MG_MASK_KEEP_LAST4, "4111111111111111", "****1111"));
	OK(shows(&m, MG_MASK_KEEP_LAST4, "123-45-6789", "****6789"));
	OK(shows(&m, MG_MASK_TOKEN, "ann@x.io", "[EMAIL_1]"));
	OK(shows(&m, MG_MASK_TOKEN, "bob@x.io", "[EMAIL_2]"));
	OK(shows(&m, MG_MASK_TOKEN, "ann@x.io", "[EMAIL_1]"));
}

static void the_last_four_are_not_half_of_it(void)
{
	struct masker m = { .arena = &arena };

	OK(shows(&m, MG_MASK_KEEP_LAST4, "12345678", "****"));
	OK(shows(&m, MG_MASK_KEEP_LAST4, "123456789", "****6789"));
	OK(shows(&m, MG_MASK_KEEP_LAST4, "1", "****"));
	OK(shows(&m, MG_MASK_KEEP_LAST4, "", "****"));
	/* Whole characters, and nothing that JSON would have to escape. */
	OK(shows(&m, MG_MASK_KEEP_LAST4,
		 "abcdefgh\xe4\xbd\xa0\xe5\xa5\xbd"
		 "xy",
		 "****\xe4\xbd\xa0\xe5\xa5\xbd"
		 "xy"));
	OK(shows(&m, MG_MASK_KEEP_LAST4, "abcdefgh\"x\\y", "****"));
}

static void hashes_are_keyed_and_stable(void)
{
	struct masker one = { .arena = &arena, .key = slice_str("one") };
	struct masker two = { .arena = &arena, .key = slice_str("two") };
	struct mg_slice word = slice_str("EMAIL"), v = slice_str("ann@x.io");
	struct mg_slice a = mask_render(&one, MG_MASK_HASH, word, v);

	OK(a.len == strlen("[EMAIL:9f86d081]"));
	OK(slice_starts(a, "[EMAIL:") && slice_ends(a, "]"));
	OK(slice_same(a, mask_render(&one, MG_MASK_HASH, word, v)));
	OK(!slice_same(a, mask_render(&two, MG_MASK_HASH, word, v)));
	OK(!slice_same(a, mask_render(&one, MG_MASK_HASH, word,
				      slice_str("bob@x.io"))));
}

static void without_key_or_vault_it_is_a_placeholder(void)
{
	struct masker m = { .arena = &arena };

	OK(shows(&m, MG_MASK_HASH, "ann@x.io", "[EMAIL]"));
	OK(shows(&m, MG_MASK_TOKEN, "ann@x.io", "[EMAIL]"));
}

int main(void)
{
	RUN(every_style_has_its_form);
	RUN(the_last_four_are_not_half_of_it);
	RUN(hashes_are_keyed_and_stable);
	RUN(without_key_or_vault_it_is_a_placeholder);
	arena_deinit(&arena);
	return test_done();
}
