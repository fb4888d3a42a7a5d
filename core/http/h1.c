/* h1.c - the reader: finds where things end, and tells parts.
 *
 *            begin          blank line
 *   IDLE, DONE ----> HEAD --------------> LENGTH ----------------> LAST
 *                   ^  |  \  \                                    ^ ^ |
 *                   |  |   \  +--> CHUNK_SIZE --0--> TRAILERS ----+ | | END
 *           interim |  |    \        ^   |                          | v
 *             reply +--+     \       |   v                          | DONE
 *                      |      \      +- CHUNK_DATA, CR, LF          |
 *                      |       +--> UNTIL_CLOSE --------------------+
 *                      +-- no body ---------------------------------+
 *
 * Any state goes to BROKEN when the peer's bytes are refused.
 *
 * Heads and trailer sections are taken whole, so that they are read from one
 * piece of memory. The body's framing is done here and not by llhttp, which
 * accepts more than we may (bare LF, loose chunk lines).
 */
#include "http/h1.h"

#include "http/impl.h"

enum {
	MAX_INTERIMS = 16, /* a peer may not keep us busy with 100s */
	MAX_CHUNK_LINE = 256,
	RAW_SPARE = 8,
};

const struct h1_limits h1_limits_default = {
	.line = 16 << 10,
	.headers = 64 << 10,
	.fields = 200,
};

int h1_refuse(struct h1_reader *r, int err, uint16_t status, const char *why)
{
	r->state = H1_BROKEN;
	r->answer = err;
	r->status = status;
	r->why = why;
	return err;
}

static size_t raw_max(const struct h1_reader *r)
{
	return r->limits->line + r->limits->headers + RAW_SPARE;
}

void h1_reader_init(struct h1_reader *r, bool is_reply,
		    const struct h1_limits *limits)
{
	*r = (struct h1_reader){ .is_reply = is_reply, .limits = limits };
	buf_init(&r->raw, raw_max(r));
	r->raw.secret = true;
}

void h1_reader_deinit(struct h1_reader *r)
{
	buf_wipe(&r->raw);
}

static void section_begin(struct h1_reader *r)
{
	if (r->raw.cap)
		buf_wipe(&r->raw);
	r->seen = r->line = 0;
	r->lines = 0;
}

void h1_reader_begin(struct h1_reader *r, struct arena *arena)
{
	section_begin(r);
	r->state = H1_HEAD;
	r->arena = arena;
	r->head = r->trailers = NULL;
	r->blank = r->to_head = r->to_connect = false;
	r->interims = 0;
	r->status = 0;
	r->why = NULL;
	r->left = 0;
}

void h1_reader_expect(struct h1_reader *r, struct mg_slice method)
{
	r->to_head = slice_is(method, "HEAD");
	r->to_connect = slice_is(method, "CONNECT");
}

/* One line of a section, its CR included, LF not. A head's first line has its
 * own ceiling. */
static int check_line(struct h1_reader *r, struct mg_slice line)
{
	bool start = r->state == H1_HEAD && r->lines == 0;

	if (line.len < 1 || line.at[line.len - 1] != '\r')
		return h1_refuse(r, MG_EPROTO, 400, "a line ends without CR");
	if (!start && (line.at[0] == ' ' || line.at[0] == '\t'))
		return h1_refuse(r, MG_EPROTO, 400, "a field is folded");
	if (line.len > 1 &&
	    r->lines + (r->state != H1_HEAD) > r->limits->fields)
		return h1_refuse(r, MG_ETOOBIG, 431, "too many header fields");
	return MG_OK;
}

/* `line` bytes of the line being read, `all` bytes of the section so far. */
static int check_size(struct h1_reader *r, size_t line, size_t all)
{
	if (r->state == H1_HEAD && r->lines == 0) {
		if (line > r->limits->line + 1)
			return h1_refuse(r, MG_ETOOBIG, 414,
					 "the start line is too long");
	} else if (all > r->limits->headers + r->limits->line) {
		return h1_refuse(r, MG_ETOOBIG, 431,
				 "the header fields are too large");
	}
	return MG_OK;
}

/* Looks for the blank line. Its end, 0 when it has not come, or an error. */
static int find_end(struct h1_reader *r, const char *at, size_t len,
		    size_t *end)
{
	*end = 0;
	while (r->seen < len) {
		const char *nl = memchr(at + r->seen, '\n', len - r->seen);
		size_t to = nl ? (size_t)(nl - at) : len;
		int err = check_size(r, to - r->line, to);
		if (err < 0)
			return err;
		r->seen = nl ? to + 1 : len;
		if (!nl)
			break;

		struct mg_slice line = slice(at + r->line, to - r->line);
		err = check_line(r, line);
		if (err < 0)
			return err;
		r->line = r->seen;
		if (line.len == 1) {
			*end = r->seen;
			break;
		}
		r->lines++;
	}
	return MG_OK;
}

/* Takes a section from the bytes at hand where it is whole in them, else from
 * `raw`, where it is put together. `section->at` is NULL while not whole. */
static int take_section(struct h1_reader *r, struct mg_slice in, size_t *used,
			struct mg_slice *section)
{
	size_t held = buf_len(&r->raw), end;
	struct mg_slice all = in;

	*section = slice(NULL, 0);
	if (held) {
		/* Past the ceiling nothing is needed to know the answer. */
		size_t room = r->raw.max - held;
		buf_add(&r->raw, slice(in.at, in.len < room ? in.len : room));
		all = buf_slice(&r->raw);
	}
	int err = find_end(r, all.at, all.len, &end);
	if (err < 0)
		return err;
	if (end) {
		*section = slice(all.at, end);
		*used = end - held;
		return MG_OK;
	}
	if (!held && buf_add(&r->raw, in) < 0)
		return h1_refuse(r, MG_ETOOBIG, 431,
				 "the header fields are too large");
	*used = in.len;
	return MG_OK;
}

static int tell(h1_on_part on_part, void *arg, enum part_kind kind,
		struct head *head, struct mg_slice body)
{
	struct part part = { .kind = kind, .head = head, .body = body };

	return on_part(arg, &part);
}

static void enter_body(struct h1_reader *r)
{
	switch (r->head->framing) {
	case HEAD_NO_BODY:
		r->state = H1_LAST;
		break;
	case HEAD_LENGTH:
		r->left = r->head->length;
		r->state = H1_LENGTH;
		break;
	case HEAD_CHUNKED:
		r->state = H1_CHUNK_SIZE;
		break;
	case HEAD_UNTIL_CLOSE:
		r->state = H1_UNTIL_CLOSE;
		break;
	}
}

/* An empty line in front of a request is tolerated, once (RFC 9112, 2.2). */
static int skip_blank(struct h1_reader *r, struct mg_slice in, size_t *used)
{
	bool cr = buf_len(&r->raw) == 1 && buf_slice(&r->raw).at[0] == '\r';
	char c = in.at[0];

	*used = 0;
	if (cr && c == '\n') {
		section_begin(r);
		r->blank = true;
		*used = 1;
		return MG_OK;
	}
	if (cr)
		return h1_refuse(r, MG_EPROTO, 400, "no start line");
	if (buf_len(&r->raw))
		return MG_OK;
	if (c == '\r' && !r->blank && !r->is_reply) {
		*used = 1;
		return buf_add(&r->raw, slice(&c, 1));
	}
	/* Other protocols (TLS, say) are known by their first byte. */
	if (!head_is_token(slice(&c, 1)))
		return h1_refuse(r, MG_EPROTO, 400, "no start line");
	return MG_OK;
}

static int take_head(struct h1_reader *r, struct mg_slice in, size_t *used,
		     h1_on_part on_part, void *arg)
{
	struct mg_slice section;
	int err = skip_blank(r, in, used);

	if (err < 0 || *used)
		return err;
	err = take_section(r, in, used, &section);
	if (err < 0 || !section.at)
		return err;
	err = h1_read_head(r, section);
	if (err < 0)
		return err;

	section_begin(r);
	if (!head_is_interim(r->head))
		enter_body(r);
	else if (++r->interims > MAX_INTERIMS)
		return h1_refuse(r, MG_EPROTO, 400, "too many interim replies");
	return tell(on_part, arg, PART_HEAD, r->head, slice(NULL, 0));
}

/* `then` is the state behind the last of the `left` bytes. */
static int take_bytes(struct h1_reader *r, struct mg_slice in, size_t *used,
		      enum h1_state then, h1_on_part on_part, void *arg)
{
	size_t len = in.len < r->left ? in.len : (size_t)r->left;

	*used = len;
	r->left -= len;
	if (!r->left)
		r->state = then;
	return tell(on_part, arg, PART_BODY, NULL, slice(in.at, len));
}

static int take_chunk_size(struct h1_reader *r, struct mg_slice in,
			   size_t *used)
{
	const char *nl = memchr(in.at, '\n', in.len);
	size_t len = nl ? (size_t)(nl - in.at) + 1 : in.len;
	size_t held = buf_len(&r->raw);
	struct mg_slice line = slice(in.at, len);

	*used = len;
	if (held + len > MAX_CHUNK_LINE)
		return h1_refuse(r, MG_ETOOBIG, 400,
				 "a chunk line is too long");
	if (held || !nl) {
		buf_add(&r->raw, line);
		line = buf_slice(&r->raw);
	}
	if (!nl)
		return MG_OK;
	if (line.len < 2 || line.at[line.len - 2] != '\r')
		return h1_refuse(r, MG_EPROTO, 400, "a line ends without CR");

	int err = h1_read_chunk_size(r, slice(line.at, line.len - 2), &r->left);
	if (err < 0)
		return err;
	section_begin(r);
	r->state = r->left ? H1_CHUNK_DATA : H1_TRAILERS;
	return MG_OK;
}

static int take_byte(struct h1_reader *r, struct mg_slice in, size_t *used,
		     char want, enum h1_state then)
{
	if (in.at[0] != want)
		return h1_refuse(r, MG_EPROTO, 400,
				 "a chunk is not as long as it says");
	*used = 1;
	r->state = then;
	return MG_OK;
}

static int take_trailers(struct h1_reader *r, struct mg_slice in, size_t *used)
{
	struct mg_slice section;
	int err = take_section(r, in, used, &section);

	if (err < 0 || !section.at)
		return err;
	err = h1_read_trailers(r, section, &r->trailers);
	if (err < 0)
		return err;
	section_begin(r);
	r->state = H1_LAST;
	return MG_OK;
}

static int step(struct h1_reader *r, struct mg_slice in, size_t *used,
		h1_on_part on_part, void *arg)
{
	switch (r->state) {
	case H1_HEAD:
		return take_head(r, in, used, on_part, arg);
	case H1_LENGTH:
		return take_bytes(r, in, used, H1_LAST, on_part, arg);
	case H1_CHUNK_SIZE:
		return take_chunk_size(r, in, used);
	case H1_CHUNK_DATA:
		return take_bytes(r, in, used, H1_CHUNK_CR, on_part, arg);
	case H1_CHUNK_CR:
		return take_byte(r, in, used, '\r', H1_CHUNK_LF);
	case H1_CHUNK_LF:
		return take_byte(r, in, used, '\n', H1_CHUNK_SIZE);
	case H1_TRAILERS:
		return take_trailers(r, in, used);
	case H1_UNTIL_CLOSE:
		*used = in.len;
		return tell(on_part, arg, PART_BODY, NULL, in);
	case H1_IDLE:
	case H1_LAST:
	case H1_DONE:
	case H1_BROKEN:
	case H1_STATES:
		break;
	}
	return MG_EINVAL;
}

static int finish(struct h1_reader *r, h1_on_part on_part, void *arg)
{
	r->state = H1_DONE;
	return tell(on_part, arg, PART_END, r->trailers, slice(NULL, 0));
}

int h1_reader_feed(struct h1_reader *r, const char *at, size_t len,
		   size_t *used, h1_on_part on_part, void *arg)
{
	int err = MG_OK;

	*used = 0;
	while (err >= 0) {
		size_t n = 0;
		if (r->state == H1_LAST)
			return finish(r, on_part, arg);
		if (r->state == H1_BROKEN)
			return r->answer;
		if (r->state == H1_IDLE || r->state == H1_DONE || *used == len)
			break;
		err = step(r, slice(at + *used, len - *used), &n, on_part, arg);
		*used += n;
	}
	return err;
}

int h1_reader_eof(struct h1_reader *r, h1_on_part on_part, void *arg)
{
	if (r->state == H1_UNTIL_CLOSE || r->state == H1_LAST)
		return finish(r, on_part, arg);
	if (h1_reader_is_busy(r))
		return h1_refuse(r, MG_EPROTO, 400,
				 "the connection ended within a message");
	return r->state == H1_BROKEN ? r->answer : MG_OK;
}
