/* test_sse.c - events come out the same however the bytes come in. */
#include <stdlib.h>

#include "test.h"
#include "text/edit.h"
#include "text/sse.h"
#include "text/stream.h"

/* Everything seen, one line an event: name|data|from-to. */
static struct buf seen;

static void note(struct sse *sse)
{
	struct mg_slice name = sse_name(sse), data = sse_data(sse);

	buf_add(&seen, name);
	buf_add_str(&seen, "|");
	for (size_t i = 0; i < data.len; i++)
		buf_add_at(&seen, data.at[i] == '\n' ? "/" : data.at + i, 1);
	buf_add_str(&seen, "\n");
}

static int run(struct mg_slice bytes, size_t step, size_t max)
{
	struct sse sse;
	uint64_t last = 0;
	int got = 0;

	buf_clear(&seen);
	sse_init(&sse, max);
	for (size_t at = 0; got >= 0 && at < bytes.len; at += step) {
		size_t len = bytes.len - at < step ? bytes.len - at : step;
		/* A copy without a byte to spare shows overruns. */
		char *copy = malloc(len);
		memcpy(copy, bytes.at + at, len);
		struct mg_slice piece = slice(copy, len);
		do {
			got = sse_feed(&sse, &piece);
			if (got > 0) {
				note(&sse);
				if (sse.from < last || sse.to <= sse.from)
					got = -99;
				last = sse.to;
			}
		} while (got > 0);
		free(copy);
	}
	if (got >= 0 && sse_end(&sse) > 0)
		note(&sse);
	sse_deinit(&sse);
	return got;
}

static const struct {
	const char *bytes, *want;
} cases[] = {
	{ "data: a\n\n", "|a\n" },
	{ "data:a\n\ndata:  b\n\n", "|a\n| b\n" },
	{ "data: a\r\n\r\ndata: b\r\n\r\n", "|a\n|b\n" },
	{ "data: a\r\rdata: b\r\r", "|a\n|b\n" },
	{ "data: a\rdata: b\r\n\n", "|a/b\n" },
	{ "data: a\ndata: b\ndata\ndata:\n\n", "|a/b//\n" },
	{ "\xef\xbb\xbf"
	  "data: a\n\n",
	  "|a\n" },
	{ ": comment\n\nevent: e\nid: 7\nretry: 9\ndata: a\n\n", "e|a\n" },
	{ "event: gone\n\ndata: a\n\n", "|a\n" },
	{ "event: x\nevent: y\ndata: {}\n\n", "y|{}\n" },
	{ "data: a: b\n\n", "|a: b\n" },
	{ "nothing: here\nData: no\n\n", "" },
	{ "data: cut off", "|cut off\n" },
	{ "data: cut\n", "|cut\n" },
	{ "data: a\n\n\n\n\ndata: b\n\n", "|a\n|b\n" },
	{ "", "" },
};

static void events_follow_the_standard(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		OK(run(slice_str(cases[i].bytes), 4096, 4096) == 0);
		bool same = slice_is(buf_slice(&seen), cases[i].want);
		if (!same)
			printf("# case %zu: %.*s\n", i, (int)buf_len(&seen),
			       buf_slice(&seen).at);
		OK(same);
	}
}

static void pieces_of_any_size_give_the_same(void)
{
	int wrong = 0;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (size_t step = 1; step < 40; step++) {
			wrong +=
				run(slice_str(cases[i].bytes), step, 4096) != 0;
			wrong += !slice_is(buf_slice(&seen), cases[i].want);
		}
	OK(wrong == 0);
}

static void an_event_has_a_ceiling(void)
{
	OK(run(slice_str("data: 0123456789\n\n"), 1, 16) == 0);
	OK(run(slice_str("data: 0123456789a\n\n"), 1, 16) == MG_ETOOBIG);
	OK(run(slice_str("data: 0123456789\ndata: 012345\n\n"), 1, 16) ==
	   MG_ETOOBIG);
}

/* --- joined streams
 * ----------------------------------------------------------- */

static struct arena arena;
static struct segments segs;

static struct mg_shape *deltas(void)
{
	struct mg_shape *shape = mg_shape_new();

	mg_shape_add(shape, "/delta", 6, MG_ROLE_ASSISTANT, 0);
	mg_shape_add(shape, "/choices/*/delta/content", 24, MG_ROLE_ASSISTANT,
		     0);
	mg_shape_add(shape, "/type", 5, 0, MG_RULE_WORD);
	mg_shape_add(shape, "/usage", 6, 0, MG_RULE_TOKENS_OUT);
	mg_shape_compile(shape);
	return shape;
}

static int join(const struct mg_shape *shape, uint32_t kind, const char *body)
{
	arena_deinit(&arena);
	segments_init(&segs, &arena);
	return segments_of_stream(&segs, shape, kind, slice_str(body));
}

static int has(const char *text)
{
	for (uint32_t i = 0; i < segs.count; i++)
		if (slice_is(segs.at[i].text, text))
			return 1;
	return 0;
}

static void deltas_are_joined_per_place(void)
{
	struct mg_shape *shape = deltas();

	OK(join(shape, MG_STREAM_SSE,
		"data: {\"delta\":\"4111\",\"index\":0}\n\n"
		"data: {\"index\":1,\"delta\":\"x\"}\n\n"
		"data: {\"index\":0,\"delta\":\"1111\",\"usage\":3}\n\n"
		"data: {\"delta\":\"y\",\"index\":1,\"usage\":7}\n\n"
		"data: [DONE]\n\n") == 2);
	OK(has("41111111") && has("xy") && segs.tokens_out == 7);
	OK(segs.form == BODY_SSE);
	OK(segs.at[0].coding == CODING_JOINED && !edit_may(&segs.at[0]));

	/* The place in the array is not what tells choices apart. */
	OK(join(shape, MG_STREAM_SSE,
		"data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"b\"}"
		"}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\""
		":\"a\"}},{\"index\":1,\"delta\":{\"content\":\"B\"}}]}\n\n") ==
	   2);
	OK(has("a") && has("bB"));

	/* What is said again at the end is said once. */
	OK(join(shape, MG_STREAM_SSE,
		"data: {\"type\":\"d\",\"delta\":\"He\"}\n\n"
		"data: {\"type\":\"d\",\"delta\":\"y\"}\n\n"
		"data: {\"type\":\"done\",\"text\":\"Hey\"}\n\n") == 1);
	OK(has("Hey"));
	mg_shape_free(shape);
}

static void unknown_streams_are_joined_as_well(void)
{
	OK(join(NULL, MG_STREAM_SSE,
		"data: {\"id\":\"cmpl-00001\",\"t\":\"se\"}\n\n"
		"data: {\"id\":\"cmpl-00001\",\"t\":\"cret\"}\n\n") == 2);
	OK(has("secret") && has("cmpl-00001"));
	OK(join(NULL, MG_STREAM_SSE, "data: plain \n\ndata: words\n\n") == 1);
	OK(has("plain words"));
}

static void arrays_are_streams_of_their_elements(void)
{
	struct mg_shape *shape = deltas();

	OK(join(shape, MG_STREAM_JSON_ARRAY,
		"[{\"delta\":\"a\"}\n,\r\n{\"delta\":\"b\"}]") == 1);
	OK(has("ab") && segs.at[0].role == MG_ROLE_ASSISTANT);
	/* Cut short: still read, as text. */
	OK(join(shape, MG_STREAM_JSON_ARRAY, "[{\"delta\":\"a\"}") == 1);
	OK(segs.broken);
	mg_shape_free(shape);
}

static void what_is_no_stream_is_not_lost(void)
{
	OK(join(NULL, MG_STREAM_SSE, "{\"error\":\"oh\"}") == 1);
	OK(segs.broken && has("{\"error\":\"oh\"}"));
	OK(join(NULL, MG_STREAM_SSE, ": keep-alive\n\n") == 0);
}

int main(void)
{
	buf_init(&seen, 1 << 16);
	RUN(events_follow_the_standard);
	RUN(pieces_of_any_size_give_the_same);
	RUN(an_event_has_a_ceiling);
	RUN(deltas_are_joined_per_place);
	RUN(unknown_streams_are_joined_as_well);
	RUN(arrays_are_streams_of_their_elements);
	RUN(what_is_no_stream_is_not_lost);
	buf_deinit(&seen);
	arena_deinit(&arena);
	return test_done();
}
