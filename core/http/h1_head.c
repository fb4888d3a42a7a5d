/* h1_head.c - reads one whole head.
 *
 * llhttp tells the fields apart (h1_split.c); the start line, and everything
 * that decides where the body ends, is read here too. Where the two readings
 * differ the message is refused: a message that two parsers read in two ways is
 * how requests are smuggled.
 */
#include "http/impl.h"

#include <strings.h>

enum { MAX_NAMED = 64 };

static int refuse(struct h1_reader *r, const char *why)
{
	return h1_refuse(r, MG_EPROTO, 400, why);
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
	if (!r->lines || !h1_is_clean(all, r->lines + 1))
		return refuse(r, "a byte that no head may hold");

	const char *nl = memchr(all.at, '\n', all.len);
	size_t start = (size_t)(nl - all.at) + 1;
	struct mg_slice line = slice(all.at, start - 2);
	int err = r->is_reply ? read_status_line(r, line)
			      : read_request_line(r, line);
	if (err < 0)
		return err;
	err = h1_split(r, &parser, slice(all.at, start),
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
