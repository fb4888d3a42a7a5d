/* test_message.c - from bytes through a judge to bytes: what leaves does not
 * depend on how what came was cut. */
#include <stdlib.h>

#include "flow/gather.h"
#include "flow/relay.h"
#include "http/h1.h"
#include "test.h"

/* One direction of a proxy, in memory. */
struct pipe {
	struct arena arena;
	struct h1_reader reader;
	struct lane lane;
	struct stage sink;
	struct buf out;
	struct head *sent;
	struct gather_rules rules;
	uint64_t bytes;
	int judged;
	bool early;
	struct buf plain; /* what the judge saw */
	const char *replacement;
};

static int judge(void *arg, const struct gathered *what, struct buf *out)
{
	struct pipe *p = arg;

	p->judged++;
	p->early |= buf_len(&p->out) > 0;
	if (what->state != BODY_WHOLE)
		return MG_ESTOP;
	buf_add(&p->plain, what->plain);
	if (!p->replacement)
		return GATHER_ALLOW;
	buf_add_str(out, p->replacement);
	return GATHER_REPLACE;
}

static int send(struct stage *st, const struct part *part)
{
	struct pipe *p = container_of(st, struct pipe, sink);

	if (part->kind == PART_HEAD) {
		head_strip_hops(part->head);
		p->sent = part->head;
	}
	return h1_write_part(&p->out, p->sent, part);
}

static const struct stage_ops sink_ops = { .name = "sink", .take = send };

static int on_part(void *arg, const struct part *part)
{
	return lane_feed(&((struct pipe *)arg)->lane, part);
}

static void set_up(struct pipe *p, const char *replacement)
{
	*p = (struct pipe){
		.sink.ops = &sink_ops,
		.rules = { .max = 1 << 20, .decode = &decode_limits_default },
		.replacement = replacement,
	};
	arena_init(&p->arena);
	buf_init(&p->out, 1 << 20);
	buf_init(&p->plain, 1 << 20);
	lane_init(&p->lane);
	lane_add(&p->lane, relay_new(&p->bytes));
	lane_add(&p->lane, gather_new(&p->rules, judge, p));
	lane_add(&p->lane, &p->sink);
	h1_reader_init(&p->reader, false, &h1_limits_default);
	h1_reader_begin(&p->reader, &p->arena);
}

static void tear_down(struct pipe *p)
{
	lane_deinit(&p->lane);
	h1_reader_deinit(&p->reader);
	buf_deinit(&p->out);
	buf_deinit(&p->plain);
	arena_deinit(&p->arena);
}

static void feed(struct pipe *p, struct mg_slice s)
{
	size_t used;

	if (h1_reader_feed(&p->reader, s.at, s.len, &used, on_part, p) < 0 ||
	    used != s.len)
		abort();
}

/* Text that compresses to about three quarters. */
static void fill(struct buf *plain, size_t len)
{
	unsigned seed = 3;

	buf_init(plain, 1 << 20);
	while (buf_len(plain) < len) {
		seed = seed * 1103515245 + 12345;
		buf_addf(plain, "%u ", seed >> 8);
	}
}

/* A request of about 4 KB: `list` names its encodings, NULL for none. */
static void request(struct buf *in, struct mg_slice plain, const char *list,
		    bool chunked)
{
	struct buf body;
	int err;
	struct encoder *e = encoder_new(slice_str(list ? list : ""), 0, &err);

	buf_init(&body, 1 << 20);
	encoder_feed(e, plain, &body);
	encoder_end(e, &body);
	encoder_free(e);

	buf_init(in, 1 << 20);
	buf_add_str(in, "POST /v1/messages HTTP/1.1\r\nHost: a.example\r\n"
			"Connection: keep-alive\r\nX-Api-Key: k\r\n");
	if (list)
		buf_addf(in, "Content-Encoding: %s\r\n", list);
	if (!chunked) {
		buf_addf(in, "Content-Length: %zu\r\n\r\n", buf_len(&body));
		buf_add(in, buf_slice(&body));
		buf_deinit(&body);
		return;
	}
	buf_add_str(in, "Transfer-Encoding: chunked\r\n\r\n");
	while (buf_len(&body)) {
		size_t len = buf_len(&body) < 700 ? buf_len(&body) : 700;
		buf_addf(in, "%zx\r\n", len);
		buf_add(in, slice(buf_slice(&body).at, len));
		buf_add_str(in, "\r\n");
		buf_drop(&body, len);
	}
	buf_add_str(in, "0\r\nX-Sum: 1\r\n\r\n");
	buf_deinit(&body);
}

static bool is_alike(const struct pipe *a, const struct pipe *b)
{
	return h1_reader_is_done(&b->reader) && b->judged == 1 && !b->early &&
	       slice_same(buf_slice(&a->out), buf_slice(&b->out)) &&
	       slice_same(buf_slice(&a->plain), buf_slice(&b->plain));
}

static const struct {
	const char *list;
	bool chunked;
	const char *replacement;
} rows[] = {
	{ NULL, false, NULL },      { NULL, true, NULL },
	{ NULL, false, "[CARD]" },  { NULL, true, "[CARD]" },
	{ "gzip", false, NULL },    { "br", true, NULL },
	{ "zstd", true, "masked" }, { "gzip, br", false, "masked" },
};

/* Every two-way split, and byte by byte. */
static void every_cut_gives_the_same_bytes(void)
{
	for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
		struct buf plain, in;
		struct pipe whole, p;
		int wrong = 0;

		fill(&plain, rows[r].list ? 5000 : 3900);
		request(&in, buf_slice(&plain), rows[r].list, rows[r].chunked);
		struct mg_slice all = buf_slice(&in);
		set_up(&whole, rows[r].replacement);
		feed(&whole, all);
		wrong +=
			!is_alike(&whole, &whole) ||
			!slice_same(buf_slice(&whole.plain), buf_slice(&plain));
		for (size_t at = 1; at < all.len; at++) {
			set_up(&p, rows[r].replacement);
			feed(&p, slice(all.at, at));
			feed(&p, slice(all.at + at, all.len - at));
			wrong += !is_alike(&whole, &p);
			tear_down(&p);
		}
		set_up(&p, rows[r].replacement);
		for (size_t at = 0; at < all.len; at++)
			feed(&p, slice(all.at + at, 1));
		wrong += !is_alike(&whole, &p);
		tear_down(&p);
		OK(wrong == 0 && all.len > 2000);
		tear_down(&whole);
		buf_deinit(&plain);
		buf_deinit(&in);
	}
}

static void an_allowed_message_leaves_as_it_came(void)
{
	static const char text[] = "POST / HTTP/1.1\r\nhost: a\r\n"
				   "X-Odd:  a  b\r\nCONTENT-length: 5\r\n\r\n"
				   "hello";
	struct pipe p;

	set_up(&p, NULL);
	feed(&p, slice_str(text));
	OK(slice_is(buf_slice(&p.out), "POST / HTTP/1.1\r\nhost: a\r\n"
				       "X-Odd: a  b\r\nCONTENT-length: 5\r\n"
				       "\r\nhello"));
	OK(p.bytes == 5);
	tear_down(&p);
}

static void a_replaced_message_has_its_new_length(void)
{
	struct pipe p;

	set_up(&p, "[EMAIL]");
	feed(&p, slice_str("POST / HTTP/1.1\r\nHost: a\r\n"
			   "Content-Length: 5\r\nX: y\r\n\r\na@b.c"));
	OK(slice_is(buf_slice(&p.out), "POST / HTTP/1.1\r\nHost: a\r\n"
				       "Content-Length: 7\r\nX: y\r\n\r\n"
				       "[EMAIL]"));
	tear_down(&p);
}

int main(void)
{
	RUN(every_cut_gives_the_same_bytes);
	RUN(an_allowed_message_leaves_as_it_came);
	RUN(a_replaced_message_has_its_new_length);
	return test_done();
}
