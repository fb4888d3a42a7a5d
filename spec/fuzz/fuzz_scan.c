/* fuzz_scan.c - any bytes, cut anywhere, through everything that is looked for.
 *
 * Checks what must hold for all texts: findings lie inside their segment, in
 * order, and a text alone gives what it gives among others.
 */
#include <stdlib.h>
#include <string.h>

#include "abi/mg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mg_scan *everything(void)
{
	struct mg_catalogue *cat = mg_catalogue_new();

	mg_catalogue_add_regex(cat, "own.regex", 9, "(?<=k)\\d+x?", 11, 0);
	mg_catalogue_add_words(cat, "own.words", 9, "alpha\nno\nbeta x\n", 16,
			       MG_WORD_CASELESS | MG_WORD_WHOLE);
	for (uint32_t i = 0; i < mg_catalogue_count(cat); i++)
		mg_catalogue_need(cat, i);
	if (mg_catalogue_compile(cat, NULL) < 0)
		abort();
	return mg_scan_new(cat);
}

static int same(const struct mg_finding *a, const struct mg_finding *b)
{
	return a->entity == b->entity && a->from == b->from && a->to == b->to &&
	       a->score == b->score;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mg_scan *scan;
	static struct mg_finding kept[512];
	const char *text = (const char *)data;
	struct mg_segment seg[3] = { 0 };
	int n;

	if (!scan)
		scan = everything();
	if (size < 2)
		return 0;
	size_t cut = data[0] * size / 256;

	/* A copy of the second piece: an overrun of it is then an overrun. */
	char *copy = malloc(size - cut + 1);
	memcpy(copy, text + cut, size - cut);
	seg[0] = (struct mg_segment){ .role = MG_ROLE_USER,
				      .text = { text, cut } };
	seg[1] = (struct mg_segment){ .role = MG_ROLE_TOOL_RESULT,
				      .text = { copy, size - cut } };
	n = mg_scan_segments(scan, seg + 1, 1);
	if (n < 0 || n > 512) {
		free(copy);
		return 0;
	}
	for (int i = 0; i < n; i++)
		kept[i] = *mg_scan_at(scan, (uint32_t)i);

	int all = mg_scan_segments(scan, seg, 2), first = all - n;
	if (all >= 0 && first < 0)
		abort();
	for (int i = 0; i < all; i++) {
		const struct mg_finding *f = mg_scan_at(scan, (uint32_t)i);

		if (f->from >= f->to || f->to > seg[f->segment].text.len ||
		    f->score == 0 || f->score > 100)
			abort();
		if (i >= first &&
		    (f->segment != 1 || !same(f, &kept[i - first])))
			abort();
	}
	free(copy);
	return 0;
}
