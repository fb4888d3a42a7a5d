/* base64.c - see base64.h */
#include "text/base64.h"

enum { BAD = 64, SPACE = 65, PAD = 66 };

static const char ALPHABET[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static unsigned char value_of[256];

/* The same bytes whoever writes them first, so it needs no lock. */
static const unsigned char *values(void)
{
	if (value_of[0] == BAD)
		return value_of;
	for (int c = 255; c >= 0; c--) {
		const char *at = c ? memchr(ALPHABET, c, 64) : NULL;
		value_of[c] = at ? (unsigned char)(at - ALPHABET) : BAD;
		if (c == '-' || c == '_')
			value_of[c] = c == '-' ? 62 : 63;
		if (c == '=')
			value_of[c] = PAD;
		if (c == ' ' || c == '\n' || c == '\r' || c == '\t')
			value_of[c] = SPACE;
	}
	return value_of;
}

bool base64_is(struct mg_slice s)
{
	const unsigned char *value = values();
	size_t digits = 0, pads = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned v = value[(unsigned char)s.at[i]];
		if (v == BAD || (pads && v < BAD))
			return false;
		digits += v < BAD;
		pads += v == PAD;
	}
	return digits && pads <= 2 && digits % 4 != 1 &&
	       (!pads || (digits + pads) % 4 == 0);
}

int base64_decode(struct arena *a, struct mg_slice s, struct mg_slice *out)
{
	const unsigned char *value = values();
	uint32_t bits = 0, have = 0;
	size_t n = 0;

	if (!base64_is(s))
		return MG_EPROTO;
	char *at = arena_alloc(a, s.len / 4 * 3 + 4);
	for (size_t i = 0; i < s.len; i++) {
		unsigned v = value[(unsigned char)s.at[i]];
		if (v >= BAD)
			continue;
		bits = bits << 6 | v;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		at[n++] = (char)(bits >> have);
	}
	*out = slice(at, n);
	return MG_OK;
}

int base64_encode(struct mg_slice s, struct buf *out)
{
	char *at = buf_room(out, (s.len + 2) / 3 * 4);
	size_t n = 0;

	if (!at)
		return MG_ETOOBIG;
	for (size_t i = 0; i < s.len; i += 3) {
		size_t left = s.len - i;
		uint32_t b = (uint32_t)(unsigned char)s.at[i] << 16;
		if (left > 1)
			b |= (uint32_t)(unsigned char)s.at[i + 1] << 8;
		if (left > 2)
			b |= (unsigned char)s.at[i + 2];
		at[n++] = ALPHABET[b >> 18];
		at[n++] = ALPHABET[b >> 12 & 63];
		at[n++] = left > 1 ? ALPHABET[b >> 6 & 63] : '=';
		at[n++] = left > 2 ? ALPHABET[b & 63] : '=';
	}
	buf_grow(out, n);
	return MG_OK;
}
