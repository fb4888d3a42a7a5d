/* test_h1.c - reading in any pieces, and sending on what was read. */
#include "http/h1.h"

#include "h1_run.h"
#include "test.h"

static bool says(const struct run *run, const char *text)
{
	return slice_is(buf_slice(&run->notes.text), text);
}

static void feed_str(struct run *run, const char *text)
{
	run_feed(run, text, strlen(text));
}

/* --- reading ----------------------------------------------------------------
 */

static void a_request_of_4k(struct buf *b)
{
	buf_init(b, 1 << 16);
	buf_add_str(b, "POST /v1/chat/completions?a=b HTTP/1.1\r\n"
		       "Host: api.openai.com\r\nContent-Type: text/plain\r\n"
		       "Transfer-Encoding: chunked\r\nX-Empty:\r\n\r\n");
	for (int i = 1; i < 26; i++) {
		buf_addf(b, "%x;n=%d\r\n", i * 13, i);
		for (int k = 0; k < i * 13; k++)
			buf_addf(b, "%c", "ab\r\n0\r\n\r\n"[(k * i) % 10]);
		buf_add_str(b, "\r\n");
	}
	buf_add_str(b, "0\r\nX-Sum: 1\r\nX-Two: 2\r\n\r\n");
}

static void every_split_gives_the_same(void)
{
	struct buf b;
	struct run whole;
	int wrong = 0;

	a_request_of_4k(&b);
	struct mg_slice all = buf_slice(&b);
	run_init(&whole, false);
	feed_by(&whole, all, all.len);
	OK(h1_reader_is_done(&whole.r) && all.len >= 4096);
	for (size_t at = 1; at < all.len; at++) {
		struct run run;
		run_init(&run, false);
		run_feed(&run, all.at, at);
		run_feed(&run, all.at + at, all.len - at);
		wrong += !h1_reader_is_done(&run.r) || run.used != all.len ||
			 !slice_same(buf_slice(&run.notes.text),
				     buf_slice(&whole.notes.text));
		run_deinit(&run);
	}
	OK(wrong == 0);
	run_deinit(&whole);
	buf_deinit(&b);
}

static void reading_stops_behind_the_message(void)
{
	static const char two[] = "POST /a HTTP/1.1\r\nHost: a\r\n"
				  "Content-Length: 2\r\n\r\nhi"
				  "GET /b HTTP/1.1\r\nHost: a\r\n\r\n";
	struct run run;

	run_init(&run, false);
	feed_str(&run, two);
	OK(h1_reader_is_done(&run.r));
	OK(run.used == strlen(two) - 28);
	OK(slice_is(run.notes.head->target, "/a"));

	size_t used = 9;
	OK(h1_reader_feed(&run.r, "x", 1, &used, note, &run.notes) == 0);
	OK(used == 0);
	h1_reader_begin(&run.r, &run.arena);
	feed_str(&run, two + run.used);
	OK(h1_reader_is_done(&run.r) && run.used == strlen(two));
	OK(slice_is(run.notes.head->target, "/b"));
	run_deinit(&run);
}

static void what_follows_connect_is_left_alone(void)
{
	static const char text[] = "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n"
				   "\r\n\x16\x03\x01";
	struct run run;

	run_init(&run, false);
	feed_str(&run, text);
	OK(h1_reader_is_done(&run.r) && run.used == strlen(text) - 3);
	run_deinit(&run);
}

static void a_request_behind_an_upgrade_is_the_next_request(void)
{
	static const char text[] = "POST / HTTP/1.1\r\nHost: a\r\n"
				   "Connection: Upgrade\r\nUpgrade: h2c\r\n"
				   "Content-Length: 1\r\n\r\n"
				   "xGET / HTTP/1.1\r\n";
	struct run run;

	run_init(&run, false);
	feed_str(&run, text);
	OK(h1_reader_is_done(&run.r) && run.used == strlen(text) - 16);
	OK(run.notes.head->upgrade && run.notes.body == 1);
	run_deinit(&run);
}

static void replies_know_what_they_answer(void)
{
	static const char text[] =
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
	static const struct {
		const char *method;
		size_t body;
	} rows[] = { { "GET", 5 }, { "HEAD", 0 }, { "CONNECT", 0 } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct run run;
		run_init(&run, true);
		h1_reader_expect(&run.r, slice_str(rows[i].method));
		feed_str(&run, text);
		OK(h1_reader_is_done(&run.r) && run.notes.body == rows[i].body);
		OK(run.used == strlen(text) - 5 + rows[i].body);
		run_deinit(&run);
	}
}

static void a_body_may_end_with_the_connection(void)
{
	struct run run;

	run_init(&run, true);
	feed_str(&run, "HTTP/1.1 200 OK\r\n\r\nhel");
	feed_str(&run, "lo");
	OK(!run.notes.ends && !run.notes.head->keep_alive);
	OK(h1_reader_is_busy(&run.r));
	OK(h1_reader_eof(&run.r, note, &run.notes) == 0);
	OK(says(&run, "HTTP/1.1 200 OK\r\n\r\nhello<end>"));
	OK(h1_reader_eof(&run.r, note, &run.notes) == 0);
	OK(run.notes.ends == 1);
	run_deinit(&run);
}

static void half_a_message_is_an_error(void)
{
	static const char *const halves[] = {
		"H",
		"HTTP/1.1 200 OK\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(halves); i++) {
		struct run run;
		run_init(&run, true);
		feed_str(&run, halves[i]);
		OK(h1_reader_eof(&run.r, note, &run.notes) == MG_EPROTO);
		OK(run.notes.ends == 0);
		run_deinit(&run);
	}
}

static void leaving_between_messages_is_none(void)
{
	struct run run;

	run_init(&run, false);
	OK(!h1_reader_is_busy(&run.r));
	OK(h1_reader_eof(&run.r, note, &run.notes) == 0);
	OK(run.notes.heads == 0 && run.notes.ends == 0);
	run_deinit(&run);
}

static void interim_replies_come_before_the_real_one(void)
{
	struct run run;

	run_init(&run, true);
	feed_str(&run, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
	OK(run.notes.heads == 1 && head_is_interim(run.notes.head));
	OK(!h1_reader_is_done(&run.r));
	feed_str(&run, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	OK(run.notes.heads == 2 && run.notes.ends == 1);
	OK(run.notes.head->status == 200);
	run_deinit(&run);
}

static void interim_replies_do_not_go_on_for_ever(void)
{
	struct run run;

	run_init(&run, true);
	for (int i = 0; i < 100; i++)
		feed_str(&run, "HTTP/1.1 100 Continue\r\n\r\n");
	OK(run.err == MG_EPROTO && run.notes.heads < 20);
	run_deinit(&run);
}

static void a_granted_upgrade_ends_http(void)
{
	static const char text[] =
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x81";
	struct run run;

	run_init(&run, true);
	feed_str(&run, text);
	OK(h1_reader_is_done(&run.r) && run.notes.head->upgrade);
	OK(run.used == strlen(text) - 1);
	run_deinit(&run);
}

/* Answers MG_EAGAIN to every part. */
static int one_at_a_time(void *arg, const struct part *part)
{
	int err = note(arg, part);

	return err < 0 ? err : MG_EAGAIN;
}

static void whoever_takes_parts_may_ask_for_a_pause(void)
{
	struct mg_slice text = slice_str("POST / HTTP/1.1\r\nHost: a\r\n"
					 "Transfer-Encoding: chunked\r\n\r\n"
					 "2\r\nab\r\n1\r\nc\r\n0\r\n\r\nGET");
	struct run run;
	size_t done = 0, used;
	int pauses = 0;

	run_init(&run, false);
	while (!h1_reader_is_done(&run.r)) {
		int err =
			h1_reader_feed(&run.r, text.at + done, text.len - done,
				       &used, one_at_a_time, &run.notes);
		done += used;
		if (err != MG_EAGAIN)
			break;
		pauses++;
	}
	OK(pauses == 4 && done == text.len - 3);
	OK(run.notes.ends == 1 && run.notes.body == 3);
	run_deinit(&run);
}

static void a_refusal_stays(void)
{
	struct run run;
	size_t used;

	run_init(&run, false);
	feed_str(&run, "GET / HTTP/1.1\n");
	OK(run.err == MG_EPROTO && run.r.status == 400);
	OK(h1_reader_feed(&run.r, "GET", 3, &used, note, &run.notes) ==
	   MG_EPROTO);
	OK(used == 0);
	run_deinit(&run);
}

/* --- ceilings ---------------------------------------------------------------
 */

static const struct h1_limits small = { .line = 32,
					.headers = 64,
					.fields = 3 };

static int status_of(const char *text, size_t step)
{
	struct run run;

	run_init(&run, false);
	run.r.limits = &small;
	feed_by(&run, slice_str(text), step);
	int status = run.r.status;
	if (h1_reader_is_done(&run.r))
		status = 200;
	run_deinit(&run);
	return status;
}

static void ceilings_hold(void)
{
	static const struct {
		const char *text;
		int status;
	} rows[] = {
		/* 32 bytes of request line, then one more */
		{ "GET /aaaaaaaaaaaaaaaaaa HTTP/1.1\r\nHost: a\r\n\r\n", 200 },
		{ "GET /aaaaaaaaaaaaaaaaaaa HTTP/1.1\r\nHost: a\r\n\r\n", 414 },
		{ "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 414 },
		{ "GET / HTTP/1.1\r\nHost: a\r\nB: b\r\nC: c\r\n\r\n", 200 },
		{ "GET / HTTP/1.1\r\nHost: a\r\nB: b\r\nC: c\r\nD: d\r\n\r\n",
		  431 },
		{ "GET / HTTP/1.1\r\nHost: a\r\nB: 123456789012345678901234567"
		  "89012345678901234567890123456789012345678901234567\r\n\r\n",
		  431 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		OK(status_of(rows[i].text, 1000) == rows[i].status);
		OK(status_of(rows[i].text, 1) == rows[i].status);
	}
}

static void chunk_lines_and_trailers_have_ceilings(void)
{
	struct run run;

	run_init(&run, false);
	feed_str(&run, "POST / HTTP/1.1\r\nHost: a\r\n"
		       "Transfer-Encoding: chunked\r\n\r\n1;");
	for (int i = 0; i < 300; i++)
		feed_str(&run, "a");
	OK(run.err == MG_ETOOBIG);
	run_deinit(&run);

	run_init(&run, false);
	feed_str(&run, "POST / HTTP/1.1\r\nHost: a\r\n"
		       "Transfer-Encoding: chunked\r\n\r\n0\r\n");
	for (int i = 0; i < 300; i++)
		feed_str(&run, "X: y\r\n");
	OK(run.err == MG_ETOOBIG && run.r.status == 431);
	run_deinit(&run);
}

/* --- what heads say ---------------------------------------------------------
 */

static struct head *head_of(struct run *run, bool is_reply, const char *text)
{
	run_init(run, is_reply);
	feed_str(run, text);
	return run->notes.head;
}

static void connections_are_kept_or_not(void)
{
	static const struct {
		const char *text;
		bool kept;
	} rows[] = {
		{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", true },
		{ "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
		  false },
		{ "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n",
		  false },
		{ "GET / HTTP/1.0\r\n\r\n", false },
		{ "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct run run;
		OK(head_of(&run, false, rows[i].text)->keep_alive ==
		   rows[i].kept);
		run_deinit(&run);
	}
}

static void connection_may_not_name_thousands(void)
{
	struct run run;

	run_init(&run, false);
	feed_str(&run, "GET / HTTP/1.1\r\nHost: a\r\nConnection: a");
	for (int i = 0; i < 100; i++)
		feed_str(&run, ",a");
	feed_str(&run, "\r\n\r\n");
	OK(run.err == MG_EPROTO && run.r.status == 400);
	run_deinit(&run);
}

static void expectations_and_framing_are_told(void)
{
	struct run run;
	struct head *h = head_of(&run, false,
				 "PUT / HTTP/1.1\r\nHost: a\r\n"
				 "Expect: 100-Continue\r\n"
				 "Content-Length: 70000\r\n\r\n");

	OK(h->expect_continue && h->framing == HEAD_LENGTH);
	OK(h->length == 70000 && h->minor == 1 && !h->upgrade);
	run_deinit(&run);
}

/* --- writing ----------------------------------------------------------------
 */

static void an_untouched_message_is_sent_as_it_came(void)
{
	static const char text[] =
		"POST /v1/x?y=%20 HTTP/1.1\r\nhOST: a\r\nX-b: 1\r\nX-B: 2\r\n"
		"x-Empty: \r\nCookie: a=b; c=\"d\"\r\n"
		"Content-Length: 5\r\n\r\n";
	struct run run;

	run_init(&run, false);
	feed_str(&run, text);
	OK(says(&run, text));
	run_deinit(&run);
}

static void what_was_removed_is_not_sent(void)
{
	struct run run;
	struct buf out;
	struct head *h = head_of(&run, false,
				 "GET / HTTP/1.1\r\nHost: a\r\n"
				 "Connection: keep-alive, X-Hop\r\n"
				 "X-Hop: 1\r\nX-End: 2\r\n"
				 "Proxy-Authorization: Basic eDp5\r\n\r\n");

	buf_init(&out, 1 << 16);
	head_strip_hops(h);
	head_set(h, "X-End", slice_str("three"));
	head_add(h, slice_str("Via"), slice_str("1.1 gate"));
	OK(h1_write_head(&out, h) == 0);
	OK(slice_is(buf_slice(&out), "GET / HTTP/1.1\r\nHost: a\r\n"
				     "X-End: three\r\nVia: 1.1 gate\r\n\r\n"));
	buf_deinit(&out);
	run_deinit(&run);
}

static void chunks_are_framed_again(void)
{
	struct run run;
	struct buf out;
	struct head *h = head_of(&run, false,
				 "POST / HTTP/1.1\r\nHost: a\r\n"
				 "Transfer-Encoding: chunked\r\n\r\n");

	buf_init(&out, 1 << 16);
	OK(h1_write_body(&out, h, slice_str("hello")) == 0);
	OK(h1_write_body(&out, h, slice("", 0)) == 0);
	OK(h1_write_body(&out, h, slice_str("0123456789abcdefghij")) == 0);
	OK(h1_write_end(&out, h, NULL) == 0);
	OK(slice_is(buf_slice(&out), "5\r\nhello\r\n"
				     "14\r\n0123456789abcdefghij\r\n"
				     "0\r\n\r\n"));
	char open[H1_CHUNK_OPEN];
	OK(h1_chunk_open(open, UINT64_MAX) == 18);
	OK(memcmp(open, "ffffffffffffffff\r\n", 18) == 0);
	buf_deinit(&out);
	run_deinit(&run);
}

static void a_full_buffer_is_left_as_it_was(void)
{
	struct run run;
	struct buf out;
	struct head *h = head_of(&run, false,
				 "POST / HTTP/1.1\r\nHost: a\r\n"
				 "Transfer-Encoding: chunked\r\n\r\n");

	buf_init(&out, 16);
	OK(h1_write_head(&out, h) == MG_ETOOBIG);
	OK(h1_write_body(&out, h, slice_str("0123456789")) == MG_ETOOBIG);
	OK(buf_len(&out) == 0);
	run_deinit(&run);
}

int main(void)
{
	RUN(every_split_gives_the_same);
	RUN(reading_stops_behind_the_message);
	RUN(what_follows_connect_is_left_alone);
	RUN(a_request_behind_an_upgrade_is_the_next_request);
	RUN(replies_know_what_they_answer);
	RUN(a_body_may_end_with_the_connection);
	RUN(half_a_message_is_an_error);
	RUN(leaving_between_messages_is_none);
	RUN(interim_replies_come_before_the_real_one);
	RUN(interim_replies_do_not_go_on_for_ever);
	RUN(a_granted_upgrade_ends_http);
	RUN(whoever_takes_parts_may_ask_for_a_pause);
	RUN(a_refusal_stays);
	RUN(ceilings_hold);
	RUN(chunk_lines_and_trailers_have_ceilings);
	RUN(connections_are_kept_or_not);
	RUN(connection_may_not_name_thousands);
	RUN(expectations_and_framing_are_told);
	RUN(an_untouched_message_is_sent_as_it_came);
	RUN(what_was_removed_is_not_sent);
	RUN(chunks_are_framed_again);
	RUN(a_full_buffer_is_left_as_it_was);
	return test_done();
}
