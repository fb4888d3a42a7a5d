/* tokens.c - see tokens.h */
#include "detectors/linear/tokens.h"

#include <string.h>

#include "base/slice.h"

enum {
	SEEN = ARRAY_LEN(((struct chunk *)0)->seen),
	/* What one more token may add to a chunk. */
	ROOM = TOKEN_LONGEST + 16,
};

/* Kinds of features, kept apart by these. */
enum {
	SALT_ONE = 0x9e3779b1u,
	SALT_TWO = 0x85ebca6bu,
	SALT_THREE = 0xc2b2ae35u,
	SALT_LETTERS = 0x27d4eb2fu,
	SALT_SHAPE = 0x165667b1u,
	SALT_SHAPES = 0xd3a2646du,
	SALT_COARSE = 0xfd7046c5u,
};

/* Shapes: of words these, of marks the mark; white space before sets the top
 * bit. */
enum {
	SHAPE_LOWER = 1,
	SHAPE_TITLE,
	SHAPE_UPPER,
	SHAPE_MIXED,
	SHAPE_DIGITS,
	SHAPE_FOREIGN,
	SHAPE_LINE,
	SHAPE_INDENT,
	SHAPE_DEEP,
	SHAPE_SPACED = 0x80,
};

enum byte_class { B_MARK, B_LOWER, B_UPPER, B_DIGIT, B_HIGH, B_SPACE, B_LINE };

static const uint8_t class_of[256] = {
	[0 ... 8] = B_MARK,       ['\t'] = B_SPACE,
	['\n'] = B_LINE,          ['\v'] = B_SPACE,
	['\f'] = B_SPACE,         ['\r'] = B_SPACE,
	[' '] = B_SPACE,          ['0' ... '9'] = B_DIGIT,
	['A' ... 'Z'] = B_UPPER,  ['a' ... 'z'] = B_LOWER,
	[0x80 ... 0xff] = B_HIGH,
};

static inline uint32_t mix(uint32_t h, uint32_t salt)
{
	h = (h ^ salt) * 0x9e3779b1u;
	h ^= h >> 15;
	return h * 0x85ebca77u;
}

static inline void emit(const struct tokens *t, struct chunk *c, uint32_t h)
{
	uint32_t bucket = h >> (32 - t->bits);
	uint32_t *seen = &c->seen[bucket % SEEN];

	if (*seen == bucket + 1)
		return;
	*seen = bucket + 1;
	c->feature[c->count++] = bucket;
}

/* Shapes seen from afar: which kind of mark, not which. */
static uint32_t coarse(uint32_t shape)
{
	uint32_t kind = shape & 0x7f;

	switch (kind) {
	case '.':
	case ',':
	case '?':
	case '!':
	case '\'':
	case '"':
		return 10;
	case '(':
	case ')':
	case '[':
	case ']':
	case '{':
	case '}':
		return 11;
	case ';':
	case ':':
		return 12;
	case '=':
	case '<':
	case '>':
	case '+':
	case '-':
	case '*':
	case '/':
	case '|':
	case '&':
		return 13;
	case '_':
		return 14;
	}
	return kind < 10 ? kind : 15;
}

static void take_shape(struct tokens *t, struct chunk *c, uint32_t shape)
{
	t->shapes = t->shapes << 8 | shape;
	t->coarse = t->coarse << 5 | (shape >> 3 & 16) | coarse(shape);
	/* Words between spaces are all that prose is made of: no news. */
	if ((t->shapes & 0xffffff) == 0x818181)
		return;
	emit(t, c, mix(t->shapes & 0xffffff, SALT_SHAPE));
	emit(t, c, mix(t->coarse & 0xfffff, SALT_COARSE));
	emit(t, c, mix(t->coarse & 0x3fffffff, SALT_SHAPES));
}

static void take_word(struct tokens *t, struct chunk *c, const char *w,
		      uint32_t n)
{
	uint32_t h = 0, four;

	/* `w` stands between two spaces. */
	for (uint32_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)w[i]) * 0x01000193u + 0x51ed27u;
	emit(t, c, mix(h, SALT_ONE));
	if (t->word[0])
		emit(t, c, mix(h + t->word[0] * 31, SALT_TWO));
	if (t->word[0] && t->word[1])
		emit(t, c,
		     mix(h + t->word[0] * 31 + t->word[1] * 1009, SALT_THREE));
	for (uint32_t i = 0; n >= 3 && i < n - 1; i++) {
		memcpy(&four, w - 1 + i, sizeof(four));
		emit(t, c, mix(four, SALT_LETTERS));
	}
	t->word[1] = t->word[0];
	t->word[0] = h | 1;
}

/* Characters of U+3000..U+DFFF: Chinese, Japanese, Korean. */
static bool is_sign(const struct tokens *t, uint32_t i)
{
	uint8_t lead = (uint8_t)t->text[i];

	return lead >= 0xe3 && lead <= 0xed && t->len - i >= 3;
}

/* Reads one word from `t->at`; returns its shape. */
static uint32_t read_word(struct tokens *t, char *w, uint32_t *len)
{
	uint32_t n = 0, lower = 0, upper = 0, digit = 0, high = 0;
	bool first = class_of[(uint8_t)t->text[t->at]] == B_UPPER;

	while (t->at < t->len && n < TOKEN_LONGEST) {
		uint8_t b = (uint8_t)t->text[t->at];
		uint8_t class = class_of[b];

		if (class == B_HIGH && is_sign(t, t->at)) {
			if (n == 0) {
				memcpy(w, t->text + t->at, 3);
				t->at += 3;
				n = 3;
				high = 1;
			}
			break;
		}
		if (class == B_LOWER)
			lower++;
		else if (class == B_UPPER)
			upper++;
		else if (class == B_DIGIT)
			digit++;
		else if (class == B_HIGH)
			high++;
		else if (b == '\'' && n && t->at + 1 < t->len &&
			 class_of[(uint8_t)t->text[t->at + 1]] == B_LOWER) {
			t->at++; /* don't is dont */
			continue;
		} else
			break;
		w[n++] = (char)(class == B_UPPER   ? b | 0x20
				: class == B_DIGIT ? '0'
						   : b);
		t->at++;
	}
	*len = n;
	return high                           ? SHAPE_FOREIGN
	       : digit == n                   ? SHAPE_DIGITS
	       : upper == 0                   ? SHAPE_LOWER
	       : first && upper == 1 && lower ? SHAPE_TITLE
	       : upper + digit == n           ? SHAPE_UPPER
					      : SHAPE_MIXED;
}

void tokens_init(struct tokens *t, const char *text, uint32_t len,
		 uint32_t bits)
{
	*t = (struct tokens){ text, len, 0, bits, { 0, 0 }, 0, 0 };
}

/* White space from `t->at` on; returns what it means to the next shape. */
static uint32_t skip_space(struct tokens *t, struct chunk *c)
{
	uint32_t from = t->at, lines = 0;

	while (t->at < t->len) {
		uint8_t class = class_of[(uint8_t)t->text[t->at]];

		if (class == B_LINE) {
			lines++;
			from = t->at + 1;
		} else if (class != B_SPACE) {
			break;
		}
		t->at++;
	}
	if (lines) {
		uint32_t deep = t->at - from;

		take_shape(t, c,
			   deep == 0  ? SHAPE_LINE
			   : deep < 5 ? SHAPE_INDENT
				      : SHAPE_DEEP);
	}
	/* A paragraph is a new start: what stands before it is no part of what
	 * is said in it. */
	if (lines > 1)
		t->word[0] = t->word[1] = 0;
	return SHAPE_SPACED;
}

bool tokens_chunk(struct tokens *t, struct chunk *c)
{
	char buf[TOKEN_LONGEST + 8];
	uint32_t words = 0, shapes = 0, spaced = 0, n;

	c->count = 0;
	memset(c->seen, 0, sizeof(c->seen));
	if (t->at < t->len)
		spaced = t->at == 0 ? SHAPE_SPACED : 0;
	c->from = t->at;
	buf[0] = ' ';
	while (t->at < t->len && words < CHUNK_WORDS && shapes < CHUNK_SHAPES &&
	       c->count + ROOM < CHUNK_FEATURES) {
		uint8_t b = (uint8_t)t->text[t->at];

		if (class_of[b] == B_SPACE || class_of[b] == B_LINE) {
			spaced = skip_space(t, c);
			continue;
		}
		if (class_of[b] == B_MARK) {
			take_shape(t, c, (b & 0x7f) | spaced);
			t->at++;
		} else {
			uint32_t shape = read_word(t, buf + 1, &n);

			memset(buf + 1 + n, ' ', 4);
			take_word(t, c, buf + 1, n);
			take_shape(t, c, shape | spaced);
			words++;
		}
		shapes++;
		spaced = 0;
	}
	c->to = t->at;
	return c->to > c->from;
}
