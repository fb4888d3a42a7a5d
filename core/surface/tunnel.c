/* tunnel.c - bytes that pass unread: hosts that are not covered, are bypassed,
 * or pin their certificate. Two sockets and a byte counter, no pretence.
 *
 * One look is taken: a device may CONNECT to an address, or to a host that is
 * not covered, and greet a covered one inside. Then nothing has been sent yet,
 * and the tunnel becomes an inspected connection to the name that was greeted.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "surface/impl.h"
#include "surface/report.h"
#include "tls/hello.h"

/* --- bytes read too early ----------------------------------------------------
 */

static int replay_take(struct wire *w, void *at, size_t len)
{
	struct replay *r = (struct replay *)w;
	struct mg_slice held = buf_slice(&r->held);

	if (!held.len)
		return wire_read(w->below, at, len);
	if (len > held.len)
		len = held.len;
	memcpy(at, held.at, len);
	buf_drop(&r->held, len);
	buf_relax(&r->held);
	return (int)len;
}

static int replay_put(struct wire *w, const void *at, size_t len)
{
	return wire_write(w->below, at, len);
}

static const struct wire_ops replay_ops = { .read = replay_take,
					    .write = replay_put };

void tunnel_replay(struct device *d)
{
	d->replay.wire = (struct wire){ &replay_ops, d->top };
	d->top = &d->replay.wire;
}

/* --- the relay -------------------------------------------------------------
 */

static void from_peer(struct device *d)
{
	struct services *sv = d->sv;

	for (size_t taken = 0; taken < TURN_MAX;) {
		int n = wire_read(peer_wire(d->tunnel), sv->scratch, SCRATCH);

		if (n == MG_EAGAIN)
			break;
		if (n <= 0 ||
		    device_send(d, slice(sv->scratch, (size_t)n)) < 0) {
			device_close(d);
			return;
		}
		taken += (size_t)n;
		count(sv, SHM_BYTES_DOWN, (uint64_t)n);
	}
	device_rearm(d, sv->conf->timeouts_idle);
	if (sock_flush(d->sock) < 0) {
		device_close(d);
		return;
	}
	if (device_backlog(d) > BACKLOG_HIGH)
		sock_pause(peer_sock(d->tunnel));
}

static void stands(struct device *d)
{
	if (ask_grant(d) < 0) {
		device_close(d);
		return;
	}
	device_move(d, DEVICE_TUNNEL);
	device_rearm(d, d->sv->conf->timeouts_idle);
	sock_resume(peer_sock(d->tunnel));
	sock_flush(d->sock);
	device_pump(d);
}

static uint16_t status_of(enum peer_fault fault)
{
	switch (fault) {
	case PEER_PRIVATE:
		return 403;
	case PEER_TIMEOUT:
		return 504;
	default:
		return 502;
	}
}

static void on_tunnel(void *arg, unsigned what)
{
	struct device *d = arg;

	if (what & PEER_FAILED) {
		if (d->state == DEVICE_DIALING)
			ask_refuse(d, status_of(peer_fault(d->tunnel)),
				   peer_why(d->tunnel));
		else
			device_close(d);
		return;
	}
	if (what & PEER_UP)
		stands(d);
	else if (what & SOCK_READABLE)
		from_peer(d);
	if (what & SOCK_WRITABLE && d->state == DEVICE_TUNNEL)
		device_pause(d, PAUSE_PEER_FULL, false);
}

void tunnel_start(struct device *d)
{
	device_move(d, DEVICE_DIALING);
	device_rearm(d, d->sv->conf->timeouts_connect + 1000);
	/* Named lists are an operator's word: those are not looked into. */
	d->looked = ask_coverage(d, device_host(d)) != MG_UNCOVERED;
	d->tunnel = pool_get(d->sv->pool, device_host(d), d->port, false, true,
			     on_tunnel, d);
}

/* The greeting is given to our own TLS instead of the tunnel's other end. */
static void read_after_all(struct device *d, const char *name)
{
	tunnel_end(d);
	snprintf(d->host, sizeof(d->host), "%s", name);
	d->port = 443;
	ask_intercept(d);
}

/* True once it is settled that the tunnel passes unread. */
static bool look(struct device *d, const char *at, size_t len)
{
	char name[HELLO_NAME_MAX + 1];
	size_t name_len = 0;
	int err;

	if (buf_add_at(&d->replay.held, at, len) < 0) {
		device_close(d);
		return false;
	}
	err = hello_name(buf_slice(&d->replay.held), name, &name_len);
	if (err == MG_EAGAIN)
		return false;
	d->looked = true;
	if (err == MG_OK && name_len &&
	    ask_coverage(d, slice(name, name_len)) == MG_COVERED &&
	    !ask_is_pinned(d, slice(name, name_len))) {
		read_after_all(d, name);
		return false;
	}
	return true;
}

static void forward(struct device *d, const char *at, size_t len);

void tunnel_from_device(struct device *d, const char *at, size_t len)
{
	if (d->looked) {
		forward(d, at, len);
	} else if (look(d, at, len)) {
		struct mg_slice held = buf_slice(&d->replay.held);

		forward(d, held.at, held.len);
		buf_deinit(&d->replay.held);
	}
}

static void forward(struct device *d, const char *at, size_t len)
{
	count(d->sv, SHM_BYTES_UP, len);
	if (wire_write(peer_wire(d->tunnel), at, len) < 0 ||
	    sock_flush(peer_sock(d->tunnel)) < 0) {
		device_close(d);
		return;
	}
	if (sock_backlog(peer_sock(d->tunnel)) > BACKLOG_HIGH)
		device_pause(d, PAUSE_PEER_FULL, true);
}

void tunnel_device_writable(struct device *d)
{
	if (d->tunnel)
		sock_resume(peer_sock(d->tunnel));
}

void tunnel_end(struct device *d)
{
	if (!d->tunnel)
		return;
	pool_drop(d->tunnel);
	d->tunnel = NULL;
}
