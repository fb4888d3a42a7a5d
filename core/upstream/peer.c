/* peer.c - the life of one connection to a service. See pool.h */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "upstream/impl.h"

/* Which states may follow which: the drawing in pool.h, as a table. */
static const unsigned follows[PEER_STATES] = {
	[PEER_RESOLVING] = BIT(PEER_CONNECTING) | BIT(PEER_GONE),
	[PEER_CONNECTING] = BIT(PEER_SHAKING) | BIT(PEER_BUSY) | BIT(PEER_GONE),
	[PEER_SHAKING] = BIT(PEER_BUSY) | BIT(PEER_GONE),
	[PEER_BUSY] = BIT(PEER_IDLE) | BIT(PEER_GONE),
	[PEER_IDLE] = BIT(PEER_BUSY) | BIT(PEER_GONE),
	[PEER_GONE] = 0,
};

void peer_move(struct peer *p, enum peer_state to)
{
	if (!(follows[p->state] & BIT(to)))
		abort(); /* a bug of ours, never the doing of a peer */
	p->state = to;
}

void peer_link(struct peer **list, struct peer *p)
{
	p->next = *list;
	if (p->next)
		p->next->at = &p->next;
	p->at = list;
	*list = p;
}

void peer_unlink(struct peer *p)
{
	if (!p->at)
		return;
	*p->at = p->next;
	if (p->next)
		p->next->at = p->at;
	p->at = NULL;
	p->next = NULL;
}

void peer_free(struct peer *p)
{
	peer_unlink(p);
	resolve_stop(p->resolve);
	tls_free(p->tls);
	sock_free(p->sock);
	free(p);
}

void peer_fail(struct peer *p, enum peer_fault fault, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(p->why, sizeof(p->why), fmt, args);
	va_end(args);
	p->fault = fault;
	peer_unlink(p);
	if (p->sock)
		sock_pause(p->sock);
	peer_move(p, PEER_GONE);
	loop_defer(p->pool->loop, &p->told);
}

static void up(struct peer *p)
{
	peer_unlink(p);
	p->deadline = 0;
	p->up_us = loop_now(p->pool->loop) - p->began;
	peer_move(p, PEER_BUSY);
	loop_defer(p->pool->loop, &p->told);
}

static void shake(struct peer *p)
{
	int err = tls_shake(p->tls);

	if (sock_flush(p->sock) < 0 && err == MG_EAGAIN)
		err = MG_EIO;
	if (err == MG_EAGAIN)
		return;
	if (err < 0)
		peer_fail(p,
			  tls_is_refused(p->tls) ? PEER_CERTIFICATE : PEER_TLS,
			  "%s", tls_why(p->tls));
	else
		up(p);
}

static void dial_next(struct peer *p)
{
	int why = ECONNREFUSED;

	sock_free(p->sock);
	p->sock = NULL;
	while (p->addr_next < p->addr_count) {
		p->sock = sock_dial(p->pool->loop, &p->addr[p->addr_next++],
				    on_peer_ready, p);
		if (p->sock)
			return;
		why = errno;
	}
	peer_fail(p, PEER_CONNECT, "cannot connect to %s:%u: %s", p->host,
		  p->port, strerror(why));
}

static void connected(struct peer *p)
{
	int why = sock_error(p->sock);

	if (why && p->addr_next < p->addr_count) {
		dial_next(p);
	} else if (why) {
		peer_fail(p, PEER_CONNECT, "cannot connect to %s:%u: %s",
			  p->host, p->port, strerror(why));
	} else if (!p->uses_tls) {
		up(p);
	} else {
		p->tls = tls_connect(p->pool->ctx, sock_wire(p->sock),
				     slice_str(p->host), slice_str(p->key));
		if (!p->tls) {
			peer_fail(p, PEER_NAME, "%s is not a host name",
				  p->host);
			return;
		}
		p->deadline = loop_now(p->pool->loop) +
			      p->pool->conf->timeouts_handshake * 1000;
		peer_move(p, PEER_SHAKING);
		sock_resume(p->sock);
		shake(p);
	}
}

void on_peer_ready(void *arg, unsigned what)
{
	struct peer *p = arg;

	switch (p->state) {
	case PEER_CONNECTING:
		connected(p);
		return;
	case PEER_SHAKING:
		shake(p);
		return;
	case PEER_BUSY:
		if (p->ready)
			p->ready(p->arg, what);
		return;
	case PEER_IDLE:
		/* The server closes, or talks out of turn: either way over. */
		pool_drop(p);
		return;
	case PEER_RESOLVING:
	case PEER_GONE:
	case PEER_STATES:
		return;
	}
}

static void on_resolved(void *arg, const union sock_addr *addr, uint32_t count,
			const char *why)
{
	struct peer *p = arg;
	bool open = p->pool->conf->upstream_private;

	p->resolve = NULL;
	if (p->state != PEER_RESOLVING)
		return;
	if (!count) {
		peer_fail(p, PEER_NAME, "cannot resolve %s: %s", p->host, why);
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		if (open || !sock_addr_is_private(&addr[i]))
			p->addr[p->addr_count++] = addr[i];
	if (!p->addr_count) {
		peer_fail(p, PEER_PRIVATE,
			  "%s has a private address; set upstream.private if "
			  "devices may reach it",
			  p->host);
		return;
	}
	peer_move(p, PEER_CONNECTING);
	dial_next(p);
}

void peer_start(struct peer *p)
{
	const struct conf *conf = p->pool->conf;
	struct mg_slice host = slice_str(p->host);
	const char *fixed = conf_map_get(&conf->upstream_connect, host);

	p->deadline = loop_now(p->pool->loop) + conf->timeouts_connect * 1000;
	if (!fixed) {
		p->resolve = resolve_start(p->pool->resolver, p->host, p->port,
					   on_resolved, p);
		return;
	}
	if (sock_parse(fixed, &p->addr[0]) < 0) {
		peer_fail(p, PEER_NAME,
			  "upstream.connect[\"%s\"] is not an address",
			  p->host);
		return;
	}
	p->addr_count = 1;
	peer_move(p, PEER_CONNECTING);
	dial_next(p);
}
