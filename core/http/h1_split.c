/* h1_split.c - tells the fields of a section apart, with llhttp.
 *
 * llhttp is given whole sections only, whose lines are known to end in CRLF and
 * to be so many; what comes out must be as many fields.
 */
#include "http/impl.h"

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

bool h1_is_clean(struct mg_slice s, uint32_t lines)
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

int h1_split(struct h1_reader *r, llhttp_t *parser, struct mg_slice start,
	     struct mg_slice section, uint32_t lines, struct head *h)
{
	/* Some room, so that adding a field rarely moves them all. */
	uint32_t cap = lines + 4;
	/* In the arena, for `parser` outlives this call. */
	struct splitter *sp = arena_zalloc(r->arena, sizeof(*sp));

	sp->fields = arena_alloc(r->arena, cap * sizeof(*sp->fields));
	sp->cap = cap;

	llhttp_init(parser, r->is_reply ? HTTP_RESPONSE : HTTP_REQUEST,
		    &settings);
	parser->data = sp;
	llhttp_errno_t err = llhttp_execute(parser, start.at, start.len);
	if (err == HPE_INVALID_METHOD)
		return h1_refuse(r, MG_EPROTO, 501, "unknown method");
	if (err == HPE_OK)
		err = llhttp_execute(parser, section.at, section.len);
	if (err != HPE_PAUSED) {
		const char *why = llhttp_get_error_reason(parser);
		return h1_refuse(r, MG_EPROTO, 400,
				 err != HPE_OK && why ? why : "unclear head");
	}
	if (sp->count != lines)
		return h1_refuse(r, MG_EPROTO, 400, "the fields are unclear");
	h->fields = sp->fields;
	h->count = sp->count;
	h->cap = cap;
	return MG_OK;
}
