/* revocation.c - see revocation.h */
#include "certs/revocation.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>

#include "certs/impl.h"
#include "certs/safe.h"
#include "tls/context.h"

enum { CRL_MAX = 64 << 20 };

static X509_CRL *read_old(const char *path)
{
	struct buf der;

	buf_init(&der, CRL_MAX);
	X509_CRL *crl = NULL;
	if (safe_read(path, &der) >= 0) {
		const unsigned char *at = (void *)buf_slice(&der).at;
		crl = d2i_X509_CRL(NULL, &at, (long)buf_len(&der));
	}
	buf_deinit(&der);
	ERR_clear_error();
	return crl;
}

static int set_number(X509_CRL *crl, X509_CRL *old)
{
	ASN1_INTEGER *was =
		old ? X509_CRL_get_ext_d2i(old, NID_crl_number, NULL, NULL)
		    : NULL;
	ASN1_INTEGER *number = ASN1_INTEGER_new();
	int64_t n = 0;

	if (was && !ASN1_INTEGER_get_int64(&n, was))
		n = cert_now();
	int ok = number && ASN1_INTEGER_set_int64(number, n + 1) &&
		 X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) == 1;
	ASN1_INTEGER_free(number);
	ASN1_INTEGER_free(was);
	return ok;
}

static int set_issuer(X509_CRL *crl, X509 *issuer)
{
	X509V3_CTX with;

	X509V3_set_ctx(&with, issuer, NULL, NULL, crl, 0);
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(
		NULL, &with, NID_authority_key_identifier, "keyid:always");
	int ok = ext && X509_CRL_add_ext(crl, ext, -1) &&
		 X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer));
	X509_EXTENSION_free(ext);
	return ok;
}

static int set_times(X509_CRL *crl, int64_t to)
{
	ASN1_TIME *from = ASN1_TIME_set(NULL, cert_now() - 2 * 86400);
	ASN1_TIME *until = ASN1_TIME_set(NULL, to);
	int ok = from && until && X509_CRL_set1_lastUpdate(crl, from) &&
		 X509_CRL_set1_nextUpdate(crl, until);

	ASN1_TIME_free(from);
	ASN1_TIME_free(until);
	return ok;
}

static int add_serial(X509_CRL *crl, const ASN1_INTEGER *serial, int64_t when)
{
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_TIME *date = ASN1_TIME_set(NULL, when);
	int ok = entry && date &&
		 X509_REVOKED_set_serialNumber(entry, (void *)serial) &&
		 X509_REVOKED_set_revocationDate(entry, date) &&
		 X509_CRL_add0_revoked(crl, entry);

	if (!ok)
		X509_REVOKED_free(entry);
	ASN1_TIME_free(date);
	return ok;
}

static int keep_old(X509_CRL *crl, X509_CRL *old)
{
	STACK_OF(X509_REVOKED) *list = old ? X509_CRL_get_REVOKED(old) : NULL;
	int ok = 1;

	for (int i = 0; ok && i < sk_X509_REVOKED_num(list); i++) {
		X509_REVOKED *entry =
			X509_REVOKED_dup(sk_X509_REVOKED_value(list, i));
		ok = entry && X509_CRL_add0_revoked(crl, entry);
	}
	return ok;
}

static int write_crl(const char *path, X509_CRL *crl)
{
	unsigned char *der = NULL;
	int len = i2d_X509_CRL(crl, &der);
	int err = len > 0 ? safe_replace(path, slice((char *)der, (size_t)len),
					 0644)
			  : MG_EIO;

	OPENSSL_free(der);
	return err;
}

static int finish(const char *path, X509_CRL *crl, X509 *issuer,
		  EVP_PKEY *issuer_key, X509_CRL *old, int64_t to)
{
	X509_CRL_sort(crl);
	if (!X509_CRL_set_version(crl, X509_CRL_VERSION_2) ||
	    !set_issuer(crl, issuer) || !set_times(crl, to) ||
	    !set_number(crl, old) ||
	    X509_CRL_sign(crl, issuer_key, EVP_sha256()) <= 0)
		return MG_EIO;
	return write_crl(path, crl);
}

static int crl_path(char *out, size_t len, const char *dir, const char *name)
{
	int n = snprintf(out, len, "%s/crl", dir);

	if (n >= (int)len || safe_make_dir(out) < 0)
		return MG_EIO;
	n = snprintf(out, len, "%s/crl/%s.crl", dir, name);
	return n < (int)len ? MG_OK : MG_EIO;
}

int impl_crl_add(const char *dir, const char *name, X509 *issuer,
		 EVP_PKEY *issuer_key, const ASN1_INTEGER *serial, int64_t to)
{
	char path[PATH_MAX];
	X509_CRL *crl = X509_CRL_new();

	if (crl_path(path, sizeof(path), dir, name) < 0 || !crl) {
		X509_CRL_free(crl);
		return MG_EIO;
	}
	X509_CRL *old = read_old(path);
	int ok = keep_old(crl, old) &&
		 (!serial || add_serial(crl, serial, cert_now()));
	int err = ok ? finish(path, crl, issuer, issuer_key, old, to) : MG_EIO;
	X509_CRL_free(old);
	X509_CRL_free(crl);
	return err;
}

/* --- clients ------------------------------------------------------------- */

static int add_hex(X509_CRL *crl, struct mg_slice hex, int64_t when)
{
	char text[48];
	BIGNUM *bn = NULL;

	snprintf(text, sizeof(text), "%.*s", (int)hex.len, hex.at);
	ASN1_INTEGER *serial =
		BN_hex2bn(&bn, text) ? BN_to_ASN1_INTEGER(bn, NULL) : NULL;
	int ok = serial && add_serial(crl, serial, when);
	ASN1_INTEGER_free(serial);
	BN_free(bn);
	return ok;
}

/* A revoked integration revokes all its certificates. */
static int add_revoked(X509_CRL *crl, const struct identity *who,
		       struct mg_slice issuer)
{
	int ok = 1;

	for (uint32_t i = 0; ok && i < who->cert_count; i++) {
		const struct identity_cert *c = &who->certs[i];
		int64_t when = c->revoked ? c->revoked : cert_now();
		if (slice_same(c->issuer, issuer) &&
		    (c->revoked || who->status == IDENTITY_REVOKED))
			ok = add_hex(crl, c->serial, when);
	}
	return ok;
}

static int issuer_of(const char *path, char out[33])
{
	struct buf pem;

	buf_init(&pem, 1 << 20);
	int err = safe_read(path, &pem);
	if (err >= 0)
		err = context_issuer_of(buf_slice(&pem), out);
	buf_deinit(&pem);
	return err;
}

struct signer_files {
	X509 *cert;
	EVP_PKEY *key;
};

static int open_ca(const char *dir, const char *name, struct signer_files *ca)
{
	char path[PATH_MAX];
	char file[64];

	snprintf(file, sizeof(file), "%s.crt", name);
	*ca = (struct signer_files){ 0 };
	if (impl_path(path, sizeof(path), dir, file) < 0)
		return MG_EIO;
	ca->cert = cert_read(path, 0);
	snprintf(file, sizeof(file), "%s.key", name);
	if (impl_path(path, sizeof(path), dir, file) < 0)
		return MG_EIO;
	ca->key = cert_read_key(path, NULL);
	return ca->cert && ca->key ? MG_OK : MG_EIO;
}

static void close_ca(struct signer_files *ca)
{
	X509_free(ca->cert);
	EVP_PKEY_free(ca->key);
}

static int publish_clients(const char *dir, const struct roster *roster,
			   const struct signer_files *ca, int64_t to)
{
	char path[PATH_MAX], issuer[33];
	X509_CRL *crl = X509_CRL_new();
	int ok = crl && impl_path(path, sizeof(path), dir, "client.crt") >= 0 &&
		 issuer_of(path, issuer) >= 0 &&
		 crl_path(path, sizeof(path), dir, "client") >= 0;

	for (uint32_t i = 0; ok && i < roster->count; i++)
		ok = add_revoked(crl, &roster->at[i], slice_str(issuer));
	X509_CRL *old = ok ? read_old(path) : NULL;
	int err = ok ? finish(path, crl, ca->cert, ca->key, old, to) : MG_EIO;
	X509_CRL_free(old);
	X509_CRL_free(crl);
	return err;
}

int revocation_publish(const char *dir, const struct roster *roster,
		       uint32_t days, char *why, size_t len)
{
	int64_t to = cert_now() + (int64_t)days * 86400;
	struct signer_files ca;
	int err = open_ca(dir, "client", &ca);

	if (err >= 0)
		err = publish_clients(dir, roster, &ca, to);
	close_ca(&ca);
	if (err < 0)
		return impl_fail(why, len, err,
				 "%s/crl/client.crl: not signed: %s", dir,
				 cert_why());

	err = open_ca(dir, "inspection", &ca);
	if (err >= 0)
		err = impl_crl_add(dir, "inspection", ca.cert, ca.key, NULL,
				   to);
	close_ca(&ca);
	if (err < 0)
		return impl_fail(why, len, err,
				 "%s/crl/inspection.crl: not signed: %s", dir,
				 cert_why());
	return MG_OK;
}
