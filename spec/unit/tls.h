/* tls.h - for tests of TLS: two ends over a pair of BIOs, and certificates made
 * to measure. */
#pragma once
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/slice.h"
#include "certs/cert.h"
#include "tls/impl.h"

struct ends {
	SSL *client;
	SSL *server;
	int client_error; /* SSL_get_error after the last step */
	int server_error;
};

/* Owns both. */
static inline struct ends ends_new(SSL *client, SSL *server)
{
	BIO *a, *b;

	if (!BIO_new_bio_pair(&a, 1 << 18, &b, 1 << 18))
		abort();
	SSL_set_bio(client, a, a);
	SSL_set_bio(server, b, b);
	return (struct ends){ client, server, 0, 0 };
}

static inline void ends_free(struct ends *e)
{
	/* Without a farewell OpenSSL takes the session for a bad one. */
	SSL_set_shutdown(e->client, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_set_shutdown(e->server, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(e->client);
	SSL_free(e->server);
	ERR_clear_error();
}

static inline bool is_waiting(int error)
{
	return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ||
	       error == SSL_ERROR_WANT_CLIENT_HELLO_CB;
}

/* Until both are done or one has failed; then the failed one's error queue is
 * as it left it. True when both are done. */
static inline bool ends_shake(struct ends *e)
{
	for (int i = 0; i < 20; i++) {
		ERR_clear_error();
		int s = SSL_do_handshake(e->server);
		e->server_error = SSL_get_error(e->server, s);
		ERR_clear_error();
		int c = SSL_do_handshake(e->client);
		e->client_error = SSL_get_error(e->client, c);
		if (c == 1 && s == 1)
			return true;
		/* The client is asked last: it has seen the server's alert. */
		if ((c != 1 && !is_waiting(e->client_error)) ||
		    (s != 1 && !is_waiting(e->server_error)) ||
		    e->server_error == SSL_ERROR_WANT_CLIENT_HELLO_CB)
			return false;
	}
	return false;
}

/* Lets the client see what followed the handshake: session tickets. */
static inline void ends_settle(struct ends *e)
{
	char byte;

	SSL_write(e->server, "x", 1);
	SSL_read(e->client, &byte, 1);
	SSL_write(e->client, "y", 1);
	SSL_read(e->server, &byte, 1);
}

/* A certificate and its key. */
struct pair {
	X509 *cert;
	EVP_PKEY *key;
};

static inline void pair_free(struct pair *p)
{
	X509_free(p->cert);
	EVP_PKEY_free(p->key);
}

static inline struct pair pair_ca(const char *name, const char *ext_usage)
{
	struct pair p = { .key = cert_key_new() };
	struct cert_spec spec = {
		.name = name,
		.key = p.key,
		.from = cert_now() - 86400,
		.to = cert_now() + 86400,
		.basic = "critical,CA:TRUE",
		.usage = "critical,keyCertSign,cRLSign",
		.ext_usage = ext_usage,
		.subject_key_id = true,
	};

	p.cert = cert_issue(&spec);
	return p;
}

/* What the spec does not say is filled in: a server for "host.test". */
static inline struct pair pair_by(const struct pair *ca, struct cert_spec spec)
{
	struct pair p = { .key = spec.key ? spec.key : cert_key_new() };

	spec.key = p.key;
	if (!spec.name)
		spec.name = "host.test";
	if (!spec.from)
		spec.from = cert_now() - 3600;
	if (!spec.to)
		spec.to = cert_now() + 3600;
	if (!spec.alt_name)
		spec.alt_name = "DNS:host.test";
	else if (!*spec.alt_name)
		spec.alt_name = NULL;
	if (!spec.usage)
		spec.usage = "critical,digitalSignature";
	if (!spec.ext_usage)
		spec.ext_usage = "serverAuth";
	if (ca) {
		spec.issuer = ca->cert;
		spec.issuer_key = ca->key;
	}
	p.cert = cert_issue(&spec);
	return p;
}

static inline struct mg_slice pem_of(X509 *cert, struct buf *out)
{
	buf_init(out, 1 << 20);
	cert_print(cert, out);
	return buf_slice(out);
}

static inline struct mg_slice key_pem_of(EVP_PKEY *key, struct buf *out)
{
	buf_init(out, 1 << 20);
	cert_print_key(key, NULL, out);
	return buf_slice(out);
}
