/* reply.c - the peer's side of an exchange: the sink of the request lane, the
 * source of the reply lane, and what happens when the service fails.
 *
 *   part --to_peer--> out --(peer is up)--> wire
 *   wire --reader--> reply lane --to_device--> back --(end of turn)--> device
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "surface/answer.h"
#include "surface/impl.h"
#include "surface/report.h"

static void on_peer(void *arg, unsigned what);
static void read_reply(struct exchange *ex);

/* --- the service fails -------------------------------------------------------
 */

static const char *fault_word(enum peer_fault fault)
{
	switch (fault) {
	case PEER_NAME:
		return "upstream_name";
	case PEER_PRIVATE:
		return "upstream_private";
	case PEER_CONNECT:
		return "upstream_connect";
	case PEER_TIMEOUT:
		return "upstream_timeout";
	case PEER_TLS:
		return "upstream_tls";
	case PEER_CERTIFICATE:
		return "upstream_certificate";
	case PEER_CUT:
	case PEER_FINE:
		break;
	}
	return "upstream_cut";
}

static void drop_peer(struct exchange *ex)
{
	if (ex->peer)
		pool_drop(ex->peer);
	ex->peer = NULL;
}

/* Nothing of a reply was passed on: the device gets an answer. Else its
 * connection ends, for half an answer must not look whole. */
static void fail(struct exchange *ex, enum peer_fault fault, const char *why)
{
	count(ex->sv, SHM_UPSTREAM_ERRORS, 1);
	if (!ex->passed_head) {
		exchange_fault(ex, fault == PEER_TIMEOUT ? 504 : 502,
			       fault_word(fault), why);
		drop_peer(ex);
		device_flush(ex->device);
		exchange_finish(ex, ex->keep);
		return;
	}
	ex->failure = fault_word(fault);
	drop_peer(ex);
	lane_deinit(&ex->down); /* judges what came of a stream */
	exchange_finish(ex, false);
}

/* --- to the peer
 * ---------------------------------------------------------------- */

static bool is_replayable(const struct exchange *ex)
{
	return !ex->unkept && !ex->reply_begun;
}

static void push(struct exchange *ex)
{
	struct mg_slice all = buf_slice(&ex->out);
	struct mg_slice rest = slice(all.at + ex->gone, all.len - ex->gone);

	if (!rest.len)
		return;
	if (wire_write(peer_wire(ex->peer), rest.at, rest.len) < 0) {
		/* Its end is told by reading: there may be an early reply. */
		ex->unkept = true;
	}
	sock_flush(peer_sock(ex->peer));
	ex->gone = all.len;
	if (all.len > REPLAY_MAX)
		ex->unkept = true;
	if (ex->unkept) {
		buf_clear(&ex->out);
		ex->gone = 0;
	}
	if (sock_backlog(peer_sock(ex->peer)) > BACKLOG_HIGH)
		device_pause(ex->device, PAUSE_PEER_FULL, true);
}

static void peer_stands(struct exchange *ex)
{
	ex->peer_up = true;
	sock_resume(peer_sock(ex->peer));
	push(ex);
}

static void ask_for_peer(struct exchange *ex, bool fresh)
{
	ex->peer_up = false;
	ex->gone = 0;
	ex->peer = pool_get(ex->sv->pool, device_host(ex->device),
			    device_port(ex->device), true, fresh, on_peer, ex);
	h1_reader_begin(&ex->reader, &ex->arena);
	h1_reader_expect(&ex->reader, ex->request->method);
	if (peer_is_up(ex->peer))
		peer_stands(ex);
}

/* A pooled connection that was dead already says nothing about the request. */
static bool try_again(struct exchange *ex)
{
	if (!peer_is_used(ex->peer) || !is_replayable(ex))
		return false;
	drop_peer(ex);
	h1_reader_deinit(&ex->reader);
	h1_reader_init(&ex->reader, true, &ex->sv->limits);
	ask_for_peer(ex, true);
	return true;
}

/* What we cannot decode must not be asked for: a reply in it would be blocked
 * by design, and the device would be none the wiser. */
static void narrow_encodings(struct exchange *ex, struct head *h)
{
	static const char *const known[] = { "gzip", "x-gzip", "deflate",
					     "br",   "zstd",   "identity" };
	struct mg_slice all = head_join(h, "Accept-Encoding"), item;
	bool strange = false;

	(void)ex;
	while (all.at && slice_cut(&all, ',', &item)) {
		struct mg_slice name;
		bool found = false;

		if (!slice_cut(&item, ';', &name))
			continue;
		name = slice_trim(name);
		for (size_t i = 0; i < ARRAY_LEN(known); i++)
			found |= slice_is_caseless(name, known[i]);
		strange |= !found;
	}
	if (strange)
		head_set(h, "Accept-Encoding",
			 slice_str("gzip, deflate, br, zstd"));
}

static int write_head(struct exchange *ex, struct head *h)
{
	head_strip_hops(h);
	narrow_encodings(ex, h);
	/* Whatever the device speaks, we speak 1.1 upstream. */
	h->minor = 1;
	ex->sent = h;
	return h1_write_head(&ex->out, h);
}

int reply_take_request(struct exchange *ex, const struct part *part)
{
	int err;

	if (part->kind == PART_HEAD)
		err = write_head(ex, part->head);
	else
		err = h1_write_part(&ex->out, ex->sent, part);
	if (err < 0)
		return err;
	if (part->kind == PART_END)
		ex->state = EX_WAITING;
	/* A small request goes out in one piece, when it is whole. */
	if (part->kind == PART_HEAD && part->head->framing != HEAD_NO_BODY)
		return MG_OK;
	if (!ex->peer)
		ask_for_peer(ex, false);
	else if (ex->peer_up)
		push(ex);
	else if (buf_len(&ex->out) > BACKLOG_HIGH)
		device_pause(ex->device, PAUSE_PEER_FULL, true);
	if (part->kind == PART_END) {
		ex->waited = clock_mono_us();
		device_rearm(ex->device, ex->sv->conf->timeouts_reply);
	}
	return MG_OK;
}

/* --- to the device
 * ------------------------------------------------------------------ */

/* True when the device cannot be told of another framing than until-close. */
static void fit_head(struct exchange *ex, struct head *h)
{
	head_strip_hops(h);
	ex->keep = ex->request->keep_alive;
	if (ex->request->minor == 0 && h->framing == HEAD_CHUNKED)
		head_set_until_close(h);
	if (h->framing == HEAD_UNTIL_CLOSE)
		ex->keep = false;
	h->minor = 1;
	if (!ex->keep)
		head_set(h, "Connection", slice_str("close"));
	else if (ex->request->minor == 0)
		head_set(h, "Connection", slice_str("keep-alive"));
}

static int take_down(struct stage *st, const struct part *part)
{
	struct exchange *ex = ((struct sink *)st)->ex;
	int err;

	if (part->kind == PART_HEAD) {
		fit_head(ex, part->head);
		ex->passed_head = true;
		ex->status = part->head->status;
	}
	err = h1_write_part(&ex->back, ex->reply, part);
	if (err < 0)
		return err;
	if (buf_len(&ex->back) < SCRATCH)
		return MG_OK;
	err = device_send(ex->device, buf_slice(&ex->back));
	buf_clear(&ex->back);
	return err;
}

static const struct stage_ops to_device = { .name = "to_device",
					    .take = take_down };

static int reply_begins(struct exchange *ex, struct head *h)
{
	ex->reply = h;
	ex->to_device = (struct sink){ { .ops = &to_device }, ex };
	lane_add(&ex->down, judge_reply_stage(ex));
	lane_add(&ex->down, &ex->to_device.stage);
	ex->state = EX_REPLYING;
	/* From here on the request cannot be sent again. */
	ex->reply_begun = true;
	ex->unkept = true;
	return MG_OK;
}

static int on_part(void *arg, const struct part *part)
{
	struct exchange *ex = arg;

	if (part->kind == PART_HEAD) {
		if (head_is_interim(part->head)) {
			if (part->head->status == 100 || !ex->request->minor)
				return MG_OK; /* we said it already */
			return h1_write_head(&ex->back, part->head);
		}
		if (part->head->status == 101)
			return MG_EPROTO; /* nobody asked for it */
		reply_begins(ex, part->head);
	}
	ex->reply_bytes += part->body.len;
	return lane_feed(&ex->down, part);
}

static int flush_back(struct exchange *ex)
{
	int err = MG_OK;

	if (buf_len(&ex->back)) {
		err = device_send(ex->device, buf_slice(&ex->back));
		buf_clear(&ex->back);
	}
	return err;
}

/* The reply is whole and on its way. */
static void complete(struct exchange *ex)
{
	bool reusable = ex->reply->keep_alive && !ex->extra &&
			ex->request_done &&
			ex->reply->framing != HEAD_UNTIL_CLOSE;

	ex->upstream_us = clock_mono_us() - ex->mono;
	if (reusable)
		pool_put(ex->peer);
	else
		pool_drop(ex->peer);
	ex->peer = NULL;
	flush_back(ex);
	/* The event is written before the last byte leaves: what a device has
	 * seen to its end is on record, whatever becomes of this process. */
	exchange_finish(ex, ex->keep);
}

/* A negative answer of the reply lane, or of the reader. */
static void stopped(struct exchange *ex, int err)
{
	if (ex->answered) { /* a block: the device has its answer */
		drop_peer(ex);
		exchange_finish(ex, ex->keep);
	} else if (ex->reader.state == H1_BROKEN) {
		fail(ex, PEER_CUT, ex->reader.why ? ex->reader.why : "");
	} else {
		fail(ex, PEER_CUT, mg_strerror(err));
	}
}

static void peer_ended(struct exchange *ex)
{
	int err;

	if (!ex->reply_begun && try_again(ex))
		return;
	err = h1_reader_eof(&ex->reader, on_part, ex);
	if (err == MG_OK && h1_reader_is_done(&ex->reader)) {
		complete(ex);
		return;
	}
	if (ex->answered) {
		stopped(ex, err);
		return;
	}
	flush_back(ex);
	fail(ex, PEER_CUT,
	     "the service closed the connection before its reply was whole");
}

/* One read. False when there is nothing more to do now. */
static bool read_some(struct exchange *ex)
{
	char *at = ex->sv->scratch;
	size_t used = 0;
	int n = wire_read(peer_wire(ex->peer), at, SCRATCH);

	if (n == MG_EAGAIN)
		return false;
	if (n <= 0) {
		peer_ended(ex);
		return false;
	}
	count(ex->sv, SHM_BYTES_DOWN, (uint64_t)n);
	device_rearm(ex->device, ex->sv->conf->timeouts_reply);
	int err =
		h1_reader_feed(&ex->reader, at, (size_t)n, &used, on_part, ex);
	if (ex->state == EX_DONE)
		return false;
	if (err < 0) {
		stopped(ex, err);
		return false;
	}
	if (h1_reader_is_done(&ex->reader)) {
		ex->extra = used < (size_t)n;
		complete(ex);
		return false;
	}
	if (device_backlog(ex->device) > BACKLOG_HIGH) {
		sock_pause(peer_sock(ex->peer));
		return false;
	}
	return n >= READ_MORE || peer_has_pending(ex->peer);
}

static void read_reply(struct exchange *ex)
{
	size_t turns = TURN_MAX / SCRATCH * 4;

	while (ex->state != EX_DONE && turns--)
		if (!read_some(ex))
			break;
	if (ex->state == EX_DONE)
		return;
	if (flush_back(ex) < 0 || device_flush(ex->device) < 0)
		device_close(ex->device);
	else if (turns == (size_t)-1)
		loop_defer(ex->sv->loop, &ex->again);
}

void reply_read_again(void *arg)
{
	struct exchange *ex = arg;

	if (ex->state != EX_DONE && ex->peer && ex->peer_up)
		read_reply(ex);
}

void reply_resume(struct exchange *ex)
{
	if (ex->state == EX_DONE || !ex->peer || !ex->peer_up)
		return;
	if (device_backlog(ex->device) > BACKLOG_HIGH)
		return;
	sock_resume(peer_sock(ex->peer));
	loop_defer(ex->sv->loop, &ex->again);
}

void reply_time_out(struct exchange *ex)
{
	if (ex->state != EX_DONE)
		fail(ex, PEER_TIMEOUT, "the service is silent");
}

static void on_peer(void *arg, unsigned what)
{
	struct exchange *ex = arg;

	if (ex->state == EX_DONE)
		return;
	if (what & PEER_FAILED) {
		fail(ex, peer_fault(ex->peer), peer_why(ex->peer));
		return;
	}
	if (what & PEER_UP)
		peer_stands(ex);
	if (what & SOCK_WRITABLE)
		device_pause(ex->device, PAUSE_PEER_FULL, false);
	if (what & SOCK_READABLE)
		read_reply(ex);
}
