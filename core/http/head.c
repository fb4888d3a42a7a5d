/* head.c - see head.h */
#include "http/head.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
	uint16_t status;
	const char *phrase;
} phrases[] = {
	{ 100, "Continue" },
	{ 101, "Switching Protocols" },
	{ 103, "Early Hints" },
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 206, "Partial Content" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 407, "Proxy Authentication Required" },
	{ 408, "Request Timeout" },
	{ 411, "Length Required" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 421, "Misdirected Request" },
	{ 422, "Unprocessable Content" },
	{ 426, "Upgrade Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" },
};

/* Bytes of a token (RFC 9110, 5.6.2). */
static const bool token_bytes[256] = {
	['!'] = true,         ['#'] = true,         ['$'] = true,
	['%'] = true,         ['&'] = true,         ['\''] = true,
	['*'] = true,         ['+'] = true,         ['-'] = true,
	['.'] = true,         ['^'] = true,         ['_'] = true,
	['`'] = true,         ['|'] = true,         ['~'] = true,
	['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true,
};

const char *head_phrase(uint16_t status)
{
	for (size_t i = 0; i < ARRAY_LEN(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "Unknown";
}

bool head_is_token(struct mg_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!token_bytes[(unsigned char)s.at[i]])
			return false;
	return s.len > 0;
}

void head_init(struct head *h, struct arena *a, bool is_reply)
{
	*h = (struct head){
		.arena = a, .is_reply = is_reply, .minor = 1, .keep_alive = true
	};
}

struct head *head_new_request(struct arena *a, struct mg_slice method,
			      struct mg_slice target)
{
	struct head *h = arena_alloc(a, sizeof(*h));

	head_init(h, a, false);
	h->method = method;
	h->target = target;
	return h;
}

struct head *head_new_reply(struct arena *a, uint16_t status)
{
	struct head *h = arena_alloc(a, sizeof(*h));

	head_init(h, a, true);
	h->status = status;
	h->reason = slice_str(head_phrase(status));
	return h;
}

/* The next field of that name at or after `i`; h->count when there is none. */
static uint32_t find(const struct head *h, struct mg_slice name, uint32_t i)
{
	for (; i < h->count; i++) {
		const struct field *f = &h->fields[i];
		if (f->name.len == name.len && !f->removed &&
		    strncasecmp(f->name.at, name.at, name.len) == 0)
			break;
	}
	return i;
}

struct mg_slice head_get(const struct head *h, const char *name)
{
	uint32_t i = find(h, slice_str(name), 0);

	return i < h->count ? h->fields[i].value : slice(NULL, 0);
}

struct mg_slice head_join(const struct head *h, const char *name)
{
	struct mg_slice key = slice_str(name), all = { NULL, 0 };

	for (uint32_t i = find(h, key, 0); i < h->count;
	     i = find(h, key, i + 1)) {
		struct mg_slice v = h->fields[i].value;
		if (!all.at) {
			all = v;
			continue;
		}
		char *at = arena_alloc(h->arena, all.len + 2 + v.len);
		memcpy(at, all.at, all.len);
		memcpy(at + all.len, ", ", 2);
		memcpy(at + all.len + 2, v.at, v.len);
		all = slice(at, all.len + 2 + v.len);
	}
	return all;
}

static bool list_has(struct mg_slice list, const char *token)
{
	struct mg_slice piece;

	while (slice_cut(&list, ',', &piece))
		if (slice_is_caseless(slice_trim(piece), token))
			return true;
	return false;
}

bool head_has_token(const struct head *h, const char *name, const char *token)
{
	struct mg_slice key = slice_str(name);

	for (uint32_t i = find(h, key, 0); i < h->count;
	     i = find(h, key, i + 1))
		if (list_has(h->fields[i].value, token))
			return true;
	return false;
}

static void add(struct head *h, struct mg_slice name, struct mg_slice value)
{
	h->fields = arena_grow(h->arena, h->fields, h->count, &h->cap,
			       sizeof(*h->fields));
	h->fields[h->count++] = (struct field){ .name = name, .value = value };
}

/* A line end in a value would be the end of its field to whoever reads it. */
static struct mg_slice copy(struct arena *a, struct mg_slice value)
{
	char *at = arena_str(a, value.at, value.len);

	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)at[i] < 0x20 || at[i] == 0x7f)
			at[i] = ' ';
	return slice(at, value.len);
}

void head_add(struct head *h, struct mg_slice name, struct mg_slice value)
{
	add(h, arena_slice(h->arena, name), copy(h->arena, value));
}

static void remove_from(struct head *h, struct mg_slice name, uint32_t i)
{
	for (i = find(h, name, i); i < h->count; i = find(h, name, i + 1))
		h->fields[i].removed = true;
}

void head_set(struct head *h, const char *name, struct mg_slice value)
{
	struct mg_slice key = slice_str(name);
	uint32_t i = find(h, key, 0);

	if (i == h->count) {
		head_add(h, key, value);
		return;
	}
	h->fields[i].value = copy(h->arena, value);
	remove_from(h, key, i + 1);
}

void head_remove(struct head *h, const char *name)
{
	remove_from(h, slice_str(name), 0);
}

void head_set_length(struct head *h, uint64_t length)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu",
			   (unsigned long long)length);

	head_remove(h, "transfer-encoding");
	head_set(h, "Content-Length", slice(digits, (size_t)len));
	h->framing = length ? HEAD_LENGTH : HEAD_NO_BODY;
	h->length = length;
}

void head_set_chunked(struct head *h)
{
	head_remove(h, "content-length");
	head_set(h, "Transfer-Encoding", slice_str("chunked"));
	h->framing = HEAD_CHUNKED;
	h->length = 0;
}

void head_set_until_close(struct head *h)
{
	head_remove(h, "content-length");
	head_remove(h, "transfer-encoding");
	h->framing = HEAD_UNTIL_CLOSE;
	h->length = 0;
	h->keep_alive = false;
}

/* Fields that a peer may not have removed by naming them in Connection: the
 * other end would read another message than the one that was judged. */
static bool is_end_to_end(struct mg_slice name)
{
	static const char *const kept[] = {
		"host",           "content-length",   "transfer-encoding",
		"content-type",   "content-encoding", "authorization",
		"cookie",         "set-cookie",       "x-api-key",
		"x-goog-api-key",
	};

	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		if (slice_is_caseless(name, kept[i]))
			return true;
	return false;
}

static void strip_named(struct head *h)
{
	struct mg_slice list = head_join(h, "connection"), name;

	while (slice_cut(&list, ',', &name)) {
		name = slice_trim(name);
		if (name.len && !slice_is_caseless(name, "te") &&
		    !is_end_to_end(name))
			remove_from(h, name, 0);
	}
}

void head_strip_hops(struct head *h)
{
	strip_named(h);
	for (uint32_t i = 0; i < h->count; i++) {
		struct field *f = &h->fields[i];
		size_t len = f->name.len;
		if ((len == 10 && (slice_is_caseless(f->name, "connection") ||
				   slice_is_caseless(f->name, "keep-alive"))) ||
		    (len == 7 && slice_is_caseless(f->name, "upgrade")) ||
		    (len == 2 && slice_is_caseless(f->name, "te") &&
		     !slice_is_caseless(f->value, "trailers")) ||
		    (len > 6 && strncasecmp(f->name.at, "proxy-", 6) == 0))
			f->removed = true;
	}
}

/* "http://host/path" -> *authority "host", *rest "/path". */
static bool cut_absolute(struct mg_slice target, struct mg_slice *authority,
			 struct mg_slice *rest)
{
	size_t skip;

	if (target.len >= 7 && strncasecmp(target.at, "http://", 7) == 0)
		skip = 7;
	else if (target.len >= 8 && strncasecmp(target.at, "https://", 8) == 0)
		skip = 8;
	else
		return false;

	const char *from = target.at + skip;
	size_t len = target.len - skip, n = 0;
	while (n < len && from[n] != '/' && from[n] != '?')
		n++;
	*authority = slice(from, n);
	*rest = slice(from + n, len - n);
	return true;
}

struct mg_slice head_path(const struct head *h)
{
	struct mg_slice path = h->target, authority;

	if (slice_is(h->method, "CONNECT"))
		return slice("", 0);
	if (cut_absolute(h->target, &authority, &path) &&
	    (!path.len || path.at[0] == '?'))
		return slice("/", 1);
	if (!path.len || path.at[0] != '/')
		return slice("", 0);

	const char *query = memchr(path.at, '?', path.len);
	return query ? slice(path.at, (size_t)(query - path.at)) : path;
}

int head_host(const struct head *h, struct mg_slice *host, uint16_t *port)
{
	struct mg_slice authority, rest;

	if (slice_is(h->method, "CONNECT"))
		return head_authority(h->target, host, port);
	if (!cut_absolute(h->target, &authority, &rest))
		authority = head_get(h, "host");
	return head_authority(authority, host, port);
}
