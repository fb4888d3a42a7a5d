/* value.c - see value.h */
#include "detectors/value.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { VALUE_MAX = 256, HEX_ENTROPY = 28 };

unsigned value_entropy(struct mg_slice s)
{
	unsigned count[256] = { 0 };
	size_t len = s.len < VALUE_MAX ? s.len : VALUE_MAX;
	double bits = 0;

	if (len == 0)
		return 0;
	for (size_t i = 0; i < len; i++)
		count[(unsigned char)s.at[i]]++;
	for (unsigned i = 0; i < 256; i++)
		if (count[i])
			bits -= count[i] * log2((double)count[i] / (double)len);
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

static bool has(const char *low, size_t len, const char *word)
{
	return memmem(low, len, word, strlen(word)) != NULL;
}

/* "aaaaaaaa", "abababab", "----": hardly any different bytes. */
static bool is_filler(const char *low, size_t len)
{
	unsigned seen = 0;
	bool met[256] = { 0 };

	unsigned most = 0, count[256] = { 0 };

	for (size_t i = 0; i < len; i++) {
		unsigned n = ++count[(unsigned char)low[i]];

		most = n > most ? n : most;
		seen += !met[(unsigned char)low[i]];
		met[(unsigned char)low[i]] = true;
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
	for (size_t i = 0; i < sizeof(inside) / sizeof(*inside); i++)
		if (has(low, len, inside[i]))
			return true;
	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++)
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
