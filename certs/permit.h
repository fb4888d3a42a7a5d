/* permit.h - the covered hosts as name constraints.
 *
 *   api.x.com   -> api.x.com      .x.com, *.x.com -> x.com
 *   *-api.x.com -> REGION-api.x.com, for each of permit_regions
 *
 * RFC 5280 has no "exactly this": a dNSName constraint permits the name and
 * everything below it. A name below another is left out. IP addresses are
 * excluded whole, both kinds; a top-level domain is never permitted.
 */
#pragma once
#include <openssl/x509v3.h>
#include <stdbool.h>

#include "base/slice.h"

/* *out is the caller's. MG_EINVAL names the pattern at fault. */
int permit_build(const char *proxy, const char *const *hosts, uint32_t count,
		 NAME_CONSTRAINTS **out, char *why, size_t len);

/* As permit_build, and throws the result away. */
int permit_check(const char *proxy, const char *const *hosts, uint32_t count,
		 char *why, size_t len);

/* Google Cloud's; ends with NULL. */
extern const char *const permit_regions[];

bool permit_allows(X509 *ca, const char *host);
