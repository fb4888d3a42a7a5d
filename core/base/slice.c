/* slice.c - see slice.h */
#include "base/slice.h"

#include <strings.h>

bool slice_is_caseless(struct mg_slice s, const char *str)
{
	size_t len = strlen(str);

	return s.len == len && strncasecmp(s.at, str, len) == 0;
}

bool slice_starts(struct mg_slice s, const char *str)
{
	size_t len = strlen(str);

	return s.len >= len && memcmp(s.at, str, len) == 0;
}

bool slice_ends(struct mg_slice s, const char *str)
{
	size_t len = strlen(str);

	return s.len >= len && memcmp(s.at + s.len - len, str, len) == 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct mg_slice slice_trim(struct mg_slice s)
{
	while (s.len && is_blank(*s.at)) {
		s.at++;
		s.len--;
	}
	while (s.len && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

bool slice_cut(struct mg_slice *rest, char sep, struct mg_slice *piece)
{
	if (!rest->at)
		return false;

	const char *end = rest->len ? memchr(rest->at, sep, rest->len) : NULL;
	if (!end) {
		*piece = *rest;
		*rest = (struct mg_slice){ NULL, 0 };
		return true;
	}
	*piece = slice(rest->at, (size_t)(end - rest->at));
	*rest = slice(end + 1, rest->len - piece->len - 1);
	return true;
}

int slice_number(struct mg_slice s, uint64_t *out)
{
	uint64_t n = 0;

	if (!s.len)
		return MG_EINVAL;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned char)s.at[i] - '0';
		if (digit > 9)
			return MG_EINVAL;
		if (n > (UINT64_MAX - digit) / 10)
			return MG_ETOOBIG;
		n = n * 10 + digit;
	}
	*out = n;
	return MG_OK;
}
