/* context.h - the three TLS parties that Moongate plays.
 *
 *   device ==outer==> [ proxy ] ==inner==> [ as api.x.com ]      towards
 * devices [ client ] ==upstream==> api.x.com
 *
 * outer     the proxy listener. Asks for a client certificate, never insists:
 *           who comes without is told so at CONNECT, in words. Stateful
 *           sessions, shared by all workers.
 * inner     we are the covered host: a leaf per connection, chosen when the
 *           ClientHello has been read, minted if need be. Stateless tickets.
 * upstream  we are the client; a certificate that does not verify ends it, and
 *           verify.h says why.
 *
 * A context is made per generation of certificates; connections keep theirs
 * alive, so a context may be freed while they go on.
 */
#pragma once
#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"
#include "tls/leaf.h"

struct session_block;
struct ticket_block;
struct tls_context;

struct context_outer {
	struct mg_slice cert; /* PEM: listener certificate, then its chain */
	struct mg_slice key;  /* PEM */
	struct mg_slice client_cas;     /* PEM: every client CA accepted now */
	struct session_block *sessions; /* borrows; NULL: this process only */
	bool h2;                        /* offer it by ALPN, first */
};

struct context_inner {
	struct ticket_block *tickets; /* borrows; NULL: this process only */
	bool h2;
};

struct context_upstream {
	const char *ca_file;  /* PEM; NULL or "" is the system's store */
	const char *crl_file; /* PEM; NULL or "" checks no revocation */
	uint32_t sessions;    /* hosts whose sessions are kept, at most */
	bool h2;
};

/* All three: NULL with a sentence in `why` when they cannot be made. */
struct tls_context *context_device_outer(const struct context_outer *o,
					 char *why, size_t why_len);
struct tls_context *context_device_inner(const struct context_inner *i,
					 char *why, size_t why_len);
struct tls_context *context_upstream(const struct context_upstream *u,
				     char *why, size_t why_len);
void context_free(struct tls_context *ctx); /* NULL is fine */

/* Called when a ClientHello has been read; `owner` is what the layer set with
 * context_own. 0: *out is the leaf to use (its hold becomes the context's).
 * MG_EAGAIN: the handshake pauses (SSL_ERROR_WANT_CLIENT_HELLO_CB) and asks
 * again when it is run again. Else: the handshake is refused with an alert.
 * `sni` is in lower case, empty when the client named nobody. */
typedef int context_hello(void *arg, void *owner, struct mg_slice sni,
			  struct leaf **out);
void context_on_hello(struct tls_context *ctx, context_hello *fn, void *arg);

/* Forgets all sessions: own cache and the shared block. */
void context_purge(struct tls_context *ctx);

/* Who is at the other end of an outer connection. Strings are NUL-terminated
 * and empty when unknown. */
struct tls_peer {
	int64_t not_after; /* seconds since 1970 */
	int32_t error; /* X509_V_ERR of a certificate that is not verified */
	bool has_cert;
	bool verified; /* by one of the client CAs, when it was shown */
	bool resumed;
	char serial[41]; /* lower-case hexadecimal, no leading zeros */
	char issuer[33]; /* half the SHA-256 of the CA certificate, hex */
	char urn[224];   /* the first SAN URI; empty when longer */
};

/* A sentence for tls_peer.error. Static. */
const char *context_peer_error(int error);

/* Half the SHA-256 of a certificate (PEM), as in tls_peer.issuer. */
int context_issuer_of(struct mg_slice pem, char out[33]);

/* Appends a certificate (PEM) in DER. */
int context_der_of(struct mg_slice pem, struct buf *out);
