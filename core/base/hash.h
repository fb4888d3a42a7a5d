/* hash.h - fingerprints. The only place outside tls and certs that asks
 * OpenSSL for anything. */
#pragma once
#include "abi/mg.h"

/* 64 bits, fast, keyed per process against flooding: for tables. */
uint64_t hash_table(struct mg_slice s);

uint32_t hash_crc32c(uint32_t crc, const void *at, size_t len);
void hash_sha256(struct mg_slice s, unsigned char out[32]);
void hash_hmac256(struct mg_slice key, struct mg_slice s,
		  unsigned char out[32]);

/* Lower-case hexadecimal and a NUL: `out` holds 2 * len + 1. */
void hash_hex(const unsigned char *at, size_t len, char *out);
int hash_base64_decode(struct mg_slice s, unsigned char *out, size_t max);

/* Unpredictable bytes; aborts when the system has none. */
void hash_random(void *at, size_t len);

/* Takes as long whether or not they differ. */
int hash_same(const void *a, const void *b, size_t len);
