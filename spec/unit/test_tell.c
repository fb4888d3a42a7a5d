/* test_tell.c - events as people read them. */
#include "event/tell.h"

#include "test.h"

static struct event_place place = { { "/messages/0/content", 19 }, 7, 27 };
static struct event_policy policies[] = {
	{ { "secrets-stay-home", 17 }, 7, MG_BLOCK, true },
	{ { "watch", 5 }, 7, MG_LOG, false },
};
static struct event_finding finding = {
	{ "secret", 6 },   { "secret.aws", 10 }, 3, 98, &place, 1,
	{ "AK..LE#01", 9 }
};

static struct event some_event(void)
{
	struct event e = { .time = 1787307243221000, .surface = MG_ENDPOINT };

	memcpy(e.id, "01890a5d-ac96-774b-bcce-b302099a8057", 37);
	e.integration = slice_str("laptops");
	e.application = slice_str("openai");
	e.method = slice_str("POST");
	e.path = slice_str("/v1/chat/completions");
	e.status = 403;
	e.total_us = 1500;
	e.verdict[MG_REQUEST] = (struct event_verdict){
		.judged = true,
		.action = MG_BLOCK,
		.reason = slice_str("No secrets."),
		.policies = policies,
		.policy_count = 2,
		.findings = &finding,
		.finding_count = 1,
	};
	return e;
}

static void one_line_says_who_what_and_why(void)
{
	struct event e = some_event();
	struct buf out;

	buf_init(&out, 4096);
	OK(tell_line(&e, false, &out) == MG_OK);
	OK(slice_is(buf_slice(&out),
		    "2026-08-21T10:14:03.221Z  laptops  openai  POST "
		    "/v1/chat/completions  block/-  secrets-stay-home  "
		    "secret.aws=3  \"No secrets.\"  403 1.5ms"));
	buf_clear(&out);
	OK(tell_line(&e, true, &out) == MG_OK);
	OK(memmem(out.at, buf_len(&out), "\033[1;31mblock\033[0m", 16));
	buf_deinit(&out);
}

static void the_story_names_votes_findings_and_places(void)
{
	struct event e = some_event();
	struct buf out;

	buf_init(&out, 8192);
	OK(tell_story(&e, false, &out) == MG_OK);
	buf_add_at(&out, "", 1);
	const char *text = out.at + out.from;
	OK(strstr(text, "event 01890a5d-ac96-774b-bcce-b302099a8057"));
	OK(strstr(text, "policy secrets-stay-home: block, decides\n"));
	OK(strstr(text, "policy watch: log\n"));
	OK(strstr(text, "found secret.aws: 3, score 0.98  AK..LE#01\n"));
	OK(strstr(text, "at /messages/0/content [7, 27)\n"));
	OK(strstr(text, "and 2 more\n"));
	OK(strstr(text, "reply: not judged\n"));
	buf_deinit(&out);
}

static void a_terminal_is_not_steered_by_a_peer(void)
{
	struct event e = some_event();
	struct buf out;

	buf_init(&out, 4096);
	e.path = slice_str("/\033[2J\n\xc2\x9b"
			   "1m\x7f");
	OK(tell_line(&e, false, &out) == MG_OK);
	OK(!memchr(out.at, '\033', buf_len(&out)));
	OK(!memchr(out.at, '\n', buf_len(&out)));
	OK(!memmem(out.at, buf_len(&out), "\xc2\x9b", 2));
	OK(!memchr(out.at, 0x7f, buf_len(&out)));
	buf_deinit(&out);
}

int main(void)
{
	RUN(one_line_says_who_what_and_why);
	RUN(the_story_names_votes_findings_and_places);
	RUN(a_terminal_is_not_steered_by_a_peer);
	return test_done();
}
