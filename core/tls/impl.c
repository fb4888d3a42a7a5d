/* impl.c - see impl.h */
#include "tls/impl.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <time.h>

#include "base/hash.h"

int impl_time(const ASN1_TIME *time, int64_t *out)
{
	struct tm tm;

	if (!time || !ASN1_TIME_to_tm(time, &tm))
		return MG_EPROTO;
	*out = (int64_t)timegm(&tm);
	return MG_OK;
}

void impl_why(char *why, size_t len, const char *what)
{
	unsigned long err = ERR_peek_last_error();
	const char *text = err ? ERR_reason_error_string(err) : NULL;

	snprintf(why, len, "%s%s%s", what, text ? ": " : "", text ? text : "");
	ERR_clear_error();
}

int impl_fingerprint(const X509 *cert, char out[33])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len;

	if (!X509_digest(cert, EVP_sha256(), digest, &len))
		return MG_EIO;
	hash_hex(digest, 16, out);
	return MG_OK;
}
