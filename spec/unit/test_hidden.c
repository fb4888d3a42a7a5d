/* test_hidden.c - tricks with Unicode are found whole, languages are not. */
#include <stdbool.h>

#include "test.h"

#include "abi/mg.h"

enum { NOTHING = 0 };

static struct mg_catalogue *cat;
static struct mg_scan *scan;

struct trick {
	const char *text;
	const char *entity; /* NULL: nothing is found */
	uint32_t from;
	uint32_t to;
};

#define ZWSP  "\xe2\x80\x8b"
#define ZWNJ  "\xe2\x80\x8c"
#define ZWJ   "\xe2\x80\x8d"
#define RLO   "\xe2\x80\xae"
#define RLI   "\xe2\x81\xa7"
#define PDI   "\xe2\x81\xa9"
#define RLM   "\xe2\x80\x8f"
#define BOM   "\xef\xbb\xbf"
#define VS16  "\xef\xb8\x8f"
#define SHY   "\xc2\xad"
#define TAG_H "\xf3\xa0\x81\xa8"
#define TAG_I "\xf3\xa0\x81\xa9"

static const struct trick tricks[] = {
	{ "a " RLO "b", "unicode.bidi", 2, 5 },
	{ "x" RLI "y" PDI, "unicode.bidi", 1, 4 },
	{ "pass" ZWSP "word", "unicode.zero_width", 4, 7 },
	{ "a" ZWSP ZWNJ ZWSP "b", "unicode.zero_width", 1, 10 },
	{ "mid" BOM "dle", "unicode.zero_width", 3, 6 },
	{ "see " TAG_H TAG_I, "unicode.tags", 4, 12 },
	{ "\xf0\x9f\x98\x80\xf3\xa0\x85\xa3\xf3\xa0\x85\x95",
	  "unicode.variation_selector", 4, 12 },
	{ "a" VS16, "unicode.variation_selector", 1, 4 },
	{ "c" SHY "areful", "unicode.filler", 1, 3 },
	{ "p\xd0\xb0y", "unicode.homoglyph", 1, 3 },
	{ "the \xe2\x85\xbcist", "unicode.homoglyph", 4, 7 },
	{ "get \xd0\xbe\xd1\x80\xd0\xb5 now", "unicode.homoglyph", 4, 10 },
	{ "w\xef\xbd\x81it", "unicode.homoglyph", 1, 4 },
	{ "\xd0\xbf"
	  "a"
	  "\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c",
	  "unicode.homoglyph", 0, 11 },
	{ "back\b\b", "unicode.control", 4, 6 },
	/* Ways of writing: */
	{ BOM "starts a file", NULL, 0, 0 },
	{ "\xd9\x85\xdb\x8c" ZWNJ "\xd8\xae\xd9\x88\xd8\xa7\xd9\x87\xd9\x85",
	  NULL, 0, 0 },
	{ "\xe0\xa4\x95\xe0\xa5\x8d" ZWJ "\xe0\xa4\xb7", NULL, 0, 0 },
	{ "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d" RLM " (1)", NULL, 0, 0 },
	{ "\xf0\x9f\x91\xa8" ZWJ "\xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x91\xa6",
	  NULL, 0, 0 },
	{ "\xe2\x9d\xa4" VS16 ZWJ "\xf0\x9f\x94\xa5", NULL, 0, 0 },
	{ "1" VS16 "\xe2\x83\xa3", NULL, 0, 0 },
	{ "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", NULL, 0, 0 },
	{ "\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xa5"
	  "\xf3\xa0\x81\xae\xf3\xa0\x81\xa7\xf3\xa0\x81\xbf",
	  NULL, 0, 0 },
	{ "\xe8\x91\x89\xf3\xa0\x84\x80\xe5\x9f\x8e", NULL, 0, 0 },
	{ "NF \xce\xba"
	  "B and h\xce\xbd",
	  NULL, 0, 0 },
	{ "USB-\xd0\xba\xd0\xb0\xd0\xb1\xd0\xb5\xd0\xbb\xd1\x8c", NULL, 0, 0 },
	{ "SMS\xd0\xba\xd0\xb0", NULL, 0, 0 },
	{ "\xef\xbc\xa6\xef\xbc\xb5\xef\xbc\xac\xef\xbc\xac "
	  "\xe8\xa1\xa8\xe8\xa8\x98",
	  NULL, 0, 0 },
	{ "Cafe\xcc\x81 Z\xc3\xbcrich", NULL, 0, 0 },
	{ "\xe2\x85\xb2 and 25 \xe2\x84\x83", NULL, 0, 0 },
	{ "bad \xff\xfe bytes \xed\xa0\x80", NULL, 0, 0 },
};

static void tricks_are_found_whole_and_writing_is_left(void)
{
	int wrong = 0;

	for (size_t i = 0; i < sizeof(tricks) / sizeof(*tricks); i++) {
		const struct trick *t = &tricks[i];
		int n = mg_scan_text(scan, t->text, strlen(t->text));
		const struct mg_finding *f = mg_scan_at(scan, 0);
		bool right =
			t->entity ? n >= 1 &&
					    !strcmp(mg_catalogue_at(cat,
								    f->entity)
							    ->name,
						    t->entity) &&
					    f->from == t->from && f->to == t->to
				  : n == NOTHING;

		if (!right) {
			printf("# %zu: %d findings, the first %u..%u\n", i, n,
			       f ? f->from : 0, f ? f->to : 0);
			wrong++;
		}
	}
	OK(wrong == 0);
}

static void many_tricks_are_all_found(void)
{
	static char text[100 * 5];

	for (int i = 0; i < 100; i++)
		memcpy(text + i * 5, "a" ZWSP "b", 5);
	OK(mg_scan_text(scan, text, sizeof(text)) == 100);
	for (uint32_t i = 0; i < 100; i++)
		if (mg_scan_at(scan, i)->from != i * 5 + 1) {
			OK(false);
			return;
		}
}

int main(void)
{
	cat = mg_catalogue_new();
	for (uint32_t i = 0;; i++) {
		int entity = mg_catalogue_group(cat, "unicode", 7, i);

		if (entity < 0)
			break;
		mg_catalogue_need(cat, (uint32_t)entity);
	}
	if (mg_catalogue_compile(cat, NULL) < 0)
		return 1;
	scan = mg_scan_new(cat);
	RUN(tricks_are_found_whole_and_writing_is_left);
	RUN(many_tricks_are_all_found);
	mg_scan_free(scan);
	mg_catalogue_free(cat);
	return test_done();
}
