/* client.c - see client.h */
#include "certs/client.h"

#include <ctype.h>
#include <limits.h>
#include <openssl/pkcs12.h>
#include <stdio.h>

#include "certs/hierarchy.h"
#include "certs/impl.h"
#include "tls/context.h"

enum {
	DAY = 86400,
	BACKDATED = 2 * DAY,
	CN_MAX = 64,
	PEM_MAX = 1 << 20,
	ITERATIONS = 10000,
	ITERATIONS_LEGACY = 2048,
};

/* "Example, Inc." is example-inc. */
static void slug(const char *org, char out[CLIENT_ORG_MAX + 1])
{
	size_t n = 0;

	for (; *org && n < CLIENT_ORG_MAX; org++) {
		if (isalnum((unsigned char)*org))
			out[n++] = (char)tolower((unsigned char)*org);
		else if (n && out[n - 1] != '-')
			out[n++] = '-';
	}
	while (n && out[n - 1] == '-')
		n--;
	out[n] = '\0';
	if (!n)
		strcpy(out, "default");
}

void client_close(struct client_ca *ca)
{
	X509_free(ca->cert);
	EVP_PKEY_free(ca->key);
}

static int read_about(struct client_ca *ca, const char *dir, char *why,
		      size_t len)
{
	struct hierarchy_plan plan = { .dir = dir };
	struct arena arena;

	arena_init(&arena);
	int err = hierarchy_recall(&plan, &arena, why, len);
	if (err >= 0) {
		snprintf(ca->org, sizeof(ca->org), "%s", plan.org);
		slug(plan.org, ca->urn_org);
		if (plan.crl_base && *plan.crl_base)
			snprintf(ca->crl, sizeof(ca->crl), "%s/client.crl",
				 plan.crl_base);
	}
	arena_deinit(&arena);
	return err;
}

int client_open(struct client_ca *ca, const char *state, char *why, size_t len)
{
	char dir[PATH_MAX], path[PATH_MAX];
	struct buf pem;

	memset(ca, 0, sizeof(*ca));
	if (impl_path(dir, sizeof(dir), state, "ca") < 0 ||
	    !hierarchy_exists(dir))
		return impl_fail(why, len, MG_EINVAL,
				 "%s holds no CA; `moongate ca init` makes one",
				 state);
	if (impl_path(path, sizeof(path), dir, "client.crt") >= 0)
		ca->cert = cert_read(path, 0);
	if (impl_path(path, sizeof(path), dir, "client.key") >= 0)
		ca->key = cert_read_key(path, NULL);
	if (!ca->cert || !ca->key)
		return impl_fail(why, len, MG_EIO,
				 "%s: the client CA cannot be read: %s", dir,
				 cert_why());
	buf_init(&pem, PEM_MAX);
	int err = cert_print(ca->cert, &pem);
	if (err >= 0)
		err = context_issuer_of(buf_slice(&pem), ca->issuer);
	buf_deinit(&pem);
	return err < 0 ? err : read_about(ca, dir, why, len);
}

static X509 *issue(const struct client_ca *ca, const struct enrol_wish *wish,
		   EVP_PKEY *key, struct enrol_gift *gift)
{
	char name[CN_MAX + 1], uri[300];
	bool device = wish->device != NULL;

	snprintf(name, sizeof(name), "%s%s%s", wish->name, device ? " " : "",
		 device ? wish->device : "");
	snprintf(gift->urn, sizeof(gift->urn),
		 "urn:moongate:org:%s:endpoint:%s%s%s", ca->urn_org, wish->name,
		 device ? ":device:" : "", device ? wish->device : "");
	snprintf(uri, sizeof(uri), "URI:%s", gift->urn);
	gift->not_after = cert_now() + (int64_t)wish->days * DAY;

	struct cert_spec spec = {
		.org = ca->org,
		.name = name,
		.issuer = ca->cert,
		.issuer_key = ca->key,
		.key = key,
		.from = cert_now() - BACKDATED,
		.to = gift->not_after,
		.usage = "critical,digitalSignature",
		.ext_usage = "clientAuth",
		.alt_name = uri,
		.crl_url = ca->crl,
		.subject_key_id = true,
	};
	return cert_issue(&spec);
}

static int print_serial(const X509 *cert, char out[41])
{
	BIGNUM *bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), NULL);
	char *hex = bn ? BN_bn2hex(bn) : NULL;
	const char *at = hex;

	if (!hex || strlen(hex) > 40) {
		OPENSSL_free(hex);
		BN_free(bn);
		return MG_EIO;
	}
	while (*at == '0' && at[1])
		at++;
	size_t n = 0;
	for (; at[n]; n++)
		out[n] = (char)tolower((unsigned char)at[n]);
	out[n] = '\0';
	OPENSSL_free(hex);
	BN_free(bn);
	return MG_OK;
}

/* Old importers (Windows before 2019, macOS before 2021) read 3DES with a
 * SHA-1 MAC only; the rest gets AES-256 and SHA-256. */
static PKCS12 *pack(const struct client_ca *ca, const struct enrol_wish *wish,
		    EVP_PKEY *key, X509 *cert)
{
	int pbe = wish->legacy ? NID_pbe_WithSHA1And3_Key_TripleDES_CBC
			       : NID_aes_256_cbc;
	int turns = wish->legacy ? ITERATIONS_LEGACY : ITERATIONS;
	STACK_OF(X509) *chain = sk_X509_new_null();
	char name[160];

	snprintf(name, sizeof(name), "Moongate %.60s%s%.60s", wish->name,
		 wish->device ? " " : "", wish->device ? wish->device : "");
	sk_X509_push(chain, ca->cert);
	PKCS12 *p12 = PKCS12_create(wish->password, name, key, cert, chain, pbe,
				    pbe, turns, -1, 0);
	sk_X509_free(chain);
	if (p12 && !PKCS12_set_mac(p12, wish->password, -1, NULL, 0, turns,
				   wish->legacy ? EVP_sha1() : EVP_sha256())) {
		PKCS12_free(p12);
		p12 = NULL;
	}
	return p12;
}

static int wrap(const struct client_ca *ca, const struct enrol_wish *wish,
		EVP_PKEY *key, X509 *cert, struct enrol_gift *gift)
{
	PKCS12 *p12 = pack(ca, wish, key, cert);
	unsigned char *der = NULL;
	int len = p12 ? i2d_PKCS12(p12, &der) : -1;
	int err = len > 0 ? buf_add_at(&gift->p12, der, (size_t)len) : MG_EIO;

	if (der)
		OPENSSL_clear_free(der, (size_t)len);
	PKCS12_free(p12);
	err = err < 0 ? err : cert_print(cert, &gift->cert);
	err = err < 0 ? err : cert_print_key(key, NULL, &gift->key);
	return err < 0 ? err : print_serial(cert, gift->serial);
}

int client_make(const struct client_ca *ca, const struct enrol_wish *wish,
		struct enrol_gift *gift, char *why, size_t len)
{
	EVP_PKEY *key = cert_key_new();
	X509 *cert = key ? issue(ca, wish, key, gift) : NULL;
	int err = cert ? wrap(ca, wish, key, cert, gift) : MG_EIO;

	X509_free(cert);
	EVP_PKEY_free(key);
	return err < 0 ? impl_fail(why, len, err,
				   "the certificate could not be made: %s",
				   cert_why())
		       : MG_OK;
}
