/* urls.c - finds URLs and asks two lists about their hosts.
 *
 *   text -> "://" or "www." -> back over the scheme -> host -> end -> lists
 *
 * The host is what a client would call: after the last '@', before the port,
 * without the dot at the end, in small letters. A backslash ends a host as a
 * slash does, for browsers read it so.
 */
#include "detectors/content/urls.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	HOST_MAX = 512, /* longer ones are denied: no name is */
	SCHEME_MAX = 16,
};

struct urls {
	char *text; /* owns */
	struct mg_slice *allow;
	uint32_t allow_count;
	struct mg_slice *deny;
	uint32_t deny_count;
};

static bool is_domain(struct mg_slice s)
{
	if (s.len == 0 || s.len > HOST_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c < 0x80 && !isalnum(c) && !strchr(".-_*:[]", c))
			return false;
	}
	return true;
}

struct urls *urls_new(struct mg_slice list)
{
	struct urls *u = calloc(1, sizeof(*u));
	struct mg_slice rest, line;
	size_t n = 1;

	if (!u)
		abort();
	for (size_t i = 0; i < list.len; i++)
		n += list.at[i] == '\n';
	u->text = malloc(list.len + 1);
	u->allow = calloc(n, sizeof(*u->allow));
	u->deny = calloc(n, sizeof(*u->deny));
	if (!u->text || !u->allow || !u->deny)
		abort();
	for (size_t i = 0; i < list.len; i++)
		u->text[i] = (char)tolower((unsigned char)list.at[i]);
	rest = slice(u->text, list.len);
	while (slice_cut(&rest, '\n', &line)) {
		line = slice_trim(line);
		if (line.len == 0)
			continue;
		struct mg_slice domain = slice(line.at + 1, line.len - 1);
		if ((line.at[0] != '+' && line.at[0] != '-') ||
		    !is_domain(domain)) {
			urls_free(u);
			return NULL;
		}
		if (line.at[0] == '+')
			u->allow[u->allow_count++] = domain;
		else
			u->deny[u->deny_count++] = domain;
	}
	return u;
}

void urls_free(struct urls *u)
{
	if (!u)
		return;
	free(u->text);
	free(u->allow);
	free(u->deny);
	free(u);
}

/* `host` is in small letters. */
static bool is_below(struct mg_slice host, struct mg_slice domain)
{
	bool only_below = domain.len > 2 && memcmp(domain.at, "*.", 2) == 0;

	if (only_below)
		domain = slice(domain.at + 2, domain.len - 2);
	if (host.len < domain.len ||
	    memcmp(host.at + host.len - domain.len, domain.at, domain.len) != 0)
		return false;
	if (host.len == domain.len)
		return !only_below;
	return host.at[host.len - domain.len - 1] == '.';
}

bool urls_deny(const struct urls *u, struct mg_slice host)
{
	char small[HOST_MAX];

	if (u->allow_count + u->deny_count == 0 || host.len > HOST_MAX)
		return true;
	for (size_t i = 0; i < host.len; i++)
		small[i] = (char)tolower((unsigned char)host.at[i]);
	host.at = small;
	for (uint32_t i = 0; i < u->deny_count; i++)
		if (is_below(host, u->deny[i]))
			return true;
	for (uint32_t i = 0; i < u->allow_count; i++)
		if (is_below(host, u->allow[i]))
			return false;
	return u->allow_count > 0;
}

static bool ends_url(char c)
{
	return (unsigned char)c <= ' ' || strchr("<>\"`{}|^", c) != NULL;
}

static bool ends_host(char c)
{
	return ends_url(c) || strchr("/\\?#'(),;!", c) != NULL;
}

/* What follows a sentence's URL is not its own. */
static size_t trim_end(const char *at, size_t from, size_t to)
{
	while (to > from && strchr(".,;:!?'*_)]", at[to - 1]))
		to--;
	return to;
}

/* Where the next host begins from `i` on, and where the URL of it does. */
static size_t next_start(struct mg_slice text, size_t i, size_t *url)
{
	const char *at = text.at;

	for (; i + 4 <= text.len; i++) {
		*url = i;
		if ((at[i] | 0x20) == 'w' && !strncasecmp(at + i, "www.", 4) &&
		    (i == 0 || !isalnum((unsigned char)at[i - 1])))
			return i;
		if (at[i] != ':' || at[i + 1] != '/' || at[i + 2] != '/')
			continue;
		while (*url > 0 && i - *url < SCHEME_MAX &&
		       isalpha((unsigned char)at[*url - 1]))
			--*url;
		if (*url < i)
			return i + 3;
	}
	return text.len;
}

/* The host of an authority: "user@host:port". */
static struct mg_slice host_of(struct mg_slice s)
{
	for (size_t i = s.len; i-- > 0;)
		if (s.at[i] == '@') {
			s = slice(s.at + i + 1, s.len - i - 1);
			break;
		}
	const char *port =
		s.len && s.at[0] != '[' ? memchr(s.at, ':', s.len) : NULL;
	if (port)
		s.len = (size_t)(port - s.at);
	while (s.len && s.at[s.len - 1] == '.')
		s.len--;
	return s;
}

bool urls_next(struct mg_slice text, size_t from, struct mg_slice *url,
	       struct mg_slice *host)
{
	size_t start, first;

	while ((first = next_start(text, from, &start)) < text.len) {
		size_t end = first, to;

		while (end < text.len && !ends_host(text.at[end]))
			end++;
		for (to = end; to < text.len && !ends_url(text.at[to]);)
			to++;
		to = trim_end(text.at, first, to);
		*host = host_of(
			slice(text.at + first, (end < to ? end : to) - first));
		if (host->len) {
			*url = slice(text.at + start, to - start);
			return true;
		}
		from = end > first ? end : first + 1;
	}
	return false;
}
