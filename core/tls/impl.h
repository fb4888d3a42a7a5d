/* impl.h - what the files of tls share, and certs where it must: the bodies
 * that hold OpenSSL's objects. The layer that drives a connection asks here
 * for its SSL. */
#pragma once
#include <openssl/ssl.h>

#include "tls/context.h"

struct resume;
struct verify;

enum context_side { SIDE_OUTER, SIDE_INNER, SIDE_UPSTREAM };

struct tls_context {
	SSL_CTX *ctx; /* owns; its last SSL frees this struct */
	enum context_side side;
	bool h2;
	context_hello *hello;
	void *hello_arg;
	struct session_block *sessions; /* outer, borrows */
	struct ticket_block *tickets;   /* inner, borrows */
	struct resume *resume;          /* upstream, owns */
	struct verify *verify;          /* upstream, owns */
};

struct leaf {
	X509 *cert;
	STACK_OF(X509) * chain;
	EVP_PKEY *key;
	int64_t not_after;
	uint32_t holders;
};

/* A server-side SSL of an outer or inner context. The caller owns it; it keeps
 * the context alive. */
SSL *context_ssl(struct tls_context *ctx);

/* A client-side SSL of an upstream context for `host`: SNI, name check, ALPN,
 * and the session kept for `key` (host and port, say), if there is one. NULL
 * when `host` is no name and no address. */
SSL *context_ssl_to(struct tls_context *ctx, struct mg_slice host,
		    struct mg_slice key);

/* Frees it and keeps its session good: without a farewell from both sides
 * OpenSSL takes a session for a bad one, and most peers just hang up. A fatal
 * alert has spoilt the session already, and still does. */
void context_ssl_free(SSL *ssl);

/* What context_hello is given as `owner`. Borrows. */
void context_own(SSL *ssl, void *owner);

/* After an outer handshake. Costs a copy, resumed or not. */
void context_peer(SSL *ssl, struct tls_peer *peer);

/* "h2", "http/1.1" or empty. Static. */
struct mg_slice context_alpn(const SSL *ssl);

/* The context an SSL belongs to. */
struct tls_context *impl_of(const SSL *ssl);

/* Seconds since 1970, or MG_EPROTO. */
int impl_time(const ASN1_TIME *time, int64_t *out);

/* Empties OpenSSL's error queue into a sentence: "what: why". */
void impl_why(char *why, size_t len, const char *what);

/* Half the SHA-256 of a certificate's DER. */
int impl_fingerprint(const X509 *cert, char out[33]);
