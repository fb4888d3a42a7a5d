/* fuzz_message.c - bytes, reader, judge, writer, bytes: nothing leaves before
 * the judge has answered, and how the bytes are cut changes nothing. */
#include <stdlib.h>

#include "flow/gather.h"
#include "http/h1.h"

struct pipe {
	struct arena arena;
	struct h1_reader reader;
	struct lane lane;
	struct stage sink;
	struct buf out;
	struct head *sent;
	int answer;
	int judged;
	enum body_state state;
	struct buf plain;
	int err;
};

static const struct decode_limits decode = { .max = 1 << 16, .ratio = 200 };
static struct budget budget = { .max = 1 << 20 };
static const struct gather_rules rules = { .max = 2000,
					   .decode = &decode,
					   .budget = &budget };
static const struct h1_limits limits = { .line = 200,
					 .headers = 1000,
					 .fields = 20 };

static int judge(void *arg, const struct gathered *what, struct buf *out)
{
	struct pipe *p = arg;

	if (p->judged++ || buf_len(&p->out))
		abort();
	if (what->state != BODY_WHOLE && what->plain.len)
		abort();
	p->state = what->state;
	buf_add(&p->plain, what->plain);
	if (p->answer != GATHER_REPLACE || what->state != BODY_WHOLE)
		return p->answer == GATHER_REPLACE ? MG_ESTOP : p->answer;
	buf_add_str(out, "[MASKED]");
	return GATHER_REPLACE;
}

static int sink_take(struct stage *st, const struct part *part)
{
	struct pipe *p = container_of(st, struct pipe, sink);

	if (!p->judged || p->answer < 0)
		abort();
	if (part->kind == PART_HEAD) {
		head_strip_hops(part->head);
		p->sent = part->head;
	}
	return h1_write_part(&p->out, p->sent, part);
}

static const struct stage_ops sink_ops = { .name = "sink", .take = sink_take };

static int on_part(void *arg, const struct part *part)
{
	return lane_feed(&((struct pipe *)arg)->lane, part);
}

static void run(struct pipe *p, int answer, const char *at, size_t len,
		size_t step)
{
	size_t done = 0, used;

	*p = (struct pipe){ .sink.ops = &sink_ops, .answer = answer };
	arena_init(&p->arena);
	buf_init(&p->out, 1 << 20);
	buf_init(&p->plain, 1 << 20);
	lane_init(&p->lane);
	lane_add(&p->lane, gather_new(&rules, judge, p));
	lane_add(&p->lane, &p->sink);
	h1_reader_init(&p->reader, false, &limits);
	h1_reader_begin(&p->reader, &p->arena);
	while (done < len && p->err >= 0 && !h1_reader_is_done(&p->reader)) {
		size_t n = len - done < step ? len - done : step;
		char *piece = malloc(n);
		memcpy(piece, at + done, n);
		p->err =
			h1_reader_feed(&p->reader, piece, n, &used, on_part, p);
		free(piece);
		done += used;
	}
}

static void run_deinit(struct pipe *p)
{
	lane_deinit(&p->lane);
	h1_reader_deinit(&p->reader);
	buf_deinit(&p->out);
	buf_deinit(&p->plain);
	arena_deinit(&p->arena);
}

/* What is let go though too big leaves as it comes, in chunks of its own. */
static bool is_comparable(const struct pipe *p)
{
	return p->state != BODY_TOO_BIG;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int answers[] = { GATHER_ALLOW, GATHER_REPLACE, MG_ESTOP };
	struct pipe whole, cut;

	if (size < 2)
		return 0;
	const char *at = (const char *)data + 2;
	size_t len = size - 2;
	int answer = answers[data[0] % 3];

	run(&whole, answer, at, len, len + 1);
	run(&cut, answer, at, len, 1 + data[1] % 7);
	if (h1_reader_is_done(&whole.reader) !=
		    h1_reader_is_done(&cut.reader) ||
	    whole.judged != cut.judged || whole.state != cut.state)
		abort();
	if (is_comparable(&whole) &&
	    (!slice_same(buf_slice(&whole.out), buf_slice(&cut.out)) ||
	     !slice_same(buf_slice(&whole.plain), buf_slice(&cut.plain))))
		abort();
	run_deinit(&whole);
	run_deinit(&cut);
	if (budget.held)
		abort();
	return 0;
}
