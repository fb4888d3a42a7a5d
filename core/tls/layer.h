/* layer.h - TLS as a wire over another wire.
 *
 *   SHAKING --agreed--> OPEN --close_notify--> (wire_read answers 0)
 *      |                  |
 *      +------------------+---- alert, bad record, cut ----> MG_EPROTO / MG_EIO
 *
 * Knows nothing of sockets: bytes come from and go to the wire below, which may
 * be a socket or an outer TLS layer.
 */
#pragma once
#include <stdbool.h>

#include "base/slice.h"
#include "io/wire.h"
#include "tls/context.h"

struct tls;

/* A server's end over `below` (borrowed). `owner` is what context_hello is
 * told. */
struct tls *tls_accept(struct tls_context *ctx, struct wire *below,
		       void *owner);
/* A client's end: verifies `host`, resumes the session kept for `key`. NULL
 * when `host` cannot be a name. */
struct tls *tls_connect(struct tls_context *ctx, struct wire *below,
			struct mg_slice host, struct mg_slice key);
void tls_free(struct tls *t);

/* One step of the handshake: 0 when done, MG_EAGAIN when the peer (or the leaf)
 * has to come first, MG_EPROTO / MG_EIO when it failed: tls_why says how. */
int tls_shake(struct tls *t);

/* A sentence without payload, for the log, the event and a 502. */
const char *tls_why(const struct tls *t);

/* True when the peer answered with an alert that says it does not trust our
 * certificate: the mark of pinning, or of a device without our CA. */
bool tls_is_distrusted(const struct tls *t);

/* True when we refused the peer's certificate; tls_why names the reason. */
bool tls_is_refused(const struct tls *t);

struct wire *tls_wire(struct tls *t);

/* True when decrypted bytes wait inside: reading again needs no new bytes, so
 * no event will come for them. */
bool tls_has_pending(const struct tls *t);

/* Says goodbye; the answer is not waited for. */
void tls_close(struct tls *t);

/* The protocol agreed by ALPN; empty when none. Borrowed from `t`. */
struct mg_slice tls_alpn(const struct tls *t);
/* Who is at the other end of an outer connection. */
void tls_identify(struct tls *t, struct tls_peer *peer);

bool tls_is_resumed(const struct tls *t);
/* "TLSv1.3". Static. */
const char *tls_version(const struct tls *t);
