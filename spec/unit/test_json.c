/* test_json.c - the tokenizer: what is JSON, what is not, and what it says. */
#include <stdlib.h>

#include "test.h"
#include "text/json.h"
#include "text/utf8.h"

static struct arena arena;

/* Reads a copy without a byte to spare, so that a tool sees overruns. */
static int verdict(struct mg_slice text, uint32_t depth)
{
	char *copy = malloc(text.len + !text.len);
	struct json j;
	int kind;

	if (text.len)
		memcpy(copy, text.at, text.len);
	json_init(&j, &arena, slice(copy, text.len), depth);
	do
		kind = json_next(&j);
	while (kind > JSON_END);
	int again = json_next(&j);
	arena_deinit(&arena);
	free(copy);
	return kind == JSON_END || again == kind ? kind : 99;
}

static void what_is_json_is_taken(void)
{
	static const char *const texts[] = {
		"{}",
		"[]",
		" [ ] ",
		"null",
		"true",
		"false",
		"0",
		"-0",
		"-1.5e+3",
		"1E5",
		"123.456e-7",
		"\"\"",
		"\"a\"",
		"[1,2]",
		"{\"a\":{\"b\":[{},[],\"\"]}}",
		"\"\\u0041\\n\\\"\\\\\\/\\b\\f\\r\\t\"",
		"\"\\ud83d\\ude00\"",
		"\"\\ud83d\"", /* half a pair: RFC 8259 lets it be written */
		"\"\x7f\"",
		"\"\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80\"",
		"{\"a\":1,\"a\":2}",
		"\t\r\n {\"a\" : [ 1 , 2 ] }\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		int kind = verdict(slice_str(texts[i]), 256);
		if (kind != JSON_END)
			printf("# %s\n", texts[i]);
		OK(kind == JSON_END);
	}
}

static void what_is_not_is_refused(void)
{
	static const char *const texts[] = {
		"",
		" ",
		"{",
		"}",
		"[",
		"]",
		"[1",
		"[1,",
		"[1,]",
		"[,1]",
		"{\"a\"",
		"{\"a\":",
		"{\"a\":1",
		"{\"a\":1,}",
		"{\"a\" 1}",
		"{a:1}",
		"{1:1}",
		"[1 2]",
		"nul",
		"nulll",
		"TRUE",
		"01",
		"1.",
		".5",
		"+1",
		"-",
		"1e",
		"1e+",
		"0x10",
		"NaN",
		"\"",
		"\"a",
		"\"\\\"",
		"\"\\x\"",
		"\"\\u12\"",
		"\"\\u12G4\"",
		"\"\\u@@@@\"",
		"\"a\nb\"",
		"\"\x01\"",
		"\"\xff\"",
		"\"\xc0\xaf\"",
		"\"\xed\xa0\x80\"",
		"\"\xf5\x80\x80\x80\"",
		"\"\xc3\"",
		"[1]x",
		"{}{}",
		"'a'",
		"[1}",
		"{\"a\":1]",
		"\xef\xbb\xbf{}",
		"/**/1",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		int kind = verdict(slice_str(texts[i]), 256);
		if (kind != MG_EPROTO)
			printf("# %s\n", texts[i]);
		OK(kind == MG_EPROTO);
	}
	OK(verdict(slice("\"\0\"", 3), 256) == MG_EPROTO);
}

static void depth_has_a_ceiling(void)
{
	char text[600];

	memset(text, '[', 300);
	memset(text + 300, ']', 300);
	OK(verdict(slice(text + 44, 512), 256) == JSON_END);
	OK(verdict(slice(text + 43, 514), 256) == MG_ETOOBIG);
	OK(verdict(slice(text, 600), 256) == MG_ETOOBIG);
}

/* Strings of every length, with something special at every place. */
static void a_string_is_read_wherever_it_lies(void)
{
	static const struct {
		const char *raw, *text;
	} pieces[] = {
		{ "\\n", "\n" },
		{ "\\u00e9", "\xc3\xa9" },
		{ "\xc3\xa9", "\xc3\xa9" },
		{ "\\ud83d\\ude00", "\xf0\x9f\x98\x80" },
		{ "\\ud83dx", "\xef\xbf\xbdx" },
		{ "\\udc00", "\xef\xbf\xbd" },
		{ "\\u0000x", "\0x" },
		{ "", "" },
	};
	int wrong = 0;

	for (size_t p = 0; p < ARRAY_LEN(pieces); p++)
		for (int before = 0; before < 40; before++)
			for (int after = 0; after < 40; after++) {
				char raw[128], want[128];
				int n = sprintf(raw, "\"%.*s%s%.*s\"", before,
						"0123456789012345678901234567"
						"890123456789",
						pieces[p].raw, after,
						"abcdefghijabcdefghijabcdefgh"
						"ijabcdefghij");
				size_t len = strlen(pieces[p].text);
				if (p == 6)
					len = 2;
				memcpy(want,
				       "0123456789012345678901234567890123456"
				       "789",
				       (size_t)before);
				memcpy(want + before, pieces[p].text, len);
				memcpy(want + before + len,
				       "abcdefghijabcdefghijabcdefghijabcdefg"
				       "hij",
				       (size_t)after);
				struct json j;
				char *copy = malloc((size_t)n);
				memcpy(copy, raw, (size_t)n);
				json_init(&j, &arena, slice(copy, (size_t)n),
					  8);
				wrong += json_next(&j) != JSON_STRING ||
					 !slice_same(
						 j.text,
						 slice(want, (size_t)(before +
								      after) +
								     len)) ||
					 j.raw_from != 1 ||
					 j.raw_to != (uint32_t)n - 1 ||
					 json_next(&j) != JSON_END;
				free(copy);
				arena_deinit(&arena);
			}
	OK(wrong == 0);
}

static void tokens_say_where_they_stand(void)
{
	const char *text = "{\"k\\u0065y\": [12, \"v\"]}";
	struct json j;

	json_init(&j, &arena, slice_str(text), 8);
	OK(json_next(&j) == JSON_OBJECT);
	OK(json_next(&j) == JSON_KEY && slice_is(j.text, "key") && j.escaped);
	OK(json_next(&j) == JSON_ARRAY);
	OK(json_next(&j) == JSON_NUMBER && slice_is(j.text, "12"));
	OK(j.raw_from == 14 && j.raw_to == 16);
	OK(json_next(&j) == JSON_STRING && slice_is(j.text, "v") && !j.escaped);
	OK(j.text.at == text + j.raw_from && j.raw_to == j.raw_from + 1);
	OK(json_next(&j) == JSON_ARRAY_END);
	OK(json_next(&j) == JSON_OBJECT_END);
	OK(json_next(&j) == JSON_END);
	OK(json_next(&j) == JSON_END);
	arena_deinit(&arena);
}

static void a_row_of_values_is_fine_when_asked_for(void)
{
	struct json j;

	json_init(&j, &arena, slice_str("{}\n[]\n\n1 "), 8);
	j.sequence = true;
	OK(json_next(&j) == JSON_OBJECT && json_next(&j) == JSON_OBJECT_END);
	OK(json_next(&j) == JSON_ARRAY && json_next(&j) == JSON_ARRAY_END);
	OK(json_next(&j) == JSON_NUMBER && json_next(&j) == JSON_END);
}

static void bad_utf8_is_told_apart_and_may_pass(void)
{
	struct json j;

	json_init(&j, &arena, slice_str("\"a\xff\""), 8);
	OK(json_next(&j) == MG_EPROTO && j.bad_utf8);
	json_init(&j, &arena, slice_str("\"a\xff\""), 8);
	j.lenient = true;
	OK(json_next(&j) == JSON_STRING && slice_is(j.text, "a\xff"));
}

static void what_is_escaped_reads_back(void)
{
	char text[256], coded[2048];

	for (int i = 0; i < 128; i++)
		text[i] = (char)i;
	memcpy(text + 128, "\xc3\xa9\xff\xf0\x9f\x98\x80", 7);
	size_t n = json_escape(slice(text, 135), NULL);
	OK(n < sizeof(coded) - 2 &&
	   json_escape(slice(text, 135), coded + 1) == n);
	coded[0] = coded[n + 1] = '"';

	struct json j;
	json_init(&j, &arena, slice(coded, n + 2), 8);
	OK(json_next(&j) == JSON_STRING && json_next(&j) == JSON_END);
	OK(j.text.len == 137 && !memcmp(j.text.at, text, 130));
	OK(!memcmp(j.text.at + 130, "\xef\xbf\xbd\xf0\x9f\x98\x80", 7));
	arena_deinit(&arena);
}

int main(void)
{
	arena_init(&arena);
	RUN(what_is_json_is_taken);
	RUN(what_is_not_is_refused);
	RUN(depth_has_a_ceiling);
	RUN(a_string_is_read_wherever_it_lies);
	RUN(tokens_say_where_they_stand);
	RUN(a_row_of_values_is_fine_when_asked_for);
	RUN(bad_utf8_is_told_apart_and_may_pass);
	RUN(what_is_escaped_reads_back);
	return test_done();
}
