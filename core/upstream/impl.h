/* impl.h - what pool.c (who has which) and peer.c (one connection's life)
 * share. */
#pragma once
#include "upstream/pool.h"

enum peer_state {
	PEER_RESOLVING,
	PEER_CONNECTING,
	PEER_SHAKING,
	PEER_BUSY,
	PEER_IDLE,
	PEER_GONE,
	PEER_STATES /* how many; must be last */
};

/* Many fields: one connection from its name to its session. */
struct peer {
	struct pool *pool;
	enum peer_state state;
	bool uses_tls;
	bool used;
	enum peer_fault fault;
	char why[224];
	char host[256];
	char key[264]; /* host:port */
	uint16_t port;
	struct resolve *resolve;
	union sock_addr addr[RESOLVE_MAX];
	uint32_t addr_count;
	uint32_t addr_next;
	struct sock *sock;
	struct tls *tls;
	peer_ready ready;
	void *arg;
	uint64_t began; /* loop_now at pool_get */
	uint64_t up_us;
	uint64_t deadline; /* of the state; 0 none */
	struct peer *next; /* in the bucket, while IDLE or dialling */
	struct peer **at;
	struct loop_task told; /* PEER_UP / PEER_FAILED, never from pool_get */
	struct loop_task reaped;
};

struct pool {
	struct loop *loop;
	const struct conf *conf; /* borrows */
	struct tls_context *ctx; /* borrows */
	struct resolver *resolver;
	struct peer *idle[256]; /* by hash of host and port, newest first */
	struct peer *dialling;
	uint32_t idle_count;
};

void peer_start(struct peer *p);
void peer_move(struct peer *p, enum peer_state to);
/* The only way to fail: GONE, told to whoever waits. */
void peer_fail(struct peer *p, enum peer_fault fault, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void peer_free(struct peer *p);
void on_peer_ready(void *arg, unsigned what);

void peer_link(struct peer **list, struct peer *p);
void peer_unlink(struct peer *p);
