/* layer.c - see layer.h */
#include "tls/layer.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "tls/impl.h"
#include "tls/verify.h"

enum {
	/* One inner record and its header must fit in one outer record, or
	 * every full record would drag a tiny second one behind it. */
	FRAGMENT = SSL3_RT_MAX_PLAIN_LENGTH - 128,
};

struct tls {
	struct wire wire;
	SSL *ssl;
	bool shaken;
	bool failed;
	bool distrusted;
	bool refused;
	bool server;
	char why[224];
};

/* --- OpenSSL's view of the wire below ------------------------------------- */

static int bio_take(BIO *bio, char *at, int len)
{
	struct wire *below = BIO_get_data(bio);
	int n;

	BIO_clear_retry_flags(bio);
	n = wire_read(below, at, (size_t)len);
	if (n == MG_EAGAIN)
		BIO_set_retry_read(bio);
	return n < 0 ? -1 : n;
}

static int bio_put(BIO *bio, const char *at, int len)
{
	struct wire *below = BIO_get_data(bio);

	BIO_clear_retry_flags(bio);
	return wire_write(below, at, (size_t)len) < 0 ? -1 : len;
}

static long bio_ctrl(BIO *bio, int cmd, long num, void *ptr)
{
	(void)bio, (void)num, (void)ptr;
	return cmd == BIO_CTRL_FLUSH;
}

static BIO_METHOD *bio_method(void)
{
	static BIO_METHOD *method;

	if (method)
		return method;
	method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK,
			      "wire");
	if (!method)
		abort();
	BIO_meth_set_read(method, bio_take);
	BIO_meth_set_write(method, bio_put);
	BIO_meth_set_ctrl(method, bio_ctrl);
	return method;
}

/* --- failure, in words ---------------------------------------------------- */

/* Alerts by which a client says that it will not have our certificate. */
static bool is_distrust(int reason)
{
	switch (reason) {
	case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
	case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
	case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
	case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
	case SSL_R_TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE:
		return true;
	}
	return false;
}

static int fail(struct tls *t, int kind)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;

	t->failed = true;
	if (kind == SSL_ERROR_SSL && code) {
		t->distrusted = is_distrust(ERR_GET_REASON(code));
		snprintf(t->why, sizeof(t->why), "%s",
			 reason ? reason : "a TLS error without a name");
	} else {
		snprintf(t->why, sizeof(t->why),
			 "the connection was cut without a goodbye");
	}
	bool cut = kind == SSL_ERROR_SYSCALL ||
		   ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
	ERR_clear_error();
	return cut ? MG_EIO : MG_EPROTO;
}

/* --- the wire on top ------------------------------------------------------ */

static int tls_take(struct wire *w, void *at, size_t len)
{
	struct tls *t = (struct tls *)w;
	int kind, n;

	if (t->failed)
		return MG_EIO;
	n = SSL_read(t->ssl, at, len > INT_MAX ? INT_MAX : (int)len);
	if (n > 0)
		return n;
	kind = SSL_get_error(t->ssl, n);
	if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE)
		return MG_EAGAIN;
	if (kind == SSL_ERROR_ZERO_RETURN)
		return 0;
	return fail(t, kind);
}

static int tls_put(struct wire *w, const void *at, size_t len)
{
	struct tls *t = (struct tls *)w;

	while (len) {
		int some = len > FRAGMENT ? FRAGMENT : (int)len;
		int n;

		if (t->failed)
			return MG_EIO;
		n = SSL_write(t->ssl, at, some);
		if (n <= 0)
			return fail(t, SSL_get_error(t->ssl, n));
		at = (const char *)at + n;
		len -= (size_t)n;
	}
	return MG_OK;
}

static const struct wire_ops ops = { .read = tls_take, .write = tls_put };

/* Owns `ssl`; NULL in, NULL out. */
static struct tls *tls_new(SSL *ssl, struct wire *below)
{
	struct tls *t = calloc(1, sizeof(*t));
	BIO *bio = BIO_new(bio_method());

	if (!t || !bio)
		abort();
	t->wire.ops = &ops;
	t->wire.below = below;
	t->ssl = ssl;
	BIO_set_data(bio, below);
	BIO_set_init(bio, 1);
	SSL_set_bio(ssl, bio, bio);
	SSL_set_max_send_fragment(ssl, FRAGMENT);
	return t;
}

struct tls *tls_accept(struct tls_context *ctx, struct wire *below, void *arg)
{
	struct tls *t = tls_new(context_ssl(ctx), below);

	context_own(t->ssl, arg);
	SSL_set_accept_state(t->ssl);
	t->server = true;
	return t;
}

struct tls *tls_connect(struct tls_context *ctx, struct wire *below,
			struct mg_slice host, struct mg_slice key)
{
	SSL *ssl = context_ssl_to(ctx, host, key);

	if (!ssl)
		return NULL;
	struct tls *t = tls_new(ssl, below);
	SSL_set_connect_state(t->ssl);
	return t;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	context_ssl_free(t->ssl);
	free(t);
}

/* Clients use a session of TLS 1.3 once. OpenSSL renews tickets that it sealed
 * itself, but not sessions that are kept here: without a new one, every second
 * connection would pay for a whole handshake. It leaves with the next write. */
static void renew_session(struct tls *t)
{
	if (t->server && SSL_session_reused(t->ssl) &&
	    SSL_get_options(t->ssl) & SSL_OP_NO_TICKET &&
	    SSL_version(t->ssl) == TLS1_3_VERSION)
		SSL_new_session_ticket(t->ssl);
}

int tls_shake(struct tls *t)
{
	int kind, n;

	if (t->failed)
		return MG_EPROTO;
	if (t->shaken)
		return MG_OK;
	n = SSL_do_handshake(t->ssl);
	if (n == 1) {
		t->shaken = true;
		renew_session(t);
		return MG_OK;
	}
	kind = SSL_get_error(t->ssl, n);
	switch (kind) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
	case SSL_ERROR_WANT_CLIENT_HELLO_CB:
		return MG_EAGAIN;
	}
	if (t->server)
		return fail(t, kind);

	enum verify_reason reason =
		verify_reason(t->ssl, t->why, sizeof(t->why));
	t->failed = true;
	t->refused = reason >= VERIFY_EXPIRED && reason <= VERIFY_TOO_LARGE;
	return MG_EPROTO;
}

const char *tls_why(const struct tls *t)
{
	return t->why;
}

bool tls_is_distrusted(const struct tls *t)
{
	return t->distrusted;
}

bool tls_is_refused(const struct tls *t)
{
	return t->refused;
}

struct wire *tls_wire(struct tls *t)
{
	return &t->wire;
}

bool tls_has_pending(const struct tls *t)
{
	return SSL_has_pending(t->ssl);
}

void tls_close(struct tls *t)
{
	if (!t->shaken || t->failed)
		return;
	SSL_shutdown(t->ssl);
	ERR_clear_error();
}

struct mg_slice tls_alpn(const struct tls *t)
{
	return context_alpn(t->ssl);
}

void tls_identify(struct tls *t, struct tls_peer *peer)
{
	context_peer(t->ssl, peer);
}

bool tls_is_resumed(const struct tls *t)
{
	return SSL_session_reused(t->ssl);
}

const char *tls_version(const struct tls *t)
{
	return SSL_get_version(t->ssl);
}
