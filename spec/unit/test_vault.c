/* test_vault.c - tokens out, values back. */
#include "test.h"
#include "text/vault.h"

static struct arena arena;
static struct segments segs;

static void read(const char *body)
{
	segments_init(&segs, &arena);
	segments_of_body(&segs, NULL, slice_str("application/json"),
			 slice_str(body));
}

static int restores(const struct vault *v, const char *body, const char *want)
{
	struct edit *edits;
	struct buf out;

	read(body);
	buf_init(&out, 4096);
	uint32_t n = vault_restore(v, &arena, segs.at, segs.count, &edits);
	edit_apply(&arena, slice_str(body), segs.at, segs.count, edits, n, NULL,
		   &out);
	int same = slice_is(buf_slice(&out), want);
	if (!same)
		printf("# %.*s\n", (int)buf_len(&out), buf_slice(&out).at);
	buf_deinit(&out);
	return same;
}

static struct mg_slice token(struct vault *v, const char *word,
			     const char *value)
{
	return vault_token(v, slice_str(word), slice_str(value));
}

static void the_same_value_has_the_same_token(void)
{
	struct vault *v = vault_new(&arena);

	OK(slice_is(token(v, "EMAIL", "ann"), "[EMAIL_1]"));
	OK(slice_is(token(v, "PHONE", "ann"), "[PHONE_1]"));
	OK(slice_is(token(v, "EMAIL", "bob"), "[EMAIL_2]"));
	OK(slice_is(token(v, "EMAIL", "ann"), "[EMAIL_1]"));
	OK(vault_count(v) == 3);
	OK(vault_reach(v) == 9);
}

static void a_thousand_values_keep_theirs(void)
{
	struct vault *v = vault_new(&arena);
	char value[16], want[16];
	int wrong = 0;

	for (int round = 0; round < 2; round++)
		for (int i = 1; i <= 1000; i++) {
			snprintf(value, sizeof(value), "v%d", i);
			snprintf(want, sizeof(want), "[X_%d]", i);
			wrong += !slice_is(token(v, "X", value), want);
		}
	OK(wrong == 0 && vault_count(v) == 1000);
}

static void replies_get_their_values_back(void)
{
	struct vault *v = vault_new(&arena);

	token(v, "EMAIL", "ann@x.io");
	token(v, "NAME", "Ann \"A\" \xc3\x84\n");
	OK(restores(v, "{\"t\":\"Dear [NAME_1], [EMAIL_1][EMAIL_1]!\"}",
		    "{\"t\":\"Dear Ann \\\"A\\\" \xc3\x84\\n, "
		    "ann@x.ioann@x.io!\"}"));
	/* In JSON in a string the value is escaped twice. */
	OK(restores(v, "{\"args\":\"{\\\"n\\\":\\\"[NAME_1]\\\"}\"}",
		    "{\"args\":\"{\\\"n\\\":\\\"Ann \\\\\\\"A\\\\\\\" \xc3\x84"
		    "\\\\n\\\"}\"}"));
	/* Others, and what only looks like one, stay. */
	OK(restores(v, "[\"[EMAIL_2] [EMAIL_] [email_1] [EMAIL_1\"]", ""));
	OK(restores(v, "[\"[[EMAIL_1]]\"]", "[\"[ann@x.io]\"]"));
	OK(restores(v, "[\"\\u005bEMAIL_1]\"]", "[\"ann@x.io\"]"));
}

static void what_the_request_said_itself_is_never_a_token(void)
{
	struct vault *v = vault_new(&arena);

	read("[\"what does [EMAIL_1] mean? And [EMAIL_3]?\"]");
	vault_avoid(v, segs.at, segs.count);
	OK(slice_is(token(v, "EMAIL", "ann@x.io"), "[EMAIL_2]"));
	OK(slice_is(token(v, "EMAIL", "bob@x.io"), "[EMAIL_4]"));
	OK(restores(v,
		    "[\"[EMAIL_1] is not [EMAIL_2], [EMAIL_3] not [EMAIL_4]"
		    "\"]",
		    "[\"[EMAIL_1] is not ann@x.io, [EMAIL_3] not bob@x.io\"]"));
	OK(vault_count(v) == 2);
}

static void an_empty_vault_restores_nothing(void)
{
	struct vault *v = vault_new(&arena);
	struct edit *edits;

	read("[\"[EMAIL_1]\"]");
	OK(vault_restore(v, &arena, segs.at, segs.count, &edits) == 0);
	OK(vault_reach(v) == 0);
}

static void tokens_are_found_in_plain_text(void)
{
	struct vault *v = vault_new(&arena);
	struct mg_slice text = slice_str("a [X_9] [X_1] [X_1]");
	size_t from = 0, to;

	token(v, "X", "one");
	OK(slice_is(vault_find(v, text, &from, &to), "one"));
	OK(from == 8 && to == 13);
	from = to;
	OK(slice_is(vault_find(v, text, &from, &to), "one"));
	OK(from == 14 && to == 19);
	from = to;
	OK(vault_find(v, text, &from, &to).at == NULL);
}

int main(void)
{
	RUN(the_same_value_has_the_same_token);
	RUN(a_thousand_values_keep_theirs);
	RUN(replies_get_their_values_back);
	RUN(what_the_request_said_itself_is_never_a_token);
	RUN(an_empty_vault_restores_nothing);
	RUN(tokens_are_found_in_plain_text);
	arena_deinit(&arena);
	return test_done();
}
