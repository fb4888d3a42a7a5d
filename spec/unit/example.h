/* example.h - rows' examples, with made-up characters for the secret parts.
 *
 *   "ghp_{36:w}"  ->  "ghp_" and 36 letters and digits, always the same ones
 *
 * Classes: w letters and digits, b also - and _, h hex, H hex in capitals,
 * x hex of both cases, a small letters and digits, A capitals and digits,
 * d digits, l letters, 2 base32, / base64, = and . as b with that byte.
 */
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *example_class(char name)
{
	switch (name) {
	case 'h':
	case 'x':
		return "0123456789abcdef";
	case 'H':
		return "0123456789ABCDEF";
	case 'a':
		return "abcdefghijklmnopqrstuvwxyz0123456789";
	case 'A':
		return "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	case 'd':
		return "0123456789";
	case 'l':
		return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	case '2':
		return "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	default:
		return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		       "0123456789";
	}
}

/* Writes the example into `out`; returns its length. */
static inline size_t example_expand(const char *text, char *out, size_t max)
{
	uint32_t seed = 2463534242u;
	size_t len = 0;

	for (const char *at = text; *at && len + 1 < max;) {
		char name, *rest;
		unsigned long n = *at == '{' ? strtoul(at + 1, &rest, 10) : 0;

		if (!n || rest[0] != ':' || !rest[1] || rest[2] != '}') {
			out[len++] = *at++;
			continue;
		}
		name = rest[1];
		at = rest + 3;
		const char *class = example_class(name);
		for (; n && len + 1 < max; n--) {
			seed ^= seed << 13;
			seed ^= seed >> 17;
			seed ^= seed << 5;
			out[len++] = class[seed % strlen(class)];
		}
	}
	out[len] = '\0';
	return len;
}
