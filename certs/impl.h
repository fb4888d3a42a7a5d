/* impl.h - what the files of certs share. */
#pragma once
#include "certs/cert.h"
#include "certs/roster.h"

/* Signs DIR/crl/NAME.crl anew: keeps what is on it, adds `serial` (NULL: none),
 * counts its number up. */
int impl_crl_add(const char *dir, const char *name, X509 *issuer,
		 EVP_PKEY *issuer_key, const ASN1_INTEGER *serial, int64_t to);

/* PATH_MAX is enough for anybody; longer is refused. */
int impl_path(char *out, size_t len, const char *dir, const char *name);

int impl_fail(char *why, size_t len, int err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
