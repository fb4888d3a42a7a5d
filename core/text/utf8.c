/* utf8.c - see utf8.h */
#include "text/utf8.h"

size_t utf8_put(uint32_t point, char *out)
{
	if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
		point = 0xfffd;
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

size_t utf8_len(struct mg_slice s)
{
	const unsigned char *p = (const unsigned char *)s.at;

	if (!s.len)
		return 0;
	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2)
		return 0;
	if (s.len < 2 || (p[1] & 0xc0) != 0x80)
		return 0;
	if (p[0] < 0xe0)
		return 2;
	if (s.len < 3 || (p[2] & 0xc0) != 0x80)
		return 0;
	if (p[0] < 0xf0) {
		bool overlong = p[0] == 0xe0 && p[1] < 0xa0;
		bool surrogate = p[0] == 0xed && p[1] >= 0xa0;
		return overlong || surrogate ? 0 : 3;
	}
	if (s.len < 4 || (p[3] & 0xc0) != 0x80)
		return 0;
	if (p[0] == 0xf0)
		return p[1] >= 0x90 ? 4 : 0;
	if (p[0] < 0xf4)
		return 4;
	return p[0] == 0xf4 && p[1] < 0x90 ? 4 : 0;
}

/* How many ASCII bytes stand at the front, counted eight at a time. */
static size_t ascii_run(const char *at, size_t len)
{
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		uint64_t word;
		memcpy(&word, at + i, 8);
		if (word & 0x8080808080808080u)
			break;
	}
	while (i < len && (unsigned char)at[i] < 0x80)
		i++;
	return i;
}

/* One character of two or three bytes, from the four at `at`: the two lengths
 * that nearly all text in other scripts is made of. 0: look closer. */
static size_t usual_len(const char *at)
{
	const unsigned char *p = (const unsigned char *)at;
	uint32_t w = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;

	if ((w & 0xc0c0f0) == 0x8080e0) {
		uint32_t first = w & 0x200f; /* the bits that must not be */
		return first && first != 0x200d ? 3 : 0;
	}
	return (w & 0xc0e0) == 0x80c0 && w & 0x1e ? 2 : 0;
}

bool utf8_valid(struct mg_slice s)
{
	while (s.len) {
		size_t n = 0;
		if ((unsigned char)*s.at < 0x80)
			n = ascii_run(s.at, s.len);
		else if (s.len >= 3)
			n = usual_len(s.at);
		if (!n)
			n = utf8_len(s);
		if (!n)
			return false;
		s.at += n;
		s.len -= n;
	}
	return true;
}

bool utf8_is_text(struct mg_slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		/* Escape (0x1b) stays: terminal output is pasted a lot. */
		if (c == 0x7f || (c < 0x20 && c != '\t' && c != '\n' &&
				  c != '\r' && c != '\f' && c != 0x1b))
			return false;
	}
	return utf8_valid(s);
}
