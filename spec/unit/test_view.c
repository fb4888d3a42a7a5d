/* test_view.c - what wears a disguise is found, and where it stands. */
#include <stdbool.h>
#include <stdlib.h>

#include "test.h"

#include "abi/mg.h"
#include "detectors/unicode/view.h"

struct worn {
	const char *text;
	const char *plain;   /* NULL: there is none */
	const char *payload; /* NULL: there is none */
};

#define ZWSP "\xe2\x80\x8b"
#define SOFT "\xc2\xad"

static const struct worn worn[] = {
	{ "ordinary words, 100% sure", NULL, NULL },
	{ "Gr\xc3\xbc\xc3\x9f"
	  "e an alle",
	  NULL, NULL },
	{ "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 \xd0\xbe\xd0\xbd",
	  NULL, NULL },
	{ "pass" ZWSP "wo" SOFT "rd", "password", NULL },
	{ "p\xd0\xb0y\xd1\x80\xd0\xb0l", "paypal", NULL },
	{ "\xf0\x9d\x90\xa1\xf0\x9d\x90\xa2", "hi", NULL },
	{ "\xef\xbc\x94\xef\xbc\x92", "42", NULL },
	{ "a \xf3\xa0\x81\xa8\xf3\xa0\x81\xa9\xf3\xa0\x81\xa1", "a ", "\nhia" },
	{ "say YWxsIHlvdXIgYmFzZSBhcmUgYmVsb25nIHRvIHVz now", NULL,
	  "\nall your base are belong to us" },
	{ "%61%62%63 d", NULL, "\nabc d" },
	{ "\\x61\\u0062&#99;", NULL, "\nabc" },
	{ "616c6c20796f75722062617365206172652062656c6f6e67", NULL,
	  "\nall your base are belong" },
	/* Hashes and keys hold nothing. */
	{ "da39a3ee5e6b4b0d3255bfef95601890afd80709", NULL, NULL },
};

static bool is_part(const struct view *v, uint32_t from, uint32_t to,
		    const char *want)
{
	if (!want)
		return from == to;
	return to - from == strlen(want) &&
	       memcmp(v->text + from, want, to - from) == 0;
}

static void what_is_worn_comes_off(void)
{
	struct view v;
	int wrong = 0;

	view_init(&v);
	for (size_t i = 0; i < sizeof(worn) / sizeof(*worn); i++) {
		const struct worn *w = &worn[i];
		struct view_part p;

		v.len = 0;
		if (view_add(&v, w->text, (uint32_t)strlen(w->text), &p) < 0 ||
		    !is_part(&v, p.plain_from, p.plain_to, w->plain) ||
		    !is_part(&v, p.payload_from, p.payload_to, w->payload)) {
			printf("# %zu: %.*s\n", i, (int)v.len, v.text);
			wrong++;
		}
	}
	OK(wrong == 0);
	view_deinit(&v);
}

static struct mg_scan *scan_for(struct mg_catalogue *cat, const char *group)
{
	int entity;

	for (uint32_t i = 0;
	     (entity = mg_catalogue_group(cat, group, strlen(group), i)) >= 0;
	     i++)
		mg_catalogue_need(cat, (uint32_t)entity);
	return mg_catalogue_compile(cat, NULL) < 0 ? NULL : mg_scan_new(cat);
}

static void spans_lie_in_the_text_as_it_was(void)
{
	struct mg_catalogue *cat = mg_catalogue_new();
	struct mg_scan *scan = scan_for(cat, "pii.contact");
	const struct mg_segment seg[] = {
		{ .role = MG_ROLE_USER, .text = { "nothing here", 12 } },
		{ .role = MG_ROLE_USER,
		  .text = { "to a" ZWSP "nn@ex" ZWSP "ample.com, please",
			    28 } },
		{ .role = MG_ROLE_USER,
		  .text = { "is YW5uQGV4YW1wbGUuY29tIGlzIHRoZSBhZGRyZXNz?",
			    44 } },
	};

	OK(scan && mg_scan_segments(scan, seg, 3) == 2);
	const struct mg_finding *f = mg_scan_at(scan, 0);
	OK(f && f->segment == 1 && f->from == 3 && f->to == 24);
	f = mg_scan_at(scan, 1);
	OK(f && f->segment == 2 && f->from == 3 && f->to == 43);
	mg_scan_free(scan);
	mg_catalogue_free(cat);
}

static void a_bomb_is_refused_or_fits(void)
{
	enum { SIZE = 60000 };
	char *text = malloc(SIZE);
	struct view v;
	struct view_part p;

	for (int i = 0; i < SIZE; i += 3)
		memcpy(text + i, "%25", 3);
	view_init(&v);
	OK(view_add(&v, text, SIZE, &p) <= 0);
	OK(v.len <= v.cap && v.cap <= 5 * SIZE);
	view_deinit(&v);
	free(text);
}

int main(void)
{
	RUN(what_is_worn_comes_off);
	RUN(spans_lie_in_the_text_as_it_was);
	RUN(a_bomb_is_refused_or_fits);
	return test_done();
}
