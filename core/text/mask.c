/* mask.c - see mask.h */
#include "text/mask.h"

#include "base/hash.h"
#include "text/utf8.h"

enum { SHOWN = 4, HASH_BYTES = 4 };

static struct mg_slice placeholder(struct arena *a, struct mg_slice word)
{
	return slice_str(arena_fmt(a, "[%.*s]", (int)word.len, word.at));
}

static size_t count_chars(struct mg_slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += !utf8_continues(s.at[i]);
	return n;
}

static struct mg_slice stars(struct arena *a, size_t count)
{
	char *at = arena_alloc(a, count + 1);

	memset(at, '*', count);
	return slice(at, count);
}

/* The last characters, for people who know the value; nothing of a short one,
 * and nothing that could not stand in a JSON string as it is. */
static struct mg_slice last_chars(struct mg_slice value)
{
	size_t chars = count_chars(value), at = value.len;

	if (chars <= 2 * SHOWN)
		return slice("", 0);
	for (int n = 0; n < SHOWN; n++)
		do
			at--;
		while (at > 0 && utf8_continues(value.at[at]));
	for (size_t i = at; i < value.len; i++)
		if ((unsigned char)value.at[i] < 0x20 || value.at[i] == '"' ||
		    value.at[i] == '\\')
			return slice("", 0);
	return slice(value.at + at, value.len - at);
}

static struct mg_slice keyed(const struct masker *m, struct mg_slice word,
			     struct mg_slice value)
{
	unsigned char mac[32];
	char hex[2 * HASH_BYTES + 1];

	if (!m->key.len)
		return placeholder(m->arena, word);
	hash_hmac256(m->key, value, mac);
	hash_hex(mac, HASH_BYTES, hex);
	return slice_str(
		arena_fmt(m->arena, "[%.*s:%s]", (int)word.len, word.at, hex));
}

struct mg_slice mask_render(const struct masker *m, enum mg_mask_style style,
			    struct mg_slice word, struct mg_slice value)
{
	struct mg_slice shown;

	switch (style) {
	case MG_MASK_PLACEHOLDER:
		break;
	case MG_MASK_KEEP_LENGTH:
		return stars(m->arena, count_chars(value));
	case MG_MASK_KEEP_LAST4:
		shown = last_chars(value);
		return slice_str(arena_fmt(m->arena, "****%.*s", (int)shown.len,
					   shown.at));
	case MG_MASK_HASH:
		return keyed(m, word, value);
	case MG_MASK_TOKEN:
		if (m->vault)
			return vault_token(m->vault, word, value);
		break;
	}
	return placeholder(m->arena, word);
}
