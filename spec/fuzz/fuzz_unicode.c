/* fuzz_unicode.c - any bytes through the walk over hidden text, and
 * undisguised.
 *
 * Findings lie inside the text and in order; every run of tags is found; every
 * byte of a view stands for bytes of its text.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "abi/mg.h"
#include "detectors/unicode/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mg_scan *hidden(void)
{
	struct mg_catalogue *cat = mg_catalogue_new();
	int entity;

	for (uint32_t i = 0;
	     (entity = mg_catalogue_group(cat, "unicode", 7, i)) >= 0; i++)
		mg_catalogue_need(cat, (uint32_t)entity);
	if (mg_catalogue_compile(cat, NULL) < 0)
		abort();
	return mg_scan_new(cat);
}

static void undisguise(const char *text, uint32_t len)
{
	static struct view v;
	struct view_part p;

	v.len = 0;
	if (view_add(&v, text, len, &p) < 0)
		return;
	if (p.plain_from > p.plain_to || p.payload_from > p.payload_to ||
	    p.payload_to > v.cap)
		abort();
	for (uint32_t i = 0; i < v.len; i++)
		if (v.from[i] >= v.to[i] || v.to[i] > len)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mg_scan *scan;
	static const char tag[] = "\xf3\xa0\x81\xa8";
	char *text;
	uint32_t last = 0;
	bool found = false;

	if (!scan)
		scan = hidden();
	/* A copy of the exact length: an overrun is then an overrun. */
	text = malloc(size + 4);
	memcpy(text, data, size);
	memcpy(text + size, tag, 4);
	int n = mg_scan_text(scan, text, size + 4);
	for (int i = 0; i < n; i++) {
		const struct mg_finding *f = mg_scan_at(scan, (uint32_t)i);

		if (f->from >= f->to || f->to > size + 4 || f->from < last ||
		    f->score == 0 || f->score > 100)
			abort();
		last = f->from;
		found |= f->to == size + 4;
	}
	/* Nothing before it can make the last tag a flag's. */
	if (n >= 0 && !found)
		abort();
	undisguise(text, (uint32_t)size + 4);
	free(text);
	return 0;
}
