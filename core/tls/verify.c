/* verify.c - see verify.h */
#include "tls/verify_impl.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"

enum {
	KEPT = 512,
	KEPT_S = 300,
};

struct kept {
	unsigned char key[32];
	int64_t until;
};

struct verify {
	bool revocation;
	struct kept kept[KEPT];
};

static int note_index = -1;

static void on_note_free(void *parent, void *note, CRYPTO_EX_DATA *ad, int idx,
			 long argl, void *argp)
{
	(void)parent, (void)ad, (void)idx, (void)argl, (void)argp;
	free(note);
}

struct verify *verify_new(bool revocation)
{
	struct verify *v = calloc(1, sizeof(*v));

	if (!v)
		abort();
	v->revocation = revocation;
	if (note_index < 0)
		note_index =
			SSL_get_ex_new_index(0, NULL, NULL, NULL, on_note_free);
	return v;
}

void verify_free(struct verify *v)
{
	free(v);
}

struct verify_note *verify_note_new(SSL *ssl)
{
	struct verify_note *note = calloc(1, sizeof(*note));

	if (!note || !SSL_set_ex_data(ssl, note_index, note))
		abort();
	return note;
}

struct verify_note *verify_note_of(const SSL *ssl)
{
	return note_index < 0 ? NULL : SSL_get_ex_data(ssl, note_index);
}

/* --- the chain ----------------------------------------------------------- */

/* Over the name asked for and every certificate received, in order: the same
 * certificates in another order are another question. */
static bool fingerprint(const struct verify_note *note, X509_STORE_CTX *store,
			unsigned char out[32])
{
	STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(store);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned char one[EVP_MAX_MD_SIZE];
	unsigned int len;
	bool ok = md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) &&
		  EVP_DigestUpdate(md, note->host, sizeof(note->host)) &&
		  X509_digest(X509_STORE_CTX_get0_cert(store), EVP_sha256(),
			      one, &len) &&
		  EVP_DigestUpdate(md, one, len);

	for (int i = 0; ok && i < sk_X509_num(sent); i++)
		ok = X509_digest(sk_X509_value(sent, i), EVP_sha256(), one,
				 &len) &&
		     EVP_DigestUpdate(md, one, len);
	ok = ok && EVP_DigestFinal_ex(md, out, &len);
	EVP_MD_CTX_free(md);
	return ok;
}

static struct kept *kept_for(struct verify *v, const unsigned char key[32])
{
	return &v->kept[(key[0] | key[1] << 8) % KEPT];
}

static void keep(struct verify *v, const unsigned char key[32],
		 X509_STORE_CTX *store)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(store);
	int64_t until = (int64_t)time(NULL) + KEPT_S, ends;

	for (int i = 0; i < sk_X509_num(chain); i++) {
		if (impl_time(X509_get0_notAfter(sk_X509_value(chain, i)),
			      &ends) < 0)
			return;
		if (ends < until)
			until = ends;
	}
	struct kept *kept = kept_for(v, key);
	memcpy(kept->key, key, sizeof(kept->key));
	kept->until = until;
}

static void note_fault(struct verify_note *note, X509_STORE_CTX *store)
{
	X509 *cert = X509_STORE_CTX_get_current_cert(store);

	note->error = X509_STORE_CTX_get_error(store);
	if (note->error == X509_V_OK)
		note->error = X509_V_ERR_UNSPECIFIED;
	note->depth = X509_STORE_CTX_get_error_depth(store);
	note->sent = sk_X509_num(X509_STORE_CTX_get0_untrusted(store));
	if (!cert || impl_time(X509_get0_notBefore(cert), &note->from) < 0 ||
	    impl_time(X509_get0_notAfter(cert), &note->to) < 0)
		note->from = note->to = 0;
}

static int on_chain(X509_STORE_CTX *store, void *arg)
{
	struct verify *v = arg;
	SSL *ssl = X509_STORE_CTX_get_ex_data(
		store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct verify_note *note = verify_note_of(ssl);
	unsigned char key[32];

	/* Without a note there was no name to check: never verified. */
	if (!note) {
		X509_STORE_CTX_set_error(store, X509_V_ERR_UNSPECIFIED);
		return 0;
	}
	bool named = fingerprint(note, store, key);
	const struct kept *kept = kept_for(v, key);
	if (named && kept->until > (int64_t)time(NULL) &&
	    memcmp(kept->key, key, sizeof(key)) == 0) {
		X509_STORE_CTX_set_error(store, X509_V_OK);
		return 1;
	}

	/* The callback below lets an absent CRL pass, but its error stays
	 * noted: the answer is what counts. */
	if (X509_verify_cert(store) != 1) {
		note_fault(note, store);
		return 0;
	}
	X509_STORE_CTX_set_error(store, X509_V_OK);
	if (named)
		keep(v, key, store);
	return 1;
}

/* A CRL file covers some issuers. The others are not thereby revoked. */
static int on_fault(int ok, X509_STORE_CTX *store)
{
	return ok ||
	       X509_STORE_CTX_get_error(store) == X509_V_ERR_UNABLE_TO_GET_CRL;
}

/* We have none to show; but should it end here, that is why. */
static int on_asked(SSL *ssl, X509 **cert, EVP_PKEY **key)
{
	struct verify_note *note = verify_note_of(ssl);
	(void)cert, (void)key;

	if (note)
		note->asked = true;
	return 0;
}

void verify_watch(SSL_CTX *ctx, struct verify *v)
{
	SSL_CTX_set_client_cert_cb(ctx, on_asked);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER,
			   v->revocation ? on_fault : NULL);
	SSL_CTX_set_cert_verify_callback(ctx, on_chain, v);
}
