/* test_observe.c - everything passes at once, and is read along. */
#include "flow/observe.h"

#include "notebook.h"
#include "test.h"

struct bench {
	struct arena arena;
	struct notebook nb;
	struct lane lane;
	struct budget budget;
	struct observe_rules rules;
	struct head *head;
	int asked;
	bool late; /* END had left when the judge was told */
	struct observed seen;
	struct buf plain; /* a copy of what was seen */
};

static void judge(void *arg, const struct observed *what)
{
	struct bench *b = arg;
	struct mg_slice left = buf_slice(&b->nb.text);

	b->asked++;
	b->late = slice_ends(left, "e");
	b->seen = *what;
	buf_add(&b->plain, what->plain);
}

static void set_up(struct bench *b, size_t max)
{
	*b = (struct bench){
		.budget = { .max = 1 << 20 },
		.rules = { .max = max, .decode = &decode_limits_default },
	};
	b->rules.budget = &b->budget;
	arena_init(&b->arena);
	buf_init(&b->plain, 1 << 20);
	notebook_init(&b->nb);
	lane_init(&b->lane);
	lane_add(&b->lane, observe_new(&b->rules, judge, b));
	lane_add(&b->lane, &b->nb.stage);
	b->head = head_new_reply(&b->arena, 200);
}

static void tear_down(struct bench *b)
{
	lane_deinit(&b->lane);
	OK(b->budget.held == 0);
	buf_deinit(&b->nb.text);
	buf_deinit(&b->plain);
	arena_deinit(&b->arena);
}

static void parts_pass_at_once(void)
{
	struct bench b;

	set_up(&b, 100);
	feed_head(&b.lane, b.head);
	OK(notebook_says(&b.nb, "h"));
	feed_body(&b.lane, slice_str("data: a\n\n"));
	OK(notebook_says(&b.nb, "h[data: a\n\n]") && b.asked == 0);
	feed_body(&b.lane, slice_str("data: b\n\n"));
	OK(feed_end(&b.lane, NULL) == 0);
	OK(b.asked == 1 && b.late && b.seen.state == BODY_WHOLE);
	OK(slice_is(buf_slice(&b.plain), "data: a\n\ndata: b\n\n"));
	OK(b.seen.bytes == 18 && b.seen.head == b.head);
	tear_down(&b);
	OK(b.asked == 1);
}

static void encoded_streams_are_read_and_passed_as_they_are(void)
{
	struct bench b;
	struct buf wire;
	int err;
	struct encoder *e = encoder_new(slice_str("br"), 0, &err);

	set_up(&b, 100);
	buf_init(&wire, 1 << 16);
	encoder_feed(e, slice_str("data: [DONE]\n\n"), &wire);
	encoder_end(e, &wire);
	head_set(b.head, "Content-Encoding", slice_str("br"));
	feed_head(&b.lane, b.head);
	for (size_t i = 0; i < buf_len(&wire); i++)
		feed_body(&b.lane, slice(wire.at + i, 1));
	feed_end(&b.lane, NULL);
	OK(b.asked == 1 && b.seen.state == BODY_WHOLE);
	OK(slice_is(buf_slice(&b.plain), "data: [DONE]\n\n"));
	OK(b.seen.bytes == buf_len(&wire));
	encoder_free(e);
	buf_deinit(&wire);
	tear_down(&b);
}

static void a_copy_that_does_not_fit_is_no_copy(void)
{
	struct bench b;

	set_up(&b, 10);
	feed_head(&b.lane, b.head);
	feed_body(&b.lane, slice_str("0123456789"));
	feed_body(&b.lane, slice_str("x"));
	feed_body(&b.lane, slice_str("y"));
	OK(feed_end(&b.lane, NULL) == 0);
	OK(notebook_says(&b.nb, "h[0123456789][x][y]e"));
	OK(b.asked == 1 && b.seen.state == BODY_TOO_BIG);
	OK(buf_len(&b.plain) == 0 && b.seen.bytes == 12);
	tear_down(&b);
}

static void the_budget_is_kept(void)
{
	struct bench b;

	set_up(&b, 100);
	b.budget.max = 4;
	feed_head(&b.lane, b.head);
	feed_body(&b.lane, slice_str("01234567"));
	OK(b.budget.held == 8);
	feed_body(&b.lane, slice_str("8"));
	OK(b.budget.held == 0);
	feed_end(&b.lane, NULL);
	OK(b.seen.state == BODY_TOO_BIG);
	tear_down(&b);
}

static void broken_encodings_are_told(void)
{
	static const char *const codings[] = { "gzip", "lz4" };

	for (size_t i = 0; i < ARRAY_LEN(codings); i++) {
		struct bench b;
		set_up(&b, 100);
		head_set(b.head, "Content-Encoding", slice_str(codings[i]));
		feed_head(&b.lane, b.head);
		feed_body(&b.lane, slice_str("plain"));
		OK(feed_end(&b.lane, NULL) == 0);
		OK(b.asked == 1 && b.seen.state == BODY_ENCODING);
		OK(notebook_says(&b.nb, "h[plain]e"));
		tear_down(&b);
	}
	/* Nor is a bomb, though there were room. */
	static const struct decode_limits tight = { .max = 4, .ratio = 200 };
	for (size_t max = 3; max < 6; max++) {
		struct bench b;
		set_up(&b, max);
		b.rules.decode = &tight;
		head_set(b.head, "Content-Encoding", slice_str("deflate"));
		feed_head(&b.lane, b.head);
		/* "hello", stored */
		feed_body(&b.lane, slice("\1\5\0\xfa\xffhello", 10));
		feed_end(&b.lane, NULL);
		OK(b.seen.state == BODY_ENCODING);
		tear_down(&b);
	}
	/* A frame that is not whole is not an answer. */
	struct bench b;
	set_up(&b, 100);
	head_set(b.head, "Content-Encoding", slice_str("gzip"));
	feed_head(&b.lane, b.head);
	feed_body(&b.lane, slice("\x1f\x8b\x08", 3));
	feed_end(&b.lane, NULL);
	OK(b.seen.state == BODY_ENCODING);
	tear_down(&b);
}

static void a_stream_that_is_cut_is_judged_as_far_as_it_came(void)
{
	struct bench b;

	set_up(&b, 100);
	feed_head(&b.lane, b.head);
	feed_body(&b.lane, slice_str("data: ha"));
	lane_deinit(&b.lane);
	OK(b.asked == 1 && b.seen.state == BODY_CUT && !b.late);
	OK(slice_is(buf_slice(&b.plain), "data: ha"));
	tear_down(&b);

	set_up(&b, 4);
	feed_head(&b.lane, b.head);
	feed_body(&b.lane, slice_str("data: ha"));
	lane_deinit(&b.lane);
	OK(b.asked == 1 && b.seen.state == BODY_TOO_BIG);
	tear_down(&b);
}

static void where_nothing_came_nothing_is_judged(void)
{
	struct bench b;

	set_up(&b, 100);
	lane_deinit(&b.lane);
	OK(b.asked == 0);
	tear_down(&b);
}

static void a_refusal_further_on_comes_back(void)
{
	struct bench b;

	set_up(&b, 100);
	feed_head(&b.lane, b.head);
	b.nb.refuse = MG_EIO;
	OK(feed_body(&b.lane, slice_str("x")) == MG_EIO);
	tear_down(&b);
}

int main(void)
{
	RUN(parts_pass_at_once);
	RUN(encoded_streams_are_read_and_passed_as_they_are);
	RUN(a_copy_that_does_not_fit_is_no_copy);
	RUN(the_budget_is_kept);
	RUN(broken_encodings_are_told);
	RUN(a_stream_that_is_cut_is_judged_as_far_as_it_came);
	RUN(where_nothing_came_nothing_is_judged);
	RUN(a_refusal_further_on_comes_back);
	return test_done();
}
