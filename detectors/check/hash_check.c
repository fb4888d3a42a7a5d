/* hash_check.c - see check.h: the checks that are hashes and codes. */
#include <ctype.h>
#include <string.h>

#include "base/hash.h"
#include "base/slice.h"
#include "detectors/check/check.h"

enum { BASE58_MAX = 120, BYTES_MAX = 96 };

static int base58_value(char c)
{
	static const char alphabet[] =
		"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

/* Big-endian bytes, leading zeros kept; how many, or -1. */
static int base58_decode(const char *text, uint32_t n, unsigned char *out)
{
	unsigned char low[BYTES_MAX] = { 0 }; /* least byte first */
	uint32_t len = 0, zeros = 0;

	if (n > BASE58_MAX)
		return -1;
	while (zeros < n && text[zeros] == '1')
		zeros++;
	for (uint32_t i = zeros; i < n; i++) {
		int carry = base58_value(text[i]);

		if (carry < 0)
			return -1;
		for (uint32_t k = 0; k < len; k++) {
			carry += low[k] * 58;
			low[k] = (unsigned char)carry;
			carry >>= 8;
		}
		for (; carry; carry >>= 8) {
			if (len == BYTES_MAX)
				return -1;
			low[len++] = (unsigned char)carry;
		}
	}
	if (zeros + len > BYTES_MAX)
		return -1;
	memset(out, 0, zeros);
	for (uint32_t i = 0; i < len; i++)
		out[zeros + i] = low[len - 1 - i];
	return (int)(zeros + len);
}

int check_base58(const char *text, uint32_t n, unsigned char *version)
{
	unsigned char bytes[BYTES_MAX], sum[32];
	int len = base58_decode(text, n, bytes);

	if (len < 5)
		return -1;
	hash_sha256(slice((const char *)bytes, (size_t)len - 4), sum);
	hash_sha256(slice((const char *)sum, sizeof(sum)), sum);
	if (memcmp(sum, bytes + len - 4, 4) != 0)
		return -1;
	*version = bytes[0];
	return len - 4;
}

static uint32_t bech32_step(uint32_t sum, uint32_t value)
{
	static const uint32_t generator[] = { 0x3b6a57b2, 0x26508e6d,
					      0x1ea119fa, 0x3d4233dd,
					      0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (int i = 0; i < 5; i++)
		if (top >> i & 1)
			sum ^= generator[i];
	return sum;
}

int check_bech32(const char *text, uint32_t n, const char *hrp)
{
	static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	uint32_t head = (uint32_t)strlen(hrp), sum = 1;

	if (n < head + 7 || text[head] != '1')
		return 0;
	for (uint32_t i = 0; i < head; i++) {
		if (tolower((unsigned char)text[i]) != hrp[i])
			return 0;
		sum = bech32_step(sum, (unsigned char)hrp[i] >> 5);
	}
	sum = bech32_step(sum, 0);
	for (uint32_t i = 0; i < head; i++)
		sum = bech32_step(sum, (unsigned char)hrp[i] & 31);
	for (uint32_t i = head + 1; i < n; i++) {
		int c = tolower((unsigned char)text[i]);
		const char *at = c ? strchr(alphabet, c) : NULL;

		if (!at)
			return 0;
		sum = bech32_step(sum, (uint32_t)(at - alphabet));
	}
	return sum == 1 ? 1 : sum == 0x2bc830a3 ? 2 : 0;
}

static uint64_t rotate(uint64_t x, unsigned n)
{
	return n ? x << n | x >> (64 - n) : x;
}

static void keccak_rounds(uint64_t a[25])
{
	static const uint8_t turn[25] = { 0,  1, 62, 28, 27, 36, 44, 6,  55,
					  20, 3, 10, 43, 25, 39, 41, 45, 15,
					  21, 8, 18, 2,  61, 56, 14 };
	uint8_t lfsr = 1;

	for (int round = 0; round < 24; round++) {
		uint64_t c[5], b[25];

		for (int x = 0; x < 5; x++)
			c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^
			       a[x + 20];
		for (int i = 0; i < 25; i++)
			a[i] ^= c[(i + 4) % 5] ^ rotate(c[(i + 1) % 5], 1);
		for (int y = 0; y < 5; y++)
			for (int x = 0; x < 5; x++)
				b[y + 5 * ((2 * x + 3 * y) % 5)] =
					rotate(a[x + 5 * y], turn[x + 5 * y]);
		for (int y = 0; y < 25; y += 5)
			for (int x = 0; x < 5; x++)
				a[y + x] = b[y + x] ^ (~b[y + (x + 1) % 5] &
						       b[y + (x + 2) % 5]);
		for (int k = 0; k < 7; k++) {
			if (lfsr & 1)
				a[0] ^= 1ull << ((1 << k) - 1);
			lfsr = (uint8_t)(lfsr << 1 ^ (lfsr & 0x80 ? 0x71 : 0));
		}
	}
}

/* Keccak-256 with its first padding, of at most 135 bytes. */
static void keccak256(const char *text, uint32_t n, unsigned char out[32])
{
	uint64_t state[25] = { 0 };
	unsigned char block[136] = { 0 };

	memcpy(block, text, n);
	block[n] = 1;
	block[135] |= 0x80;
	for (int i = 0; i < 136; i++)
		state[i / 8] |= (uint64_t)block[i] << 8 * (i % 8);
	keccak_rounds(state);
	for (int i = 0; i < 32; i++)
		out[i] = (unsigned char)(state[i / 8] >> 8 * (i % 8));
}

bool check_eip55(const char *text)
{
	unsigned char sum[32];
	char low[40];

	for (int i = 0; i < 40; i++)
		low[i] = (char)tolower((unsigned char)text[2 + i]);
	keccak256(low, 40, sum);
	for (int i = 0; i < 40; i++) {
		int nibble = sum[i / 2] >> (i % 2 ? 0 : 4) & 15;
		char c = text[2 + i];

		if (isalpha((unsigned char)c) &&
		    (nibble >= 8) != (isupper((unsigned char)c) != 0))
			return false;
	}
	return true;
}

uint32_t check_crc32(const char *text, uint32_t n)
{
	uint32_t crc = ~0u;

	for (uint32_t i = 0; i < n; i++) {
		crc ^= (unsigned char)text[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}
