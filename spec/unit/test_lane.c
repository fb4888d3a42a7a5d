/* test_lane.c - parts go one way, in order, and errors come back. */
#include "flow/lane.h"

#include "flow/relay.h"
#include "notebook.h"
#include "test.h"

/* A stage that passes on, and says so. */
struct marker {
	struct stage stage;
	const char *mark;
	char *order;
};

static int mark(struct stage *st, const struct part *part)
{
	struct marker *m = (struct marker *)st;

	strcat(m->order, m->mark);
	return stage_pass(st, part);
}

static void close_mark(struct stage *st)
{
	struct marker *m = (struct marker *)st;

	strcat(m->order, "-");
	strcat(m->order, m->mark);
}

static const struct stage_ops marker_ops = { .name = "marker",
					     .take = mark,
					     .close = close_mark };

static void stages_are_met_in_order_and_closed_once(void)
{
	char order[64] = "";
	struct marker a = { { .ops = &marker_ops }, "a", order };
	struct marker b = { { .ops = &marker_ops }, "b", order };
	struct notebook nb;
	struct lane lane;

	notebook_init(&nb);
	lane_init(&lane);
	lane_add(&lane, &a.stage);
	lane_add(&lane, &b.stage);
	lane_add(&lane, &nb.stage);
	OK(feed_head(&lane, NULL) == 0);
	OK(feed_end(&lane, NULL) == 0);
	OK(strcmp(order, "abab") == 0 && notebook_says(&nb, "he"));
	lane_deinit(&lane);
	OK(strcmp(order, "abab-a-b") == 0 && nb.closed == 1);
	lane_deinit(&lane);
	OK(nb.closed == 1);
	buf_deinit(&nb.text);
}

static void a_refusal_reaches_who_fed(void)
{
	uint64_t bytes = 0;
	struct notebook nb;
	struct lane lane;

	notebook_init(&nb);
	lane_init(&lane);
	lane_add(&lane, relay_new(&bytes));
	lane_add(&lane, &nb.stage);
	OK(feed_head(&lane, NULL) == 0);
	nb.refuse = MG_ESTOP;
	OK(feed_body(&lane, slice_str("x")) == MG_ESTOP);
	lane_deinit(&lane);
	buf_deinit(&nb.text);
}

static void an_empty_lane_drops_all(void)
{
	struct lane lane;

	lane_init(&lane);
	OK(feed_head(&lane, NULL) == 0);
	OK(feed_body(&lane, slice_str("x")) == 0);
	lane_deinit(&lane);
}

static void a_relay_counts_what_it_passes(void)
{
	uint64_t bytes = 0;
	struct notebook nb;
	struct lane lane;

	notebook_init(&nb);
	lane_init(&lane);
	lane_add(&lane, relay_new(&bytes));
	lane_add(&lane, &nb.stage);
	feed_head(&lane, NULL);
	feed_body(&lane, slice_str("abc"));
	feed_body(&lane, slice_str("de"));
	feed_end(&lane, NULL);
	OK(bytes == 5 && notebook_says(&nb, "h[abc][de]e"));
	lane_deinit(&lane);
	buf_deinit(&nb.text);
}

/* A window in small: holds one body part back until the next comes, END, or
 * it is told to let go. */
struct hold {
	struct stage stage;
	struct buf held;
};

static int let_go(struct stage *st)
{
	struct hold *h = (struct hold *)st;
	struct part part = { .kind = PART_BODY, .body = buf_slice(&h->held) };
	int err = part.body.len ? stage_pass(st, &part) : MG_OK;

	buf_clear(&h->held);
	return err;
}

static int hold_back(struct stage *st, const struct part *part)
{
	int err = let_go(st);

	if (err >= 0 && part->kind == PART_BODY)
		return buf_add(&((struct hold *)st)->held, part->body);
	return err < 0 ? err : stage_pass(st, part);
}

static void close_hold(struct stage *st)
{
	buf_deinit(&((struct hold *)st)->held);
}

static const struct stage_ops hold_ops = {
	.name = "hold", .take = hold_back, .flush = let_go, .close = close_hold
};

static void time_lets_go_of_what_is_held_back(void)
{
	struct hold first = { .stage.ops = &hold_ops, .held.max = 100 };
	struct hold second = { .stage.ops = &hold_ops, .held.max = 100 };
	struct notebook nb;
	struct lane lane;

	notebook_init(&nb);
	lane_init(&lane);
	lane_add(&lane, &first.stage);
	lane_add(&lane, &second.stage);
	lane_add(&lane, &nb.stage);
	feed_head(&lane, NULL);
	feed_body(&lane, slice_str("abc"));
	OK(notebook_says(&nb, "h"));
	OK(lane_flush(&lane) == 0);
	OK(notebook_says(&nb, "h[abc]"));
	OK(lane_flush(&lane) == 0);
	OK(notebook_says(&nb, "h[abc]"));
	feed_body(&lane, slice_str("d"));
	nb.refuse = MG_EIO;
	OK(lane_flush(&lane) == MG_EIO);
	lane_deinit(&lane);
	buf_deinit(&nb.text);
}

int main(void)
{
	RUN(stages_are_met_in_order_and_closed_once);
	RUN(a_refusal_reaches_who_fed);
	RUN(an_empty_lane_drops_all);
	RUN(a_relay_counts_what_it_passes);
	RUN(time_lets_go_of_what_is_held_back);
	return test_done();
}
