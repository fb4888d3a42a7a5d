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

int main(void)
{
	RUN(stages_are_met_in_order_and_closed_once);
	RUN(a_refusal_reaches_who_fed);
	RUN(an_empty_lane_drops_all);
	RUN(a_relay_counts_what_it_passes);
	return test_done();
}
