/* fuzz_filter.c - any text as a filter. What parses can be asked in memory and
 * in SQL, has as many values as question marks, and no byte of its own in the
 * query. */
#include <stdlib.h>
#include <string.h>

#include "event/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

static struct mg_slice tags[] = { { "eng", 3 }, { "", 0 } };
static struct event_policy policy = { { "mask-pii", 8 }, 1, MG_MASK, true };
static struct event_finding finding = {
	{ "pii", 3 }, { "pii.iban", 8 }, 1, 99, NULL, 0, { "#0", 2 }
};

static void fill(struct event *e)
{
	memset(e, 0, sizeof(*e));
	e->time = 1790000000ull * 1000000;
	e->application = slice_str("openai");
	e->tags = tags;
	e->tag_count = 2;
	e->verdict[MG_REQUEST] = (struct event_verdict){
		.judged = true,
		.action = MG_MASK,
		.policies = &policy,
		.policy_count = 1,
		.findings = &finding,
		.finding_count = 1,
	};
}

static void ask_sql(struct filter *f)
{
	struct filter_sql sql;
	uint32_t marks = 0;

	if (filter_sql(f, &sql) == MG_OK) {
		for (const char *c = sql.where.at; *c; c++) {
			marks += *c == '?';
			if (!strchr("abcdefghijklmnopqrstuvwxyz_0123456789"
				    "ANDORTGLB +?=<>(),",
				    *c))
				abort();
		}
		if (marks != sql.count)
			abort();
	}
	buf_deinit(&sql.where);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	char *text = strndup((const char *)at, len), why[8192];
	struct event e;

	if (!text)
		abort();
	struct filter *f =
		filter_new(text, 1790000000ull * 1000000, why, sizeof(why));
	if (f) {
		fill(&e);
		filter_match(f, &e);
		ask_sql(f);
	} else if (!strlen(why)) {
		abort(); /* refused without a word */
	}
	filter_free(f);
	free(text);
	return 0;
}
