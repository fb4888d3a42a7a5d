/* coding.c - see coding.h */
#include "text/coding.h"

#include "text/base64.h"
#include "text/json.h"
#include "text/utf8.h"

uint32_t coding_layers(uint32_t stack)
{
	uint32_t n = 0;

	for (; stack; stack >>= 4)
		n++;
	return n;
}

uint32_t coding_push(uint32_t stack, enum coding inner)
{
	return stack | (uint32_t)inner << 4 * coding_layers(stack);
}

bool coding_is_stepwise(enum coding c)
{
	return c == CODING_RAW || c == CODING_JSON || c == CODING_FORM ||
	       c == CODING_PERCENT || c == CODING_UTF16LE ||
	       c == CODING_UTF16BE;
}

/* --- one unit ---------------------------------------------------------------
 */

static size_t whole_char(struct mg_slice raw, char *out, size_t *len)
{
	size_t n = utf8_len(raw);

	*len = n ? n : 1;
	memcpy(out, raw.at, *len);
	return *len;
}

static size_t json_unit(struct mg_slice raw, char *out, size_t *len)
{
	if (*raw.at != '\\')
		return whole_char(raw, out, len);
	size_t used = json_unescape(raw, out, len);
	if (used)
		return used;
	*out = *raw.at;
	*len = 1;
	return 1;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t percent_byte(struct mg_slice raw, bool plus, char *out)
{
	*out = plus && *raw.at == '+' ? ' ' : *raw.at;
	if (*raw.at != '%' || raw.len < 3)
		return 1;
	int high = hex_digit(raw.at[1]), low = hex_digit(raw.at[2]);
	if (high < 0 || low < 0)
		return 1;
	*out = (char)(high << 4 | low);
	return 3;
}

static size_t char_length(char first)
{
	unsigned char c = (unsigned char)first;

	return c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* A character may be spread over several %XX: they are one unit. */
static size_t percent_unit(struct mg_slice raw, bool plus, char *out,
			   size_t *len)
{
	size_t first = percent_byte(raw, plus, out), used = first, n = 1;
	size_t want = char_length(*out);

	while (n < want && used < raw.len) {
		used += percent_byte(slice(raw.at + used, raw.len - used), plus,
				     out + n);
		if (!utf8_continues(out[n++]))
			break;
	}
	if (n > 1 && utf8_len(slice(out, n)) == n) {
		*len = n;
		return used;
	}
	*len = 1;
	return first;
}

static uint32_t unit16(const char *at, bool little)
{
	const unsigned char *p = (const unsigned char *)at;

	return little ? p[0] | (uint32_t)p[1] << 8 : p[1] | (uint32_t)p[0] << 8;
}

static size_t utf16_unit(struct mg_slice raw, bool little, char *out,
			 size_t *len)
{
	size_t used = 2;

	if (raw.len < 2) {
		*len = utf8_put(0xfffd, out);
		return raw.len;
	}
	uint32_t point = unit16(raw.at, little);
	if (point >> 10 == 0x36 && raw.len >= 4) {
		uint32_t low = unit16(raw.at + 2, little);
		if (low >> 10 == 0x37) {
			point = 0x10000 + ((point & 0x3ff) << 10) +
				(low & 0x3ff);
			used = 4;
		}
	}
	*len = utf8_put(point, out);
	return used;
}

size_t coding_unit(enum coding c, struct mg_slice raw, char *out, size_t *len)
{
	switch (c) {
	case CODING_JSON:
		return json_unit(raw, out, len);
	case CODING_FORM:
		return percent_unit(raw, true, out, len);
	case CODING_PERCENT:
		return percent_unit(raw, false, out, len);
	case CODING_UTF16LE:
		return utf16_unit(raw, true, out, len);
	case CODING_UTF16BE:
		return utf16_unit(raw, false, out, len);
	default:
		return whole_char(raw, out, len);
	}
}

/* --- all of it
 * ---------------------------------------------------------------- */

int coding_decode(struct arena *a, enum coding c, struct mg_slice raw,
		  struct mg_slice *text)
{
	size_t n = 0, len;

	if (c == CODING_BASE64)
		return base64_decode(a, raw, text);
	if (c == CODING_RAW || !coding_is_stepwise(c)) {
		*text = raw;
		return MG_OK;
	}
	/* A UTF-16 unit of two bytes may stand for three. */
	char *out = arena_alloc(a, raw.len + raw.len / 2 + CODING_UNIT);
	while (raw.len) {
		size_t used = coding_unit(c, raw, out + n, &len);
		raw.at += used;
		raw.len -= used;
		n += len;
	}
	*text = slice(out, n);
	return MG_OK;
}

static int encode_percent(struct mg_slice text, bool plus, struct buf *out)
{
	static const char hex[] = "0123456789ABCDEF";
	int err = MG_OK;

	for (size_t i = 0; err >= 0 && i < text.len; i++) {
		char c = text.at[i];
		char coded[3] = { '%', hex[(unsigned char)c >> 4],
				  hex[c & 15] };
		bool plain = (c >= '0' && c <= '9') ||
			     ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' ||
			     c == '_' || c == '.' || c == '*';
		if (plus && c == ' ')
			err = buf_add_str(out, "+");
		else if (plain)
			err = buf_add_at(out, &c, 1);
		else
			err = buf_add_at(out, coded, 3);
	}
	return err;
}

static int add_unit16(uint32_t unit, bool little, struct buf *out)
{
	char two[2] = { (char)(unit >> 8), (char)unit };

	if (little) {
		two[0] = (char)unit;
		two[1] = (char)(unit >> 8);
	}
	return buf_add_at(out, two, 2);
}

static uint32_t point_of(const char *at, size_t len)
{
	static const unsigned char lead[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t point = (unsigned char)*at & lead[len];

	for (size_t i = 1; i < len; i++)
		point = point << 6 | ((unsigned char)at[i] & 0x3f);
	return point;
}

static int encode_utf16(struct mg_slice text, bool little, struct buf *out)
{
	int err = MG_OK;

	while (err >= 0 && text.len) {
		size_t len = utf8_len(text);
		uint32_t point = len ? point_of(text.at, len) : 0xfffd;
		len += !len;
		if (point >= 0x10000) {
			point -= 0x10000;
			err = add_unit16(0xd800 | point >> 10, little, out);
			point = 0xdc00 | (point & 0x3ff);
		}
		if (err >= 0)
			err = add_unit16(point, little, out);
		text.at += len;
		text.len -= len;
	}
	return err;
}

int coding_encode(enum coding c, struct mg_slice text, struct buf *out)
{
	char *room;

	if (!text.len)
		return MG_OK;
	switch (c) {
	case CODING_JSON:
		room = buf_room(out, json_escape(text, NULL));
		if (!room)
			return MG_ETOOBIG;
		buf_grow(out, json_escape(text, room));
		return MG_OK;
	case CODING_FORM:
		return encode_percent(text, true, out);
	case CODING_PERCENT:
		return encode_percent(text, false, out);
	case CODING_BASE64:
		return base64_encode(text, out);
	case CODING_UTF16LE:
		return encode_utf16(text, true, out);
	case CODING_UTF16BE:
		return encode_utf16(text, false, out);
	default:
		return buf_add(out, text);
	}
}

size_t coding_seek(struct coding_cursor *cur, size_t at)
{
	char unit[CODING_UNIT];
	size_t len;

	while (cur->raw_at < cur->raw.len) {
		struct mg_slice rest = slice(cur->raw.at + cur->raw_at,
					     cur->raw.len - cur->raw_at);
		size_t used = coding_unit(cur->coding, rest, unit, &len);
		if (cur->text_at + len > at)
			break;
		cur->text_at += len;
		cur->raw_at += used;
	}
	return cur->raw_at;
}
