/* test_undo.c - values come back in the reply lane, encoded or not. */
#include "flow/undo.h"

#include "notebook.h"
#include "test.h"

struct bench {
	struct arena arena;
	struct notebook nb;
	struct lane lane;
	struct head *head;
	struct mg_shape *shape;
};

static void set_up(struct bench *b, const char *encoding)
{
	*b = (struct bench){ .shape = mg_shape_new() };
	arena_init(&b->arena);
	mg_shape_add(b->shape, "/d", 2, MG_ROLE_ASSISTANT, 0);
	mg_shape_compile(b->shape);
	struct vault *v = vault_new(&b->arena);
	vault_token(v, slice_str("EMAIL"), slice_str("ann@x.io"));
	notebook_init(&b->nb);
	lane_init(&b->lane);
	lane_add(&b->lane, undo_new(v, b->shape, &decode_limits_default));
	lane_add(&b->lane, &b->nb.stage);
	b->head = head_new_reply(&b->arena, 200);
	if (encoding)
		head_set(b->head, "Content-Encoding", slice_str(encoding));
}

static void tear_down(struct bench *b)
{
	lane_deinit(&b->lane);
	OK(b->nb.closed == 1);
	buf_deinit(&b->nb.text);
	mg_shape_free(b->shape);
	arena_deinit(&b->arena);
}

static void events_pass_at_once_with_their_values(void)
{
	struct bench b;

	set_up(&b, NULL);
	feed_head(&b.lane, b.head);
	feed_body(&b.lane, slice_str("data: {\"d\":\"hi\"}\n\n"));
	OK(notebook_says(&b.nb, "h[data: {\"d\":\"hi\"}\n\n]"));
	feed_body(&b.lane, slice_str("data: {\"d\":\"[EMAIL\"}\n\n"));
	OK(notebook_says(&b.nb, "h[data: {\"d\":\"hi\"}\n\n]"));
	feed_body(&b.lane, slice_str("data: {\"d\":\"_1]\"}\n\n"));
	feed_body(&b.lane, slice_str("data: {\"d\":\"cut [EM\"}\n\n"));
	OK(feed_end(&b.lane, NULL) == 0);
	OK(notebook_says(&b.nb, "h[data: {\"d\":\"hi\"}\n\n]"
				"[data: {\"d\":\"ann@x.io\"}\n\n"
				"data: {\"d\":\"\"}\n\n]"
				"[data: {\"d\":\"cut [EM\"}\n\n]e"));
	tear_down(&b);
}

static void a_length_is_not_kept(void)
{
	struct bench b;

	set_up(&b, NULL);
	head_set_length(b.head, 25);
	feed_head(&b.lane, b.head);
	OK(b.nb.head->framing == HEAD_CHUNKED);
	OK(!head_get(b.nb.head, "content-length").at);
	tear_down(&b);
}

static struct mg_slice bodies_of(struct notebook *nb, struct buf *out)
{
	struct mg_slice all = buf_slice(&nb->text);

	/* One part a body here: between the first '[' and the last ']'. */
	buf_add_at(out, all.at + 2, all.len - 4);
	return buf_slice(out);
}

static void an_encoded_stream_is_encoded_again(void)
{
	static const char *const names[] = { "gzip", "br", "zstd" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct mg_slice list = slice_str(names[i]);
		struct buf coded, plain;
		struct bench b;
		int err;

		buf_init(&coded, 1 << 20);
		buf_init(&plain, 1 << 20);
		struct encoder *e = encoder_new(list, 0, &err);
		encoder_feed(e, slice_str("data: {\"d\":\"[EMAIL_1]\"}\n\n"),
			     &coded);
		encoder_end(e, &coded);
		encoder_free(e);

		set_up(&b, names[i]);
		feed_head(&b.lane, b.head);
		feed_body(&b.lane, buf_slice(&coded));
		struct buf body;
		buf_init(&body, 1 << 20);
		feed_end(&b.lane, NULL);
		struct mg_slice left = buf_slice(&b.nb.text);
		OK(slice_starts(left, "h[") && slice_ends(left, "]e"));
		struct decoder *d =
			decoder_new(list, &decode_limits_default, &err);
		/* The trailer of the coding comes as a part of its own. */
		struct mg_slice sent = bodies_of(&b.nb, &body);
		const char *seam = memmem(sent.at, sent.len, "][", 2);
		if (seam) {
			size_t first = (size_t)(seam - sent.at);
			decoder_feed(d, slice(sent.at, first), &plain);
			sent = slice(seam + 2, sent.len - first - 2);
		}
		decoder_feed(d, sent, &plain);
		OK(slice_is(buf_slice(&plain),
			    "data: {\"d\":\"ann@x.io\"}\n\n"));
		decoder_free(d);
		tear_down(&b);
		buf_deinit(&body);
		buf_deinit(&coded);
		buf_deinit(&plain);
	}
}

static void what_cannot_be_read_passes_as_it_is(void)
{
	struct bench b;

	set_up(&b, "rot13");
	feed_head(&b.lane, b.head);
	feed_body(&b.lane, slice_str("data: {\"d\":\"[EMAIL_1]\"}\n\n"));
	feed_end(&b.lane, NULL);
	OK(notebook_says(&b.nb, "h[data: {\"d\":\"[EMAIL_1]\"}\n\n]e"));
	tear_down(&b);
}

static void broken_encoding_ends_the_stream(void)
{
	struct bench b;

	set_up(&b, "gzip");
	feed_head(&b.lane, b.head);
	OK(feed_body(&b.lane, slice_str("this is no gzip at all")) < 0);
	OK(feed_end(&b.lane, NULL) < 0);
	OK(notebook_says(&b.nb, "h"));
	tear_down(&b);
}

static void parts_in_the_wrong_order_are_refused(void)
{
	struct bench b;

	set_up(&b, NULL);
	OK(feed_end(&b.lane, NULL) == MG_EPROTO);
	OK(feed_head(&b.lane, b.head) == MG_EPROTO);
	tear_down(&b);
}

int main(void)
{
	RUN(events_pass_at_once_with_their_values);
	RUN(a_length_is_not_kept);
	RUN(an_encoded_stream_is_encoded_again);
	RUN(what_cannot_be_read_passes_as_it_is);
	RUN(broken_encoding_ends_the_stream);
	RUN(parts_in_the_wrong_order_are_refused);
	return test_done();
}
