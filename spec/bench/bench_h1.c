/* bench_h1.c - what the codec costs: nanoseconds for one typical request, read
 * and written, per kind of body, with and without a judge between.
 *
 *   build/spec/bench/bench_h1 [ROUNDS]
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "flow/gather.h"
#include "http/h1.h"

/* What an SDK sends: twenty fields. */
static const char fields[] =
	"Host: api.openai.com\r\n"
	"Connection: keep-alive\r\n"
	"Accept: application/json\r\n"
	"Content-Type: application/json\r\n"
	"User-Agent: OpenAI/JS 4.77.0\r\n"
	"X-Stainless-Lang: js\r\n"
	"X-Stainless-Package-Version: 4.77.0\r\n"
	"X-Stainless-OS: Linux\r\n"
	"X-Stainless-Arch: x64\r\n"
	"X-Stainless-Runtime: node\r\n"
	"X-Stainless-Runtime-Version: v20.11.0\r\n"
	"X-Stainless-Retry-Count: 0\r\n"
	"X-Stainless-Timeout: 600\r\n"
	"Authorization: Bearer "
	"sk-bench-not-a-key-0123456789abcdef0123456789\r\n"
	"OpenAI-Organization: org-0123456789abcdef\r\n"
	"OpenAI-Project: proj_0123456789abcdef\r\n"
	"Accept-Encoding: gzip,deflate\r\n"
	"Accept-Language: en\r\n"
	"Idempotency-Key: 01234567-89ab-cdef-0123-456789abcdef\r\n";

struct bench {
	struct h1_reader r;
	struct arena arena;
	struct buf in;
	struct buf out;
	struct head *head;
	bool judged;
	struct lane lane;
	struct stage sink;
	struct gather_rules rules;
};

static int write_part(void *arg, const struct part *part)
{
	struct bench *b = arg;

	if (part->kind == PART_HEAD) {
		b->head = part->head;
		head_strip_hops(part->head);
	}
	return h1_write_part(&b->out, b->head, part);
}

static int sink_take(struct stage *st, const struct part *part)
{
	return write_part(container_of(st, struct bench, sink), part);
}

static const struct stage_ops sink_ops = { .name = "sink", .take = sink_take };

static int allow(void *arg, const struct gathered *what, struct buf *out)
{
	(void)arg, (void)what, (void)out;
	return GATHER_ALLOW;
}

static int feed_lane(void *arg, const struct part *part)
{
	return lane_feed(&((struct bench *)arg)->lane, part);
}

static void once(struct bench *b)
{
	struct mg_slice in = buf_slice(&b->in);
	size_t used;

	arena_init(&b->arena);
	lane_init(&b->lane);
	if (b->judged)
		lane_add(&b->lane, gather_new(&b->rules, allow, NULL));
	lane_add(&b->lane, &b->sink);
	h1_reader_begin(&b->r, &b->arena);
	if (h1_reader_feed(&b->r, in.at, in.len, &used, feed_lane, b) < 0 ||
	    !h1_reader_is_done(&b->r))
		abort();
	buf_clear(&b->out);
	lane_deinit(&b->lane);
	arena_deinit(&b->arena);
}

static void fill(struct buf *in, bool chunked, size_t body)
{
	buf_addf(in, "POST /v1/chat/completions HTTP/1.1\r\n%s", fields);
	if (!chunked)
		buf_addf(in, "Content-Length: %zu\r\n\r\n", body);
	else
		buf_addf(in, "Transfer-Encoding: chunked\r\n\r\n%zx\r\n", body);
	memset(buf_room(in, body), 'x', body);
	buf_grow(in, body);
	if (chunked)
		buf_add_str(in, "\r\n0\r\n\r\n");
}

static void measure(const char *name, bool chunked, bool judged, size_t body,
		    int rounds)
{
	struct bench b = { .judged = judged, .sink.ops = &sink_ops };
	double best = 1e9;

	b.rules = (struct gather_rules){ .max = 1 << 20,
					 .decode = &decode_limits_default };
	buf_init(&b.in, 1 << 22);
	buf_init(&b.out, 1 << 22);
	h1_reader_init(&b.r, false, &h1_limits_default);
	fill(&b.in, chunked, body);
	for (int batch = 0; batch < 10; batch++) {
		uint64_t from = clock_mono_us();
		for (int i = 0; i < rounds; i++)
			once(&b);
		double ns = (double)(clock_mono_us() - from) * 1e3 / rounds;
		if (ns < best)
			best = ns;
	}
	printf("%-28s %6zu bytes  %8.0f ns\n", name, buf_len(&b.in), best);
	h1_reader_deinit(&b.r);
	buf_deinit(&b.in);
	buf_deinit(&b.out);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 20000;

	measure("20 fields, no body", false, false, 0, rounds);
	measure("20 fields, 1 KiB", false, false, 1 << 10, rounds);
	measure("20 fields, 1 KiB chunked", true, false, 1 << 10, rounds);
	measure("20 fields, 64 KiB", false, false, 64 << 10, rounds / 10 + 1);
	measure("gathered, 2 KiB", false, true, 2 << 10, rounds);
	measure("gathered, 64 KiB", false, true, 64 << 10, rounds / 10 + 1);
	return 0;
}
