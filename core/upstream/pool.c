/* pool.c - who has which connection. See pool.h */
#include "upstream/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "upstream/impl.h"

struct pool *pool_new(struct loop *loop, const struct conf *conf,
		      struct tls_context *ctx)
{
	struct pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		abort();
	pool->loop = loop;
	pool->conf = conf;
	pool->ctx = ctx;
	pool->resolver = resolver_new(loop);
	return pool;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	for (size_t i = 0; i < ARRAY_LEN(pool->idle); i++)
		while (pool->idle[i])
			peer_free(pool->idle[i]);
	while (pool->dialling)
		peer_free(pool->dialling);
	resolver_free(pool->resolver);
	free(pool);
}

static struct peer **bucket(struct pool *pool, struct mg_slice host,
			    uint16_t port)
{
	uint64_t hash = hash_table(host) + port;

	return &pool->idle[hash % ARRAY_LEN(pool->idle)];
}

static void tell(void *arg)
{
	struct peer *p = arg;

	if (p->ready)
		p->ready(p->arg, p->state == PEER_BUSY ? PEER_UP : PEER_FAILED);
}

static void reap(void *arg)
{
	peer_free(arg);
}

static struct peer *peer_new(struct pool *pool, struct mg_slice host,
			     uint16_t port, bool tls)
{
	struct peer *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	p->pool = pool;
	p->uses_tls = tls;
	p->port = port;
	p->began = loop_now(pool->loop);
	/* The caller's host grammar allows at most 253 characters. */
	size_t len =
		host.len < sizeof(p->host) ? host.len : sizeof(p->host) - 1;
	memcpy(p->host, host.at, len);
	snprintf(p->key, sizeof(p->key), "%s:%u", p->host, port);
	p->told = (struct loop_task){ .fn = tell, .arg = p };
	p->reaped = (struct loop_task){ .fn = reap, .arg = p };
	return p;
}

static struct peer *take_idle(struct pool *pool, struct mg_slice host,
			      uint16_t port)
{
	struct peer *p = *bucket(pool, host, port);

	while (p && (p->port != port || !slice_is(host, p->host)))
		p = p->next;
	if (!p)
		return NULL;
	peer_unlink(p);
	pool->idle_count--;
	p->deadline = 0;
	p->used = true;
	p->began = loop_now(pool->loop);
	p->up_us = 0;
	peer_move(p, PEER_BUSY);
	return p;
}

struct peer *pool_get(struct pool *pool, struct mg_slice host, uint16_t port,
		      bool tls, bool fresh, peer_ready fn, void *arg)
{
	struct peer *p = tls && !fresh ? take_idle(pool, host, port) : NULL;

	if (p) {
		p->ready = fn;
		p->arg = arg;
		return p;
	}
	p = peer_new(pool, host, port, tls);
	p->ready = fn;
	p->arg = arg;
	peer_link(&pool->dialling, p);
	peer_start(p);
	return p;
}

static uint32_t idle_at(struct peer *p)
{
	uint32_t n = 0;

	for (; p; p = p->next)
		n++;
	return n;
}

void pool_put(struct peer *p)
{
	struct pool *pool = p->pool;
	struct peer **list = bucket(pool, slice_str(p->host), p->port);

	p->ready = NULL;
	if (p->state != PEER_BUSY || !p->uses_tls || sock_backlog(p->sock) ||
	    tls_has_pending(p->tls) ||
	    idle_at(*list) >= pool->conf->upstream_per_host) {
		pool_drop(p);
		return;
	}
	peer_move(p, PEER_IDLE);
	p->deadline = loop_now(pool->loop) + pool->conf->upstream_idle * 1000;
	peer_link(list, p);
	pool->idle_count++;
	sock_resume(p->sock); /* to notice the end */
}

void pool_drop(struct peer *p)
{
	p->ready = NULL;
	resolve_stop(p->resolve);
	p->resolve = NULL;
	if (p->state == PEER_IDLE)
		p->pool->idle_count--;
	peer_unlink(p);
	if (p->state != PEER_GONE)
		peer_move(p, PEER_GONE);
	if (p->sock)
		sock_pause(p->sock);
	if (p->tls)
		tls_close(p->tls);
	if (p->sock)
		sock_flush(p->sock);
	loop_defer(p->pool->loop, &p->reaped);
}

static void sweep_list(struct pool *pool, struct peer *p)
{
	struct peer *next;

	for (; p; p = next) {
		next = p->next;
		if (!p->deadline || p->deadline > loop_now(pool->loop))
			continue;
		if (p->state == PEER_IDLE)
			pool_drop(p);
		else
			peer_fail(p, PEER_TIMEOUT,
				  "%s:%u did not answer in time", p->host,
				  p->port);
	}
}

void pool_sweep(struct pool *pool)
{
	sweep_list(pool, pool->dialling);
	for (size_t i = 0; i < ARRAY_LEN(pool->idle); i++)
		sweep_list(pool, pool->idle[i]);
}

bool peer_is_up(const struct peer *p)
{
	return p->state == PEER_BUSY && !p->told.waiting;
}

bool peer_is_used(const struct peer *p)
{
	return p->used;
}

struct wire *peer_wire(struct peer *p)
{
	return p->tls ? tls_wire(p->tls) : sock_wire(p->sock);
}

struct sock *peer_sock(struct peer *p)
{
	return p->sock;
}

bool peer_has_pending(const struct peer *p)
{
	return p->tls && tls_has_pending(p->tls);
}

enum peer_fault peer_fault(const struct peer *p)
{
	return p->fault;
}

const char *peer_why(const struct peer *p)
{
	return p->why;
}

uint64_t peer_dial_us(const struct peer *p)
{
	return p->up_us;
}
