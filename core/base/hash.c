/* hash.c - see hash.h */
#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93u;
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93u;
	return h ^ h >> 32;
}

uint64_t hash_table(struct mg_slice s)
{
	static uint64_t seed;
	size_t i = 0;

	while (!seed)
		hash_random(&seed, sizeof(seed));

	uint64_t h = seed ^ s.len;
	for (; i + 8 <= s.len; i += 8) {
		uint64_t word;
		memcpy(&word, s.at + i, 8);
		h = mix(h ^ word) + seed;
	}
	uint64_t tail = 0;
	if (i < s.len)
		memcpy(&tail, s.at + i, s.len - i);
	return mix(h ^ tail);
}

static uint32_t crc_by_table(uint32_t crc, const unsigned char *p, size_t len)
{
	static uint32_t table[256];

	if (!table[1])
		for (uint32_t n = 0; n < 256; n++) {
			uint32_t c = n;
			for (int k = 0; k < 8; k++)
				c = c & 1 ? c >> 1 ^ 0x82f63b78u : c >> 1;
			table[n] = c;
		}
	for (size_t i = 0; i < len; i++)
		crc = table[(crc ^ p[i]) & 0xff] ^ crc >> 8;
	return crc;
}

#ifdef __x86_64__
__attribute__((target("sse4.2"))) static uint32_t
crc_by_chip(uint32_t crc, const unsigned char *p, size_t len)
{
	uint64_t wide = crc, word;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&word, p, 8);
		wide = __builtin_ia32_crc32di(wide, word);
	}
	crc = (uint32_t)wide;
	for (; len; p++, len--)
		crc = __builtin_ia32_crc32qi(crc, *p);
	return crc;
}
#endif

uint32_t hash_crc32c(uint32_t crc, const void *at, size_t len)
{
#ifdef __x86_64__
	/* Every event is summed on the path of a request. */
	if (__builtin_cpu_supports("sse4.2"))
		return ~crc_by_chip(~crc, at, len);
#endif
	return ~crc_by_table(~crc, at, len);
}

void hash_sha256(struct mg_slice s, unsigned char out[32])
{
	SHA256((const unsigned char *)s.at, s.len, out);
}

void hash_hmac256(struct mg_slice key, struct mg_slice s, unsigned char out[32])
{
	HMAC(EVP_sha256(), key.at, (int)key.len, (const unsigned char *)s.at,
	     s.len, out, NULL);
}

void hash_hex(const unsigned char *at, size_t len, char *out)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digit[at[i] >> 4];
		out[2 * i + 1] = digit[at[i] & 15];
	}
	out[2 * len] = '\0';
}

static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

int hash_base64_decode(struct mg_slice s, unsigned char *out, size_t max)
{
	uint32_t bits = 0;
	size_t n = 0, have = 0;

	while (s.len && s.at[s.len - 1] == '=')
		s.len--;
	for (size_t i = 0; i < s.len; i++) {
		int six = sextet(s.at[i]);
		if (six < 0)
			return MG_EPROTO;
		bits = bits << 6 | (uint32_t)six;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (n == max)
			return MG_ETOOBIG;
		out[n++] = (unsigned char)(bits >> have);
	}
	return (int)n;
}

void hash_random(void *at, size_t len)
{
	for (size_t got = 0; got < len;) {
		ssize_t n = getrandom((char *)at + got, len - got, 0);
		if (n <= 0)
			abort();
		got += (size_t)n;
	}
}

int hash_same(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}
