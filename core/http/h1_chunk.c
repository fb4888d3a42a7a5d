/* h1_chunk.c - what stands between and behind chunks: sizes and trailers. */
#include "http/impl.h"

#include <strings.h>

static int refuse(struct h1_reader *r, const char *why)
{
	return h1_refuse(r, MG_EPROTO, 400, why);
}

/* What a trailer may not say: it comes after decisions were made. */
static bool is_early(struct mg_slice name)
{
	static const char *const early[] = {
		"authorization",
		"cache-control",
		"connection",
		"content-encoding",
		"content-length",
		"content-range",
		"content-type",
		"cookie",
		"expect",
		"host",
		"keep-alive",
		"location",
		"max-forwards",
		"set-cookie",
		"te",
		"trailer",
		"transfer-encoding",
		"upgrade",
		"www-authenticate",
	};

	for (size_t i = 0; i < ARRAY_LEN(early); i++)
		if (slice_is_caseless(name, early[i]))
			return true;
	return name.len > 6 && strncasecmp(name.at, "proxy-", 6) == 0;
}

/* llhttp reads trailers as it reads any fields: behind a start line. */
int h1_read_trailers(struct h1_reader *r, struct mg_slice raw,
		     struct head **trailers)
{
	struct mg_slice start = slice_str(r->is_reply ? "HTTP/1.1 200\r\n"
						      : "GET / HTTP/1.1\r\n");
	llhttp_t parser;

	*trailers = NULL;
	if (!r->lines)
		return MG_OK;

	struct mg_slice all = arena_slice(r->arena, raw);
	struct head *h = arena_alloc(r->arena, sizeof(*h));
	head_init(h, r->arena, r->is_reply);
	if (!h1_is_clean(all, r->lines + 1))
		return refuse(r, "a byte that no trailer may hold");
	int err = h1_split(r, &parser, start, all, r->lines, h);
	if (err < 0)
		return err;
	for (uint32_t i = 0; i < h->count; i++)
		if (!head_is_token(h->fields[i].name) ||
		    is_early(h->fields[i].name))
			return refuse(r, "a field that no trailer may hold");
	*trailers = h;
	return MG_OK;
}

/* --- chunks ----------------------------------------------------------------
 */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_quoted(struct mg_slice s)
{
	if (s.len < 2 || s.at[0] != '"' || s.at[s.len - 1] != '"')
		return false;
	for (size_t i = 1; i < s.len - 1; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c < 0x20 || c == 0x7f || c == '"' || c == '\\' || c == ';')
			return false;
	}
	return true;
}

/* ";name", ";name=word" or ";name="text"": read, then forgotten. */
static bool is_extension(struct mg_slice s)
{
	struct mg_slice name, piece;

	slice_cut(&s, ';', &piece); /* nothing stands before the first */
	while (slice_cut(&s, ';', &piece)) {
		slice_cut(&piece, '=', &name);
		if (!head_is_token(name) ||
		    (piece.at && !head_is_token(piece) && !is_quoted(piece)))
			return false;
	}
	return true;
}

int h1_read_chunk_size(struct h1_reader *r, struct mg_slice line,
		       uint64_t *size)
{
	uint64_t n = 0;
	size_t i = 0;
	int digit;

	while (i < line.len && (digit = hex_digit(line.at[i])) >= 0) {
		n = n << 4 | (unsigned)digit;
		/* 15 digits are an exabyte, and cannot overflow. */
		if (++i > 15)
			return refuse(r, "a chunk is too large");
	}
	if (!i)
		return refuse(r, "a chunk has no size");
	if (i < line.len && (line.at[i] != ';' ||
			     !is_extension(slice(line.at + i, line.len - i))))
		return refuse(r, "a chunk's size is followed by garbage");
	*size = n;
	return MG_OK;
}
