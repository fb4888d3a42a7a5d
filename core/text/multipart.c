/* multipart.c - see multipart.h */
#include "text/multipart.h"

#include <strings.h>

#include "text/impl.h"

enum { LONGEST_BOUNDARY = 70 + 2 }; /* RFC 2046, with the dashes */

static bool mentions(struct mg_slice text, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= text.len; i++)
		if (strncasecmp(text.at + i, word, len) == 0)
			return true;
	return false;
}

/* The first line, dashes included: the body knows its boundary best. */
static struct mg_slice boundary_of(struct mg_slice body)
{
	const char *end = body.len ? memchr(body.at, '\n', body.len) : NULL;
	struct mg_slice line = slice(body.at, 0);

	if (!end || !slice_starts(body, "--"))
		return line;
	line.len = (size_t)(end - body.at);
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	if (line.len < 3 || line.len > LONGEST_BOUNDARY)
		line.len = 0;
	return line;
}

bool multipart_is(struct mg_slice content_type, struct mg_slice body)
{
	return mentions(content_type, "multipart/") && boundary_of(body).len;
}

/* Where the next boundary begins that stands at the start of a line. */
static const char *next_boundary(struct mg_slice rest, struct mg_slice boundary)
{
	const char *at = rest.at, *end = rest.at + rest.len;

	while ((at = memmem(at, (size_t)(end - at), boundary.at,
			    boundary.len))) {
		if (at == rest.at || at[-1] == '\n')
			return at;
		at++;
	}
	return NULL;
}

/* Takes a line, without its end, off *rest. False when there is none. */
static bool take_line(struct mg_slice *rest, struct mg_slice *line)
{
	const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;

	if (!end)
		return false;
	*line = slice(rest->at, (size_t)(end - rest->at));
	*rest = slice(end + 1, rest->len - line->len - 1);
	if (line->len && line->at[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* The value of `key` in "form-data; name=x; filename=\"y\"". */
static struct mg_slice parameter(struct mg_slice line, const char *key)
{
	size_t len = strlen(key);

	for (size_t i = 1; i + len + 1 < line.len; i++) {
		if (strncasecmp(line.at + i, key, len) != 0 ||
		    line.at[i + len] != '=' || !strchr("; \t", line.at[i - 1]))
			continue;
		struct mg_slice value =
			slice(line.at + i + len + 1, line.len - i - len - 1);
		bool quoted = *value.at == '"';
		const char *stop = memchr(value.at + quoted, quoted ? '"' : ';',
					  value.len - quoted);
		value.at += quoted;
		value.len =
			stop ? (size_t)(stop - value.at) : value.len - quoted;
		return value;
	}
	return slice("", 0);
}

static int read_part(struct segments *segs, const struct mg_shape *shape,
		     struct mg_slice body, struct mg_slice part)
{
	struct body_field field = { .coding = CODING_RAW,
				    .name = slice("", 0) };
	struct body_field file = { .coding = CODING_RAW,
				   .name = slice_str("filename") };
	struct mg_slice line;
	int err = MG_OK;

	do {
		if (!take_line(&part, &line))
			return MG_EPROTO;
		if (!mentions(line, "content-disposition:"))
			continue;
		field.name = parameter(line, "name");
		file.raw = parameter(line, "filename");
	} while (line.len);

	if (file.raw.len) {
		file.base = (uint32_t)(file.raw.at - body.at);
		err = body_field(segs, NULL, &file);
	}
	field.raw = part;
	field.base = (uint32_t)(part.at - body.at);
	if (err >= 0 && part.len)
		err = body_field(segs, shape, &field);
	return err;
}

static int read_parts(struct segments *segs, const struct mg_shape *shape,
		      struct mg_slice body)
{
	struct mg_slice boundary = boundary_of(body), rest = body, line;
	int err = MG_OK;

	for (;;) {
		rest.at += boundary.len;
		rest.len -= boundary.len;
		if (slice_starts(rest, "--"))
			return MG_OK;
		if (!take_line(&rest, &line) || line.len)
			return MG_EPROTO;
		const char *next = next_boundary(rest, boundary);
		if (!next)
			return MG_EPROTO;
		struct mg_slice part = slice(rest.at, (size_t)(next - rest.at));
		if (slice_ends(part, "\n"))
			part.len--;
		if (slice_ends(part, "\r"))
			part.len--;
		err = read_part(segs, shape, body, part);
		if (err < 0)
			return err;
		rest = slice(next, (size_t)(body.at + body.len - next));
	}
}

int multipart_read(struct segments *segs, const struct mg_shape *shape,
		   struct mg_slice body)
{
	uint32_t before = segs->count, unread = segs->unread;
	int err = read_parts(segs, shape, body);

	if (err == MG_EPROTO) {
		segs->count = before;
		segs->unread = unread;
		return err;
	}
	segs->form = BODY_MULTIPART;
	return err;
}
