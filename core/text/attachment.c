/* attachment.c - see attachment.h */
#include "text/attachment.h"

#include <strings.h>

#include "text/base64.h"
#include "text/coding.h"
#include "text/utf8.h"

enum {
	LONGEST_MEDIA_TYPE = 256, /* of a data: URL, parameters included */
	SHORTEST_BARE = 24, /* shorter strings are words as well as base64 */
	SNIFFED = 768,      /* base64 bytes looked at first */
};

static bool starts_caseless(struct mg_slice s, const char *word)
{
	size_t len = strlen(word);

	return s.len >= len && strncasecmp(s.at, word, len) == 0;
}

static const char *comma_of(struct mg_slice value)
{
	size_t len =
		value.len < LONGEST_MEDIA_TYPE ? value.len : LONGEST_MEDIA_TYPE;

	return memchr(value.at, ',', len);
}

bool attachment_is_data_url(struct mg_slice value)
{
	return starts_caseless(value, "data:") && comma_of(value);
}

/* Formats whose first bytes could pass for text. */
static bool is_binary_format(struct mg_slice head)
{
	return slice_starts(head, "%PDF-") || slice_starts(head, "GIF8") ||
	       slice_starts(head, "RIFF") || slice_starts(head, "ID3") ||
	       slice_starts(head, "OggS") || slice_starts(head, "fLaC");
}

/* Cuts a character that the sniffing length cut in two. */
static struct mg_slice whole_chars(struct mg_slice s)
{
	for (int i = 0; i < 4 && s.len; i++) {
		if (utf8_valid(slice(s.at + s.len - 1, 1)))
			break;
		s.len--;
	}
	return s;
}

static enum attachment open_base64(struct arena *a, struct mg_slice coded,
				   struct payload *out)
{
	struct mg_slice head = coded, bytes;

	out->coding = CODING_BASE64;
	if (head.len > SNIFFED) {
		head.len = SNIFFED;
		/* Line breaks move the groups; then only all of it will do. */
		if (base64_decode(a, head, &bytes) == MG_OK &&
		    (is_binary_format(bytes) ||
		     !utf8_is_text(whole_chars(bytes))))
			return ATTACHMENT_UNREAD;
	}
	if (base64_decode(a, coded, &bytes) < 0)
		return ATTACHMENT_NONE;
	if (is_binary_format(bytes) || !utf8_is_text(bytes))
		return ATTACHMENT_UNREAD;
	out->text = bytes;
	return ATTACHMENT_READ;
}

static enum attachment open_data_url(struct arena *a, struct mg_slice value,
				     struct payload *out)
{
	const char *comma = comma_of(value);
	struct mg_slice head = slice(value.at, (size_t)(comma - value.at));

	out->from = head.len + 1;
	struct mg_slice coded = slice(comma + 1, value.len - out->from);
	if (head.len >= 7 && strncasecmp(comma - 7, ";base64", 7) == 0)
		return open_base64(a, coded, out);
	out->coding = CODING_PERCENT;
	coding_decode(a, CODING_PERCENT, coded, &out->text);
	return utf8_is_text(out->text) ? ATTACHMENT_READ : ATTACHMENT_UNREAD;
}

enum attachment attachment_open(struct arena *a, struct mg_slice value,
				bool bare, struct payload *out)
{
	enum attachment found = ATTACHMENT_NONE;

	*out = (struct payload){ .text = slice("", 0) };
	if (attachment_is_data_url(value))
		found = open_data_url(a, value, out);
	else if (bare && value.len >= SHORTEST_BARE && base64_is(value))
		found = open_base64(a, value, out);
	return found;
}
