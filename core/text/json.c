/* json.c - see json.h */
#include "text/json.h"

#include <stdlib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "text/utf8.h"

static const char ESCAPES[256] = {
	['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
	['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

void json_init(struct json *j, struct arena *a, struct mg_slice text,
	       uint32_t max_depth)
{
	memset(j, 0, sizeof(*j));
	j->arena = a;
	j->from = j->at = text.at;
	j->end = text.at + text.len;
	j->max_depth = max_depth < JSON_DEPTH ? max_depth : JSON_DEPTH;
	j->state = JSON_AT_VALUE;
}

static int refuse(struct json *j)
{
	j->failed = MG_EPROTO;
	return MG_EPROTO;
}

static bool is_special(char c)
{
	return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

/* --- runs of ordinary string bytes ---------------------------------------
 *
 * A run ends before a quote, a backslash, a control byte or the input's end.
 * *high gets a bit when a byte above 0x7f was passed. With `out` the bytes are
 * copied as well, 16 at a time: `out` has 16 bytes of slack. */
#ifdef __SSE2__

static inline unsigned specials(__m128i v)
{
	__m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
	__m128i slash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
	__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);

	return (unsigned)_mm_movemask_epi8(
		_mm_or_si128(_mm_or_si128(quote, slash), low));
}

static inline const char *run(const char *p, const char *end, char *out,
			      unsigned *high)
{
	while (end - p >= 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)p);
		unsigned stop = specials(v);
		unsigned above = (unsigned)_mm_movemask_epi8(v);
		if (out)
			_mm_storeu_si128((__m128i *)out, v);
		if (stop) {
			unsigned n = (unsigned)__builtin_ctz(stop);
			*high |= above & (BIT(n) - 1);
			return p + n;
		}
		*high |= above;
		p += 16;
		out = out ? out + 16 : NULL;
	}
	for (; p < end && !is_special(*p); p++) {
		*high |= (unsigned char)*p & 0x80;
		if (out)
			*out++ = *p;
	}
	return p;
}

#else

/* A bit at 0x80 of every byte of `w` that is special (exact up to the first).
 */
static inline uint64_t specials(uint64_t w)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
	uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
	uint64_t low = (w - ones * 0x20) & ~w;

	quote = (quote - ones) & ~quote;
	slash = (slash - ones) & ~slash;
	return (quote | slash | low) & tops;
}

static inline const char *run(const char *p, const char *end, char *out,
			      unsigned *high)
{
	while (end - p >= 8) {
		uint64_t w;
		memcpy(&w, p, 8);
		if (specials(w))
			break;
		*high |= (w & 0x8080808080808080u) != 0;
		if (out) {
			memcpy(out, p, 8);
			out += 8;
		}
		p += 8;
	}
	for (; p < end && !is_special(*p); p++) {
		*high |= (unsigned char)*p & 0x80;
		if (out)
			*out++ = *p;
	}
	return p;
}

#endif

/* --- strings -------------------------------------------------------------- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int hex4(const char *p)
{
	int value = 0;

	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(p[i]);
		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* Takes one escape at `p` (a backslash); writes what it stands for. Where it
 * ends, or NULL. */
static const char *unescape(const char *p, const char *end, char **out)
{
	if (end - p < 2)
		return NULL;
	if (p[1] != 'u') {
		char c = ESCAPES[(unsigned char)p[1]];
		if (!c)
			return NULL;
		*(*out)++ = c;
		return p + 2;
	}
	int unit = end - p >= 6 ? hex4(p + 2) : -1;
	if (unit < 0)
		return NULL;
	p += 6;

	uint32_t point = (uint32_t)unit;
	if (unit >> 10 == 0x36 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
		int low = hex4(p + 2);
		if (low >> 10 == 0x37) {
			point = 0x10000 + ((point & 0x3ff) << 10) +
				(uint32_t)(low & 0x3ff);
			p += 6;
		}
	}
	*out += utf8_put(point, *out);
	return p;
}

size_t json_unescape(struct mg_slice s, char *out, size_t *len)
{
	char *at = out;
	const char *p = unescape(s.at, s.at + s.len, &at);

	*len = (size_t)(at - out);
	return p ? (size_t)(p - s.at) : 0;
}

/* From the first backslash on: decodes into the spare room. An escape is never
 * shorter than what it stands for, so what is left of the input is room
 * enough; 16 more for the copies that run over. */
static const char *decode(struct json *j, const char *first, const char *p,
			  unsigned *high)
{
	if (!j->spare)
		j->spare = arena_alloc(j->arena, (size_t)(j->end - first) + 16);

	char *out = j->spare;
	memcpy(out, first, (size_t)(p - first));
	out += p - first;
	while (p < j->end && *p == '\\') {
		/* Line breaks and quotes, one after the other, are most of
		 * what is escaped. */
		char plain = j->end - p > 1 ? ESCAPES[(unsigned char)p[1]] : 0;
		if (plain) {
			*out++ = plain;
			p += 2;
		} else {
			p = unescape(p, j->end, &out);
			if (!p)
				return NULL;
		}
		const char *stop = run(p, j->end, out, high);
		out += stop - p;
		p = stop;
	}
	j->text = slice(j->spare, (size_t)(out - j->spare));
	j->spare = out;
	return p;
}

/* Without an arena: checks the escapes and leaves the text raw. */
static const char *skip(const char *p, const char *end, unsigned *high)
{
	while (p < end && *p == '\\') {
		char unused[4], *out = unused;
		p = unescape(p, end, &out);
		if (!p)
			return NULL;
		p = run(p, end, NULL, high);
	}
	return p;
}

/* At the opening quote. */
static int string(struct json *j, int kind)
{
	const char *first = j->at + 1;
	unsigned high = 0;
	const char *p = run(first, j->end, NULL, &high);

	j->text = slice(first, (size_t)(p - first));
	j->escaped = p < j->end && *p == '\\';
	if (j->escaped)
		p = j->arena ? decode(j, first, p, &high)
			     : skip(p, j->end, &high);
	if (!p || p == j->end || *p != '"')
		return refuse(j);

	size_t len = (size_t)(p - first);
	if (j->escaped && !j->arena)
		j->text = slice(first, len);
	if (high && !j->lenient && !utf8_valid(slice(first, len))) {
		j->bad_utf8 = true;
		return refuse(j);
	}
	j->raw_from = (uint32_t)(first - j->from);
	j->raw_to = (uint32_t)(p - j->from);
	j->at = p + 1;
	return kind;
}

/* --- the rest ------------------------------------------------------------- */

static void skip_space(struct json *j)
{
	const char *p = j->at;

	while (p < j->end &&
	       (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	j->at = p;
}

static const char *digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static int number(struct json *j)
{
	const char *p = j->at, *end = j->end;

	if (*p == '-')
		p++;
	if (p < end && *p == '0') {
		p++;
	} else {
		const char *whole = p;
		p = digits(p, end);
		if (p == whole)
			return refuse(j);
	}
	if (p < end && *p == '.') {
		const char *part = ++p;
		p = digits(p, end);
		if (p == part)
			return refuse(j);
	}
	if (p < end && (*p | 32) == 'e') {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		const char *power = p;
		p = digits(p, end);
		if (p == power)
			return refuse(j);
	}
	j->text = slice(j->at, (size_t)(p - j->at));
	j->raw_from = (uint32_t)(j->at - j->from);
	j->raw_to = (uint32_t)(p - j->from);
	j->escaped = false;
	j->at = p;
	return JSON_NUMBER;
}

static int literal(struct json *j, const char *word, int kind)
{
	size_t len = strlen(word);

	if ((size_t)(j->end - j->at) < len || memcmp(j->at, word, len) != 0)
		return refuse(j);
	j->raw_from = (uint32_t)(j->at - j->from);
	j->at += len;
	j->raw_to = (uint32_t)(j->at - j->from);
	return kind;
}

static bool in_object(const struct json *j)
{
	uint32_t top = j->depth - 1;

	return j->objects[top / 64] >> top % 64 & 1;
}

static void after_value(struct json *j)
{
	j->state = j->depth ? JSON_AT_AFTER : JSON_AT_DONE;
}

static int open(struct json *j, bool object)
{
	if (j->depth >= j->max_depth) {
		j->failed = MG_ETOOBIG;
		return MG_ETOOBIG;
	}
	uint64_t bit = (uint64_t)1 << j->depth % 64;
	uint64_t *word = &j->objects[j->depth / 64];
	*word = object ? *word | bit : *word & ~bit;
	j->depth++;
	j->raw_from = (uint32_t)(j->at - j->from);
	j->at++;
	j->state = object ? JSON_AT_MEMBER : JSON_AT_FIRST;
	return object ? JSON_OBJECT : JSON_ARRAY;
}

static int close(struct json *j, bool object)
{
	j->depth--;
	j->at++;
	j->raw_to = (uint32_t)(j->at - j->from);
	after_value(j);
	return object ? JSON_OBJECT_END : JSON_ARRAY_END;
}

static int value(struct json *j)
{
	int kind;

	switch (*j->at) {
	case '{':
		return open(j, true);
	case '[':
		return open(j, false);
	case '"':
		kind = string(j, JSON_STRING);
		break;
	case 't':
		kind = literal(j, "true", JSON_TRUE);
		break;
	case 'f':
		kind = literal(j, "false", JSON_FALSE);
		break;
	case 'n':
		kind = literal(j, "null", JSON_NULL);
		break;
	default:
		kind = number(j);
	}
	if (kind >= 0)
		after_value(j);
	return kind;
}

/* A key and its colon. */
static int member(struct json *j)
{
	if (*j->at != '"')
		return refuse(j);
	int kind = string(j, JSON_KEY);
	if (kind < 0)
		return kind;
	skip_space(j);
	if (j->at == j->end || *j->at != ':')
		return refuse(j);
	j->at++;
	j->state = JSON_AT_VALUE;
	return kind;
}

int json_next(struct json *j)
{
	if (j->failed)
		return j->failed;
	skip_space(j);
	if (j->at == j->end) {
		bool whole =
			j->state == JSON_AT_DONE ||
			(j->sequence && !j->depth && j->state == JSON_AT_VALUE);
		return whole ? JSON_END : refuse(j);
	}

	if (j->state == JSON_AT_AFTER) {
		bool object = in_object(j);
		if (*j->at == (object ? '}' : ']'))
			return close(j, object);
		if (*j->at != ',')
			return refuse(j);
		j->at++;
		j->state = object ? JSON_AT_KEY : JSON_AT_VALUE;
		skip_space(j);
		if (j->at == j->end)
			return refuse(j);
	}
	switch (j->state) {
	case JSON_AT_VALUE:
		return value(j);
	case JSON_AT_FIRST:
		return *j->at == ']' ? close(j, false) : value(j);
	case JSON_AT_MEMBER:
		return *j->at == '}' ? close(j, true) : member(j);
	case JSON_AT_KEY:
		return member(j);
	case JSON_AT_DONE:
		return j->sequence ? value(j) : refuse(j);
	case JSON_AT_AFTER:
		break;
	}
	abort(); /* unreachable: AFTER was left above */
}

bool json_valid(struct mg_slice text, uint32_t max_depth)
{
	struct json j;
	int kind;

	json_init(&j, NULL, text, max_depth);
	do
		kind = json_next(&j);
	while (kind > JSON_END);
	return kind == JSON_END;
}

size_t json_escape(struct mg_slice text, char *out)
{
	static const char hex[] = "0123456789abcdef";
	static const char letter[32] = { ['\b'] = 'b',
					 ['\t'] = 't',
					 ['\n'] = 'n',
					 ['\f'] = 'f',
					 ['\r'] = 'r' };
	size_t n = 0;

	for (size_t i = 0; i < text.len;) {
		unsigned char c = (unsigned char)text.at[i];
		char piece[6] = { '\\', 'u', '0', '0' };
		const char *at = text.at + i;
		size_t len = 1, step = 1;
		if (c == '"' || c == '\\' || (c < 0x20 && letter[c])) {
			piece[1] = c < 0x20 ? letter[c] : (char)c;
			at = piece;
			len = 2;
		} else if (c < 0x20) {
			piece[4] = hex[c >> 4];
			piece[5] = hex[c & 15];
			at = piece;
			len = 6;
		} else if (c >= 0x80) {
			len = step = utf8_len(slice(at, text.len - i));
			if (!len) {
				len = utf8_put(0xfffd, piece);
				step = 1;
				at = piece;
			}
		}
		if (out)
			memcpy(out + n, at, len);
		n += len;
		i += step;
	}
	return n;
}
