/* body.c - what kind of body is it? See segment.h: segments_of_body.
 *
 * The bytes are asked first; the media type only breaks ties. What looked like
 * JSON and is not is read as one text with its escapes undone, so that neither
 * a missing brace nor a \u hides anything.
 */
#include "text/coding.h"
#include "text/impl.h"
#include "text/multipart.h"
#include "text/segment.h"
#include "text/shape.h"
#include "text/stream.h"
#include "text/utf8.h"
#include "text/walk.h"

enum { LONGEST_NAME = 64 }; /* names are foreign: they do not fill events */

static struct mg_slice skip(struct mg_slice s, size_t len)
{
	return slice(s.at + len, s.len - len);
}

static struct mg_slice skip_space(struct mg_slice s)
{
	while (s.len && (*s.at == ' ' || *s.at == '\t' || *s.at == '\r' ||
			 *s.at == '\n'))
		s = skip(s, 1);
	return s;
}

/* One segment for all of `raw`: 1, or 0 when it is empty. */
static int add_text(struct segments *segs, uint32_t base, struct mg_slice raw,
		    enum coding coding, struct mg_slice path)
{
	struct mg_slice text;
	int err = coding_decode(segs->arena, coding, raw, &text);

	if (err < 0 || !text.len)
		return err;
	struct mg_segment *seg = segments_add(segs);
	if (!seg)
		return MG_ETOOBIG;
	seg->text = text;
	seg->path = path;
	seg->raw_from = base;
	seg->raw_to = base + (uint32_t)raw.len;
	seg->coding = coding;
	seg->escaped = coding != CODING_RAW;
	return 1;
}

static int add_unread(struct segments *segs, uint32_t base, struct mg_slice raw,
		      struct mg_slice path)
{
	struct mg_segment *seg = segments_add(segs);

	if (!seg)
		return MG_ETOOBIG;
	seg->kind = MG_SEGMENT_ATTACHMENT;
	seg->unread = 1;
	seg->text = slice("", 0);
	seg->path = path;
	seg->raw_from = base;
	seg->raw_to = base + (uint32_t)raw.len;
	segs->unread++;
	return MG_OK;
}

/* Any encoding that leaves the control characters alone, Latin-1 too. */
static bool is_readable(struct mg_slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c == 0x7f || (c < 0x20 && c != '\t' && c != '\n' &&
				  c != '\r' && c != '\f' && c != 0x1b))
			return false;
	}
	return true;
}

/* --- JSON ----------------------------------------------------------------- */

static bool has_word(struct mg_slice type, const char *word)
{
	struct mg_slice kind;

	if (!type.len || !slice_cut(&type, ';', &kind))
		return false;
	size_t len = strlen(word);
	for (size_t i = 0; i + len <= kind.len; i++)
		if (slice_is_caseless(slice(kind.at + i, len), word))
			return true;
	return false;
}

static bool looks_like_json(struct mg_slice body)
{
	struct mg_slice s = skip_space(body);

	return s.len && (*s.at == '{' || *s.at == '[');
}

/* MG_EPROTO: it is not JSON, and nothing was added. */
static int read_json(struct segments *segs, const struct mg_shape *shape,
		     struct walk_origin *origin, struct mg_slice text)
{
	uint32_t before = segs->count, unread = segs->unread;
	bool bad_utf8 = false;
	int values = walk_json(segs, shape, origin, text, &bad_utf8);

	if (values == MG_EPROTO && bad_utf8) {
		/* Servers let it through, so it is read as they read it. */
		segs->count = before;
		segs->unread = unread;
		segs->broken = true;
		origin->lenient = true;
		values = walk_json(segs, shape, origin, text, NULL);
	}
	if (values == MG_EPROTO) {
		segs->count = before;
		segs->unread = unread;
	}
	return values;
}

static int json_body(struct segments *segs, const struct mg_shape *shape,
		     uint32_t base, struct mg_slice text)
{
	struct walk_origin origin = { .base = base };
	int values = read_json(segs, shape, &origin, text);

	if (values < 0)
		return values;
	segs->form = values > 1 ? BODY_NDJSON : BODY_JSON;
	return MG_OK;
}

/* --- forms ---------------------------------------------------------------- */

static bool is_form_byte(char c)
{
	/* Bits of what a form may hold: 0x20..0x3f, 0x40..0x5f, 0x60..0x7f. */
	static const uint32_t allowed[] = { 0xaffffff2, 0xafffffff,
					    0x47fffffe };
	unsigned char u = (unsigned char)c;

	return u >= 0x20 && u < 0x80 && allowed[u / 32 - 1] >> u % 32 & 1;
}

static bool looks_like_form(struct mg_slice body)
{
	bool coded = false, named = false;

	for (size_t i = 0; i < body.len; i++) {
		if (!is_form_byte(body.at[i]))
			return false;
		named |= body.at[i] == '=' && i;
		coded |= body.at[i] == '%' || body.at[i] == '&';
	}
	return named && coded;
}

static struct mg_slice path_of(struct segments *segs, struct mg_slice name)
{
	if (name.len > LONGEST_NAME) {
		name.len = LONGEST_NAME;
		while (name.len && utf8_continues(name.at[name.len]))
			name.len--;
	}
	return slice_str(
		arena_fmt(segs->arena, "/%.*s", (int)name.len, name.at));
}

int body_field(struct segments *segs, const struct mg_shape *shape,
	       const struct body_field *field)
{
	struct walk_origin origin = {
		.base = field->base,
		.coding = field->coding,
		.raw = field->coding ? field->raw : slice(NULL, 0),
		.path = path_of(segs, field->name),
	};
	const struct shape_rule *rule = shape_rule(
		shape, shape_key(shape, shape_start(shape), field->name));
	struct mg_slice text;

	coding_decode(segs->arena, field->coding, field->raw, &text);
	if (looks_like_json(text)) {
		int values = read_json(segs, shape, &origin, text);
		if (values != MG_EPROTO)
			return values < 0 ? values : MG_OK;
	}
	if (!is_readable(text))
		return add_unread(segs, origin.base, field->raw, origin.path);
	int err = add_text(segs, origin.base, field->raw, field->coding,
			   origin.path);
	if (err > 0 && rule)
		segs->at[segs->count - 1].role = rule->role;
	return err < 0 ? err : MG_OK;
}

static int form_field(struct segments *segs, const struct mg_shape *shape,
		      struct mg_slice body, struct mg_slice pair)
{
	struct body_field field = { .coding = CODING_FORM, .raw = pair };
	struct mg_slice name;

	if (!slice_cut(&field.raw, '=', &name) || !field.raw.at ||
	    !field.raw.len)
		return MG_OK;
	field.base = (uint32_t)(field.raw.at - body.at);
	coding_decode(segs->arena, CODING_FORM, name, &field.name);
	return body_field(segs, shape, &field);
}

static int form_body(struct segments *segs, const struct mg_shape *shape,
		     struct mg_slice body)
{
	struct mg_slice rest = body, field;
	int err = MG_OK;

	segs->form = BODY_FORM;
	while (err >= 0 && slice_cut(&rest, '&', &field))
		err = form_field(segs, shape, body, field);
	return err;
}

/* --- text ----------------------------------------------------------------- */

static int text_body(struct segments *segs, struct mg_slice body, uint32_t from,
		     enum coding coding)
{
	segs->form = BODY_TEXT;
	return add_text(segs, from, skip(body, from), coding, slice("", 0));
}

static int binary_body(struct segments *segs, struct mg_slice body)
{
	segs->form = BODY_BINARY;
	return add_unread(segs, 0, body, slice("", 0));
}

static int read_body(struct segments *segs, const struct mg_shape *shape,
		     struct mg_slice type, struct mg_slice body)
{
	uint32_t from = slice_starts(body, "\xef\xbb\xbf") ? 3 : 0;
	struct mg_slice text = skip(body, from);
	bool json = has_word(type, "json");
	int err;

	if (slice_starts(body, "\xff\xfe"))
		return text_body(segs, body, 2, CODING_UTF16LE);
	if (slice_starts(body, "\xfe\xff"))
		return text_body(segs, body, 2, CODING_UTF16BE);
	if (json || looks_like_json(text)) {
		err = json_body(segs, shape, from, text);
		if (err != MG_EPROTO)
			return err;
		segs->broken |= json || *skip_space(text).at == '{';
		if (is_readable(text))
			return text_body(segs, body, from,
					 segs->broken ? CODING_JSON
						      : CODING_RAW);
		return binary_body(segs, body);
	}
	if (multipart_is(type, text)) {
		err = multipart_read(segs, shape, body);
		if (err != MG_EPROTO)
			return err;
		segs->broken = true;
	}
	if (stream_is_sse(type, text))
		return segments_of_stream(segs, shape, MG_STREAM_SSE, body);
	if (has_word(type, "x-www-form-urlencoded") || looks_like_form(text))
		return form_body(segs, shape, body);
	if (is_readable(text))
		return text_body(segs, body, from, CODING_RAW);
	return binary_body(segs, body);
}

int segments_of_body(struct segments *segs, const struct mg_shape *shape,
		     struct mg_slice content_type, struct mg_slice body)
{
	if (body.len >= UINT32_MAX)
		return MG_ETOOBIG;
	segs->form = BODY_EMPTY;
	if (!body.len)
		return 0;

	int err = read_body(segs, shape, content_type, body);
	if (err < 0)
		return err;
	return (int)segs->count;
}
