/* context.c - see context.h */
#include "tls/context.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "tls/mint.h"
#include "tls/peer.h"
#include "tls/resume.h"
#include "tls/session.h"
#include "tls/ticket.h"
#include "tls/verify_impl.h"

/* Forward secrecy and AEAD only: what a browser offers, without its fallbacks.
 * No finite-field groups, so no short ones either. */
static const char suites[] = "ECDHE+AESGCM:ECDHE+CHACHA20";
static const char groups[] = "X25519:P-256:P-384";

/* What a browser accepts of a server: no SHA-1, no SHA-224, no DSA. */
static const char signatures[] =
	"ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA384:"
	"RSA+SHA384:RSA-PSS+SHA512:RSA+SHA512:ECDSA+SHA512:ed25519";

enum {
	OUTER_SESSION_S = 3600,
	OUTER_SESSIONS_OWN = 2048,
	INNER_SESSION_S = 7200,
	CHAIN_BYTES_MAX = 100 * 1024,
};

static int own_index = -1;

/* Runs when the last SSL of a freed context has gone. */
static void on_ctx_free(void *parent, void *own, CRYPTO_EX_DATA *ad, int idx,
			long argl, void *argp)
{
	struct tls_context *ctx = own;
	(void)parent, (void)ad, (void)idx, (void)argl, (void)argp;

	if (!ctx)
		return;
	resume_free(ctx->resume);
	verify_free(ctx->verify);
	free(ctx);
}

struct tls_context *impl_of(const SSL *ssl)
{
	return SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), own_index);
}

static struct tls_context *make(enum context_side side, bool h2)
{
	struct tls_context *ctx = calloc(1, sizeof(*ctx));

	if (!ctx)
		abort();
	if (own_index < 0)
		own_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL,
						     on_ctx_free);
	ctx->side = side;
	ctx->h2 = h2;
	ctx->ctx = SSL_CTX_new(side == SIDE_UPSTREAM ? TLS_client_method()
						     : TLS_server_method());
	if (!ctx->ctx || !SSL_CTX_set_ex_data(ctx->ctx, own_index, ctx) ||
	    !SSL_CTX_set_min_proto_version(ctx->ctx, TLS1_2_VERSION) ||
	    !SSL_CTX_set_cipher_list(ctx->ctx, suites) ||
	    !SSL_CTX_set1_groups_list(ctx->ctx, groups))
		abort(); /* constants: our own bug */
	SSL_CTX_set_security_level(ctx->ctx, 2);
	/* One read for a record and its header, and for several records. */
	SSL_CTX_set_read_ahead(ctx->ctx, 1);
	SSL_CTX_set_mode(ctx->ctx, SSL_MODE_RELEASE_BUFFERS |
					   SSL_MODE_ENABLE_PARTIAL_WRITE |
					   SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_options(ctx->ctx, SSL_OP_NO_COMPRESSION |
					      SSL_OP_NO_RENEGOTIATION |
					      SSL_OP_CIPHER_SERVER_PREFERENCE |
					      SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_max_cert_list(ctx->ctx, CHAIN_BYTES_MAX);
	return ctx;
}

void context_free(struct tls_context *ctx)
{
	if (ctx)
		SSL_CTX_free(ctx->ctx);
}

static struct tls_context *refuse(struct tls_context *ctx, char *why,
				  size_t len, const char *what)
{
	impl_why(why, len, what);
	context_free(ctx);
	return NULL;
}

/* --- ALPN ---------------------------------------------------------------- */

static const unsigned char both[] = "\x02h2\x08http/1.1";

static const unsigned char *offered(const struct tls_context *ctx,
				    unsigned int *len)
{
	unsigned int skip = ctx->h2 ? 0 : 3;

	*len = sizeof(both) - 1 - skip;
	return both + skip;
}

static int on_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
		   const unsigned char *in, unsigned int in_len, void *arg)
{
	unsigned int len;
	const unsigned char *ours = offered(arg, &len);
	int answer = SSL_select_next_proto((unsigned char **)out, out_len, ours,
					   len, in, in_len);
	(void)ssl;

	return answer == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK
						: SSL_TLSEXT_ERR_ALERT_FATAL;
}

struct mg_slice context_alpn(const SSL *ssl)
{
	const unsigned char *at;
	unsigned int len;

	SSL_get0_alpn_selected(ssl, &at, &len);
	if (len == 2 && memcmp(at, "h2", 2) == 0)
		return slice("h2", 2);
	return len == 8 ? slice("http/1.1", 8) : slice("", 0);
}

/* --- the leaf, when the ClientHello is there ----------------------------- */

/* server_name: list length, type 0, name length, name. False when the client
 * sent one that is no host name. */
static bool read_sni(SSL *ssl, char out[256], struct mg_slice *sni)
{
	const unsigned char *at;
	size_t len;

	*sni = slice("", 0);
	if (!SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &at, &len))
		return true;
	if (len < 5 || (size_t)(at[0] << 8 | at[1]) != len - 2 || at[2] != 0 ||
	    (size_t)(at[3] << 8 | at[4]) != len - 5 || len - 5 > MINT_HOST_MAX)
		return false;
	for (size_t i = 0; i < len - 5; i++) {
		char c = (char)at[5 + i];
		out[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	*sni = slice(out, len - 5);
	return mint_is_host(*sni);
}

static int on_hello(SSL *ssl, int *alert, void *arg)
{
	struct tls_context *ctx = arg;
	struct leaf *leaf = NULL;
	struct mg_slice sni;
	char name[256];

	*alert = SSL_AD_UNRECOGNIZED_NAME;
	if (!read_sni(ssl, name, &sni))
		return SSL_CLIENT_HELLO_ERROR;
	int err = ctx->hello(ctx->hello_arg, SSL_get_app_data(ssl), sni, &leaf);
	if (err == MG_EAGAIN)
		return SSL_CLIENT_HELLO_RETRY;
	if (err < 0)
		return SSL_CLIENT_HELLO_ERROR;

	*alert = SSL_AD_INTERNAL_ERROR;
	int ok = SSL_use_cert_and_key(ssl, leaf->cert, leaf->key, leaf->chain,
				      1);
	leaf_done(leaf);
	return ok ? SSL_CLIENT_HELLO_SUCCESS : SSL_CLIENT_HELLO_ERROR;
}

void context_on_hello(struct tls_context *ctx, context_hello *fn, void *arg)
{
	ctx->hello = fn;
	ctx->hello_arg = arg;
	SSL_CTX_set_client_hello_cb(ctx->ctx, on_hello, ctx);
}

void context_own(SSL *ssl, void *owner)
{
	SSL_set_app_data(ssl, owner);
}

/* --- sessions of devices ------------------------------------------------- */

static int on_session_new(SSL *ssl, SSL_SESSION *session)
{
	struct tls_context *ctx = impl_of(ssl);
	unsigned char der[SESSION_BYTES], *at = der;
	unsigned int id_len;
	int len = i2d_SSL_SESSION(session, NULL);

	if (len <= 0 || len > (int)sizeof(der))
		return 0;
	const unsigned char *id = SSL_SESSION_get_id(session, &id_len);
	i2d_SSL_SESSION(session, &at);
	session_put(ctx->sessions, slice((const char *)id, id_len),
		    slice((const char *)der, (size_t)len),
		    (uint64_t)(SSL_SESSION_get_time(session) +
			       SSL_SESSION_get_timeout(session)));
	OPENSSL_cleanse(der, (size_t)len);
	return 0; /* no reference kept */
}

static SSL_SESSION *on_session_get(SSL *ssl, const unsigned char *id,
				   int id_len, int *copy)
{
	struct tls_context *ctx = impl_of(ssl);
	unsigned char der[SESSION_BYTES];
	const unsigned char *at = der;
	size_t len = session_get(ctx->sessions,
				 slice((const char *)id, (size_t)id_len),
				 clock_now_us() / 1000000, der);

	*copy = 0; /* the reference is OpenSSL's */
	if (!len)
		return NULL;
	SSL_SESSION *session = d2i_SSL_SESSION(NULL, &at, (long)len);
	OPENSSL_cleanse(der, len);
	return session;
}

/* No removal callback on purpose: OpenSSL calls it for its own evictions too,
 * and one worker's full cache must not empty everybody's. */
static void share_sessions(struct tls_context *ctx, struct session_block *block)
{
	SSL_CTX_set_options(ctx->ctx, SSL_OP_NO_TICKET);
	SSL_CTX_set_session_cache_mode(ctx->ctx, SSL_SESS_CACHE_SERVER);
	SSL_CTX_sess_set_cache_size(ctx->ctx, OUTER_SESSIONS_OWN);
	SSL_CTX_set_timeout(ctx->ctx, OUTER_SESSION_S);
	ctx->sessions = block;
	if (!block)
		return;
	SSL_CTX_sess_set_new_cb(ctx->ctx, on_session_new);
	SSL_CTX_sess_set_get_cb(ctx->ctx, on_session_get);
}

static int on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv,
		     EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int seal)
{
	struct tls_context *ctx = impl_of(ssl);
	struct ticket_key key;
	int which = 1;

	if (seal) {
		if (ticket_seal(ctx->tickets, clock_now_us() / 1000000, &key))
			return 0;
		memcpy(name, key.name, TICKET_NAME_BYTES);
		hash_random(iv, 16);
	} else if (!(which = ticket_open(ctx->tickets, name, &key))) {
		return 0;
	}
	OSSL_PARAM param[] = {
		OSSL_PARAM_octet_string("key", key.mac, sizeof(key.mac)),
		OSSL_PARAM_utf8_string("digest", (char *)"sha256", 6),
		OSSL_PARAM_END,
	};
	int ok = EVP_MAC_CTX_set_params(mac, param) &&
		 EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), NULL, key.cipher,
				   iv, seal);
	OPENSSL_cleanse(&key, sizeof(key));
	/* TLS 1.3 clients use a ticket once: each is answered with a new one,
	 * or every second connection would begin from nothing. */
	if (ok && !seal && SSL_version(ssl) == TLS1_3_VERSION)
		return 2;
	return ok ? which : -1;
}

/* --- the three contexts -------------------------------------------------- */

static BIO *bio_of(struct mg_slice pem)
{
	BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.len);

	if (!bio)
		abort();
	return bio;
}

static const char *set_identity(SSL_CTX *ctx, struct mg_slice cert_pem,
				struct mg_slice key_pem)
{
	BIO *bio = bio_of(cert_pem);
	X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL), *issuer;
	int ok = cert && SSL_CTX_use_certificate(ctx, cert);

	X509_free(cert);
	while (ok && (issuer = PEM_read_bio_X509(bio, NULL, NULL, NULL)))
		ok = SSL_CTX_add0_chain_cert(ctx, issuer) == 1;
	BIO_free(bio);
	if (!ok)
		return "the listener's certificate cannot be read";

	ERR_clear_error(); /* the end of the file */
	bio = bio_of(key_pem);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	BIO_free(bio);
	ok = key && SSL_CTX_use_PrivateKey(ctx, key);
	EVP_PKEY_free(key);
	return ok ? NULL : "the listener's key does not fit its certificate";
}

/* They verify clients, and their names tell browsers which certificate to
 * pick. */
static const char *set_client_cas(SSL_CTX *ctx, struct mg_slice pem)
{
	BIO *bio = bio_of(pem);
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	X509 *ca;
	int n = 0, ok = 1;

	while (ok && (ca = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
		ok = X509_STORE_add_cert(store, ca) &&
		     SSL_CTX_add_client_CA(ctx, ca);
		X509_free(ca);
		n++;
	}
	BIO_free(bio);
	if (!ok || !n)
		return "no client CA can be read";
	ERR_clear_error();
	return NULL;
}

static void set_session_context(SSL_CTX *ctx, struct mg_slice what)
{
	unsigned char id[32];

	hash_sha256(what, id);
	SSL_CTX_set_session_id_context(ctx, id, sizeof(id));
}

struct tls_context *context_device_outer(const struct context_outer *o,
					 char *why, size_t why_len)
{
	struct tls_context *ctx = make(SIDE_OUTER, o->h2);
	const char *fault =
		o->cert.len ? set_identity(ctx->ctx, o->cert, o->key) : NULL;

	if (!fault)
		fault = set_client_cas(ctx->ctx, o->client_cas);
	if (fault)
		return refuse(ctx, why, why_len, fault);
	/* Another set of CAs is another session context: nobody resumes what
	 * a CA that has gone once vouched for. */
	set_session_context(ctx->ctx, o->client_cas);
	peer_watch(ctx->ctx);
	share_sessions(ctx, o->sessions);
	SSL_CTX_set_alpn_select_cb(ctx->ctx, on_alpn, ctx);
	return ctx;
}

struct tls_context *context_device_inner(const struct context_inner *i,
					 char *why, size_t why_len)
{
	struct tls_context *ctx = make(SIDE_INNER, i->h2);
	(void)why, (void)why_len;

	set_session_context(ctx->ctx, slice_str("inner"));
	SSL_CTX_set_session_cache_mode(ctx->ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_timeout(ctx->ctx, INNER_SESSION_S);
	ctx->tickets = i->tickets;
	if (i->tickets)
		SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx->ctx, on_ticket);
	SSL_CTX_set_alpn_select_cb(ctx->ctx, on_alpn, ctx);
	return ctx;
}

static int on_upstream_session(SSL *ssl, SSL_SESSION *session)
{
	const struct verify_note *note = verify_note_of(ssl);

	if (!note || note->error)
		return 0;
	resume_put(impl_of(ssl)->resume, slice_str(note->key), session);
	return 1; /* the reference is the cache's now */
}

/* The bundle is read whole, now: a directory would be searched in the middle
 * of handshakes, by a process that may no longer open files. */
static bool load_system(X509_STORE *store)
{
	static const char *const bundle[] = {
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/cert.pem",
	};
	const char *named = getenv(X509_get_default_cert_file_env());

	if (named)
		return X509_STORE_load_file(store, named);
	for (size_t i = 0; i < ARRAY_LEN(bundle); i++)
		if (X509_STORE_load_file(store, bundle[i])) {
			ERR_clear_error();
			return true;
		}
	return X509_STORE_set_default_paths(store);
}

static const char *set_roots(SSL_CTX *ctx, const struct context_upstream *u)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	bool own = u->ca_file && *u->ca_file;

	if (own && !X509_STORE_load_file(store, u->ca_file))
		return "the file of upstream roots cannot be read";
	if (!own && !load_system(store))
		return "the system's certificate store cannot be read";
	if (!u->crl_file || !*u->crl_file)
		return NULL;
	X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
	if (!lookup ||
	    X509_load_crl_file(lookup, u->crl_file, X509_FILETYPE_PEM) <= 0)
		return "the upstream revocation list cannot be read";
	X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
	return NULL;
}

struct tls_context *context_upstream(const struct context_upstream *u,
				     char *why, size_t why_len)
{
	struct tls_context *ctx = make(SIDE_UPSTREAM, u->h2);
	const char *fault = set_roots(ctx->ctx, u);
	unsigned int len;

	if (fault)
		return refuse(ctx, why, why_len, fault);
	ctx->verify = verify_new(u->crl_file && *u->crl_file);
	ctx->resume = resume_new(u->sessions);
	verify_watch(ctx->ctx, ctx->verify);
	if (!SSL_CTX_set1_sigalgs_list(ctx->ctx, signatures))
		abort();
	SSL_CTX_set_session_cache_mode(
		ctx->ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(ctx->ctx, on_upstream_session);
	const unsigned char *alpn = offered(ctx, &len);
	if (SSL_CTX_set_alpn_protos(ctx->ctx, alpn, len))
		abort();
	return ctx;
}

void context_purge(struct tls_context *ctx)
{
	SSL_CTX_flush_sessions(ctx->ctx, 0);
	if (ctx->sessions)
		session_purge(ctx->sessions);
	if (ctx->resume)
		resume_purge(ctx->resume);
}

/* --- connections --------------------------------------------------------- */

SSL *context_ssl(struct tls_context *ctx)
{
	SSL *ssl = SSL_new(ctx->ctx);

	if (!ssl)
		abort();
	SSL_set_accept_state(ssl);
	return ssl;
}

static bool expect(SSL *ssl, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	unsigned char address[16];

	if (inet_pton(AF_INET, host, address) == 1 ||
	    inet_pton(AF_INET6, host, address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(param, host);
	X509_VERIFY_PARAM_set_hostflags(
		param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
			       X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	return X509_VERIFY_PARAM_set1_host(param, host, 0) &&
	       SSL_set_tlsext_host_name(ssl, host);
}

SSL *context_ssl_to(struct tls_context *ctx, struct mg_slice host,
		    struct mg_slice key)
{
	struct verify_note *note;
	SSL *ssl;

	if (host.len == 0 || host.len >= sizeof(note->host) ||
	    key.len >= sizeof(note->key) || memchr(host.at, 0, host.len))
		return NULL;
	if (!(ssl = SSL_new(ctx->ctx)))
		abort();
	note = verify_note_new(ssl);
	memcpy(note->host, host.at, host.len);
	memcpy(note->key, key.at, key.len);
	if (!expect(ssl, note->host)) {
		ERR_clear_error();
		SSL_free(ssl);
		return NULL;
	}
	SSL_SESSION *session = resume_take(ctx->resume, key);
	if (session) {
		SSL_set_session(ssl, session);
		SSL_SESSION_free(session);
	}
	SSL_set_connect_state(ssl);
	return ssl;
}

void context_ssl_free(SSL *ssl)
{
	if (ssl && SSL_is_init_finished(ssl))
		SSL_set_shutdown(ssl,
				 SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(ssl);
}

void context_peer(SSL *ssl, struct tls_peer *peer)
{
	peer_read(ssl, peer);
}

const char *context_peer_error(int error)
{
	return X509_verify_cert_error_string(error);
}

int context_issuer_of(struct mg_slice pem, char out[33])
{
	BIO *bio = bio_of(pem);
	X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	int err = cert ? impl_fingerprint(cert, out) : MG_EINVAL;

	X509_free(cert);
	BIO_free(bio);
	ERR_clear_error();
	return err;
}

int context_der_of(struct mg_slice pem, struct buf *out)
{
	BIO *bio = bio_of(pem);
	X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	unsigned char *der = NULL;
	int len = cert ? i2d_X509(cert, &der) : -1;
	int err = len > 0 ? buf_add_at(out, der, (size_t)len) : MG_EINVAL;

	OPENSSL_free(der);
	X509_free(cert);
	BIO_free(bio);
	ERR_clear_error();
	return err;
}
