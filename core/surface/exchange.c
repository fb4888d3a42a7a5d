/* exchange.c - see exchange.h. Birth, the request's side, the end. */
#include "surface/exchange.h"

#include <stdlib.h>

#include "base/clock.h"
#include "surface/answer.h"
#include "surface/impl.h"
#include "surface/report.h"

/* --- birth and death -------------------------------------------------------
 */

static int take_up(struct stage *st, const struct part *part)
{
	return reply_take_request(((struct sink *)st)->ex, part);
}

static const struct stage_ops to_peer = { .name = "to_peer", .take = take_up };

static void reap(void *arg)
{
	exchange_free(arg);
}

struct exchange *exchange_new(struct device *d)
{
	struct exchange *ex = calloc(1, sizeof(*ex));

	if (!ex)
		abort();
	ex->device = d;
	ex->sv = d->sv;
	arena_init(&ex->arena);
	ex->gen = engine_use(ex->sv->engine);
	lane_init(&ex->up);
	lane_init(&ex->down);
	ex->to_peer = (struct sink){ { .ops = &to_peer }, ex };
	buf_init(&ex->out, OUT_MAX);
	buf_init(&ex->back, OUT_MAX);
	h1_reader_init(&ex->reader, true, &ex->sv->limits);
	ex->again = (struct loop_task){ .fn = reply_read_again, .arg = ex };
	ex->reap = (struct loop_task){ .fn = reap, .arg = ex };
	return ex;
}

void exchange_free(struct exchange *ex)
{
	if (!ex)
		return;
	if (ex->peer)
		pool_drop(ex->peer);
	lane_deinit(&ex->up);
	lane_deinit(&ex->down);
	h1_reader_deinit(&ex->reader);
	buf_wipe(&ex->out);
	buf_wipe(&ex->back);
	arena_wipe(&ex->arena);
	generation_done(ex->gen);
	devices_room(ex->sv);
	free(ex);
}

static void report(struct exchange *ex)
{
	struct report r = {
		.device = ex->device,
		.gen = ex->gen,
		.judged = { ex->judged[0], ex->judged[1] },
		.about = &ex->about,
		.request = ex->request,
		.status = ex->status,
		.stream = ex->stream,
		.request_bytes = ex->request_bytes,
		.reply_bytes = ex->reply_bytes,
		.began = ex->began,
		.total_us = clock_mono_us() - ex->mono,
		.upstream_us = ex->upstream_us,
		.failure = ex->failure,
		.arena = &ex->arena,
	};

	if (ex->request)
		report_exchange(&r);
}

void exchange_finish(struct exchange *ex, bool keep)
{
	struct device *d = ex->device;

	if (ex->state == EX_DONE)
		return;
	ex->state = EX_DONE;
	report(ex);
	ex->device = NULL;
	loop_defer(ex->sv->loop, &ex->reap);
	device_flush(d);
	d->lingers = !ex->request_done;
	device_done(d, keep && ex->request_done);
}

void exchange_abort(struct exchange *ex)
{
	if (!ex || ex->state == EX_DONE)
		return;
	if (ex->begun && !ex->failure)
		ex->failure = "device_gone";
	ex->state = EX_DONE;
	lane_deinit(&ex->up);
	lane_deinit(&ex->down);
	report(ex);
	if (ex->peer)
		pool_drop(ex->peer);
	ex->peer = NULL;
	ex->device->exchange = NULL;
	ex->device = NULL;
	loop_defer(ex->sv->loop, &ex->reap);
}

/* --- answers of our own ----------------------------------------------------
 */

int exchange_answer(struct exchange *ex, uint32_t status, const char *type,
		    struct mg_slice body, uint32_t retry_after)
{
	bool keep = ex->request && ex->request->keep_alive && ex->request_done;
	bool to_head = ex->request && slice_is(ex->request->method, "HEAD");
	struct buf out;

	ex->answered = true;
	ex->keep = keep;
	ex->status = status;
	ex->reply_bytes = body.len;
	buf_init(&out, OUT_MAX);
	answer_write(&out, (uint16_t)status, type, body, to_head, !keep,
		     retry_after);
	device_send(ex->device, buf_slice(&out));
	buf_wipe(&out);
	return MG_ESTOP;
}

int exchange_fault(struct exchange *ex, uint32_t status, const char *failure,
		   const char *why)
{
	struct buf body;

	ex->failure = failure;
	buf_init(&body, OUT_MAX);
	answer_error_body(&body, (uint16_t)status, failure, why);
	exchange_answer(ex, status, "application/json", buf_slice(&body), 0);
	buf_deinit(&body);
	return MG_ESTOP;
}

/* --- the request ------------------------------------------------------------
 */

/* A request for another host inside this tunnel was not asked for at CONNECT,
 * and its policies are others: domain fronting. */
static int check_host(struct exchange *ex, const struct head *h)
{
	struct mg_slice host;
	uint16_t port;

	if (head_host(h, &host, &port) < 0)
		return exchange_fault(ex, 400, "bad_host",
				      "the request names no host");
	if (!slice_is_caseless(host, ex->device->host) ||
	    (port && port != ex->device->port))
		return exchange_fault(ex, 421, "misdirected",
				      "the request names another host than the "
				      "tunnel it came through");
	return MG_OK;
}

static int check_head(struct exchange *ex, const struct head *h)
{
	if (slice_is(h->method, "CONNECT"))
		return exchange_fault(ex, 400, "bad_request",
				      "a tunnel inside a tunnel");
	if (h->upgrade)
		return exchange_fault(ex, 426, "upgrade_refused",
				      "this protocol cannot be inspected here; "
				      "use plain HTTPS requests");
	return check_host(ex, h);
}

static int begin(struct exchange *ex, struct head *h)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	const struct identity *id;
	const char *why;
	int err;

	ex->request = h;
	ex->begun = true;
	count(ex->sv, SHM_REQUESTS, 1);
	id = device_identity(ex->device, &why);
	if (!id) {
		h->keep_alive = false;
		return exchange_fault(ex, 403, "identity", why);
	}
	judge_begin(ex, id);
	err = check_head(ex, h);
	if (err < 0)
		return err;
	if (h->expect_continue) {
		/* Only now: whoever is refused by head alone must not have
		 * been invited to send a body. */
		head_remove(h, "Expect");
		device_send(ex->device, slice_str(go_on));
		device_flush(ex->device);
	}
	lane_add(&ex->up, judge_request_stage(ex));
	lane_add(&ex->up, &ex->to_peer.stage);
	return MG_OK;
}

/* A body that would be held while the worker holds all it may: not yet. */
static bool must_wait(struct exchange *ex)
{
	if (ex->request->framing == HEAD_NO_BODY ||
	    !budget_is_full(&ex->sv->budget))
		return false;
	ex->sv->waiting = true;
	device_pause(ex->device, PAUSE_NO_ROOM, true);
	return true;
}

static int on_part(void *arg, const struct part *part)
{
	struct exchange *ex = arg;
	int err = MG_OK;

	if (part->kind == PART_HEAD)
		err = begin(ex, part->head);
	if (part->kind == PART_END)
		ex->request_done = true;
	if (err == MG_OK) {
		ex->request_bytes += part->body.len;
		err = lane_feed(&ex->up, part);
	}
	if (err == MG_OK && part->kind == PART_HEAD && must_wait(ex))
		err = MG_EAGAIN;
	return err;
}

/* The lane or the reader said no. Somebody may have answered already. */
static void refuse(struct exchange *ex, const struct h1_reader *reader, int err)
{
	if (!ex->answered && reader->state == H1_BROKEN)
		exchange_fault(ex, reader->status, "bad_request", reader->why);
	else if (!ex->answered)
		exchange_fault(ex, err == MG_ETOOBIG ? 413 : 502, "gateway",
			       mg_strerror(err));
	exchange_finish(ex, ex->keep);
}

size_t exchange_read(struct exchange *ex, struct h1_reader *reader,
		     const char *at, size_t len)
{
	size_t used = 0;
	int err;

	if (ex->request_done)
		return 0;
	if (!ex->began) {
		ex->began = clock_now_us();
		ex->mono = clock_mono_us();
		h1_reader_begin(reader, &ex->arena);
	}
	err = h1_reader_feed(reader, at, len, &used, on_part, ex);
	/* A reply that came before the request was whole has ended us. */
	if (ex->state == EX_DONE)
		return used;
	if (err < 0 && err != MG_EAGAIN) {
		refuse(ex, reader, err);
		/* After a request that was whole the next one may be here. */
		return ex->keep ? used : len;
	}
	return used;
}

void exchange_device_writable(struct exchange *ex)
{
	if (ex)
		reply_resume(ex);
}

bool exchange_is_uploading(const struct exchange *ex)
{
	return ex->begun && !ex->request_done;
}

bool exchange_is_waiting(const struct exchange *ex)
{
	return ex->request_done;
}
