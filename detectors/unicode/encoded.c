/* encoded.c - finds tokens that hold text, and takes it out.
 *
 *   token of base64 letters, 32 and more --> hex? base64? --> reads as text?
 *   three escapes in one token           --> the token with them undone
 *
 * What does not read as text (keys, hashes, images) is left after its first
 * bytes: entropy is no evidence.
 */
#include "detectors/unicode/encoded.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <string.h>

enum {
	TOKEN_LEAST = 32, /* bytes; a block of 16 lies within */
	BLOCK = 16,
	ESCAPES_LEAST = 3, /* in a token */
	AROUND = 128,      /* bytes of a line, on both sides of escapes */
	SAMPLE = 24,       /* decoded bytes that tell text from noise */
};

/* 0..63, or 64. Both alphabets of base64. */
static unsigned sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (unsigned)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a') + 26;
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0') + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : 64;
}

static unsigned nibble(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

static bool is_text(unsigned char c)
{
	return (c >= ' ' && c != 0x7f) || c == '\n' || c == '\t' || c == '\r';
}

/* Decoded bytes, at most `max`. Returns how many; 0 when one is of no text. */
static uint32_t read_base64(const char *at, uint32_t len, char *out,
			    uint32_t max)
{
	uint32_t bits = 0, n = 0, have = 0;

	for (uint32_t i = 0; i < len && n < max; i++) {
		bits = bits << 6 | sextet(at[i]);
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		out[n] = (char)(bits >> have);
		if (!is_text((unsigned char)out[n++]))
			return 0;
	}
	return n;
}

static uint32_t read_hex(const char *at, uint32_t len, char *out, uint32_t max)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i + 1 < len && n < max; i += 2) {
		out[n] = (char)(nibble(at[i]) << 4 | nibble(at[i + 1]));
		if (!is_text((unsigned char)out[n++]))
			return 0;
	}
	return n;
}

static uint32_t from_of(const struct source *s, uint32_t i)
{
	return s->from ? s->from[i] : i;
}

static uint32_t to_of(const struct source *s, uint32_t i)
{
	return s->to ? s->to[i] : i + 1;
}

/* Text has letters, and few bytes beyond ASCII that stand alone. */
static bool reads_as_text(const char *at, uint32_t n)
{
	uint32_t letters = 0, foreign = 0;

	for (uint32_t i = 0; i < n; i++) {
		letters += ((at[i] | 0x20) >= 'a' && (at[i] | 0x20) <= 'z') ||
			   at[i] == ' ' || (at[i] >= '0' && at[i] <= '9');
		foreign += (at[i] & 0x80) != 0;
	}
	return foreign * 4 <= n && letters * 2 >= n;
}

/* Is the whole token hexadecimal? A byte is two of them. */
static bool is_hex(const char *at, uint32_t len)
{
	uint32_t k = 0;

	while (k < len && nibble(at[k]) < 16)
		k++;
	return k == len && len % 2 == 0;
}

static bool holds_text(const char *at, uint32_t len)
{
	char sample[SAMPLE];
	uint32_t n = is_hex(at, len) ? read_hex(at, len, sample, SAMPLE)
				     : read_base64(at, len, sample, SAMPLE);

	return n >= TOKEN_LEAST / 2 && reads_as_text(sample, n);
}

/* The next token from `i` on that is long enough; false when there is none. A
 * token of 32 bytes holds a whole block of 16, wherever the blocks begin. */
static bool next_token(const char *text, uint32_t len, uint32_t i,
		       uint32_t *from, uint32_t *end)
{
#ifdef __SSE2__
	const __m128i low = _mm_set1_epi8('+' - 1);
#endif

	for (; i + BLOCK <= len; i += BLOCK) {
		uint32_t k = 0;
#ifdef __SSE2__
		__m128i b = _mm_loadu_si128((const __m128i *)(text + i));

		if (_mm_movemask_epi8(_mm_cmpgt_epi8(b, low)) != 0xffff)
			continue;
#endif
		while (k < BLOCK && sextet(text[i + k]) < 64)
			k++;
		if (k < BLOCK)
			continue;
		*from = i;
		*end = i + BLOCK;
		while (*from > 0 && sextet(text[*from - 1]) < 64)
			--*from;
		while (*end < len && sextet(text[*end]) < 64)
			++*end;
		if (*end - *from >= TOKEN_LEAST)
			return true;
	}
	return false;
}

/* The token [i, end) of the source, if it is one of these encodings. */
static void add_token(struct view *v, const struct source *s, uint32_t i,
		      uint32_t end)
{
	const char *at = s->text + i;
	uint32_t len = end - i, from = v->len + 1;

	if (!holds_text(at, len))
		return;
	if (v->cap - v->len < len) {
		v->full = true;
		return;
	}
	uint32_t n = is_hex(at, len)
			     ? read_hex(at, len, v->text + from, len)
			     : read_base64(at, len, v->text + from, len);
	if (n == 0)
		return;
	view_put(v, '\n', from_of(s, i), to_of(s, end - 1));
	for (uint32_t k = 0; k < n; k++)
		view_put(v, v->text[from + k], from_of(s, i),
			 to_of(s, end - 1));
}

static void add_tokens(struct view *v, const struct source *s)
{
	uint32_t from, end = 0;

	while (next_token(s->text, s->len, end, &from, &end))
		add_token(v, s, from, end);
}

/* One escape at `i`: %41, \x41, \u0041, &#65; or &#x41;. Its length, or 0. */
static uint32_t read_escape(const char *at, uint32_t len, uint32_t *rune)
{
	uint32_t digits = 0, base = 16, i = 2, r = 0;

	if (len < 3)
		return 0;
	if (at[0] == '%') {
		i = 1;
		digits = 2;
	} else if (at[0] == '\\' && (at[1] == 'x' || at[1] == 'u')) {
		digits = at[1] == 'x' ? 2 : 4;
	} else if (at[0] == '&' && at[1] == '#') {
		i += (at[2] | 0x20) == 'x';
		base = i == 3 ? 16 : 10;
	} else {
		return 0;
	}
	uint32_t first = i, max = digits ? digits : 6;
	while (i < len && i - first < max && nibble(at[i]) < base)
		r = r * base + nibble(at[i++]);
	if (digits ? i - first != digits
		   : i == first || i == len || at[i++] != ';')
		return 0;
	*rune = r;
	return r ? i : 0;
}

static void put_rune(struct view *v, uint32_t r, uint32_t from, uint32_t to,
		     bool byte)
{
	if (byte || r < 0x80) {
		view_put(v, (char)r, from, to);
	} else if (r < 0x800) {
		view_put(v, (char)(0xc0 | r >> 6), from, to);
		view_put(v, (char)(0x80 | (r & 0x3f)), from, to);
	} else if (r < 0x10000) {
		view_put(v, (char)(0xe0 | r >> 12), from, to);
		view_put(v, (char)(0x80 | (r >> 6 & 0x3f)), from, to);
		view_put(v, (char)(0x80 | (r & 0x3f)), from, to);
	}
}

/* [i, end) has no space in it, and escapes enough. */
static void add_escaped(struct view *v, const struct source *s, uint32_t i,
			uint32_t end)
{
	view_put(v, '\n', from_of(s, i), to_of(s, end - 1));
	while (i < end) {
		uint32_t rune, n = read_escape(s->text + i, end - i, &rune);

		if (n) {
			put_rune(v, rune, from_of(s, i), to_of(s, i + n - 1),
				 s->text[i] == '%');
			i += n;
			continue;
		}
		view_put(v, s->text[i], from_of(s, i), to_of(s, i));
		i++;
	}
}

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool is_mark(char c)
{
	return c == '%' || c == '\\' || c == '&';
}

static bool may_escape(const char *at)
{
	return *at == '%'   ? nibble(at[1]) < 16 && nibble(at[2]) < 16
	       : *at == '&' ? at[1] == '#'
			    : at[1] == 'x' || at[1] == 'u';
}

static const char *next_escape(const char *at, const char *end)
{
#ifdef __SSE2__
	const __m128i percent = _mm_set1_epi8('%');
	const __m128i slash = _mm_set1_epi8('\\');
	const __m128i and = _mm_set1_epi8('&');

	for (; end - at >= BLOCK; at += BLOCK) {
		__m128i b = _mm_loadu_si128((const __m128i *)at);
		int bits = _mm_movemask_epi8(
			_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(b, percent),
						  _mm_cmpeq_epi8(b, slash)),
				     _mm_cmpeq_epi8(b, and)));

		/* Programs are full of marks, and few are escapes. */
		for (; bits; bits &= bits - 1) {
			const char *mark = at + __builtin_ctz((unsigned)bits);

			if (end - mark < 3 || may_escape(mark))
				return mark;
		}
	}
#endif
	while (at < end && !is_mark(*at))
		at++;
	return at;
}

/* The next token with escapes enough, from its first; `end` when there is none.
 */
static const char *next_escaped(const char *at, const char *end,
				const char **to)
{
	while ((at = next_escape(at, end)) < end) {
		uint32_t n = 0, rune;

		if (!read_escape(at, (uint32_t)(end - at), &rune)) {
			at++;
			continue;
		}
		for (*to = at; *to < end && !is_space(**to);) {
			uint32_t size =
				read_escape(*to, (uint32_t)(end - *to), &rune);

			n += size != 0;
			*to += size ? size : 1;
		}
		if (n >= ESCAPES_LEAST)
			return at;
		at = *to;
	}
	return end;
}

static void add_escapes(struct view *v, const struct source *s)
{
	const char *end = s->text + s->len, *at = s->text, *floor = at, *to;

	while ((at = next_escaped(at, end, &to)) < end) {
		/* With what stands around it: a sentence goes on. */
		for (uint32_t k = 0; k < AROUND && at > floor && at[-1] != '\n';
		     k++)
			at--;
		for (uint32_t k = 0; k < AROUND && to < end && *to != '\n'; k++)
			to++;
		add_escaped(v, s, (uint32_t)(at - s->text),
			    (uint32_t)(to - s->text));
		at = floor = to;
	}
}

bool encoded_may_be(const char *text, uint32_t len)
{
	uint32_t from, end = 0;
	const char *to;

	while (next_token(text, len, end, &from, &end))
		if (holds_text(text + from, end - from))
			return true;
	return next_escaped(text, text + len, &to) < text + len;
}

void encoded_add(struct view *v, const struct source *s)
{
	add_tokens(v, s);
	add_escapes(v, s);
}
