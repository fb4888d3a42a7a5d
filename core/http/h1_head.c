/* h1_head.c - reads one whole head, trailer section or chunk-size line.
 *
 * llhttp tells the fields apart; the start line, the bytes that may stand in
 * a field, and everything that decides where the body ends are checked here
 * too. Where the two readings differ the message is refused: a message that
 * two parsers read in two ways is how requests are smuggled.
 */
#include "http/impl.h"

#include <llhttp.h>
#include <strings.h>

enum { MAX_NAMED = 64 };

static int refuse(struct h1_reader *r, const char *why)
{
	return h1_refuse(r, MG_EPROTO, 400, why);
}

/* --- bytes ---------------------------------------------------------------- */

/* True when any of eight bytes is below 0x20 or is DEL; sometimes also when
 * none is. Every byte of every head comes by here. */
static bool may_hold_control(const char *at)
{
	const uint64_t ones = 0x0101010101010101, tops = ones << 7;
	uint64_t w, del;

	memcpy(&w, at, sizeof(w));
	del = w ^ ones * 0x7f;
	return (((w - ones * 0x20) & ~w) | ((del - ones) & ~del)) & tops;
}

/* Lines were found to end in CRLF; a CR anywhere else, or any other control
 * byte but a tab, is left to find. */
static bool is_clean(struct mg_slice s, uint32_t lines)
{
	uint32_t crs = 0;

	for (size_t i = 0; i < s.len; i++) {
		while (s.len - i >= 8 && !may_hold_control(s.at + i))
			i += 8;
		if (i == s.len)
			break;
		unsigned char c = (unsigned char)s.at[i];
		crs += c == '\r';
		if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') ||
		    c == 0x7f)
			return false;
	}
	return crs == lines;
}

/* --- start lines ---------------------------------------------------------- */

static int read_version(struct h1_reader *r, struct mg_slice s)
{
	if (slice_is(s, "HTTP/1.1") || slice_is(s, "HTTP/1.0")) {
		r->head->minor = (uint8_t)(s.at[7] - '0');
		return MG_OK;
	}
	if (slice_starts(s, "HTTP/") && s.len == 8 && s.at[6] == '.')
		return h1_refuse(r, MG_EPROTO, 505, "not HTTP/1.1");
	return refuse(r, "no HTTP version in the start line");
}

static bool is_target_byte(unsigned char c)
{
	return c > 0x20 && c < 0x7f && c != '#';
}

/* origin-form, absolute-form, authority-form for CONNECT, '*' for OPTIONS. */
static int check_target(struct h1_reader *r)
{
	struct mg_slice t = r->head->target, host;
	bool connect = slice_is(r->head->method, "CONNECT");
	uint16_t port;

	if (!t.len)
		return refuse(r, "no request target");
	for (size_t i = 0; i < t.len; i++)
		if (!is_target_byte((unsigned char)t.at[i]))
			return refuse(r, "a byte that no target may hold");
	if (connect) {
		if (head_authority(t, &host, &port) < 0 || !port)
			return refuse(r, "CONNECT wants host:port");
		return MG_OK;
	}
	if (t.at[0] == '/' || head_path(r->head).len)
		return MG_OK;
	if (slice_is(t, "*") && slice_is(r->head->method, "OPTIONS"))
		return MG_OK;
	return refuse(r, "the request target has no known form");
}

static int read_request_line(struct h1_reader *r, struct mg_slice line)
{
	struct head *h = r->head;
	struct mg_slice version = { NULL, 0 }, more;

	slice_cut(&line, ' ', &h->method);
	if (!head_is_token(h->method))
		return refuse(r, "the method is not a word");
	if (!slice_cut(&line, ' ', &h->target) ||
	    !slice_cut(&line, ' ', &version) || slice_cut(&line, ' ', &more))
		return refuse(r, "the request line is not three words");

	int err = read_version(r, version);
	return err < 0 ? err : check_target(r);
}

static int read_status_line(struct h1_reader *r, struct mg_slice line)
{
	struct head *h = r->head;
	struct mg_slice version, code;
	uint64_t status = 0;

	slice_cut(&line, ' ', &version);
	int err = read_version(r, version);
	if (err < 0)
		return err;
	if (!slice_cut(&line, ' ', &code) || code.len != 3 ||
	    slice_number(code, &status) < 0 || status < 100 || status > 599)
		return refuse(r, "the status is not a number");
	h->status = (uint16_t)status;
	h->reason = line.at ? line : slice("", 0);
	return MG_OK;
}

/* --- fields, told apart by llhttp ------------------------------------------
 */

struct splitter {
	struct field *fields;
	uint32_t count;
	uint32_t cap;
	bool named; /* the last field waits for its value */
};

static int on_field(llhttp_t *parser, const char *at, size_t len)
{
	struct splitter *sp = parser->data;

	if (sp->count == sp->cap)
		return -1;
	sp->fields[sp->count++] =
		(struct field){ .name = slice(at, len), .value = slice("", 0) };
	sp->named = true;
	return 0;
}

/* A value in two pieces was folded, or seen otherwise than by us. */
static int on_value(llhttp_t *parser, const char *at, size_t len)
{
	struct splitter *sp = parser->data;

	if (!len)
		return 0;
	if (!sp->named)
		return -1;
	sp->named = false;
	sp->fields[sp->count - 1].value = slice_trim(slice(at, len));
	return 0;
}

static int on_headers_complete(llhttp_t *parser)
{
	(void)parser;
	return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
	.on_header_field = on_field,
	.on_header_value = on_value,
	.on_headers_complete = on_headers_complete,
};

/* `lines` are the fields that must come out. */
static int split(struct h1_reader *r, llhttp_t *parser, struct mg_slice start,
		 struct mg_slice section, uint32_t lines, struct head *h)
{
	/* Some room, so that adding a field rarely moves them all. */
	uint32_t cap = lines + 4;
	struct splitter sp = {
		.fields = arena_alloc(r->arena, cap * sizeof(struct field)),
		.cap = cap,
	};

	llhttp_init(parser, r->is_reply ? HTTP_RESPONSE : HTTP_REQUEST,
		    &settings);
	parser->data = &sp;
	llhttp_errno_t err = llhttp_execute(parser, start.at, start.len);
	if (err == HPE_INVALID_METHOD)
		return h1_refuse(r, MG_EPROTO, 501, "unknown method");
	if (err == HPE_OK)
		err = llhttp_execute(parser, section.at, section.len);
	if (err != HPE_PAUSED) {
		const char *why = llhttp_get_error_reason(parser);
		return refuse(r, err != HPE_OK && why ? why : "unclear head");
	}
	if (sp.count != lines)
		return refuse(r, "the fields are unclear");
	h->fields = sp.fields;
	h->count = sp.count;
	h->cap = cap;
	return MG_OK;
}

/* --- fields that decide about framing --------------------------------------
 */

struct seen {
	const struct field *length;
	const struct field *encoding;
	const struct field *host;
	const struct field *type;
	bool connection;
	bool expect;
};

/* One such field only: two of them, even alike, are two opinions. */
static int note_once(struct h1_reader *r, const struct field **place,
		     const struct field *f, const char *why)
{
	if (*place)
		return refuse(r, why);
	*place = f;
	return MG_OK;
}

static int note(struct h1_reader *r, struct seen *seen, const struct field *f)
{
	switch (f->name.len) {
	case 4:
		if (slice_is_caseless(f->name, "host"))
			return note_once(r, &seen->host, f, "two Host fields");
		break;
	case 6:
		seen->expect |= slice_is_caseless(f->name, "expect");
		break;
	case 10:
		seen->connection |= slice_is_caseless(f->name, "connection");
		break;
	case 12:
		/* Which of them would the judge believe, which the upstream? */
		if (!r->is_reply && slice_is_caseless(f->name, "content-type"))
			return note_once(r, &seen->type, f,
					 "two Content-Type fields");
		break;
	case 14:
		if (slice_is_caseless(f->name, "content-length"))
			return note_once(r, &seen->length, f,
					 "two Content-Length fields");
		break;
	case 17:
		if (slice_is_caseless(f->name, "transfer-encoding"))
			return note_once(r, &seen->encoding, f,
					 "two Transfer-Encoding fields");
		break;
	}
	return MG_OK;
}

static int note_fields(struct h1_reader *r, struct seen *seen)
{
	int err = MG_OK;

	for (uint32_t i = 0; i < r->head->count && err >= 0; i++) {
		const struct field *f = &r->head->fields[i];
		if (!head_is_token(f->name))
			return refuse(r, "a field name is not a word");
		err = note(r, seen, f);
	}
	return err;
}

/* "Name: value" and nothing else around it: odd white space beside the two
 * framing fields is how their readers are made to disagree. */
static bool is_plain(const struct field *f)
{
	const char *after = f->name.at + f->name.len;
	const char *end = f->value.at + f->value.len;
	size_t gap = (size_t)(f->value.at - after);

	return f->value.len && *after == ':' &&
	       (gap == 1 || (gap == 2 && after[1] == ' ')) && *end == '\r';
}

static int read_length(struct h1_reader *r, const struct field *f)
{
	struct head *h = r->head;

	if (!is_plain(f) || slice_number(f->value, &h->length) != MG_OK ||
	    h->length > INT64_MAX ||
	    (f->value.len > 1 && f->value.at[0] == '0'))
		return refuse(r, "Content-Length is not a plain number");
	h->framing = h->length ? HEAD_LENGTH : HEAD_NO_BODY;
	return MG_OK;
}

static int read_encoding(struct h1_reader *r, const struct seen *seen)
{
	if (seen->length)
		return refuse(r, "Content-Length beside Transfer-Encoding");
	if (!r->head->minor)
		return refuse(r, "Transfer-Encoding in HTTP/1.0");
	if (!is_plain(seen->encoding) ||
	    !slice_is_caseless(seen->encoding->value, "chunked"))
		return h1_refuse(r, MG_EPROTO, r->is_reply ? 400 : 501,
				 "Transfer-Encoding is not plain chunked");
	r->head->framing = HEAD_CHUNKED;
	return MG_OK;
}

static bool is_bodiless(const struct h1_reader *r)
{
	uint16_t status = r->head->status;

	return status < 200 || status == 204 || status == 304 || r->to_head ||
	       (r->to_connect && status < 300);
}

/* Rules that say "no body" whatever the fields say. A 204 that says 0 is
 * common and read in one way only. */
static int read_reply_framing(struct h1_reader *r, const struct seen *seen)
{
	struct head *h = r->head;
	bool never = h->status < 200 || h->status == 204;

	if (never && (seen->encoding || (seen->length && h->length)))
		return refuse(r, "a body where there may be none");
	if (is_bodiless(r))
		h->framing = HEAD_NO_BODY;
	else if (!seen->length && !seen->encoding)
		h->framing = HEAD_UNTIL_CLOSE;
	return MG_OK;
}

static int read_framing(struct h1_reader *r, const struct seen *seen)
{
	struct head *h = r->head;
	int err = MG_OK;

	if (seen->encoding)
		err = read_encoding(r, seen);
	else if (seen->length)
		err = read_length(r, seen->length);
	if (err < 0)
		return err;
	if (r->is_reply)
		return read_reply_framing(r, seen);
	if (h->framing != HEAD_NO_BODY && slice_is(h->method, "CONNECT"))
		return refuse(r, "CONNECT with a body");
	return MG_OK;
}

/* llhttp's reading of the same fields. */
static bool is_agreed(const struct h1_reader *r, const llhttp_t *parser,
		      const struct seen *seen)
{
	bool chunked = parser->flags & F_CHUNKED;
	bool length = parser->flags & F_CONTENT_LENGTH;

	return chunked == !!seen->encoding && length == !!seen->length &&
	       (!length || parser->content_length == r->head->length) &&
	       parser->http_major == 1 &&
	       parser->http_minor == r->head->minor &&
	       (!r->is_reply || parser->status_code == r->head->status);
}

/* --- the other fields ------------------------------------------------------
 */

static uint16_t port_or(uint16_t port, uint16_t usual)
{
	return port ? port : usual;
}

/* The target's authority and Host must name the same place. For CONNECT, many
 * clients leave the port out of Host. */
static int check_host(struct h1_reader *r, const struct field *f)
{
	struct head *h = r->head;
	struct mg_slice host, named;
	uint16_t port, named_port;

	if (!f)
		return h->minor ? refuse(r, "no Host field") : MG_OK;
	if (head_authority(f->value, &host, &port) < 0)
		return refuse(r, "Host is not host:port");
	if (h->target.at[0] == '/' || slice_is(h->target, "*"))
		return MG_OK;
	if (head_host(h, &named, &named_port) < 0)
		return refuse(r, "the target's host is not host:port");

	bool connect = slice_is(h->method, "CONNECT");
	bool https = slice_starts(h->target, "https:");
	uint16_t usual = connect ? named_port : https ? 443 : 80;
	if (host.len != named.len ||
	    strncasecmp(host.at, named.at, host.len) != 0 ||
	    port_or(port, usual) != port_or(named_port, usual))
		return refuse(r, "Host and target differ");
	return MG_OK;
}

/* Each name is looked for among all fields, so there may not be thousands. */
static bool names_too_many(struct mg_slice list)
{
	struct mg_slice name;
	int n = 0;

	while (slice_cut(&list, ',', &name))
		n++;
	return n > MAX_NAMED;
}

static int read_connection(struct h1_reader *r, bool present)
{
	struct head *h = r->head;

	h->keep_alive = h->minor == 1;
	if (present) {
		if (names_too_many(head_join(h, "connection")))
			return refuse(r, "Connection names too many fields");
		if (head_has_token(h, "connection", "close"))
			h->keep_alive = false;
		else if (head_has_token(h, "connection", "keep-alive"))
			h->keep_alive = true;
		h->upgrade = head_has_token(h, "connection", "upgrade") &&
			     head_get(h, "upgrade").len;
	}
	if (h->framing == HEAD_UNTIL_CLOSE)
		h->keep_alive = false;
	if (h->is_reply)
		h->upgrade = h->status == 101;
	return MG_OK;
}

static int read_expect(struct h1_reader *r)
{
	struct mg_slice all = head_join(r->head, "expect");

	if (!slice_is_caseless(all, "100-continue"))
		return h1_refuse(r, MG_EPROTO, 417, "unknown expectation");
	r->head->expect_continue = r->head->minor == 1;
	return MG_OK;
}

static int read_rest(struct h1_reader *r, const struct seen *seen)
{
	int err = r->is_reply ? MG_OK : check_host(r, seen->host);

	if (err >= 0 && seen->expect && !r->is_reply)
		err = read_expect(r);
	return err < 0 ? err : read_connection(r, seen->connection);
}

/* --- whole -----------------------------------------------------------------
 */

int h1_read_head(struct h1_reader *r, struct mg_slice raw)
{
	struct mg_slice all = arena_slice(r->arena, raw);
	struct seen seen = { 0 };
	llhttp_t parser;

	r->head = arena_alloc(r->arena, sizeof(*r->head));
	head_init(r->head, r->arena, r->is_reply);
	if (!r->lines || !is_clean(all, r->lines + 1))
		return refuse(r, "a byte that no head may hold");

	const char *nl = memchr(all.at, '\n', all.len);
	size_t start = (size_t)(nl - all.at) + 1;
	struct mg_slice line = slice(all.at, start - 2);
	int err = r->is_reply ? read_status_line(r, line)
			      : read_request_line(r, line);
	if (err < 0)
		return err;
	err = split(r, &parser, slice(all.at, start),
		    slice(all.at + start, all.len - start), r->lines - 1,
		    r->head);
	if (err >= 0)
		err = note_fields(r, &seen);
	if (err >= 0)
		err = read_framing(r, &seen);
	if (err < 0)
		return err;
	if (!is_agreed(r, &parser, &seen))
		return refuse(r, "the framing is unclear");
	return read_rest(r, &seen);
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
	if (!is_clean(all, r->lines + 1))
		return refuse(r, "a byte that no trailer may hold");
	int err = split(r, &parser, start, all, r->lines, h);
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
