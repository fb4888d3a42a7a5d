/* mint.c - see mint.h */
#include "tls/mint.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "tls/impl.h"

enum {
	SERIAL_BYTES = 20,
	CN_MAX = 64,
	DAY_S = 86400,
	BACKDATED_DAYS = 2,
	DAYS_MIN = 3,
	DAYS_MAX = 7,
	FIXED_MAX = 4,
};

struct mint {
	STACK_OF(X509) * chain; /* the CA first */
	EVP_PKEY *ca_key;
	EVP_PKEY *leaf_key;
	X509_EXTENSION *fixed[FIXED_MAX]; /* the same in every leaf */
	int fixed_count;
	struct mg_slice *permitted; /* point into the CA */
	uint32_t permitted_count;
	NAME_CONSTRAINTS *constraints;
	int64_t not_after;
	uint32_t days;
};

void mint_secure(void)
{
	/* Refused where memory may not be locked; ordinary memory then. */
	CRYPTO_secure_malloc_init(64 << 10, 32);
}

/* --- names --------------------------------------------------------------- */

static bool is_label(struct mg_slice l)
{
	if (l.len == 0 || l.len > 63 || l.at[0] == '-' ||
	    l.at[l.len - 1] == '-')
		return false;
	for (size_t i = 0; i < l.len; i++) {
		char c = l.at[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-')
			return false;
	}
	return true;
}

/* A name whose last label is a number would be an address to some parsers. */
static bool is_number(struct mg_slice l)
{
	for (size_t i = 0; i < l.len; i++)
		if (l.at[i] < '0' || l.at[i] > '9')
			return i == 1 && l.at[0] == '0' && l.at[1] == 'x';
	return true;
}

bool mint_is_host(struct mg_slice host)
{
	struct mg_slice rest = host, label = { 0 };

	if (host.len == 0 || host.len > MINT_HOST_MAX ||
	    host.at[host.len - 1] == '.')
		return false;
	while (slice_cut(&rest, '.', &label))
		if (!is_label(label))
			return false;
	return !is_number(label);
}

/* RFC 5280 4.2.1.10: a name permits itself and everything below it. */
static bool is_within(struct mg_slice host, struct mg_slice name)
{
	if (name.len == 0 || host.len < name.len)
		return false;
	size_t before = host.len - name.len;
	struct mg_slice tail = slice(host.at + before, name.len);
	return slice_same(tail, name) &&
	       (before == 0 || host.at[before - 1] == '.');
}

bool mint_permits(const struct mint *mint, struct mg_slice host)
{
	for (uint32_t i = 0; i < mint->permitted_count; i++)
		if (is_within(host, mint->permitted[i]))
			return true;
	return false;
}

struct mg_slice mint_permitted_at(const struct mint *mint, uint32_t i)
{
	return i < mint->permitted_count ? mint->permitted[i] : slice("", 0);
}

static int read_constraints(struct mint *mint, X509 *ca)
{
	NAME_CONSTRAINTS *nc =
		X509_get_ext_d2i(ca, NID_name_constraints, NULL, NULL);

	if (!nc)
		return MG_EINVAL;
	mint->constraints = nc;
	int n = sk_GENERAL_SUBTREE_num(nc->permittedSubtrees);
	if (n <= 0)
		return MG_EINVAL;
	mint->permitted = calloc((size_t)n, sizeof(*mint->permitted));
	if (!mint->permitted)
		abort();
	for (int i = 0; i < n; i++) {
		GENERAL_SUBTREE *sub =
			sk_GENERAL_SUBTREE_value(nc->permittedSubtrees, i);
		if (sub->base->type != GEN_DNS)
			continue;
		mint->permitted[mint->permitted_count++] =
			slice((const char *)ASN1_STRING_get0_data(
				      sub->base->d.dNSName),
			      (size_t)ASN1_STRING_length(sub->base->d.dNSName));
	}
	return mint->permitted_count ? MG_OK : MG_EINVAL;
}

/* --- what every leaf has ------------------------------------------------- */

static int fix(struct mint *mint, X509V3_CTX *with, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, with, nid, value);

	if (!ext)
		return MG_EINVAL;
	mint->fixed[mint->fixed_count++] = ext;
	return MG_OK;
}

static int fix_all(struct mint *mint, X509 *ca, const char *crl_url)
{
	char crl[512];
	X509V3_CTX with;

	X509V3_set_ctx(&with, ca, NULL, NULL, NULL, 0);
	if (fix(mint, &with, NID_key_usage, "critical,digitalSignature") < 0 ||
	    fix(mint, &with, NID_ext_key_usage, "serverAuth") < 0 ||
	    fix(mint, &with, NID_authority_key_identifier, "keyid") < 0)
		return MG_EINVAL;
	if (!crl_url || !*crl_url)
		return MG_OK;
	int len = snprintf(crl, sizeof(crl), "URI:%s", crl_url);
	if (len >= (int)sizeof(crl) || strpbrk(crl_url, ",;\n\r "))
		return MG_EINVAL;
	return fix(mint, &with, NID_crl_distribution_points, crl);
}

static STACK_OF(X509) * read_pem(struct mg_slice pem)
{
	BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.len);
	STACK_OF(X509) *chain = sk_X509_new_null();
	X509 *cert;

	while ((cert = PEM_read_bio_X509(bio, NULL, NULL, NULL)))
		sk_X509_push(chain, cert);
	ERR_clear_error(); /* the end of the file is not an error */
	BIO_free(bio);
	return chain;
}

static const char *build(struct mint *mint, struct mg_slice ca_pem,
			 struct mg_slice key_pem,
			 const struct mint_profile *profile)
{
	mint->chain = read_pem(ca_pem);
	X509 *ca = sk_X509_value(mint->chain, 0);
	if (!ca)
		return "the inspection CA holds no certificate";

	BIO *bio = BIO_new_mem_buf(key_pem.at, (int)key_pem.len);
	mint->ca_key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	BIO_free(bio);
	if (!mint->ca_key)
		return "the inspection key cannot be read";
	if (X509_check_private_key(ca, mint->ca_key) != 1)
		return "the inspection key is not the certificate's";
	if (X509_check_ca(ca) != 1)
		return "the inspection certificate is not a CA";
	if (read_constraints(mint, ca) < 0)
		return "the inspection CA has no name constraints";
	if (impl_time(X509_get0_notAfter(ca), &mint->not_after) < 0)
		return "the inspection CA has no readable end";
	if (fix_all(mint, ca, profile->crl_url) < 0)
		return "the leaf profile cannot be made; check the CRL's URL";

	mint->leaf_key = EVP_EC_gen("P-256");
	mint->days = profile->leaf_days;
	if (mint->days < DAYS_MIN)
		mint->days = DAYS_MIN;
	if (mint->days > DAYS_MAX)
		mint->days = DAYS_MAX;
	return mint->leaf_key ? NULL : "no leaf key could be made";
}

struct mint *mint_new(struct mg_slice ca, struct mg_slice key,
		      const struct mint_profile *profile, char *why,
		      size_t why_len)
{
	struct mint *mint = calloc(1, sizeof(*mint));

	if (!mint)
		abort();
	const char *fault = build(mint, ca, key, profile);
	if (fault) {
		impl_why(why, why_len, fault);
		mint_free(mint);
		return NULL;
	}
	return mint;
}

void mint_free(struct mint *mint)
{
	if (!mint)
		return;
	for (int i = 0; i < mint->fixed_count; i++)
		X509_EXTENSION_free(mint->fixed[i]);
	NAME_CONSTRAINTS_free(mint->constraints);
	free(mint->permitted);
	EVP_PKEY_free(mint->leaf_key);
	EVP_PKEY_free(mint->ca_key);
	sk_X509_pop_free(mint->chain, X509_free);
	free(mint);
}

/* --- one leaf ------------------------------------------------------------ */

static int set_serial(X509 *leaf)
{
	unsigned char serial[SERIAL_BYTES];

	/* Positive, and always of the same length. */
	hash_random(serial, sizeof(serial));
	serial[0] = (serial[0] & 0x7f) | 0x40;
	BIGNUM *bn = BN_bin2bn(serial, sizeof(serial), NULL);
	int ok = bn && BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(leaf));
	BN_free(bn);
	return ok;
}

/* No common name when it would not fit; then the SAN must be critical. */
static int set_names(X509 *leaf, struct mg_slice host)
{
	bool named = host.len <= CN_MAX;
	X509_NAME *subject = X509_get_subject_name(leaf);

	if (named && !X509_NAME_add_entry_by_NID(subject, NID_commonName,
						 V_ASN1_UTF8STRING,
						 (const unsigned char *)host.at,
						 (int)host.len, -1, 0))
		return 0;

	GENERAL_NAMES *sans = sk_GENERAL_NAME_new_null();
	GENERAL_NAME *san = GENERAL_NAME_new();
	ASN1_IA5STRING *name = ASN1_IA5STRING_new();
	int ok = sans && san && name &&
		 ASN1_STRING_set(name, host.at, (int)host.len);
	if (san && name)
		GENERAL_NAME_set0_value(san, GEN_DNS, name);
	if (sans && san)
		sk_GENERAL_NAME_push(sans, san);
	ok = ok && X509_add1_ext_i2d(leaf, NID_subject_alt_name, sans, !named,
				     X509V3_ADD_DEFAULT) == 1;
	GENERAL_NAMES_free(sans);
	return ok;
}

static int set_times(const struct mint *mint, X509 *leaf)
{
	time_t from = time(NULL) - BACKDATED_DAYS * DAY_S;
	time_t to = from + (time_t)mint->days * DAY_S;

	if (to > mint->not_after)
		to = mint->not_after;
	return ASN1_TIME_set(X509_getm_notBefore(leaf), from) &&
	       ASN1_TIME_set(X509_getm_notAfter(leaf), to);
}

static int fill(const struct mint *mint, X509 *leaf, struct mg_slice host)
{
	X509 *ca = sk_X509_value(mint->chain, 0);
	int ok = X509_set_version(leaf, X509_VERSION_3) && set_serial(leaf) &&
		 X509_set_issuer_name(leaf, X509_get_subject_name(ca)) &&
		 set_times(mint, leaf) && set_names(leaf, host) &&
		 X509_set_pubkey(leaf, mint->leaf_key);

	for (int i = 0; ok && i < mint->fixed_count; i++)
		ok = X509_add_ext(leaf, mint->fixed[i], -1);
	return ok && X509_sign(leaf, mint->ca_key, EVP_sha256()) > 0;
}

static int add_der(struct buf *out, int len,
		   int (*put)(void *, unsigned char **), void *arg)
{
	unsigned char *at = len > 0 ? (void *)buf_room(out, (size_t)len) : NULL;

	if (len <= 0)
		return MG_EIO;
	if (!at)
		return MG_ETOOBIG;
	put(arg, &at);
	buf_grow(out, (size_t)len);
	return MG_OK;
}

static int put_cert(void *cert, unsigned char **at)
{
	return i2d_X509(cert, at);
}

int mint_leaf(struct mint *mint, struct mg_slice host, struct buf *out)
{
	if (!mint_is_host(host))
		return MG_EINVAL;
	if (!mint_permits(mint, host))
		return MG_ESTOP;

	X509 *leaf = X509_new();
	int err = leaf && fill(mint, leaf, host)
			  ? add_der(out, i2d_X509(leaf, NULL), put_cert, leaf)
			  : MG_EIO;
	X509_free(leaf);
	ERR_clear_error();
	return err;
}

int mint_kit(const struct mint *mint, struct buf *key, struct buf *chain)
{
	PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(mint->leaf_key);
	unsigned char *der = NULL;
	int len = p8 ? i2d_PKCS8_PRIV_KEY_INFO(p8, &der) : -1;
	int err = len > 0 ? buf_add_at(key, der, (size_t)len) : MG_EIO;

	if (der)
		OPENSSL_clear_free(der, (size_t)len);
	PKCS8_PRIV_KEY_INFO_free(p8);
	for (int i = 0; err >= 0 && i < sk_X509_num(mint->chain); i++) {
		X509 *cert = sk_X509_value(mint->chain, i);
		err = add_der(chain, i2d_X509(cert, NULL), put_cert, cert);
	}
	return err;
}

int64_t mint_not_after(const struct mint *mint)
{
	return mint->not_after;
}
