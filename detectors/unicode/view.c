/* view.c - takes the disguise off a text. */
#include "detectors/unicode/view.h"

#include <stdlib.h>
#include <string.h>

#include "abi/mg.h"
#include "detectors/unicode/encoded.h"
#include "detectors/unicode/reason.h"

enum {
	FACTOR = 4,       /* see view.h */
	DIGITS_LEAST = 4, /* of another script, in a row */
	BITS_LEAST = 16,  /* zero widths that may be bits */
};

/* A word while it is copied. */
struct copied {
	uint32_t at;   /* in the view */
	uint32_t from; /* in the text */
	uint32_t latin;
	uint32_t alike;
	uint32_t unlike;
	enum script script; /* of the last foreign letter */
};

struct build {
	struct view *v;
	const char *text;
	uint32_t len;
	struct facts facts;
	struct copied word;
	uint32_t digits; /* of another script, in a row */
	uint32_t changed;
	uint32_t hidden; /* runs taken out */
};

void view_init(struct view *v)
{
	memset(v, 0, sizeof(*v));
}

void view_deinit(struct view *v)
{
	if (v->text)
		explicit_bzero(v->text, v->cap);
	free(v->text);
	free(v->from);
	free(v->to);
	view_init(v);
}

static void make_room(struct view *v, uint32_t more)
{
	if (v->cap - v->len >= more)
		return;
	uint32_t cap = v->len + more;
	v->text = realloc(v->text, cap);
	v->from = realloc(v->from, cap * sizeof(*v->from));
	v->to = realloc(v->to, cap * sizeof(*v->to));
	if (!v->text || !v->from || !v->to)
		abort();
	v->cap = cap;
}

static void copy(struct view *v, const char *text, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		view_put(v, text[i], i, i + 1);
}

/* --- plain ------------------------------------------------------------------
 */

static bool is_whole_disguise(const struct build *b)
{
	const struct copied *w = &b->word;

	if (w->unlike || !w->alike)
		return false;
	if (w->latin || w->script == SCRIPT_ARMENIAN ||
	    w->script == SCRIPT_CHEROKEE || w->script == SCRIPT_PHONETIC)
		return w->latin || b->facts.latin;
	return b->facts.latin && w->alike > 1 &&
	       (w->script == SCRIPT_CYRILLIC ? !b->facts.cyrillic
					     : !b->facts.greek);
}

/* Letters were folded on trial; a word of a living language is put back. */
static void end_word(struct build *b, uint32_t i)
{
	struct copied *w = &b->word;

	if (w->alike && is_whole_disguise(b)) {
		b->changed++;
	} else if (w->alike) {
		b->v->len = w->at;
		copy(b->v, b->text, w->from, i);
	}
	*w = (struct copied){ .at = b->v->len, .from = i };
}

static bool is_ascii_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_ascii_word(char c)
{
	return is_ascii_letter(c) || (c >= '0' && c <= '9');
}

/* ASCII digit for one of another script, or 0. */
static char digit_of(uint32_t rune)
{
	static const uint16_t zero[] = { 0x660, 0x6f0, 0x966, 0x9e6 };

	for (uint32_t i = 0; i < sizeof(zero) / sizeof(*zero); i++)
		if (rune >= zero[i] && rune < zero[i] + 10u)
			return (char)('0' + rune - zero[i]);
	return 0;
}

static bool is_overlay(uint32_t rune)
{
	return rune == 0x305 || (rune >= 0x332 && rune <= 0x338);
}

/* A visible rune beyond ASCII. */
static void put_foreign(struct build *b, uint32_t rune, enum script s,
			uint32_t i, uint32_t size)
{
	char c = rune_fold(rune), digit = digit_of(rune);
	bool letter = s >= SCRIPT_LATIN && s <= SCRIPT_PHONETIC;
	bool ends = !letter && s != SCRIPT_MARK && !is_ascii_word(c);

	if (digit) {
		view_put(b->v, digit, i, i + size);
		b->changed += ++b->digits >= DIGITS_LEAST;
		return;
	}
	b->digits = 0;
	if (is_overlay(rune)) {
		b->changed++;
		return;
	}
	if (ends)
		end_word(b, i);
	if (letter && s != SCRIPT_LATIN) {
		b->word.alike += c != 0;
		b->word.unlike += c == 0;
		b->word.script = s;
	} else if (!ends && c) {
		b->changed++;
		b->word.latin += is_ascii_letter(c);
	}
	if (c)
		view_put(b->v, c, i, i + size);
	else
		copy(b->v, b->text, i, i + size);
	if (ends)
		b->word = (struct copied){ .at = b->v->len, .from = i + size };
}

static void put_ascii(struct build *b, char c, uint32_t i)
{
	b->digits = 0;
	if (!is_ascii_word(c))
		end_word(b, i);
	b->word.latin += is_ascii_letter(c);
	view_put(b->v, c, i, i + 1);
	if (!is_ascii_word(c))
		b->word = (struct copied){ .at = b->v->len, .from = i + 1 };
}

static void put_plain(struct build *b)
{
	uint32_t before = 0;

	b->word.at = b->v->len;
	for (uint32_t i = 0; i < b->len;) {
		uint32_t rune;

		if ((signed char)b->text[i] >= '\t') {
			before = (unsigned char)b->text[i];
			put_ascii(b, b->text[i], i);
			i++;
			continue;
		}
		uint32_t n = rune_read(b->text + i, b->len - i, &rune);
		enum script s = rune_script(rune);
		if (script_is_hidden(s)) {
			struct run r = reason_run(b->text, b->len, i, before);

			if (reason_weigh(&b->facts, b->text, &r)) {
				b->changed++;
				b->hidden++;
			} else {
				copy(b->v, b->text, r.from, r.to);
			}
			i = r.to;
			continue;
		}
		put_foreign(b, rune, s, i, n);
		if (s != SCRIPT_MARK)
			before = rune;
		i += n;
	}
	end_word(b, b->len);
}

/* --- payload ----------------------------------------------------------------
 */

/* The byte that a rune carries, or -1. */
static int carried(uint32_t rune)
{
	if (rune >= 0xe0020 && rune <= 0xe007e)
		return (int)(rune - 0xe0000);
	if (rune >= 0xfe00 && rune <= 0xfe0f)
		return (int)(rune - 0xfe00);
	return rune >= 0xe0100 && rune <= 0xe01ef ? (int)(rune - 0xe0100 + 16)
						  : -1;
}

/* Bits of a run of zero widths: the space is 0, the non-joiner 1. */
static void put_bits(struct build *b, const struct run *r)
{
	uint32_t bits = 0, n = 0;

	view_put(b->v, '\n', r->from, r->to);
	for (uint32_t i = r->from; i < r->to;) {
		uint32_t rune;

		i += rune_read(b->text + i, r->to - i, &rune);
		if (rune != 0x200b && rune != 0x200c)
			continue;
		bits = bits << 1 | (rune == 0x200c);
		if (++n % 8 == 0)
			view_put(b->v, (char)(bits & 0xff), r->from, r->to);
	}
}

static void put_carried(struct build *b, const struct run *r)
{
	view_put(b->v, '\n', r->from, r->to);
	for (uint32_t i = r->from; i < r->to;) {
		uint32_t rune, n = rune_read(b->text + i, r->to - i, &rune);
		int c = carried(rune);

		if (c >= 0)
			view_put(b->v, (char)c, i, i + n);
		i += n;
	}
}

static void put_payloads(struct build *b)
{
	uint32_t i = 0;

	while ((i = rune_next_foreign(b->text, i, b->len)) < b->len) {
		uint32_t rune, n = rune_read(b->text + i, b->len - i, &rune);

		if (!script_is_hidden(rune_script(rune))) {
			i += n;
			continue;
		}
		struct run r = reason_run(b->text, b->len, i, 0);
		if (r.kind == ZERO_WIDTH && r.count >= BITS_LEAST)
			put_bits(b, &r);
		else if (r.count > 2 && (r.kind == TAGS || r.kind == SELECTOR))
			put_carried(b, &r);
		i = r.to;
	}
}

int view_add(struct view *v, const char *text, uint32_t len,
	     struct view_part *part)
{
	bool foreign = rune_next_foreign(text, 0, len) < len;
	struct build b = { .v = v, .text = text, .len = len };
	struct source s = { text, len, NULL, NULL };
	uint32_t first = v->len;

	*part = (struct view_part){ first, first, first, first };
	v->full = false;
	if (!foreign && !encoded_may_be(text, len))
		return 0;
	if (len > UINT32_MAX / 16 || v->len > UINT32_MAX / 2)
		return MG_ETOOBIG;
	make_room(v, len * FACTOR + 16);
	if (foreign) {
		reason_learn(&b.facts, text, len);
		put_plain(&b);
		if (!b.changed)
			v->len = first;
		part->plain_to = v->len;
	}
	part->payload_from = v->len;
	if (b.hidden)
		put_payloads(&b);
	if (b.changed)
		s = (struct source){ v->text + first, part->plain_to - first,
				     v->from + first, v->to + first };
	encoded_add(v, &s);
	/* What was inside may hold more of the same. */
	uint32_t inside = v->len - part->payload_from;
	s = (struct source){ v->text + part->payload_from, inside,
			     v->from + part->payload_from,
			     v->to + part->payload_from };
	if (inside)
		encoded_add(v, &s);
	part->payload_to = v->len;
	return v->full ? MG_ETOOBIG : 0;
}
