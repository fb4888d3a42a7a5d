/* value.c - see value.h */
#include "detectors/value.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/slice.h"

enum { VALUE_MAX = 256, HEX_ENTROPY = 28 };

/* Few bytes of a value occur equally often in more than a few ways, so there
 * are few logarithms to take: one for each number of times. */
unsigned value_entropy(struct mg_slice s)
{
	uint16_t count[256] = { 0 }, times[VALUE_MAX + 1] = { 0 };
	size_t len = s.len < VALUE_MAX ? s.len : VALUE_MAX;
	unsigned most = 0;
	double bits = 0;

	if (len == 0)
		return 0;
	for (size_t i = 0; i < len; i++) {
		unsigned n = ++count[(unsigned char)s.at[i]];

		/* It was counted among those that occur n - 1 times. */
		times[n - 1] -= n > 1;
		times[n]++;
		most = n > most ? n : most;
	}
	for (unsigned n = 1; n <= most; n++)
		if (times[n])
			bits -= times[n] * n * log2((double)n / (double)len);
	return (unsigned)(bits * 10 / (double)len);
}

/* Words that make any value an example, wherever they stand in it. */
static const char *const inside[] = {
	"example",     "changeme",     "change_me",       "change-me",
	"placeholder", "redacted",     "replace",         "insert",
	"dummy",       "sample",       "your_",           "your-",
	"yourtoken",   "yourkey",      "yourapi",         "your ",
	"xxxxxx",      "000000000000", "******",          "...",
	"todo",        "fill_in",      "notreal",         "not-real",
	"not_real",    "fake",         "abcdefghijklmno", "1234567890123456",
};

/* Values that are no secret only when they are the whole of it. */
static const char *const whole[] = {
	"password", "passwd",  "pass",    "pwd",    "secret",   "token",
	"none",     "null",    "nil",     "true",   "false",    "undefined",
	"string",   "test",    "testing", "foo",    "bar",      "foobar",
	"foobaz",   "default", "empty",   "value",  "user",     "username",
	"admin",    "key",     "env",     "hidden", "required", "optional",
	"text",     "varchar", "self",    "this",   "input",    "password123!x",
};

/* May a word of `inside` begin with these two bytes? */
static bool may_begin(char a, char b)
{
	switch ((unsigned char)a << 8 | (unsigned char)b) {
	case 'e' << 8 | 'x':
	case 'c' << 8 | 'h':
	case 'p' << 8 | 'l':
	case 'r' << 8 | 'e':
	case 'i' << 8 | 'n':
	case 'd' << 8 | 'u':
	case 's' << 8 | 'a':
	case 'y' << 8 | 'o':
	case 'x' << 8 | 'x':
	case '0' << 8 | '0':
	case '*' << 8 | '*':
	case '.' << 8 | '.':
	case 't' << 8 | 'o':
	case 'f' << 8 | 'i':
	case 'f' << 8 | 'a':
	case 'n' << 8 | 'o':
	case 'a' << 8 | 'b':
	case '1' << 8 | '2':
		return true;
	default:
		return false;
	}
}

static bool has_word_inside(const char *low, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++) {
		if (!may_begin(low[i], low[i + 1]))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(inside); k++) {
			size_t n = strlen(inside[k]);

			if (n <= len - i && !memcmp(low + i, inside[k], n))
				return true;
		}
	}
	return false;
}

/* "aaaaaaaa", "abababab", "----": hardly any different bytes. */
static bool is_filler(const char *low, size_t len)
{
	uint16_t count[256] = { 0 };
	unsigned seen = 0, most = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned n = ++count[(unsigned char)low[i]];

		most = n > most ? n : most;
		seen += n == 1;
	}
	return seen < 2 || (len >= 8 && seen < 4) ||
	       (len >= 16 && most * 10 > len * 6);
}

bool value_is_placeholder(struct mg_slice s)
{
	char low[VALUE_MAX];
	size_t len = s.len < VALUE_MAX ? s.len : VALUE_MAX;

	if (len == 0)
		return true;
	for (size_t i = 0; i < len; i++)
		low[i] = (char)tolower((unsigned char)s.at[i]);
	if (has_word_inside(low, len))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(whole); i++)
		if (strlen(whole[i]) == len && !memcmp(low, whole[i], len))
			return true;
	/* References to a value that lies elsewhere. */
	if (low[0] == '<' || low[0] == '$' || low[0] == '{' || low[0] == '%' ||
	    low[0] == '[' || low[0] == '(')
		return true;
	return is_filler(low, len);
}

/* Sixteen symbols carry four bits at most. */
static bool is_hex(struct mg_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!isxdigit((unsigned char)s.at[i]) && s.at[i] != '-')
			return false;
	return true;
}

bool value_is_secret(struct mg_slice s, unsigned entropy, bool any)
{
	if (entropy > HEX_ENTROPY && is_hex(s))
		entropy = HEX_ENTROPY;
	if (entropy && value_entropy(s) < entropy)
		return false;
	return any || !value_is_placeholder(s);
}
