/* test_gather.c - nothing leaves before it was judged. */
#include "flow/gather.h"

#include <stdlib.h>

#include "notebook.h"
#include "test.h"

/* A judge that notes what it sees and answers as told. */
struct bench {
	struct arena arena;
	struct notebook nb;
	struct lane lane;
	struct budget budget;
	struct gather_rules rules;
	struct head *head;
	int answer;
	const char *replacement; /* NULL: none */
	int asked;
	bool early; /* something had left when the judge was asked */
	enum body_state state;
	struct buf raw, plain; /* copies of what was seen */
};

static int judge(void *arg, const struct gathered *what, struct buf *out)
{
	struct bench *b = arg;

	b->asked++;
	b->early |= buf_len(&b->nb.text) > 0;
	b->state = what->state;
	buf_add(&b->raw, what->raw);
	buf_add(&b->plain, what->plain);
	if (b->replacement)
		buf_add_str(out, b->replacement);
	return b->answer;
}

static void set_up(struct bench *b, size_t max)
{
	*b = (struct bench){
		.budget = { .max = 1 << 20 },
		.rules = { .max = max, .decode = &decode_limits_default },
	};
	b->rules.budget = &b->budget;
	arena_init(&b->arena);
	buf_init(&b->raw, 1 << 20);
	buf_init(&b->plain, 1 << 20);
	notebook_init(&b->nb);
	lane_init(&b->lane);
	lane_add(&b->lane, gather_new(&b->rules, judge, b));
	lane_add(&b->lane, &b->nb.stage);
	b->head =
		head_new_request(&b->arena, slice_str("POST"), slice_str("/"));
}

static void tear_down(struct bench *b)
{
	lane_deinit(&b->lane);
	OK(b->budget.held == 0);
	buf_deinit(&b->nb.text);
	buf_deinit(&b->raw);
	buf_deinit(&b->plain);
	arena_deinit(&b->arena);
}

/* HEAD, `body` in pieces of `step`, END. */
static int feed(struct bench *b, struct mg_slice body, size_t step)
{
	int err = feed_head(&b->lane, b->head);

	for (size_t i = 0; i < body.len && err >= 0; i += step) {
		size_t len = body.len - i < step ? body.len - i : step;
		char *piece = malloc(len);
		memcpy(piece, body.at + i, len);
		err = feed_body(&b->lane, slice(piece, len));
		free(piece);
	}
	return err < 0 ? err : feed_end(&b->lane, NULL);
}

static void encode(const char *list, const char *plain, struct buf *out)
{
	int err;
	struct encoder *e = encoder_new(slice_str(list), 0, &err);

	buf_init(out, 1 << 20);
	encoder_feed(e, slice_str(plain), out);
	encoder_end(e, out);
	encoder_free(e);
}

static void decode(const char *list, struct mg_slice in, struct buf *out)
{
	int err;
	struct decoder *d =
		decoder_new(slice_str(list), &decode_limits_default, &err);

	buf_init(out, 1 << 20);
	decoder_feed(d, in, out);
	decoder_free(d);
}

/* What the notebook holds between "h[" and "]e". */
static struct mg_slice sent(const struct bench *b)
{
	struct mg_slice all = buf_slice(&b->nb.text);

	return all.len < 4 ? slice("", 0) : slice(all.at + 2, all.len - 4);
}

/* --- allow and stop ---------------------------------------------------------
 */

static void what_is_allowed_goes_on_untouched(void)
{
	for (size_t step = 1; step < 8; step += 2) {
		struct bench b;
		set_up(&b, 100);
		head_set_length(b.head, 11);
		OK(feed(&b, slice_str("hello world"), step) == 0);
		OK(b.asked == 1 && !b.early && b.state == BODY_WHOLE);
		OK(slice_is(buf_slice(&b.plain), "hello world"));
		OK(notebook_says(&b.nb, "h[hello world]e"));
		tear_down(&b);
	}
}

static void not_a_byte_leaves_before_the_verdict(void)
{
	struct bench b;

	set_up(&b, 100);
	feed_head(&b.lane, b.head);
	OK(buf_len(&b.nb.text) == 0);
	feed_body(&b.lane, slice_str("hello"));
	OK(buf_len(&b.nb.text) == 0 && b.asked == 0);
	feed_end(&b.lane, NULL);
	OK(!b.early && notebook_says(&b.nb, "h[hello]e"));
	tear_down(&b);
}

static void what_is_stopped_stays(void)
{
	struct bench b;

	set_up(&b, 100);
	b.answer = MG_ESTOP;
	OK(feed(&b, slice_str("secret"), 3) == MG_ESTOP);
	OK(buf_len(&b.nb.text) == 0);
	OK(feed_body(&b.lane, slice_str("more")) == MG_ESTOP);
	OK(feed_end(&b.lane, NULL) == MG_ESTOP);
	OK(buf_len(&b.nb.text) == 0 && b.asked == 1);
	tear_down(&b);
}

static void messages_without_a_body_are_judged_too(void)
{
	struct bench b;

	set_up(&b, 100);
	OK(feed(&b, slice("", 0), 1) == 0);
	OK(b.asked == 1 && b.state == BODY_WHOLE && !b.early);
	OK(notebook_says(&b.nb, "he"));
	tear_down(&b);
}

static void trailers_go_along(void)
{
	struct bench b;
	struct head *trailers;

	set_up(&b, 100);
	trailers = head_new_request(&b.arena, slice("", 0), slice("", 0));
	head_set_chunked(b.head);
	feed_head(&b.lane, b.head);
	feed_body(&b.lane, slice_str("x"));
	OK(feed_end(&b.lane, trailers) == 0);
	OK(b.nb.trailers == trailers);
	tear_down(&b);
}

static void parts_out_of_order_are_refused(void)
{
	struct bench b;

	set_up(&b, 100);
	OK(feed_body(&b.lane, slice_str("x")) == MG_EPROTO);
	OK(feed_head(&b.lane, b.head) == MG_EPROTO);
	tear_down(&b);
	set_up(&b, 100);
	feed_head(&b.lane, b.head);
	OK(feed_head(&b.lane, b.head) == MG_EPROTO);
	OK(buf_len(&b.nb.text) == 0);
	tear_down(&b);
	set_up(&b, 100);
	feed(&b, slice_str("x"), 1);
	OK(feed_end(&b.lane, NULL) == MG_EPROTO);
	OK(notebook_says(&b.nb, "h[x]e"));
	tear_down(&b);
}

static void a_refusal_further_on_is_kept(void)
{
	struct bench b;

	set_up(&b, 100);
	b.nb.refuse = MG_EIO;
	OK(feed(&b, slice_str("x"), 1) == MG_EIO);
	b.nb.refuse = 0;
	OK(feed_end(&b.lane, NULL) == MG_EIO);
	tear_down(&b);

	set_up(&b, 100);
	b.nb.refuse_end = MG_EIO;
	OK(feed(&b, slice_str("x"), 1) == MG_EIO);
	b.nb.refuse_end = 0;
	OK(feed_end(&b.lane, NULL) == MG_EIO);
	tear_down(&b);
}

/* --- encodings --------------------------------------------------------------
 */

static const char *const lists[] = { "gzip", "deflate", "br", "zstd",
				     "gzip, br" };

static void encoded_bodies_are_judged_plain_and_sent_as_they_came(void)
{
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct bench b;
		struct buf wire;
		set_up(&b, 1000);
		encode(lists[i], "my card is 4111", &wire);
		head_set(b.head, "Content-Encoding", slice_str(lists[i]));
		head_set_length(b.head, buf_len(&wire));
		OK(feed(&b, buf_slice(&wire), 5) == 0);
		OK(slice_is(buf_slice(&b.plain), "my card is 4111"));
		OK(slice_same(buf_slice(&b.raw), buf_slice(&wire)));
		OK(slice_same(sent(&b), buf_slice(&wire)));
		buf_deinit(&wire);
		tear_down(&b);
	}
}

static void broken_encodings_are_told_to_the_judge(void)
{
	static const char *const codings[] = { "gzip", "lz4", "br, what" };

	for (size_t i = 0; i < ARRAY_LEN(codings); i++) {
		struct bench b;
		set_up(&b, 1000);
		head_set(b.head, "Content-Encoding", slice_str(codings[i]));
		b.answer = i ? MG_ESTOP : GATHER_ALLOW;
		OK(feed(&b, slice_str("plain text"), 4) == b.answer);
		OK(b.state == BODY_ENCODING && buf_len(&b.plain) == 0);
		OK(slice_is(buf_slice(&b.raw), "plain text"));
		OK(notebook_says(&b.nb, i ? "" : "h[plain text]e"));
		tear_down(&b);
	}
}

static void what_could_not_be_read_cannot_be_replaced(void)
{
	struct bench b;

	set_up(&b, 1000);
	head_set(b.head, "Content-Encoding", slice_str("gzip"));
	b.answer = GATHER_REPLACE;
	b.replacement = "x";
	OK(feed(&b, slice_str("plain text"), 4) == MG_EINVAL);
	OK(buf_len(&b.nb.text) == 0);
	tear_down(&b);
}

/* --- replacing --------------------------------------------------------------
 */

static void a_replacement_is_encoded_as_the_body_was(void)
{
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct bench b;
		struct buf wire, plain;
		char digits[24];
		set_up(&b, 1000);
		encode(lists[i], "my card is 4111", &wire);
		head_set(b.head, "Content-Encoding", slice_str(lists[i]));
		head_set_length(b.head, buf_len(&wire));
		b.answer = GATHER_REPLACE;
		b.replacement = "my card is [CARD]";
		OK(feed(&b, buf_slice(&wire), 5) == 0);
		decode(lists[i], sent(&b), &plain);
		OK(slice_is(buf_slice(&plain), "my card is [CARD]"));
		snprintf(digits, sizeof(digits), "%zu", sent(&b).len);
		OK(slice_is(head_get(b.nb.head, "content-length"), digits));
		OK(b.nb.head->length == sent(&b).len);
		OK(slice_is(head_get(b.nb.head, "content-encoding"), lists[i]));
		buf_deinit(&wire);
		buf_deinit(&plain);
		tear_down(&b);
	}
}

static void a_plain_replacement_has_its_length(void)
{
	struct bench b;

	set_up(&b, 100);
	head_set_length(b.head, 5);
	head_set(b.head, "Content-MD5", slice_str("x"));
	b.answer = GATHER_REPLACE;
	b.replacement = "longer than it was";
	OK(feed(&b, slice_str("short"), 2) == 0);
	OK(notebook_says(&b.nb, "h[longer than it was]e"));
	OK(slice_is(head_get(b.nb.head, "content-length"), "18"));
	OK(head_get(b.nb.head, "content-md5").at == NULL);
	tear_down(&b);
}

static void chunked_stays_chunked(void)
{
	struct bench b;

	set_up(&b, 100);
	head_set_chunked(b.head);
	b.answer = GATHER_REPLACE;
	b.replacement = "x";
	OK(feed(&b, slice_str("short"), 2) == 0);
	OK(b.nb.head->framing == HEAD_CHUNKED);
	OK(head_get(b.nb.head, "content-length").at == NULL);
	tear_down(&b);
}

static void a_body_may_become_empty(void)
{
	struct bench b;

	set_up(&b, 100);
	head_set_length(b.head, 5);
	b.answer = GATHER_REPLACE;
	OK(feed(&b, slice_str("short"), 2) == 0);
	OK(notebook_says(&b.nb, "he"));
	OK(slice_is(head_get(b.nb.head, "content-length"), "0"));
	tear_down(&b);
}

/* --- ceilings ---------------------------------------------------------------
 */

static void too_big_is_judged_at_the_ceiling(void)
{
	struct bench b;

	set_up(&b, 10);
	b.answer = MG_ESTOP;
	feed_head(&b.lane, b.head);
	OK(feed_body(&b.lane, slice_str("0123456789")) == 0 && !b.asked);
	OK(feed_body(&b.lane, slice_str("x")) == MG_ESTOP);
	OK(b.asked == 1 && b.state == BODY_TOO_BIG && !b.early);
	OK(slice_is(buf_slice(&b.raw), "0123456789"));
	OK(buf_len(&b.plain) == 0 && buf_len(&b.nb.text) == 0);
	tear_down(&b);
}

static void a_length_over_the_ceiling_is_judged_at_the_head(void)
{
	struct bench b;

	set_up(&b, 10);
	b.answer = MG_ESTOP;
	head_set_length(b.head, 11);
	OK(feed_head(&b.lane, b.head) == MG_ESTOP);
	OK(b.asked == 1 && b.state == BODY_TOO_BIG && !b.early);
	tear_down(&b);
}

static void too_big_may_be_let_go_all_the_same(void)
{
	struct bench b;

	set_up(&b, 4);
	OK(feed(&b, slice_str("abcdefghij"), 3) == 0);
	OK(b.asked == 1 && !b.early);
	OK(notebook_says(&b.nb, "h[abc][def][ghi][j]e"));
	OK(feed_end(&b.lane, NULL) == MG_EPROTO);
	tear_down(&b);

	set_up(&b, 4);
	head_set_length(b.head, 10);
	OK(feed(&b, slice_str("abcdefghij"), 5) == 0);
	OK(b.asked == 1 && notebook_says(&b.nb, "h[abcde][fghij]e"));
	tear_down(&b);
}

static void too_big_cannot_be_replaced(void)
{
	struct bench b;

	set_up(&b, 4);
	b.answer = GATHER_REPLACE;
	b.replacement = "x";
	OK(feed(&b, slice_str("abcdefghij"), 3) == MG_EINVAL);
	OK(buf_len(&b.nb.text) == 0);
	tear_down(&b);
}

static void a_worker_has_a_budget(void)
{
	struct bench b;

	set_up(&b, 100);
	b.budget.max = 10;
	feed_head(&b.lane, b.head);
	OK(!budget_is_full(&b.budget));
	feed_body(&b.lane, slice_str("0123456789"));
	OK(budget_is_full(&b.budget) && b.budget.held == 10);
	/* Begun, so it may grow; but not for ever. */
	OK(feed_body(&b.lane, slice_str("0123456789")) == 0 && !b.asked);
	b.answer = MG_ESTOP;
	OK(feed_body(&b.lane, slice_str("x")) == MG_ESTOP);
	OK(b.state == BODY_TOO_BIG);
	tear_down(&b);
}

static void decoding_keeps_to_the_budget(void)
{
	struct bench b;
	struct buf wire;

	set_up(&b, 100);
	encode("br", "0123456789012345678901234567890123456789", &wire);
	b.budget.max = 20;
	b.answer = MG_ESTOP;
	head_set(b.head, "Content-Encoding", slice_str("br"));
	OK(feed(&b, buf_slice(&wire), 100) == MG_ESTOP);
	OK(b.state == BODY_TOO_BIG && buf_len(&b.plain) == 0);
	buf_deinit(&wire);
	tear_down(&b);
}

static void a_bomb_is_an_encoding_failure(void)
{
	struct bench b;
	struct buf wire;
	char *zeros = calloc(1, 8 << 20);

	set_up(&b, 1 << 20);
	b.budget.max = 64 << 20;
	memset(zeros, 'a', (8 << 20) - 1);
	encode("gzip", zeros, &wire);
	head_set(b.head, "Content-Encoding", slice_str("gzip"));
	b.answer = MG_ESTOP;
	OK(feed(&b, buf_slice(&wire), 4096) == MG_ESTOP);
	OK(b.state == BODY_ENCODING && buf_len(&b.plain) == 0);
	free(zeros);
	buf_deinit(&wire);
	tear_down(&b);
}

int main(void)
{
	RUN(what_is_allowed_goes_on_untouched);
	RUN(not_a_byte_leaves_before_the_verdict);
	RUN(what_is_stopped_stays);
	RUN(messages_without_a_body_are_judged_too);
	RUN(trailers_go_along);
	RUN(parts_out_of_order_are_refused);
	RUN(a_refusal_further_on_is_kept);
	RUN(encoded_bodies_are_judged_plain_and_sent_as_they_came);
	RUN(broken_encodings_are_told_to_the_judge);
	RUN(what_could_not_be_read_cannot_be_replaced);
	RUN(a_replacement_is_encoded_as_the_body_was);
	RUN(a_plain_replacement_has_its_length);
	RUN(chunked_stays_chunked);
	RUN(a_body_may_become_empty);
	RUN(too_big_is_judged_at_the_ceiling);
	RUN(a_length_over_the_ceiling_is_judged_at_the_head);
	RUN(too_big_may_be_let_go_all_the_same);
	RUN(too_big_cannot_be_replaced);
	RUN(a_worker_has_a_budget);
	RUN(decoding_keeps_to_the_budget);
	RUN(a_bomb_is_an_encoding_failure);
	return test_done();
}
