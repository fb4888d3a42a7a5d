/* sieve.c - stops at digits and at '@', and asks what stands there.
 *
 *   ... born 12-05-1980, card 4111 1111 1111 1111 ...
 *            ^ a token that holds a digit
 *            12  12-05  12-05-1980          asked of the shapes, one by one,
 *                                           while something can still begin so
 *
 * Text without digits costs a vector compare for sixteen bytes. A token is a
 * run of letters and digits; a layout is tokens with one separator between.
 */
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <string.h>

#include "detectors/impl.h"

enum {
	DIGIT = 1,
	LETTER = 2,
	HEX = 4,
	SEPARATOR = 8,
	TOKEN = DIGIT | LETTER,
	BACK_TOKENS = 3, /* tokens of letters that a layout may begin with */
	BACK_MAX = 12,   /* bytes in such a token */
};

/* clang-format off */
static const unsigned char class_of[256] = {
	['0'] = 5, ['1'] = 5, ['2'] = 5, ['3'] = 5, ['4'] = 5, ['5'] = 5,
	['6'] = 5, ['7'] = 5, ['8'] = 5, ['9'] = 5,
	['a'] = 6, ['b'] = 6, ['c'] = 6, ['d'] = 6, ['e'] = 6, ['f'] = 6,
	['A'] = 6, ['B'] = 6, ['C'] = 6, ['D'] = 6, ['E'] = 6, ['F'] = 6,
	['g'] = 2, ['h'] = 2, ['i'] = 2, ['j'] = 2, ['k'] = 2, ['l'] = 2,
	['m'] = 2, ['n'] = 2, ['o'] = 2, ['p'] = 2, ['q'] = 2, ['r'] = 2,
	['s'] = 2, ['t'] = 2, ['u'] = 2, ['v'] = 2, ['w'] = 2, ['x'] = 2,
	['y'] = 2, ['z'] = 2,
	['G'] = 2, ['H'] = 2, ['I'] = 2, ['J'] = 2, ['K'] = 2, ['L'] = 2,
	['M'] = 2, ['N'] = 2, ['O'] = 2, ['P'] = 2, ['Q'] = 2, ['R'] = 2,
	['S'] = 2, ['T'] = 2, ['U'] = 2, ['V'] = 2, ['W'] = 2, ['X'] = 2,
	['Y'] = 2, ['Z'] = 2,
	[' '] = 8, ['-'] = 8, ['.'] = 8, ['/'] = 8, [':'] = 8,
};
/* clang-format on */

struct sieve {
	struct mg_scan *scan;
	const struct mg_catalogue *cat;
	const char *text;
	uint32_t len;
};

static unsigned class_at(const struct sieve *s, uint32_t i)
{
	return class_of[(unsigned char)s->text[i]];
}

/* The next digit or '@' from `i` on; `len` when there is none. */
static uint32_t next_stop(const char *text, uint32_t i, uint32_t len)
{
#ifdef __SSE2__
	const __m128i below = _mm_set1_epi8('0' - 1);
	const __m128i above = _mm_set1_epi8('9' + 1);
	const __m128i sign = _mm_set1_epi8('@');

	for (; i + 16 <= len; i += 16) {
		__m128i b = _mm_loadu_si128((const __m128i *)(text + i));
		__m128i digit = _mm_and_si128(_mm_cmpgt_epi8(b, below),
					      _mm_cmplt_epi8(b, above));
		int bits = _mm_movemask_epi8(
			_mm_or_si128(digit, _mm_cmpeq_epi8(b, sign)));
		if (bits)
			return i + (uint32_t)__builtin_ctz((unsigned)bits);
	}
#endif
	for (; i < len; i++)
		if ((text[i] >= '0' && text[i] <= '9') || text[i] == '@')
			return i;
	return len;
}

static int ask_hook(struct sieve *s, enum hook hook, uint32_t from, uint32_t to)
{
	const uint16_t *rows = s->cat->hooked[hook];
	int rc = 0;

	for (; *rows != SHAPE_END && rc == 0; rows++)
		rc = scan_suspect(s->scan, *rows, from, to, NULL, 0);
	return rc;
}

/* A token with a digit in it, among the bytes before or after `i`. */
static bool digit_in_token(const struct sieve *s, uint32_t i, int step)
{
	for (int n = 0; n < BACK_MAX && i < s->len; n++, i += (uint32_t)step) {
		unsigned class = class_at(s, i);

		if (class & DIGIT)
			return true;
		if (!(class & TOKEN))
			return false;
	}
	return false;
}

/* Three digits or more, one space away. */
static bool is_number_beside(const struct sieve *s, uint32_t i, int step)
{
	for (int n = 0; n < 4; n++, i += (uint32_t)step)
		if (i >= s->len ||
		    !(n == 0 ? s->text[i] == ' ' : class_at(s, i) & DIGIT))
			return false;
	return true;
}

/* Is [from, to) a piece of something longer: 1.234, a-12-b3, $500, id_77? */
static bool is_glued(const struct sieve *s, uint32_t from, uint32_t to)
{
	if (from > 0) {
		char c = s->text[from - 1];

		if (strchr("_$%", c) && c)
			return true;
		if (c && strchr("-./:,+", c) && digit_in_token(s, from - 2, -1))
			return true;
	}
	/* "4550 4150 4550 4350" out of a longer row of numbers. */
	if (from > 3 && memchr(s->text + from, ' ', to - from) &&
	    is_number_beside(s, from - 1, -1) && is_number_beside(s, to, 1))
		return true;
	if (to < s->len) {
		char c = s->text[to];

		if (c == '_' || c == '%' ||
		    (c == '@' && to + 1 < s->len &&
		     class_at(s, to + 1) & TOKEN))
			return true;
		if (c && strchr("-./:,", c) && digit_in_token(s, to + 1, 1))
			return true;
	}
	return false;
}

static int ask_rows(struct sieve *s, const uint16_t *rows, uint32_t from,
		    uint32_t to, const char *id, uint32_t n)
{
	int glued = -1, rc = 0;

	for (; *rows != SHAPE_END && rc == 0; rows++) {
		const struct row *row = s->cat->things[*rows].row;

		if (!(row->flags & ROW_GLUED)) {
			if (glued < 0)
				glued = is_glued(s, from, to);
			if (glued)
				continue;
		}
		rc = scan_suspect(s->scan, *rows, from, to, id, n);
	}
	return rc;
}

/* Everything that begins with the token at `from`. */
static int ask_shapes(struct sieve *s, uint32_t from)
{
	uint64_t hash[ALPHABETS];
	bool alive[ALPHABETS] = { true, true, true };
	char id[SIGHT_ID];
	uint32_t n = 0, i = from;

	for (uint32_t a = 0; a < ALPHABETS; a++)
		hash[a] = shape_seed(a);

	for (;;) {
		for (; i < s->len; i++) {
			unsigned char c = (unsigned char)s->text[i];
			unsigned class = class_of[c];

			if (!(class & TOKEN))
				break;
			if (i - from >= SHAPE_MAX)
				return 0;
			id[n++] = (char)(class & LETTER ? c & ~0x20 : c);
			hash[ALPHABET_CLASS] =
				shape_step(hash[ALPHABET_CLASS],
					   class & LETTER ? 'A' : '9');
			hash[ALPHABET_HEX] =
				shape_step(hash[ALPHABET_HEX], 'h');
			hash[ALPHABET_ANY] =
				shape_step(hash[ALPHABET_ANY], 'x');
			alive[ALPHABET_HEX] &= (class & HEX) != 0;
		}
		bool any = false;
		id[n] = '\0';
		for (uint32_t a = 0; a < ALPHABETS; a++) {
			const uint16_t *rows =
				alive[a] ? shapes_find(&s->cat->shapes, hash[a])
					 : NULL;
			alive[a] = rows != NULL;
			any |= alive[a];
			if (!rows || *rows == SHAPE_END)
				continue;
			int rc = ask_rows(s, rows, from, i, id, n);
			if (rc < 0)
				return rc;
		}
		if (!any || i + 1 >= s->len || i - from >= SHAPE_MAX ||
		    class_at(s, i) != SEPARATOR ||
		    !(class_at(s, i + 1) & TOKEN))
			return 0;
		for (uint32_t a = 0; a < ALPHABETS; a++)
			hash[a] =
				shape_step(hash[a], (unsigned char)s->text[i]);
		i++;
	}
}

/* The tokens of letters alone that stand before `from`, one separator each. */
static int ask_before(struct sieve *s, uint32_t from, uint32_t floor)
{
	for (int k = 0; k < BACK_TOKENS; k++) {
		if (from < floor + 2 || class_at(s, from - 1) != SEPARATOR)
			return 0;
		uint32_t end = from - 1, at = end;

		while (at > floor && class_at(s, at - 1) & TOKEN) {
			if (class_at(s, at - 1) & DIGIT || end - at == BACK_MAX)
				return 0;
			at--;
		}
		if (at == end)
			return 0;
		int rc = ask_shapes(s, at);
		if (rc < 0)
			return rc;
		from = at;
	}
	return 0;
}

static int ask_token(struct sieve *s, uint32_t from, uint32_t to,
		     uint32_t floor)
{
	char before = from ? s->text[from - 1] : '\0';
	char after = to < s->len ? s->text[to] : '\0';
	int rc = 0;

	if (before == '+' ||
	    (before == '(' && from > 1 && s->text[from - 2] == '+'))
		rc = ask_hook(s, HOOK_PLUS, from, to);
	if (rc == 0 && (before == ':' || after == ':'))
		rc = ask_hook(s, HOOK_COLON, from, to);
	if (rc == 0 && before == '(')
		rc = ask_hook(s, HOOK_PAREN, from, to);
	if (rc == 0)
		rc = ask_before(s, from, floor);
	return rc < 0 || to - from > SHAPE_MAX ? rc : ask_shapes(s, from);
}

int sieve_run(struct mg_scan *scan, const struct mg_catalogue *cat,
	      const char *text, uint32_t len)
{
	struct sieve s = { scan, cat, text, len };
	uint32_t i = 0, floor = 0;

	if (!cat->sieved)
		return 0;
	while ((i = next_stop(text, i, len)) < len) {
		uint32_t from = i, to = i + 1;
		int rc;

		if (text[i] == '@') {
			rc = ask_hook(&s, HOOK_AT, from, to);
		} else {
			while (from > floor && class_at(&s, from - 1) & TOKEN)
				from--;
			while (to < len && class_at(&s, to) & TOKEN)
				to++;
			rc = ask_token(&s, from, to, floor);
			floor = to;
		}
		if (rc < 0)
			return rc;
		i = to;
	}
	return 0;
}
