/* device.c - see device.h. States, reading, closing. */
#include "surface/device.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "surface/exchange.h"
#include "surface/impl.h"
#include "surface/report.h"
#include "tls/hello.h"

#define FAIL (BIT(DEVICE_CLOSING) | BIT(DEVICE_CLOSED))

/* Which states may follow which: the drawing, as a table. */
static const unsigned follows[DEVICE_STATES] = {
	[DEVICE_GREETING] = BIT(DEVICE_ASKING) | FAIL,
	[DEVICE_ASKING] = BIT(DEVICE_DIALING) | BIT(DEVICE_SHAKING) | FAIL,
	[DEVICE_DIALING] = BIT(DEVICE_TUNNEL) | FAIL,
	[DEVICE_TUNNEL] = BIT(DEVICE_SHAKING) | FAIL,
	[DEVICE_SHAKING] = BIT(DEVICE_OPEN) | FAIL,
	[DEVICE_OPEN] = FAIL,
	[DEVICE_CLOSING] = BIT(DEVICE_CLOSED),
	[DEVICE_CLOSED] = 0,
};

void device_move(struct device *d, enum device_state to)
{
	if (!(follows[d->state] & BIT(to)))
		abort(); /* a bug of ours, never the doing of a peer */
	d->state = to;
}

void device_rearm(struct device *d, uint64_t ms)
{
	d->deadline = loop_now(d->sv->loop) + ms * 1000;
}

/* --- birth and death -------------------------------------------------------
 */

static void on_device_ready(void *arg, unsigned what);

static void again(void *arg)
{
	device_pump(arg);
}

static void reap(void *arg)
{
	struct device *d = arg;

	exchange_free(d->exchange);
	tls_free(d->inner);
	tls_free(d->outer);
	sock_free(d->sock);
	h1_reader_deinit(&d->reader);
	arena_wipe(&d->asking);
	buf_wipe(&d->ahead);
	buf_wipe(&d->replay.held);
	free(d);
}

static void wake(struct shelf_waiter *w)
{
	struct device *d = container_of(w, struct device, leaf);

	/* Not now: whoever answers for the signer is not done yet. */
	loop_defer(d->sv->loop, &d->again);
}

struct device *device_new(struct services *sv, int fd, bool tls)
{
	static uint64_t ids;
	struct device *d = calloc(1, sizeof(*d));

	if (!d)
		abort();
	d->sv = sv;
	d->id = ++ids;
	d->sock = sock_new(sv->loop, fd, on_device_ready, d);
	sock_peer(d->sock, &d->from, d->address);
	d->top = sock_wire(d->sock);
	if (tls) {
		d->outer = tls_accept(sv->outer, d->top, d);
		d->top = tls_wire(d->outer);
		d->state = DEVICE_GREETING;
		device_rearm(d, sv->conf->timeouts_handshake);
	} else {
		d->state = DEVICE_ASKING;
		device_rearm(d, sv->conf->timeouts_header);
	}
	h1_reader_init(&d->reader, false, &sv->limits);
	arena_init(&d->asking);
	buf_init(&d->ahead, AHEAD_MAX);
	buf_init(&d->replay.held, HELLO_MAX + SCRATCH);
	d->leaf.wake = wake;
	d->again = (struct loop_task){ .fn = again, .arg = d };
	d->reap = (struct loop_task){ .fn = reap, .arg = d };

	d->next = sv->devices;
	if (d->next)
		d->next->at = &d->next;
	d->at = &sv->devices;
	sv->devices = d;
	sv->device_count++;
	count(sv, SHM_CONNECTIONS, 1);
	count(sv, SHM_OPEN, 1);
	sock_resume(d->sock);
	return d;
}

static void closed(struct device *d)
{
	device_move(d, DEVICE_CLOSED);
	sock_pause(d->sock);
	tunnel_end(d);
	*d->at = d->next;
	if (d->next)
		d->next->at = d->at;
	d->sv->device_count--;
	count(d->sv, SHM_OPEN, (uint64_t)-1);
	shelf_leave(d->sv->shelf, &d->leaf);
	/* After this nothing defers `again`; one that waits already runs first
	 * and finds a closed device. */
	loop_defer(d->sv->loop, &d->reap);
}

/* A device that is still sending gets our answer only if its bytes are taken
 * until it has seen the end: closing on unread bytes resets the connection and
 * the answer with it. True while that goes on. */
static bool linger(struct device *d)
{
	if (!d->lingers)
		return false;
	sock_shut(d->sock);
	for (size_t taken = 0; taken < TURN_MAX;) {
		int n = wire_read(sock_wire(d->sock), d->sv->scratch, SCRATCH);

		if (n == MG_EAGAIN)
			break;
		if (n <= 0)
			return false;
		taken += (size_t)n;
	}
	sock_resume(d->sock);
	return true;
}

void device_close(struct device *d)
{
	if (d->state == DEVICE_CLOSED)
		return;
	if (d->state != DEVICE_CLOSING) {
		device_move(d, DEVICE_CLOSING);
		/* Long enough for a slow reader, short enough for a dead. */
		device_rearm(d, 5000);
		exchange_abort(d->exchange);
		tunnel_end(d);
		if (d->inner)
			tls_close(d->inner);
		if (d->outer)
			tls_close(d->outer);
		sock_pause(d->sock);
	}
	if (sock_flush(d->sock) < 0)
		closed(d);
	else if (!sock_backlog(d->sock) && !linger(d))
		closed(d);
}

/* --- reading ---------------------------------------------------------------
 */

static void greeted(struct device *d)
{
	tls_identify(d->outer, &d->peer);
	count(d->sv,
	      tls_is_resumed(d->outer) ? SHM_RESUMED_OUTER : SHM_FULL_OUTER, 1);
	device_move(d, DEVICE_ASKING);
	device_rearm(d, d->sv->conf->timeouts_header);
}

static void opened(struct device *d)
{
	count(d->sv,
	      tls_is_resumed(d->inner) ? SHM_RESUMED_INNER : SHM_FULL_INNER, 1);
	d->top = tls_wire(d->inner);
	device_move(d, DEVICE_OPEN);
	device_rearm(d, d->sv->conf->timeouts_idle);
}

static void inner_failed(struct device *d)
{
	if (tls_is_distrusted(d->inner)) {
		pins_add(&d->sv->pins, device_host(d), loop_now(d->sv->loop));
		log_warn(LOG_SURFACE,
			 "conn=%llu host=%s: the client does not trust our "
			 "certificate: %s; it pins its own, or lacks the CA",
			 (unsigned long long)d->id, d->host, tls_why(d->inner));
		report_trouble(d, "client_distrust", tls_why(d->inner));
	} else if (d->leaf_refused) {
		report_trouble(d, "name_refused",
			       "the signer has no leaf for this name");
	}
	device_close(d);
}

/* One handshake step. True when the next state has work to do. */
static bool shake(struct device *d, struct tls *t)
{
	int err = tls_shake(t);

	if (err == MG_EAGAIN) {
		sock_flush(d->sock);
		return false;
	}
	if (err < 0) {
		sock_flush(d->sock); /* the alert */
		if (t == d->inner)
			inner_failed(d);
		else
			device_close(d);
		return false;
	}
	if (t == d->outer)
		greeted(d);
	else
		opened(d);
	return true;
}

/* Hands bytes to whoever the state says. Returns how many were taken. */
static size_t give(struct device *d, const char *at, size_t len)
{
	size_t used = 0;

	switch (d->state) {
	case DEVICE_ASKING:
		if (ask_feed(d, at, len, &used) < 0)
			return len;
		break;
	case DEVICE_OPEN:
		if (d->paused)
			break;
		if (!d->exchange) {
			d->exchange = exchange_new(d);
			/* A head that drips buys no time by dripping. */
			device_rearm(d, d->sv->conf->timeouts_header);
		}
		used = exchange_read(d->exchange, &d->reader, at, len);
		if (d->exchange && exchange_is_uploading(d->exchange))
			device_rearm(d, d->sv->conf->timeouts_idle);
		break;
	case DEVICE_TUNNEL:
		device_rearm(d, d->sv->conf->timeouts_idle);
		tunnel_from_device(d, at, len);
		used = len;
		break;
	default:
		break;
	}
	return used;
}

static bool is_reading(const struct device *d)
{
	switch (d->state) {
	case DEVICE_ASKING:
	case DEVICE_OPEN:
	case DEVICE_TUNNEL:
		return true;
	default:
		return false;
	}
}

/* Reading goes on unless somebody objects. */
static void listen_again(struct device *d)
{
	if (d->state >= DEVICE_CLOSING || d->paused ||
	    buf_len(&d->ahead) >= AHEAD_MAX / 2)
		return;
	sock_resume(d->sock);
}

/* Bytes that came too early for the state or the exchange. False when there
 * are more than anybody honest sends. */
static bool keep(struct device *d, const char *at, size_t len)
{
	if (!len)
		return true;
	/* A ClientHello that did not wait for our 200. */
	if (d->state == DEVICE_SHAKING)
		return buf_add_at(&d->replay.held, at, len) == MG_OK;
	if (buf_add_at(&d->ahead, at, len) < 0)
		return false;
	if (buf_len(&d->ahead) >= AHEAD_MAX / 2)
		sock_pause(d->sock);
	return true;
}

static void give_ahead(struct device *d)
{
	while (buf_len(&d->ahead) && is_reading(d) && !d->paused) {
		struct mg_slice s = buf_slice(&d->ahead);
		size_t used = give(d, s.at, s.len);

		buf_drop(&d->ahead, used);
		if (!used)
			return;
	}
	buf_relax(&d->ahead);
	listen_again(d);
}

static void ended(struct device *d)
{
	d->lingers = false;
	sock_pause(d->sock);
	/* A device that hangs up does not wait for its answer. */
	device_close(d);
}

static bool has_pending(const struct device *d)
{
	return (d->inner && tls_has_pending(d->inner)) ||
	       (d->outer && tls_has_pending(d->outer));
}

/* One read. False when there is nothing more to do now. */
static bool read_some(struct device *d)
{
	char *at = d->sv->scratch;
	int n = wire_read(d->top, at, SCRATCH);

	if (n == MG_EAGAIN)
		return false;
	if (n <= 0) {
		ended(d);
		return false;
	}
	size_t len = (size_t)n, from = 0;
	while (from < len && is_reading(d) && !buf_len(&d->ahead)) {
		size_t used = give(d, at + from, len - from);

		from += used;
		if (!used)
			break;
	}
	if (d->state >= DEVICE_CLOSING)
		return false;
	if (!keep(d, at + from, len - from)) {
		device_close(d);
		return false;
	}
	/* A small read was all there was: the loop tells of more, and asking
	 * the kernel only to hear so would cost as much as the read. But what
	 * was read too early for a handshake waits where no event tells. */
	return len >= READ_MORE || has_pending(d) || !is_reading(d);
}

void device_pump(struct device *d)
{
	size_t turns = TURN_MAX / SCRATCH * 4;

	while (turns--) {
		switch (d->state) {
		case DEVICE_GREETING:
			if (!shake(d, d->outer))
				return;
			break;
		case DEVICE_SHAKING:
			if (!shake(d, d->inner))
				return;
			break;
		case DEVICE_ASKING:
		case DEVICE_OPEN:
		case DEVICE_TUNNEL:
			give_ahead(d);
			if (!is_reading(d))
				break;
			if (!sock_is_reading(d->sock) || !read_some(d))
				goto flush;
			break;
		case DEVICE_DIALING:
			return;
		case DEVICE_CLOSING:
			device_close(d);
			return;
		case DEVICE_CLOSED:
		case DEVICE_STATES:
			return;
		}
	}
	/* More may wait inside TLS, where no event will tell of it. */
	loop_defer(d->sv->loop, &d->again);
flush:
	if (d->state < DEVICE_CLOSING && sock_flush(d->sock) < 0)
		device_close(d);
}

static void on_device_ready(void *arg, unsigned what)
{
	struct device *d = arg;

	if (what & SOCK_WRITABLE) {
		if (d->state == DEVICE_TUNNEL)
			tunnel_device_writable(d);
		else
			exchange_device_writable(d->exchange);
	}
	device_pump(d);
}

/* --- for the exchange ------------------------------------------------------
 */

struct services *device_services(const struct device *d)
{
	return d->sv;
}

const struct who *device_who(const struct device *d)
{
	return &d->who;
}

struct mg_slice device_host(const struct device *d)
{
	return slice_str(d->host);
}

uint16_t device_port(const struct device *d)
{
	return d->port;
}

uint32_t device_app(const struct device *d)
{
	return d->app;
}

const char *device_address(const struct device *d)
{
	return d->address;
}

const char *device_tls_outer(const struct device *d)
{
	return d->outer ? tls_version(d->outer) : "";
}

const char *device_tls_inner(const struct device *d)
{
	return d->inner ? tls_version(d->inner) : "";
}

int device_send(struct device *d, struct mg_slice bytes)
{
	if (d->state >= DEVICE_CLOSED)
		return MG_EIO;
	return wire_write(d->top, bytes.at, bytes.len);
}

int device_flush(struct device *d)
{
	return d->state < DEVICE_CLOSING ? sock_flush(d->sock) : MG_EIO;
}

size_t device_backlog(const struct device *d)
{
	return sock_backlog(d->sock);
}

void device_pause(struct device *d, enum device_pause why, bool paused)
{
	unsigned before = d->paused;

	d->paused = paused ? d->paused | why : d->paused & ~(unsigned)why;
	if (d->paused == before || d->state >= DEVICE_CLOSING)
		return;
	if (d->paused) {
		sock_pause(d->sock);
		return;
	}
	listen_again(d);
	loop_defer(d->sv->loop, &d->again);
}

void device_done(struct device *d, bool keep_alive)
{
	d->exchange = NULL;
	if (!keep_alive || d->one_more || d->sv->draining) {
		device_close(d);
		return;
	}
	device_rearm(d, d->sv->conf->timeouts_idle);
	device_pause(d, PAUSE_PEER_FULL | PAUSE_NO_ROOM, false);
	listen_again(d);
	if (buf_len(&d->ahead))
		loop_defer(d->sv->loop, &d->again);
	else
		buf_relax(&d->ahead);
}

/* --- for the worker --------------------------------------------------------
 */

void devices_sweep(struct services *sv)
{
	struct device *next;

	for (struct device *d = sv->devices; d; d = next) {
		next = d->next;
		if (d->deadline > loop_now(sv->loop))
			continue;
		if (d->state == DEVICE_CLOSING)
			closed(d); /* it never took what we had for it */
		else if (d->state == DEVICE_OPEN && d->exchange &&
			 exchange_is_waiting(d->exchange))
			reply_time_out(d->exchange);
		else
			device_close(d);
	}
}

void devices_recheck(struct services *sv)
{
	struct device *next;

	for (struct device *d = sv->devices; d; d = next) {
		const char *why;

		next = d->next;
		if (d->state != DEVICE_OPEN && d->state != DEVICE_TUNNEL &&
		    d->state != DEVICE_SHAKING && d->state != DEVICE_DIALING)
			continue;
		if (device_identity(d, &why))
			continue;
		log_info(LOG_SURFACE, "conn=%llu integration=%s ended: %s",
			 (unsigned long long)d->id, d->who.integration, why);
		device_close(d);
	}
}

void devices_drain(struct services *sv)
{
	struct device *next;

	for (struct device *d = sv->devices; d; d = next) {
		next = d->next;
		d->one_more = true;
		if (!d->exchange && d->state != DEVICE_TUNNEL)
			device_close(d);
	}
}

void devices_room(struct services *sv)
{
	if (!sv->waiting || budget_is_full(&sv->budget))
		return;
	sv->waiting = false;
	for (struct device *d = sv->devices; d; d = d->next)
		device_pause(d, PAUSE_NO_ROOM, false);
}

void devices_free(struct services *sv)
{
	while (sv->devices) {
		struct device *d = sv->devices;

		if (d->state != DEVICE_CLOSING)
			device_close(d);
		if (d->state != DEVICE_CLOSED)
			closed(d);
	}
}
