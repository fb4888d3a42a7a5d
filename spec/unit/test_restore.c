/* test_restore.c - values come back in a live stream, wherever it is cut. */
#include "test.h"
#include "text/restore.h"
#include "text/stream.h"

static struct arena arena;
static struct vault *vault;
static struct mg_shape *shape;
static struct buf out;

static int run(const char *stream, size_t step, size_t max)
{
	struct restore *r = restore_new(vault, shape, max);
	struct mg_slice bytes = slice_str(stream);
	int err = 0;

	buf_clear(&out);
	for (size_t at = 0; err >= 0 && at < bytes.len; at += step)
		err = restore_feed(r,
				   slice(bytes.at + at, bytes.len - at < step
								? bytes.len - at
								: step),
				   &out);
	if (err >= 0)
		err = restore_flush(r, &out);
	restore_free(r);
	return err;
}

static int becomes(const char *stream, const char *want)
{
	int same = 1;

	for (size_t step = 1; step < 200 && same; step += step < 8 ? 1 : 17) {
		same = run(stream, step, 4096) == 0 &&
		       slice_is(buf_slice(&out), want);
		if (!same)
			printf("# step %zu: %.*s\n", step, (int)buf_len(&out),
			       buf_slice(&out).at);
	}
	return same;
}

static void a_token_comes_back_whole_or_cut(void)
{
	OK(becomes("data: {\"d\":\"Dear [EMAIL_1]!\"}\n\n",
		   "data: {\"d\":\"Dear ann@x.io!\"}\n\n"));
	OK(becomes("event: e\ndata: {\"d\":\"Dear [EMA\"}\n\nid: 2\n"
		   "data:{\"d\":\"IL_1], we\"}\r\n\r\n",
		   "event: e\ndata: {\"d\":\"Dear ann@x.io\"}\n\nid: 2\n"
		   "data:{\"d\":\", we\"}\r\n\r\n"));
	OK(becomes("data: {\"d\":\"[\"}\n\ndata: {\"d\":\"EMAIL\"}\n\n"
		   "data: {\"d\":\"_1\"}\n\ndata: {\"d\":\"][EMAIL_1\"}\n\n"
		   "data: {\"d\":\"]\"}\n\n",
		   "data: {\"d\":\"ann@x.io\"}\n\ndata: {\"d\":\"\"}\n\n"
		   "data: {\"d\":\"\"}\n\ndata: {\"d\":\"ann@x.io\"}\n\n"
		   "data: {\"d\":\"\"}\n\n"));
}

static void values_are_escaped_for_where_they_land(void)
{
	OK(becomes("data: {\"d\":\"[NAME_1]\"}\n\n",
		   "data: {\"d\":\"Ann \\\"A\\\"\"}\n\n"));
	/* Arguments of a tool are JSON in a string, cut anywhere. */
	OK(becomes("data: {\"args\":\"{\\\"n\\\":\\\"[NAME\"}\n\n"
		   "data: {\"args\":\"_1]\\\"}\"}\n\n",
		   "data: {\"args\":\"{\\\"n\\\":\\\"Ann \\\\\\\"A\\\\\\\"\"}"
		   "\n\ndata: {\"args\":\"\\\"}\"}\n\n"));
}

static void channels_do_not_mix(void)
{
	const char *stream = "data: {\"index\":0,\"d\":\"[EMAIL\"}\n\n"
			     "data: {\"index\":1,\"d\":\"_1] [EMAIL_1\"}\n\n"
			     "data: {\"index\":0,\"d\":\"_1]\"}\n\n"
			     "data: {\"index\":1,\"d\":\"]\"}\n\n";

	OK(becomes(stream, "data: {\"index\":0,\"d\":\"ann@x.io\"}\n\n"
			   "data: {\"index\":1,\"d\":\"_1] ann@x.io\"}\n\n"
			   "data: {\"index\":0,\"d\":\"\"}\n\n"
			   "data: {\"index\":1,\"d\":\"\"}\n\n"));
}

static void all_else_is_byte_identical(void)
{
	static const char *const streams[] = {
		"data: {\"d\":\"no token [EMAIL_2] [email_1] [\"}\n\n",
		": ping\n\nretry: 5\n\ndata: [DONE]\n\n",
		"data: {\"sealed\":\"[EMAIL_1]\"}\n\n",
		"data: {\"other\":\"[EMAIL_1]\"}\n\n",
		"data: {\"d\":\ndata: \"[EMAIL_1]\"}\n\n", /* two lines */
		"data: not json [EMAIL_1]\n\n",
		"data: {\"d\":\"cut [EMAI",
		"no stream at all",
		"",
	};

	for (size_t i = 0; i < ARRAY_LEN(streams); i++)
		OK(becomes(streams[i], streams[i]));
}

static void only_what_may_become_a_token_is_held(void)
{
	struct restore *r = restore_new(vault, shape, 4096);
	const char *plain = "data: {\"d\":\"plain\"}\n\n";
	const char *begun = "data: {\"d\":\"a [EM\"}\n\n";
	const char *over = "data: {\"d\":\"PTY]\"}\n\n";

	buf_clear(&out);
	restore_feed(r, slice_str(plain), &out);
	OK(slice_is(buf_slice(&out), plain));
	buf_clear(&out);
	restore_feed(r, slice_str(begun), &out);
	OK(buf_len(&out) == 0);
	restore_feed(r, slice_str(over), &out);
	OK(buf_len(&out) == strlen(begun) + strlen(over));
	buf_clear(&out);
	restore_feed(r, slice_str(": keep-alive\n"), &out);
	OK(slice_is(buf_slice(&out), ": keep-alive\n"));
	/* A timer may end the waiting. */
	buf_clear(&out);
	restore_feed(r, slice_str(begun), &out);
	OK(buf_len(&out) == 0 && restore_flush(r, &out) == 0);
	OK(slice_is(buf_slice(&out), begun));
	restore_free(r);
}

static void too_long_an_event_goes_on_as_it_is(void)
{
	char stream[600];

	memset(stream, 'x', sizeof(stream));
	memcpy(stream, "data: ", 6);
	memcpy(stream + 500, "\n\ndata: {\"d\":\"[EMAIL_1]\"}\n\n", 28);
	stream[528] = '\0';
	for (size_t step = 1; step < 600; step += 50) {
		OK(run(stream, step, 128) == 0);
		OK(slice_is(buf_slice(&out), stream));
	}
}

int main(void)
{
	vault = vault_new(&arena);
	vault_token(vault, slice_str("EMAIL"), slice_str("ann@x.io"));
	vault_token(vault, slice_str("NAME"), slice_str("Ann \"A\""));
	shape = mg_shape_new();
	mg_shape_add(shape, "/d", 2, MG_ROLE_ASSISTANT, 0);
	mg_shape_add(shape, "/args", 5, MG_ROLE_TOOL_CALL, MG_RULE_JSON);
	mg_shape_add(shape, "/sealed", 7, MG_ROLE_THINKING, MG_RULE_SEALED);
	mg_shape_compile(shape);
	buf_init(&out, 1 << 20);
	RUN(a_token_comes_back_whole_or_cut);
	RUN(values_are_escaped_for_where_they_land);
	RUN(channels_do_not_mix);
	RUN(all_else_is_byte_identical);
	RUN(only_what_may_become_a_token_is_held);
	RUN(too_long_an_event_goes_on_as_it_is);
	buf_deinit(&out);
	mg_shape_free(shape);
	arena_deinit(&arena);
	return test_done();
}
