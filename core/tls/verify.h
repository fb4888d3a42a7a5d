/* verify.h - is this upstream who it says, and if not, why not.
 *
 * OpenSSL judges the chain; what it answered is kept for five minutes per
 * (certificates, host), because the same few hosts answer all day and judging
 * one costs as much as the rest of a handshake. Only good answers are kept.
 * A bad one becomes a sentence for the person who reads the 502.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum verify_reason {
	VERIFY_OK,
	VERIFY_EXPIRED,
	VERIFY_NOT_YET,
	VERIFY_WRONG_HOST,
	VERIFY_SELF_SIGNED,
	VERIFY_UNTRUSTED_ROOT,
	VERIFY_INCOMPLETE,
	VERIFY_REVOKED,
	VERIFY_WEAK_KEY,
	VERIFY_WEAK_HASH,
	VERIFY_PURPOSE,
	VERIFY_CONSTRAINTS,
	VERIFY_NOT_A_CA,
	VERIFY_BROKEN,
	VERIFY_TOO_LARGE,
	VERIFY_OLD_PROTOCOL,
	VERIFY_WEAK_CIPHERS,
	VERIFY_WANTS_CERTIFICATE,
	VERIFY_NO_TLS,
	VERIFY_ALPN,
	VERIFY_CLOSED,
	VERIFY_OTHER,
	VERIFY_REASONS, /* how many; must be last */
};

/* A word for events and metrics: "expired". Static, never NULL. */
const char *verify_word(enum verify_reason reason);

struct ssl_st; /* OpenSSL calls it SSL */

/* Why the handshake of an upstream SSL failed, as a sentence in `why`: "the
 * certificate of api.x.com expired on 2026-01-31". Call it before anything
 * else touches OpenSSL's error queue, which it empties. */
enum verify_reason verify_reason(struct ssl_st *ssl, char *why, size_t len);
