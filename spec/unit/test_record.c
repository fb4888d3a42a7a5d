/* test_record.c - what goes into a record comes out of it, and nothing else
 * gets in. */
#include "event/record.h"

#include "test.h"

static const unsigned char key[EVENT_KEY] = "a key for samples, thirty-two b";

static struct event_place places[] = {
	{ { "/messages/0/content", 19 }, 7, 27 },
	{ { "/metadata/alice@example.com/0", 29 }, 0, 5 },
};

static struct event_finding findings[] = {
	{
		.detector = { "secret", 6 },
		.entity = { "secret.aws_access_key_id", 24 },
		.count = 2,
		.max_score = 98,
		.places = places,
		.place_count = 2,
		.sample = { "AK..LE#0123456789ab", 19 },
	},
};

static struct event_policy policies[] = {
	{ { "secrets-stay-home", 17 }, 7, MG_BLOCK, true },
	{ { "watch", 5 }, 7, MG_LOG, false },
};

static struct mg_slice tags[] = { { "eng", 3 }, { "macbook", 7 } };

static struct event full_event(void)
{
	struct event e;

	event_init(&e);
	e.org = slice_str("acme");
	e.surface = MG_ENDPOINT;
	e.integration = slice_str("eng-macbooks");
	e.device = slice_str("device-7");
	e.user = slice_str("alice");
	e.tags = tags;
	e.tag_count = 2;
	e.groups = tags;
	e.group_count = 1;
	e.assurance = 3;
	e.application = slice_str("openai");
	e.host = slice_str("api.openai.com");
	e.method = slice_str("POST");
	e.path = slice_str("/v1/chat/completions");
	e.model = slice_str("gpt-4o");
	e.stream = true;
	e.verdict[MG_REQUEST] = (struct event_verdict){
		.judged = true,
		.action = MG_BLOCK,
		.reason = slice_str("No secrets, please."),
		.policies = policies,
		.policy_count = 2,
		.findings = findings,
		.finding_count = 1,
	};
	e.verdict[MG_REPLY] = (struct event_verdict){
		.judged = true,
		.action = MG_LOG,
		.observed = true,
		.alert = true,
		.failure = FAILURE_DETECTOR,
	};
	e.request_bytes = 1234;
	e.reply_bytes = 5000000000;
	e.request_tokens = 12;
	e.reply_tokens = 34;
	e.status = 403;
	e.total_us = 1500;
	e.upstream_us = 1000;
	e.detect_us = 40;
	e.policy_us = 9;
	e.gateway_us = 500;
	e.failure = slice_str("detector");
	e.trace_id = slice_str("4bf92f3577b34da6a3ce929d0e0e4736");
	e.generation = 7;
	e.client_address = slice_str("10.1.2.3");
	e.client_product = slice_str("curl");
	e.tls_outer = slice_str("TLSv1.3");
	e.tls_inner = slice_str("TLSv1.2");
	e.tls_upstream = slice_str("TLSv1.3");
	return e;
}

static bool same_verdict(const struct event_verdict *a,
			 const struct event_verdict *b)
{
	bool same = a->judged == b->judged && a->action == b->action &&
		    a->observed == b->observed && a->alert == b->alert &&
		    a->failure == b->failure &&
		    slice_same(a->reason, b->reason) &&
		    a->policy_count == b->policy_count &&
		    a->finding_count == b->finding_count;

	for (uint32_t i = 0; same && i < a->policy_count; i++)
		same = slice_same(a->policies[i].id, b->policies[i].id) &&
		       a->policies[i].revision == b->policies[i].revision &&
		       a->policies[i].action == b->policies[i].action &&
		       a->policies[i].determining == b->policies[i].determining;
	for (uint32_t i = 0; same && i < a->finding_count; i++) {
		const struct event_finding *f = &a->findings[i];
		const struct event_finding *g = &b->findings[i];
		same = slice_same(f->detector, g->detector) &&
		       slice_same(f->entity, g->entity) &&
		       slice_same(f->sample, g->sample) &&
		       f->count == g->count && f->max_score == g->max_score &&
		       f->place_count == g->place_count &&
		       slice_same(f->places[0].path, g->places[0].path) &&
		       f->places[0].from == g->places[0].from &&
		       f->places[0].to == g->places[0].to;
	}
	return same;
}

static void every_field_comes_back(void)
{
	struct event e = full_event(), got;
	struct arena a;
	struct buf b;

	arena_init(&a);
	buf_init(&b, EVENT_MAX);
	OK(event_pack(&e, &b) == MG_OK);
	OK(event_unpack(&got, buf_slice(&b), &a) == MG_OK);
	OK(strcmp(got.id, e.id) == 0 && got.time == e.time);
	OK(slice_same(got.org, e.org) && got.surface == e.surface);
	OK(slice_same(got.integration, e.integration));
	OK(slice_same(got.device, e.device) && slice_same(got.user, e.user));
	OK(got.tag_count == 2 && slice_is(got.tags[1], "macbook"));
	OK(got.group_count == 1 && slice_is(got.groups[0], "eng"));
	OK(got.assurance == 3 && slice_same(got.application, e.application));
	OK(slice_same(got.host, e.host) && slice_same(got.method, e.method));
	OK(slice_same(got.path, e.path) && slice_same(got.model, e.model));
	OK(got.stream && got.status == 403 && got.generation == 7);
	OK(same_verdict(&got.verdict[MG_REQUEST], &e.verdict[MG_REQUEST]));
	OK(same_verdict(&got.verdict[MG_REPLY], &e.verdict[MG_REPLY]));
	OK(got.request_bytes == 1234 && got.reply_bytes == 5000000000);
	OK(got.request_tokens == 12 && got.reply_tokens == 34);
	OK(got.total_us == 1500 && got.upstream_us == 1000);
	OK(got.detect_us == 40 && got.policy_us == 9 && got.gateway_us == 500);
	OK(slice_same(got.failure, e.failure));
	OK(slice_same(got.trace_id, e.trace_id));
	OK(slice_same(got.client_address, e.client_address));
	OK(slice_same(got.client_product, e.client_product));
	OK(slice_is(got.tls_inner, "TLSv1.2"));
	OK(slice_is(got.tls_outer, "TLSv1.3"));
	OK(slice_is(got.tls_upstream, "TLSv1.3"));
	OK(event_action(&got) == MG_BLOCK);
	buf_deinit(&b);
	arena_deinit(&a);
}

static void what_is_cut_short_is_no_event(void)
{
	struct event e = full_event(), got;
	struct arena a;
	struct buf b;
	int wrong = 0;

	arena_init(&a);
	buf_init(&b, EVENT_MAX);
	event_pack(&e, &b);
	for (size_t len = 0; len < buf_len(&b); len++)
		wrong += event_unpack(&got, slice(b.at, len), &a) != MG_EPROTO;
	OK(wrong == 0);
	buf_add_str(&b, "x");
	OK(event_unpack(&got, buf_slice(&b), &a) == MG_EPROTO);
	buf_deinit(&b);
	arena_deinit(&a);
}

static void unknown_keys_are_passed_over(void)
{
	static const char bytes[] = "\x82\xa6"
				    "future\x82\xa1"
				    "a\x93\x01\x02\x03\xa1"
				    "b\xcb\x3f\xf0\0\0\0\0\0\0\xa8"
				    "event_id\xd9\x24"
				    "01890a5d-ac96-774b-bcce-b302099a8057";
	struct event got;
	struct arena a;

	arena_init(&a);
	OK(event_unpack(&got, slice(bytes, sizeof(bytes) - 1), &a) == MG_OK);
	OK(strcmp(got.id, "01890a5d-ac96-774b-bcce-b302099a8057") == 0);
	arena_deinit(&a);
}

static void a_count_that_lies_allocates_nothing(void)
{
	static const char *const lies[] = {
		"\xdf\xff\xff\xff\xff",
		"\x81\xa4tags\xdd\x7f\xff\xff\xff",
		"\x81\xa7request\x81\xa8"
		"findings\xdd\x10\0\0\0",
	};
	struct event got;
	struct arena a;

	arena_init(&a);
	OK(event_unpack(&got, slice(lies[0], 5), &a) == MG_EPROTO);
	OK(event_unpack(&got, slice(lies[1], 11), &a) == MG_EPROTO);
	OK(event_unpack(&got, slice(lies[2], 24), &a) == MG_EPROTO);
	OK(a.used == 0);
	arena_deinit(&a);
}

static bool holds(const struct buf *b, const char *what)
{
	return memmem(b->at + b->from, buf_len(b), what, strlen(what)) != NULL;
}

/* Everything that a peer can choose, with something it must not tell. */
static void planted_secrets_do_not_get_in(void)
{
	static const char *const canary[] = {
		"AKIAIOSFODNN7EXAMPLE",   "4111111111111111",
		"hunter2-correct-horse",  "alice@example.com",
		"DE89370400440532013000", "password=swordfish",
		"Bearer mF_9.B5f-4.1JqM", "session=38afes7a8",
	};
	struct event e = full_event();
	struct arena a;
	struct buf b, json;
	char path[512];

	arena_init(&a);
	buf_init(&b, EVENT_MAX);
	buf_init(&json, EVENT_MAX);
	for (size_t i = 0; i < ARRAY_LEN(canary); i++) {
		struct mg_slice secret = slice_str(canary[i]);
		snprintf(path, sizeof(path), "/v1/x?key=%s#%s", canary[i],
			 canary[i]);
		e.path = slice_str(path);
		findings[0].sample = event_sample(&a, key, secret);
		e.client_product = event_product(secret);
		buf_clear(&b);
		buf_clear(&json);
		OK(event_pack(&e, &b) == MG_OK);
		OK(event_json(buf_slice(&b), &json) == MG_OK);
		OK(!holds(&b, canary[i]) && !holds(&json, canary[i]));
	}
	/* The place's path had an address for a key. */
	OK(holds(&json, "/metadata/*/0"));
	OK(holds(&json, "\"path\":\"/v1/x\""));
	findings[0].sample = slice_str("AK..LE#0123456789ab");
	buf_deinit(&b);
	buf_deinit(&json);
	arena_deinit(&a);
}

static void a_sample_shows_four_characters_at_most(void)
{
	struct arena a;

	arena_init(&a);
	struct mg_slice long_one =
		event_sample(&a, key, slice_str("AKIAIOSFODNN7EXAMPLE"));
	OK(slice_starts(long_one, "AK..LE#") && long_one.len == 7 + 12);
	struct mg_slice again =
		event_sample(&a, key, slice_str("AKIAIOSFODNN7EXAMPLE"));
	OK(slice_same(long_one, again));
	struct mg_slice other =
		event_sample(&a, key, slice_str("AKIAIOSFODNN8EXAMPLE"));
	OK(!slice_same(long_one, other));
	struct mg_slice brief = event_sample(&a, key, slice_str("hunter2"));
	OK(brief.len == 13 && *brief.at == '#');
	struct mg_slice wide = event_sample(
		&a, key,
		slice_str(
			"\xc3\xa4\xc3\xb6 M\xc3\xbcller \xe2\x82\xac\xc3\x9f"));
	OK(slice_starts(wide, "\xc3\xa4\xc3\xb6..\xe2\x82\xac\xc3\x9f#"));
	struct mg_slice empty = event_sample(&a, key, slice_str(""));
	OK(empty.len == 13);
	arena_deinit(&a);
}

static void texts_are_bounded_and_clean(void)
{
	struct event e, got;
	struct arena a;
	struct buf b;
	char long_text[4000];

	memset(long_text, 'x', sizeof(long_text));
	arena_init(&a);
	buf_init(&b, EVENT_MAX);
	event_init(&e);
	e.user = slice(long_text, sizeof(long_text));
	e.model = slice_str("gpt 4\n\"o\"");
	e.org = slice_str("a\xff\nb\xc3\xa4");
	OK(event_pack(&e, &b) == MG_OK);
	OK(event_unpack(&got, buf_slice(&b), &a) == MG_OK);
	OK(got.user.len == 256 && slice_ends(got.user, "x~"));
	OK(slice_is(got.model, "gpt_4__o_"));
	OK(slice_is(got.org, "a__b\xc3\xa4"));
	buf_deinit(&b);
	arena_deinit(&a);
}

static void json_is_one_line(void)
{
	struct event e = full_event();
	struct buf b, json;

	buf_init(&b, EVENT_MAX);
	buf_init(&json, EVENT_MAX);
	e.org = slice_str("a \"quoted\" \\ name");
	event_pack(&e, &b);
	OK(event_json(buf_slice(&b), &json) == MG_OK);
	OK(!memchr(json.at, '\n', buf_len(&json)));
	OK(holds(&json, "\"org\":\"a \\u0022quoted\\u0022 \\u005c name\""));
	OK(holds(&json, "\"latency_us\":{\"total\":1500,"));
	OK(holds(&json, "\"reply\":{\"action\":\"log\",\"mode\":\"observe\","));
	OK(json.at[0] == '{' && json.at[buf_len(&json) - 1] == '}');
	buf_deinit(&b);
	buf_deinit(&json);
}

static void a_full_buffer_is_left_as_it_was(void)
{
	struct event e = full_event();
	struct buf b;

	buf_init(&b, 300);
	buf_add_str(&b, "before");
	OK(event_pack(&e, &b) == MG_ETOOBIG);
	OK(slice_is(buf_slice(&b), "before"));
	buf_deinit(&b);
}

int main(void)
{
	RUN(every_field_comes_back);
	RUN(what_is_cut_short_is_no_event);
	RUN(unknown_keys_are_passed_over);
	RUN(a_count_that_lies_allocates_nothing);
	RUN(planted_secrets_do_not_get_in);
	RUN(a_sample_shows_four_characters_at_most);
	RUN(texts_are_bounded_and_clean);
	RUN(json_is_one_line);
	RUN(a_full_buffer_is_left_as_it_was);
	return test_done();
}
