/* pool.h - connections to AI services: dialled, verified, kept, reused.
 *
 *   RESOLVING -> CONNECTING -> SHAKING -> BUSY <-> IDLE
 *       |            |            |         |        |
 *       +------------+------------+---------+--------+--> GONE
 *
 * RESOLVING   the name is being looked up (skipped for fixed addresses).
 * CONNECTING  TCP, one address after another.
 * SHAKING     TLS; the certificate is verified, always.
 * BUSY        lent to one exchange, which is told of readiness.
 * IDLE        in the pool; anything the server sends now ends it.
 * GONE        failed or closed; peer_why says how.
 *
 * One pool per worker. HTTP/1.1: one exchange at a time on one connection.
 */
#pragma once
#include "base/conf.h"
#include "io/resolve.h"
#include "tls/layer.h"

struct pool;
struct peer;

/* Whose fault a failed peer is; decides status and words of the answer. */
enum peer_fault {
	PEER_FINE,
	PEER_NAME,    /* no address */
	PEER_PRIVATE, /* the address is one that devices must not reach */
	PEER_CONNECT, /* refused, unreachable */
	PEER_TIMEOUT,
	PEER_TLS,         /* handshake failed */
	PEER_CERTIFICATE, /* did not verify */
	PEER_CUT,         /* closed or broken while in use */
};

enum peer_what {
	PEER_UP = 4,     /* ready to be written to */
	PEER_FAILED = 8, /* will never be; peer_why, peer_fault */
			 /* and SOCK_READABLE, SOCK_WRITABLE while BUSY */
};

/* Never called from within pool_get. May call pool_put or pool_drop. */
typedef void (*peer_ready)(void *arg, unsigned what);

struct pool *pool_new(struct loop *loop, const struct conf *conf,
		      struct tls_context *ctx);
void pool_free(struct pool *pool);

/* A connection to host:port, idle (peer_is_up at once) or being dialled. With
 * `fresh`, never an idle one. `tls` false: plain TCP, for tunnels, never
 * pooled. Owed back by pool_put or pool_drop. */
struct peer *pool_get(struct pool *pool, struct mg_slice host, uint16_t port,
		      bool tls, bool fresh, peer_ready fn, void *arg);

/* Gives it back for reuse: the reply was read to its end and both ends agreed
 * to keep it. */
void pool_put(struct peer *peer);
void pool_drop(struct peer *peer);

/* Closes what has been idle, gives up what dials too long. Once a second. */
void pool_sweep(struct pool *pool);

bool peer_is_up(const struct peer *peer);
/* True when it served another exchange before: a cut may be its age. */
bool peer_is_used(const struct peer *peer);
struct wire *peer_wire(struct peer *peer);
struct sock *peer_sock(struct peer *peer);
bool peer_has_pending(const struct peer *peer);
enum peer_fault peer_fault(const struct peer *peer);
/* A sentence for the 502 and the event. Valid as long as the peer. */
const char *peer_why(const struct peer *peer);
/* Microseconds from pool_get to PEER_UP. */
uint64_t peer_dial_us(const struct peer *peer);
