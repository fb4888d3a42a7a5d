/* cert.h - makes, reads and writes certificates and keys. For this directory:
 * what each kind of certificate is like is hierarchy.c's and enrol.c's. */
#pragma once
#include <openssl/x509v3.h>
#include <stdbool.h>

#include "base/buf.h"

struct cert_spec {
	const char *org;
	const char *name;     /* common name */
	X509 *issuer;         /* NULL: signs itself */
	EVP_PKEY *issuer_key; /* NULL: signs itself */
	EVP_PKEY *key;        /* the subject's */
	int64_t from, to;     /* seconds since 1970 */
	const char *basic;    /* extensions, in OpenSSL's words; */
	const char *usage;    /* NULL leaves one out */
	const char *ext_usage;
	const char *alt_name; /* "DNS:..." or "URI:..." */
	const char *crl_url;
	NAME_CONSTRAINTS *constraints;
	bool subject_key_id;
};

/* All return NULL on failure, with OpenSSL's queue saying why. */
EVP_PKEY *cert_key_new(void); /* P-256 */
X509 *cert_issue(const struct cert_spec *spec);

/* A PEM file: the i-th certificate in it. */
X509 *cert_read(const char *path, int i);
/* An encrypted key needs `passphrase`, else NULL. */
EVP_PKEY *cert_read_key(const char *path, const char *passphrase);

/* Appends PEM. */
int cert_print(X509 *cert, struct buf *out);
/* PKCS#8; encrypted by scrypt and AES-256 when there is a passphrase. */
int cert_print_key(EVP_PKEY *key, const char *passphrase, struct buf *out);

/* 0600 in place, replacing what was there. */
int cert_write_key(const char *path, EVP_PKEY *key, const char *passphrase);

/* OpenSSL's last word, and its queue emptied. "" when it has none. */
const char *cert_why(void);

int64_t cert_now(void);
