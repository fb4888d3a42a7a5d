/* leaf.h - a certificate minted for one covered host, with its key.
 *
 * The signer gives all its leaves one key and one chain: that is the kit. A
 * leaf is a certificate on top of a kit. Reference-counted, because the shelf
 * and the handshakes that use a leaf end in any order.
 */
#pragma once
#include "abi/mg.h"

struct leaf_kit;
struct leaf;

/* `key` is PKCS#8 DER, `chain` is certificates in DER, one after the other,
 * the issuer of the leaves first. NULL when either cannot be read. */
struct leaf_kit *leaf_kit_new(struct mg_slice key, struct mg_slice chain);
void leaf_kit_free(struct leaf_kit *kit); /* its leaves live on */

/* NULL when `cert` (DER) cannot be read or does not fit the kit's key. One
 * holder: the caller. */
struct leaf *leaf_new(const struct leaf_kit *kit, struct mg_slice cert);
struct leaf *leaf_use(struct leaf *leaf);
void leaf_done(struct leaf *leaf); /* NULL is fine */

/* Seconds since 1970. */
int64_t leaf_not_after(const struct leaf *leaf);
