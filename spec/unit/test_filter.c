/* test_filter.c - the grammar, its complaints, and that memory and SQL give the
 * same answer to every question. */
#include "event/filter.h"

#include <stdlib.h>
#include <unistd.h>

#include "event/sink_sqlite.h"
#include "test.h"

#define SLICE(text)                                                            \
	{                                                                      \
		text, sizeof(text) - 1                                         \
	}

static const uint64_t now = 1790000000ull * 1000000;
static const uint64_t hour = 3600ull * 1000000;

static struct event_policy mask_policy = { SLICE("mask-pii"), 3, MG_MASK,
					   true };
static struct event_policy two_policies[] = {
	{ SLICE("secrets-stay-home"), 3, MG_BLOCK, true },
	{ SLICE("mask-pii"), 3, MG_LOG, false },
};
static struct event_finding iban = {
	SLICE("pii"), SLICE("pii.iban"), 1, 90, NULL, 0, SLICE("")
};
static struct event_finding token = {
	SLICE("secret"), SLICE("secret.aws"), 2, 99, NULL, 0, SLICE("")
};
static struct mg_slice tags[] = { SLICE("eng"), SLICE("macbook") };

enum { EVENTS = 5 };

static void make_events(struct event *e)
{
	static const char *const host[EVENTS] = {
		"api2.cursor.sh", "api.openai.com", "api.openai.com",
		"api.anthropic.com", "chat.example.org"
	};
	static const char *const app[EVENTS] = { "cursor", "openai", "openai",
						 "anthropic", "" };

	for (int i = 0; i < EVENTS; i++) {
		event_init(&e[i]);
		e[i].time = now - (uint64_t)i * hour;
		e[i].surface = i == 4 ? MG_API : MG_ENDPOINT;
		e[i].assurance = (uint32_t)(i % 4);
		e[i].application = slice_str(app[i]);
		e[i].host = slice_str(host[i]);
		e[i].method = slice_str("POST");
		e[i].status = i == 0 ? 403 : 200;
		e[i].total_us = (uint64_t)i * 100000;
		e[i].request_bytes = (uint64_t)i << 10;
		e[i].verdict[MG_REQUEST].judged = true;
	}
	e[0].verdict[MG_REQUEST].action = MG_BLOCK;
	e[0].verdict[MG_REQUEST].policies = two_policies;
	e[0].verdict[MG_REQUEST].policy_count = 2;
	e[0].verdict[MG_REQUEST].findings = &token;
	e[0].verdict[MG_REQUEST].finding_count = 1;
	e[1].verdict[MG_REQUEST].action = MG_MASK;
	e[1].verdict[MG_REQUEST].policies = &mask_policy;
	e[1].verdict[MG_REQUEST].policy_count = 1;
	e[1].verdict[MG_REQUEST].findings = &iban;
	e[1].verdict[MG_REQUEST].finding_count = 1;
	e[1].verdict[MG_REPLY].judged = true;
	e[1].verdict[MG_REPLY].action = MG_LOG;
	e[1].user = slice_str("alice");
	e[2].user = slice_str("bob ' OR 1=1 --");
	e[2].verdict[MG_REQUEST].observed = true;
	e[2].tags = tags;
	e[2].tag_count = 2;
	e[3].path = slice_str("/v1/mess*ges[1]");
	e[3].verdict[MG_REPLY].judged = true;
	e[3].verdict[MG_REPLY].failure = FAILURE_TOO_BIG;
	e[4].failure = slice_str("upstream");
}

/* `want` has a bit for every event that matches. */
static const struct {
	const char *text;
	unsigned want;
} rows[] = {
	{ "", 0x1f },
	{ "  ", 0x1f },
	{ "action=block", 0x01 },
	{ "action>=mask", 0x03 },
	{ "action!=block", 0x1e },
	{ "action=block,mask", 0x03 },
	{ "action!=block,mask", 0x1c },
	{ "request=mask & reply=log", 0x02 },
	{ "reply=none", 0x15 },
	{ "app=cursor", 0x01 },
	{ "application = cursor", 0x01 },
	{ "app=c*", 0x01 },
	{ "app=*", 0x1f },
	{ "app!=*", 0 },
	{ "app=\"c*\"", 0 },
	{ "host=*.openai.com", 0x06 },
	{ "host~openai", 0x06 },
	{ "finding=pii.iban", 0x02 },
	{ "finding=pii", 0x02 },
	{ "finding=pi", 0 },
	{ "finding=pii*", 0x02 },
	{ "finding~iba", 0x02 },
	{ "finding=secret.aws", 0x01 },
	{ "!finding=pii,secret", 0x1c },
	{ "policy=mask-pii", 0x03 },
	{ "policy=mask*", 0x03 },
	{ "policy=s*i", 0 }, /* not from one member into the next */
	{ "tag=macbook", 0x04 },
	{ "tag=e*k", 0 },
	{ "surface=endpoint & status=200", 0x0e },
	{ "surface=api | app=cursor", 0x11 },
	{ "!(surface=api | app=cursor)", 0x0e },
	{ "app=openai user=alice", 0x02 },
	{ "app=openai && user=alice || surface=api", 0x12 },
	{ "status>=400", 0x01 },
	{ "latency>250ms", 0x18 },
	{ "latency>250", 0x18 },
	{ "latency<=200ms", 0x07 },
	{ "bytes>=2KiB", 0x1c },
	{ "user=\"bob ' OR 1=1 --\"", 0x04 },
	{ "user~\"'\"", 0x04 },
	{ "path~[1]", 0x08 },
	{ "path=/v1/mess**", 0x08 },
	{ "path=/v1/m?ss*", 0 },
	{ "mode=observe", 0x04 },
	{ "failure=too_big", 0x08 },
	{ "failure=upstream", 0x10 },
	{ "failure=\"\"", 0x07 },
	{ "assurance=mtls", 0x08 },
	{ "since 90m", 0x03 },
	{ "app=openai since 90m", 0x02 },
	{ "until 90m", 0x1c },
	{ "since 3h until 30m", 0x0e },
	{ "since 2026-09-21T12:00", 0x07 },
	{ "since=x", 0xffff }, /* refused */
};

static void memory_and_sql_agree(void)
{
	char path[] = "/tmp/moongate-filter-XXXXXX", why[512];
	struct event e[EVENTS];
	struct buf b;

	close(mkstemp(path));
	make_events(e);
	buf_init(&b, EVENT_MAX);
	struct sink *sink = sink_sqlite_new(path, 30);
	for (int i = 0; i < EVENTS; i++) {
		buf_clear(&b);
		event_pack(&e[i], &b);
		sink_put(sink, &e[i], buf_slice(&b));
	}
	OK(sink_commit(sink) == MG_OK);
	struct archive *ar = archive_new(path);
	OK(ar != NULL);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct filter *f =
			filter_new(rows[i].text, now, why, sizeof(why));
		struct archive_row row;
		unsigned memory = 0, sql = 0;

		if (!f) {
			OK(rows[i].want == 0xffff);
			continue;
		}
		for (int k = 0; k < EVENTS; k++)
			memory |= (unsigned)filter_match(f, &e[k]) << k;
		OK(archive_find(ar, f, ARCHIVE_NEWEST, 0) == MG_OK);
		while (archive_next(ar, &row) == 1)
			sql |= 1u << (row.number - 1);
		OK(memory == rows[i].want && sql == rows[i].want);
		if (memory != rows[i].want || sql != rows[i].want)
			printf("# '%s': memory %x, SQL %x\n", rows[i].text,
			       memory, sql);
		filter_free(f);
	}
	archive_free(ar);
	sink_free(sink);
	buf_deinit(&b);
	unlink(path);
}

static const struct {
	const char *text;
	int column;
	const char *says;
} wrongs[] = {
	{ "acton=block", 1, "did you mean 'action'?" },
	{ "action=blok", 8, "did you mean block" },
	{ "app=cursor & ", 14, "a field is missing here" },
	{ "app", 4, "needs an operator" },
	{ "app=", 5, "a value is missing here" },
	{ "app>x", 4, "has no order" },
	{ "status~4", 7, "is no text" },
	{ "status=ok", 8, "needs a number" },
	{ "(app=x", 1, "never closed" },
	{ "app=x)", 6, "not understood" },
	{ "user=\"x", 6, "never closed" },
	{ "app=x since yesterday", 13, "not a time" },
	{ "app=x | | app=y", 9, "a field is expected" },
	{ "zzzzzz=1", 1, "fields: action" },
	{ "action=none", 8, "allow, log, mask or block" },
};

static void a_mistake_is_shown_with_a_caret(void)
{
	char why[1024], where[40];

	for (size_t i = 0; i < ARRAY_LEN(wrongs); i++) {
		why[0] = '\0';
		OK(!filter_new(wrongs[i].text, now, why, sizeof(why)));
		snprintf(where, sizeof(where),
			 "filter:1:%d: ", wrongs[i].column);
		bool right = strncmp(why, where, strlen(where)) == 0 &&
			     strstr(why, wrongs[i].says) && strchr(why, '^');
		OK(right);
		if (!right)
			printf("# %s: %s\n", wrongs[i].text, why);
	}
}

static void what_is_too_much_is_refused(void)
{
	char text[FILTER_TEXT_MAX + 2], why[FILTER_TEXT_MAX * 2];

	memset(text, '(', 200);
	text[200] = '\0';
	OK(!filter_new(text, now, why, sizeof(why)) && strstr(why, "nested"));
	memset(text, '!', 200);
	OK(!filter_new(text, now, why, sizeof(why)) && strstr(why, "nested"));
	text[0] = '\0';
	for (int i = 0; i < 100; i++)
		strcat(text, "app=x ");
	OK(!filter_new(text, now, why, sizeof(why)) && strstr(why, "too long"));
	memset(text, ' ', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	OK(!filter_new(text, now, why, sizeof(why)) && strstr(why, "longer"));
	text[FILTER_TEXT_MAX] = '\0';
	struct filter *f = filter_new(text, now, why, sizeof(why));
	OK(f != NULL);
	filter_free(f);
}

int main(void)
{
	RUN(memory_and_sql_agree);
	RUN(a_mistake_is_shown_with_a_caret);
	RUN(what_is_too_much_is_refused);
	return test_done();
}
