/* reason.c - what languages and emoji need that cannot be seen. */
#include "detectors/unicode/reason.h"

#include <string.h>

enum { AHEAD = 64 }; /* bytes of other runs looked past, at most */

void reason_learn(struct facts *f, const char *text, uint32_t len)
{
	uint32_t i = 0;

	f->known = true;
	for (uint32_t k = 0; k < len && !f->latin; k++)
		f->latin = ((text[k] | 0x20) >= 'a' && (text[k] | 0x20) <= 'z');
	while ((i = rune_next_foreign(text, i, len)) < len) {
		uint32_t rune;

		i += rune_read(text + i, len - i, &rune);
		switch (rune_script(rune)) {
		case SCRIPT_RTL:
			f->rtl = true;
			break;
		case SCRIPT_CYRILLIC:
			f->cyrillic |= !rune_fold(rune);
			break;
		case SCRIPT_PHONETIC:
			f->phonetic |= !rune_fold(rune);
			break;
		case SCRIPT_GREEK:
			f->greek |= !rune_fold(rune);
			break;
		case SCRIPT_HAN:
		case SCRIPT_HANGUL:
			f->han = true;
			break;
		default:
			break;
		}
	}
}

enum kind reason_kind(enum script s)
{
	switch (s) {
	case SCRIPT_BIDI:
		return BIDI;
	case SCRIPT_ZERO_WIDTH:
		return ZERO_WIDTH;
	case SCRIPT_TAG:
		return TAGS;
	case SCRIPT_SELECTOR:
		return SELECTOR;
	case SCRIPT_FILLER:
		return FILLER;
	default:
		return CONTROL;
	}
}

static bool is_joining(enum script s)
{
	return s == SCRIPT_RTL || s == SCRIPT_INDIC || s == SCRIPT_SPACELESS ||
	       s == SCRIPT_MONGOLIAN;
}

static uint32_t judge_bidi(const struct facts *f, const struct run *r)
{
	bool mark = r->rune == 0x200e || r->rune == 0x200f || r->rune == 0x61c;

	if (r->rune == 0x202d || r->rune == 0x202e)
		return 95;
	if (f->rtl)
		return 0;
	return mark ? 40 : r->rune == 0x2068 || r->rune == 0x2069 ? 75 : 90;
}

static uint32_t judge_zero_width(const struct run *r)
{
	enum script before = rune_script(r->before);
	enum script after = rune_script(r->after);

	if (r->count > 2)
		return 95;
	if (r->rune == 0xfeff && r->from == 0)
		return 0;
	if (r->rune == 0x180e)
		return before == SCRIPT_MONGOLIAN ? 0 : 90;
	if (r->rune == 0x200b)
		return before == SCRIPT_SPACELESS || after == SCRIPT_SPACELESS
			       ? 0
			       : 85;
	if (r->rune != 0x200c && r->rune != 0x200d)
		return 90;
	if (is_joining(before) || (r->before == 0 && is_joining(after)))
		return 0;
	if (r->rune == 0x200d && r->count == 1 && before == SCRIPT_EMOJI &&
	    after == SCRIPT_EMOJI)
		return 0;
	/* What is left when the face before it was taken out. */
	return r->rune == 0x200d && after == SCRIPT_EMOJI ? 40 : 90;
}

/* The flags of England, Scotland and Wales; other regions are possible. */
static uint32_t judge_tags(const char *text, const struct run *r)
{
	char tag[8] = "";
	uint32_t n = 0;

	if (r->before != 0x1f3f4 || r->count < 5 || r->count > 7)
		return 95;
	for (uint32_t i = r->from; i < r->to && n < 7; n++) {
		uint32_t rune;

		i += rune_read(text + i, r->to - i, &rune);
		tag[n] = (char)(rune & 0x7f);
	}
	if (tag[n - 1] != 0x7f)
		return 95;
	tag[n - 1] = '\0';
	if (!strcmp(tag, "gbeng") || !strcmp(tag, "gbsct") ||
	    !strcmp(tag, "gbwls"))
		return 0;
	return !strncmp(tag, "us", 2) || !strncmp(tag, "ca", 2) ? 30 : 80;
}

static uint32_t judge_selector(const struct run *r)
{
	enum script before = rune_script(r->before);

	if (r->count > 1)
		return 95;
	if (r->rune >= 0xe0100)
		return before == SCRIPT_HAN ? 0 : 90;
	if (r->before >= 0x80)
		return 0;
	if (r->rune < 0xfe0e)
		return 85;
	return (r->before >= '0' && r->before <= '9') || r->before == '#' ||
			       r->before == '*'
		       ? 0
		       : 80;
}

static bool is_small(uint32_t rune)
{
	return (rune >= 'a' && rune <= 'z') || (rune >= 0xdf && rune <= 0x24f);
}

static uint32_t judge_filler(const struct run *r)
{
	enum script before = rune_script(r->before);
	enum script after = rune_script(r->after);

	switch (r->rune) {
	case 0xad: /* where a word may be parted, if it is one */
		if (r->count > 1 || !is_small(r->after) ||
		    rune_script(r->before) != SCRIPT_LATIN)
			return before >= SCRIPT_GREEK &&
					       before <= SCRIPT_ARMENIAN &&
					       after == before
				       ? 0
				       : 80;
		return 50;
	case 0x115f:
	case 0x1160:
	case 0x3164:
	case 0xffa0:
		return before == SCRIPT_HANGUL || after == SCRIPT_HANGUL ? 0
									 : 90;
	case 0x2800:
		return before == SCRIPT_BRAILLE || after == SCRIPT_BRAILLE ? 0
									   : 90;
	case 0x17b4:
	case 0x17b5:
		return before == SCRIPT_SPACELESS ? 0 : 90;
	case 0x180b:
	case 0x180c:
	case 0x180d:
	case 0x180f:
		return before == SCRIPT_MONGOLIAN ? 0 : 90;
	case 0x34f:
		return before == SCRIPT_RTL ? 0 : 90;
	}
	return 90;
}

uint32_t reason_weigh(const struct facts *f, const char *text,
		      const struct run *r)
{
	switch (r->kind) {
	case BIDI:
		return judge_bidi(f, r);
	case ZERO_WIDTH:
		return judge_zero_width(r);
	case TAGS:
		return judge_tags(text, r);
	case SELECTOR:
		return judge_selector(r);
	case FILLER:
		return judge_filler(r);
	default:
		/* Old encodings taken for this one leave such runes behind. */
		return r->rune < 0x80 ? 60 : 30;
	}
}

struct run reason_run(const char *text, uint32_t len, uint32_t i,
		      uint32_t before)
{
	struct run r = { .from = i, .to = i, .before = before };
	uint32_t rune, n = 0;
	bool own = true; /* still in the run itself */

	while (r.to + n < len) {
		uint32_t size =
			rune_read(text + r.to + n, len - r.to - n, &rune);
		enum script s = rune_script(rune);

		if (!script_is_hidden(s)) {
			r.after = rune;
			break;
		}
		own &= r.count == 0 || reason_kind(s) == r.kind;
		if (!own) {
			n += size;
			if (n > AHEAD) /* seen far enough */
				break;
			continue;
		}
		if (r.count++ == 0) {
			r.kind = reason_kind(s);
			r.rune = rune;
		} else if (rune == 0x202d || rune == 0x202e) {
			r.rune = rune; /* what weighs most */
		}
		r.to += size;
	}
	return r;
}
