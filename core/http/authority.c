/* authority.c - "host:port", read in one way only; see head.h.
 *
 * Names that some resolver would take for an address ("127.1", "0x7f000001",
 * "2130706433") are refused: coverage and the guard against private addresses
 * look at names, and must see what the resolver will see.
 */
#include "http/head.h"

#include <arpa/inet.h>

enum { NAME_MAX_LEN = 253, LABEL_MAX = 63 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_label_byte(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

static bool is_label(struct mg_slice s)
{
	if (!s.len || s.len > LABEL_MAX || s.at[0] == '-' ||
	    s.at[s.len - 1] == '-')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!is_label_byte(s.at[i]))
			return false;
	/* An A-label holds Punycode after its prefix. */
	return !(slice_is_caseless(s, "xn--") ||
		 (s.len > 4 && slice_is_caseless(slice(s.at, 4), "xn--") &&
		  memchr(s.at, '_', s.len)));
}

/* What inet_aton() would read as a number. */
static bool is_numeric(struct mg_slice s)
{
	if (s.len >= 2 && s.at[0] == '0' && (s.at[1] | 0x20) == 'x')
		return true;
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.at[i]))
			return false;
	return true;
}

static bool is_address(int family, struct mg_slice s)
{
	unsigned char address[16];
	char text[64];

	if (s.len >= sizeof(text) || memchr(s.at, '\0', s.len))
		return false;
	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	return inet_pton(family, text, address) == 1;
}

static bool is_name(struct mg_slice s)
{
	struct mg_slice rest = s, label;

	if (!s.len || s.len > NAME_MAX_LEN)
		return false;
	while (slice_cut(&rest, '.', &label))
		if (!is_label(label))
			return false;
	return !is_numeric(label) || is_address(AF_INET, s);
}

static int read_port(struct mg_slice s, uint16_t *port)
{
	uint64_t n;

	if (s.len > 5 || slice_number(s, &n) < 0 || n < 1 || n > 65535)
		return MG_EPROTO;
	*port = (uint16_t)n;
	return MG_OK;
}

/* `s` starts with a bracket. */
static int cut_address6(struct mg_slice s, struct mg_slice *host,
			struct mg_slice *rest)
{
	const char *end = memchr(s.at, ']', s.len);

	if (!end)
		return MG_EPROTO;
	*host = slice(s.at + 1, (size_t)(end - s.at) - 1);
	*rest = slice(end + 1, s.len - host->len - 2);
	return is_address(AF_INET6, *host) ? MG_OK : MG_EPROTO;
}

static int cut_name(struct mg_slice s, struct mg_slice *host,
		    struct mg_slice *rest)
{
	const char *colon = memchr(s.at, ':', s.len);

	*host = slice(s.at, colon ? (size_t)(colon - s.at) : s.len);
	*rest = slice(s.at + host->len, s.len - host->len);
	if (host->len > 1 && host->at[host->len - 1] == '.')
		host->len--;
	return is_name(*host) ? MG_OK : MG_EPROTO;
}

int head_authority(struct mg_slice s, struct mg_slice *host, uint16_t *port)
{
	struct mg_slice name, rest;
	uint16_t number = 0;

	if (!s.len)
		return MG_EPROTO;
	int err = s.at[0] == '[' ? cut_address6(s, &name, &rest)
				 : cut_name(s, &name, &rest);
	if (err < 0)
		return err;
	if (rest.len && (rest.at[0] != ':' ||
			 read_port(slice(rest.at + 1, rest.len - 1), &number)))
		return MG_EPROTO;

	*host = name;
	*port = number;
	return MG_OK;
}
