/* mint.h - makes leaves. Lives in the signer, and nowhere else.
 *
 *   inspection CA (certificate, key) + leaf key + host --> leaf (DER)
 *
 * A leaf is as small as every client accepts: v3, 20 random bytes of serial,
 * the exact host as its one SAN, digitalSignature, serverAuth, AKI, CRL
 * distribution point; P-256; seven days at most, backdated by two for clocks
 * that are wrong. All leaves of one mint share one key, made with the mint and
 * never the CA's.
 *
 * The mint refuses what its CA's name constraints do not permit, before any
 * client has to.
 */
#pragma once
#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

struct mint;

/* Once, before the first mint: keys then live in memory that is locked and left
 * out of dumps, where the system allows it. */
void mint_secure(void);

struct mint_profile {
	uint32_t leaf_days;  /* 3..7 */
	const char *crl_url; /* NULL or "" leaves the extension out */
};

enum { MINT_HOST_MAX = 253 };

/* `ca` is PEM: the inspection certificate, then what leads to the root. NULL
 * with a sentence in `why`. The key (PEM) is wiped from OpenSSL's memory by
 * mint_free. */
struct mint *mint_new(struct mg_slice ca, struct mg_slice key,
		      const struct mint_profile *profile, char *why,
		      size_t why_len);
void mint_free(struct mint *mint);

/* A host name that a leaf can carry: lower case, letters, digits and hyphens,
 * no wildcard, no address, no dot at the end. */
bool mint_is_host(struct mg_slice host);

/* Within the CA's name constraints. A CA without constraints permits
 * nothing. */
bool mint_permits(const struct mint *mint, struct mg_slice host);

/* The i-th permitted name; empty past the end. */
struct mg_slice mint_permitted_at(const struct mint *mint, uint32_t i);

/* Appends the leaf in DER. MG_EINVAL: not a host. MG_ESTOP: not permitted. */
int mint_leaf(struct mint *mint, struct mg_slice host, struct buf *out);

/* What leaf_kit_new wants: the leaf key in PKCS#8 DER, the chain in DER. */
int mint_kit(const struct mint *mint, struct buf *key, struct buf *chain);

/* When the CA itself ends, in seconds since 1970. */
int64_t mint_not_after(const struct mint *mint);
