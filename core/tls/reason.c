/* reason.c - verify_reason of verify.h: OpenSSL's codes as sentences.
 *
 * Two tables: what was wrong with the certificate, and what went wrong before
 * there was one. A sentence starts with the host, its certificate or
 * its chain, so that it can stand after "502: ".
 */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

#include "tls/verify_impl.h"

/* In `text`, @ stands for the date that matters. */
struct fault {
	int code;
	enum verify_reason reason;
	const char *text;
};

static const struct fault chain_fault[] = {
	{ X509_V_ERR_CERT_HAS_EXPIRED, VERIFY_EXPIRED, "expired on @" },
	{ X509_V_ERR_CERT_NOT_YET_VALID, VERIFY_NOT_YET,
	  "is not valid before @; is this machine's clock right?" },
	{ X509_V_ERR_HOSTNAME_MISMATCH, VERIFY_WRONG_HOST,
	  "is for another host" },
	{ X509_V_ERR_IP_ADDRESS_MISMATCH, VERIFY_WRONG_HOST,
	  "is for another address" },
	{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, VERIFY_SELF_SIGNED,
	  "is self-signed" },
	{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, VERIFY_UNTRUSTED_ROOT,
	  "ends at a root that is not trusted here" },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, VERIFY_UNTRUSTED_ROOT,
	  "comes from an issuer that is not known here" },
	{ X509_V_ERR_CERT_UNTRUSTED, VERIFY_UNTRUSTED_ROOT,
	  "comes from an issuer that is not trusted for this" },
	{ X509_V_ERR_CERT_REJECTED, VERIFY_UNTRUSTED_ROOT,
	  "comes from an issuer that is rejected here" },
	{ X509_V_ERR_CERT_REVOKED, VERIFY_REVOKED, "is revoked" },
	{ X509_V_ERR_CRL_HAS_EXPIRED, VERIFY_REVOKED,
	  "cannot be checked: the revocation list is out of date" },
	{ X509_V_ERR_CRL_SIGNATURE_FAILURE, VERIFY_REVOKED,
	  "cannot be checked: the revocation list's signature is wrong" },
	{ X509_V_ERR_EE_KEY_TOO_SMALL, VERIFY_WEAK_KEY,
	  "has a key that is too short" },
	{ X509_V_ERR_CA_KEY_TOO_SMALL, VERIFY_WEAK_KEY,
	  "has a key that is too short" },
	{ X509_V_ERR_CA_MD_TOO_WEAK, VERIFY_WEAK_HASH,
	  "is signed with SHA-1 or MD5, which can be forged" },
	{ X509_V_ERR_INVALID_PURPOSE, VERIFY_PURPOSE,
	  "is not meant for servers" },
	{ X509_V_ERR_PERMITTED_VIOLATION, VERIFY_CONSTRAINTS,
	  "is outside of what its issuer may sign" },
	{ X509_V_ERR_EXCLUDED_VIOLATION, VERIFY_CONSTRAINTS,
	  "is outside of what its issuer may sign" },
	{ X509_V_ERR_SUBTREE_MINMAX, VERIFY_CONSTRAINTS,
	  "has name constraints that cannot be read" },
	{ X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, VERIFY_CONSTRAINTS,
	  "has name constraints that cannot be read" },
	{ X509_V_ERR_INVALID_CA, VERIFY_NOT_A_CA, "signs others and is no CA" },
	{ X509_V_ERR_KEYUSAGE_NO_CERTSIGN, VERIFY_NOT_A_CA,
	  "signs others and may not" },
	{ X509_V_ERR_PATH_LENGTH_EXCEEDED, VERIFY_NOT_A_CA,
	  "has a longer chain than its issuer allows" },
	{ X509_V_ERR_CERT_CHAIN_TOO_LONG, VERIFY_NOT_A_CA,
	  "has too long a chain" },
	{ X509_V_ERR_CERT_SIGNATURE_FAILURE, VERIFY_BROKEN,
	  "has a wrong signature" },
	{ X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, VERIFY_BROKEN,
	  "has a critical extension that nobody here knows" },
	{ X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, VERIFY_BROKEN,
	  "has an unreadable date" },
	{ X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, VERIFY_BROKEN,
	  "has an unreadable date" },
};

static const struct fault handshake_fault[] = {
	{ SSL_R_UNSUPPORTED_PROTOCOL, VERIFY_OLD_PROTOCOL,
	  "offers no TLS newer than 1.1" },
	{ SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, VERIFY_OLD_PROTOCOL,
	  "offers no TLS newer than 1.1" },
	{ SSL_R_WRONG_SSL_VERSION, VERIFY_OLD_PROTOCOL,
	  "offers no TLS newer than 1.1" },
	{ SSL_R_NO_PROTOCOLS_AVAILABLE, VERIFY_OLD_PROTOCOL,
	  "offers no TLS newer than 1.1" },
	{ SSL_R_INAPPROPRIATE_FALLBACK, VERIFY_OLD_PROTOCOL,
	  "takes part in a TLS downgrade" },
	{ SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, VERIFY_WEAK_CIPHERS,
	  "shares no safe cipher suite with us" },
	{ SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY, VERIFY_WEAK_CIPHERS,
	  "shares no safe cipher suite with us" },
	{ SSL_R_WRONG_CIPHER_RETURNED, VERIFY_WEAK_CIPHERS,
	  "chose a cipher suite that was not offered" },
	{ SSL_R_UNKNOWN_CIPHER_RETURNED, VERIFY_WEAK_CIPHERS,
	  "chose a cipher suite that was not offered" },
	{ SSL_R_DH_KEY_TOO_SMALL, VERIFY_WEAK_KEY,
	  "uses Diffie-Hellman below 2048 bits" },
	{ SSL_R_EE_KEY_TOO_SMALL, VERIFY_WEAK_KEY,
	  "has a certificate whose key is too short" },
	{ SSL_R_CA_KEY_TOO_SMALL, VERIFY_WEAK_KEY,
	  "has a certificate signed with a key that is too short" },
	{ SSL_R_CA_MD_TOO_WEAK, VERIFY_WEAK_HASH,
	  "has a certificate signed with SHA-1 or MD5" },
	{ SSL_R_WRONG_SIGNATURE_TYPE, VERIFY_WEAK_HASH,
	  "signs with an algorithm that is not accepted" },
	{ SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, VERIFY_WANTS_CERTIFICATE,
	  "asks for a client certificate" },
	{ SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, VERIFY_WANTS_CERTIFICATE,
	  "asks for a client certificate" },
	{ SSL_R_SSLV3_ALERT_NO_CERTIFICATE, VERIFY_WANTS_CERTIFICATE,
	  "asks for a client certificate" },
	{ SSL_R_EXCESSIVE_MESSAGE_SIZE, VERIFY_TOO_LARGE,
	  "sends certificates that are too large" },
	{ SSL_R_WRONG_VERSION_NUMBER, VERIFY_NO_TLS, "does not speak TLS" },
	{ SSL_R_HTTP_REQUEST, VERIFY_NO_TLS, "does not speak TLS" },
	{ SSL_R_PACKET_LENGTH_TOO_LONG, VERIFY_NO_TLS, "does not speak TLS" },
	{ SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL, VERIFY_ALPN,
	  "speaks no HTTP version that we do" },
	{ SSL_R_TLSV1_UNRECOGNIZED_NAME, VERIFY_WRONG_HOST,
	  "does not know that name" },
	{ SSL_R_UNEXPECTED_EOF_WHILE_READING, VERIFY_CLOSED,
	  "closed the connection during the handshake" },
};

static const char *const word[VERIFY_REASONS] = {
	[VERIFY_OK] = "ok",
	[VERIFY_EXPIRED] = "expired",
	[VERIFY_NOT_YET] = "not_yet_valid",
	[VERIFY_WRONG_HOST] = "wrong_host",
	[VERIFY_SELF_SIGNED] = "self_signed",
	[VERIFY_UNTRUSTED_ROOT] = "untrusted_root",
	[VERIFY_INCOMPLETE] = "incomplete_chain",
	[VERIFY_REVOKED] = "revoked",
	[VERIFY_WEAK_KEY] = "weak_key",
	[VERIFY_WEAK_HASH] = "weak_hash",
	[VERIFY_PURPOSE] = "wrong_purpose",
	[VERIFY_CONSTRAINTS] = "name_constraints",
	[VERIFY_NOT_A_CA] = "issuer_not_a_ca",
	[VERIFY_BROKEN] = "broken_certificate",
	[VERIFY_TOO_LARGE] = "too_large",
	[VERIFY_OLD_PROTOCOL] = "old_protocol",
	[VERIFY_WEAK_CIPHERS] = "weak_ciphers",
	[VERIFY_WANTS_CERTIFICATE] = "wants_client_certificate",
	[VERIFY_NO_TLS] = "no_tls",
	[VERIFY_ALPN] = "alpn",
	[VERIFY_CLOSED] = "closed",
	[VERIFY_OTHER] = "other",
};

const char *verify_word(enum verify_reason reason)
{
	return reason < VERIFY_REASONS ? word[reason] : "other";
}

static const struct fault *find(const struct fault *table, size_t n, int code)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].code == code)
			return &table[i];
	return NULL;
}

/* A chain that stops short: it was sent alone, or its issuer is unknown. */
static const struct fault *stops_short(const struct verify_note *note)
{
	static const struct fault alone = {
		0, VERIFY_INCOMPLETE,
		"comes without the certificate of its issuer, which is not "
		"known here"
	};
	static const struct fault unknown = {
		0, VERIFY_UNTRUSTED_ROOT,
		"comes from an issuer that is not trusted here"
	};
	return note->sent <= 1 && note->depth == 0 ? &alone : &unknown;
}

static const struct fault *chain_fault_of(const struct verify_note *note)
{
	static const struct fault other = { 0, VERIFY_OTHER,
					    "does not verify" };

	if (note->error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
	    note->error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE)
		return stops_short(note);
	const struct fault *f =
		find(chain_fault, ARRAY_LEN(chain_fault), note->error);
	return f ? f : &other;
}

static void put_date(int64_t when, char out[16])
{
	time_t t = (time_t)when;
	struct tm tm;

	if (!when || !gmtime_r(&t, &tm) || !strftime(out, 16, "%F", &tm))
		snprintf(out, 16, "%s", "a date unknown");
}

static enum verify_reason say_chain(const struct verify_note *note, char *why,
				    size_t len)
{
	const struct fault *f = chain_fault_of(note);
	const char *at = strchr(f->text, '@');
	char date[16];

	put_date(f->reason == VERIFY_NOT_YET ? note->from : note->to, date);
	snprintf(why, len, "%s %s %.*s%s%s",
		 note->depth ? "a certificate in the chain of"
			     : "the certificate of",
		 note->host, at ? (int)(at - f->text) : (int)strlen(f->text),
		 f->text, at ? date : "", at ? at + 1 : "");
	return f->reason;
}

enum verify_reason verify_reason(SSL *ssl, char *why, size_t len)
{
	static const struct fault closed = {
		0, VERIFY_CLOSED, "closed the connection during the handshake"
	};
	static const struct fault other = { 0, VERIFY_OTHER,
					    "fails the TLS handshake" };
	static const struct fault wants = { 0, VERIFY_WANTS_CERTIFICATE,
					    "asks for a client certificate" };
	const struct verify_note *note = verify_note_of(ssl);
	unsigned long err = ERR_peek_error();

	ERR_clear_error();
	if (note && note->error)
		return say_chain(note, why, len);

	const struct fault *f =
		err && ERR_GET_LIB(err) == ERR_LIB_SSL
			? find(handshake_fault, ARRAY_LEN(handshake_fault),
			       ERR_GET_REASON(err))
			: NULL;
	if (!f)
		f = err ? &other : &closed;
	/* TLS 1.2 has no alert of its own for it. */
	if (note && note->asked)
		f = &wants;
	snprintf(why, len, "%s %s", note ? note->host : "the upstream",
		 f->text);
	return f->reason;
}
