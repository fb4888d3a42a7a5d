/* cert.c - see cert.h */
#include "certs/cert.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "certs/safe.h"

enum {
	SERIAL_BYTES = 20,
	FILE_MAX = 4 << 20,
	SCRYPT_N = 1 << 14, /* OpenSSL allows 32 MiB, and this is 16 */
	SCRYPT_R = 8,
	SCRYPT_P = 1,
};

int64_t cert_now(void)
{
	return (int64_t)time(NULL);
}

const char *cert_why(void)
{
	unsigned long err = ERR_peek_last_error();
	const char *text = err ? ERR_reason_error_string(err) : NULL;

	ERR_clear_error();
	return text ? text : "";
}

EVP_PKEY *cert_key_new(void)
{
	return EVP_EC_gen("P-256");
}

/* --- making -------------------------------------------------------------- */

static int set_serial(X509 *cert)
{
	unsigned char serial[SERIAL_BYTES];

	hash_random(serial, sizeof(serial));
	serial[0] = (serial[0] & 0x7f) | 0x40;
	BIGNUM *bn = BN_bin2bn(serial, sizeof(serial), NULL);
	int ok = bn && BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(cert));
	BN_free(bn);
	return ok;
}

static int add_name(X509_NAME *name, int nid, const char *value)
{
	return !value || X509_NAME_add_entry_by_NID(
				 name, nid, MBSTRING_UTF8,
				 (const unsigned char *)value, -1, -1, 0);
}

static int set_names(X509 *cert, const struct cert_spec *spec)
{
	X509_NAME *name = X509_get_subject_name(cert);

	return add_name(name, NID_organizationName, spec->org) &&
	       add_name(name, NID_commonName, spec->name) &&
	       X509_set_issuer_name(
		       cert, spec->issuer ? X509_get_subject_name(spec->issuer)
					  : name);
}

static int add_ext(X509 *cert, X509V3_CTX *with, int nid, const char *value)
{
	if (!value)
		return 1;
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, with, nid, value);
	int ok = ext && X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
	return ok;
}

/* The URL is put in by hand: OpenSSL's words would give commas a meaning. */
static int add_crl(X509 *cert, const char *url)
{
	if (!url || !*url)
		return 1;
	STACK_OF(DIST_POINT) *points = sk_DIST_POINT_new_null();
	DIST_POINT *point = DIST_POINT_new();
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_IA5STRING *uri = ASN1_IA5STRING_new();
	DIST_POINT_NAME *where = DIST_POINT_NAME_new();

	if (!points || !point || !name || !uri || !where)
		abort();
	ASN1_STRING_set(uri, url, -1);
	GENERAL_NAME_set0_value(name, GEN_URI, uri);
	where->type = 0;
	where->name.fullname = sk_GENERAL_NAME_new_null();
	sk_GENERAL_NAME_push(where->name.fullname, name);
	point->distpoint = where;
	sk_DIST_POINT_push(points, point);
	int ok = X509_add1_ext_i2d(cert, NID_crl_distribution_points, points, 0,
				   X509V3_ADD_DEFAULT) == 1;
	sk_DIST_POINT_pop_free(points, DIST_POINT_free);
	return ok;
}

static int add_exts(X509 *cert, const struct cert_spec *spec)
{
	X509V3_CTX with;

	X509V3_set_ctx(&with, spec->issuer ? spec->issuer : cert, cert, NULL,
		       NULL, 0);
	return add_ext(cert, &with, NID_basic_constraints, spec->basic) &&
	       add_ext(cert, &with, NID_key_usage, spec->usage) &&
	       add_ext(cert, &with, NID_ext_key_usage, spec->ext_usage) &&
	       add_ext(cert, &with, NID_subject_alt_name, spec->alt_name) &&
	       add_ext(cert, &with, NID_subject_key_identifier,
		       spec->subject_key_id ? "hash" : NULL) &&
	       add_ext(cert, &with, NID_authority_key_identifier,
		       spec->issuer ? "keyid:always" : NULL) &&
	       add_crl(cert, spec->crl_url) &&
	       (!spec->constraints ||
		X509_add1_ext_i2d(cert, NID_name_constraints, spec->constraints,
				  1, X509V3_ADD_DEFAULT) == 1);
}

X509 *cert_issue(const struct cert_spec *spec)
{
	X509 *cert = X509_new();
	int ok =
		cert && X509_set_version(cert, X509_VERSION_3) &&
		set_serial(cert) && set_names(cert, spec) &&
		ASN1_TIME_set(X509_getm_notBefore(cert), spec->from) &&
		ASN1_TIME_set(X509_getm_notAfter(cert), spec->to) &&
		X509_set_pubkey(cert, spec->key) && add_exts(cert, spec) &&
		X509_sign(cert, spec->issuer_key ? spec->issuer_key : spec->key,
			  EVP_sha256()) > 0;

	if (!ok) {
		X509_free(cert);
		return NULL;
	}
	return cert;
}

/* --- reading ------------------------------------------------------------- */

static BIO *read_file(const char *path, struct buf *text)
{
	buf_init(text, FILE_MAX);
	if (safe_read(path, text) < 0)
		return NULL;
	return BIO_new_mem_buf(buf_slice(text).at, (int)buf_len(text));
}

X509 *cert_read(const char *path, int i)
{
	struct buf text;
	BIO *bio = read_file(path, &text);
	X509 *cert = NULL;

	for (; bio && i >= 0; i--) {
		X509_free(cert);
		cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
		if (!cert)
			break;
	}
	BIO_free(bio);
	buf_deinit(&text);
	return cert;
}

static int on_passphrase(char *out, int max, int writing, void *arg)
{
	size_t len = arg ? strlen(arg) : 0;
	(void)writing;

	/* Without one, fail; OpenSSL would ask the terminal. */
	if (len == 0 || len > (size_t)max)
		return -1;
	memcpy(out, arg, len);
	return (int)len;
}

EVP_PKEY *cert_read_key(const char *path, const char *passphrase)
{
	struct buf text;
	BIO *bio = read_file(path, &text);
	EVP_PKEY *key = NULL;

	if (bio)
		key = PEM_read_bio_PrivateKey(bio, NULL, on_passphrase,
					      (void *)passphrase);
	BIO_free(bio);
	buf_wipe(&text);
	return key;
}

/* --- writing ------------------------------------------------------------- */

static int take_bio(BIO *bio, struct buf *out)
{
	char *at;
	long len = BIO_get_mem_data(bio, &at);

	return len > 0 ? buf_add_at(out, at, (size_t)len) : MG_EIO;
}

int cert_print(X509 *cert, struct buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int err = bio && PEM_write_bio_X509(bio, cert) ? take_bio(bio, out)
						       : MG_EIO;

	BIO_free(bio);
	return err;
}

static X509_SIG *seal(PKCS8_PRIV_KEY_INFO *p8, const char *passphrase)
{
	X509_ALGOR *how = PKCS5_pbe2_set_scrypt(
		EVP_aes_256_cbc(), NULL, 0, NULL, SCRYPT_N, SCRYPT_R, SCRYPT_P);

	return how ? PKCS8_set0_pbe(passphrase, (int)strlen(passphrase), p8,
				    how)
		   : NULL;
}

int cert_print_key(EVP_PKEY *key, const char *passphrase, struct buf *out)
{
	PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(key);
	BIO *bio = BIO_new(BIO_s_secmem());
	X509_SIG *sealed = NULL;
	int ok = p8 && bio;

	if (ok && passphrase && *passphrase) {
		sealed = seal(p8, passphrase);
		ok = sealed && PEM_write_bio_PKCS8(bio, sealed);
	} else if (ok) {
		ok = PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, p8);
	}
	int err = ok ? take_bio(bio, out) : MG_EIO;
	X509_SIG_free(sealed);
	PKCS8_PRIV_KEY_INFO_free(p8);
	BIO_free(bio);
	return err;
}

int cert_write_key(const char *path, EVP_PKEY *key, const char *passphrase)
{
	struct buf text;

	buf_init(&text, FILE_MAX);
	int err = cert_print_key(key, passphrase, &text);
	if (err >= 0)
		err = safe_replace(path, buf_slice(&text), 0600);
	buf_wipe(&text);
	return err;
}
