/* hidden.c - what a text holds that its reader does not see, or takes for
 * something else.
 *
 *   sweep: next byte that is not ASCII -> back to the start of its word
 *   rune by rune:  hidden ones gather into runs  -> is there a good reason?
 *                  letters gather into words     -> of one alphabet?
 *
 * Good reasons: joiners shape Persian and Indic words and emoji; marks of
 * direction belong in Hebrew and Arabic text; a flag ends in tags; a selector
 * follows what it selects. Where there is none, the run is a finding of its
 * own kind, whole: what it carries is read after it was taken out (normal.c).
 *
 * A word is a trick when its foreign letters are all such as pass for Latin
 * and stand among Latin ones; when its Latin letters pass for Cyrillic among
 * Cyrillic ones; or when nothing else in a Latin text is of its alphabet.
 */
#include <string.h>

#include "base/slice.h"
#include "detectors/list.h"
#include "detectors/unicode/reason.h"

enum {
	WORD_BACK = 64,  /* bytes of ASCII before a foreign letter, at most */
	STACK_LEAST = 4, /* marks on one letter that are no spelling */
	STYLED_LEAST = 3,
};

/* The word in hand. */
struct word {
	uint32_t letters_from;
	uint32_t letters_to;
	uint32_t from; /* of its first trick */
	uint32_t to;   /* past its last */
	uint32_t latin;
	uint32_t as_cyrillic; /* ASCII letters that pass for Cyrillic ones */
	uint32_t accented;    /* Latin letters beyond ASCII */
	uint32_t alike;       /* foreign letters that pass for Latin */
	uint32_t exotic;      /* of those, in no living word beside Latin */
	uint32_t symbols;     /* of those, Greek ones that formulas use */
	uint32_t unlike;      /* letters that pass for nothing */
	uint32_t cyrillic;
	uint32_t wide;
	uint32_t styled;
	uint32_t phonetic; /* that pass for Latin */
	uint32_t signs;    /* that pass for Latin */
};

struct walk {
	struct facts facts;
	struct word word;
	uint32_t i;      /* where the walk stands */
	uint32_t before; /* the last rune that can be seen, 0 at the start */
	uint32_t stack;  /* marks on it */
	uint32_t stack_from;
	bool inside; /* not between words of ASCII */
};

_Static_assert(sizeof(struct walk) <= JUDGE_MEMO, "a walk is kept in a memo");

/* --- words ------------------------------------------------------------------
 */

static void spot(struct word *w, uint32_t at, uint32_t size)
{
	if (w->to == 0)
		w->from = at;
	w->to = at + size;
}

static void add_letter(struct word *w, enum script s, uint32_t rune,
		       uint32_t at, uint32_t size)
{
	bool alike = rune_fold(rune) != 0;

	if (w->letters_to == 0)
		w->letters_from = at;
	w->letters_to = at + size;
	switch (s) {
	case SCRIPT_LATIN:
		if (rune >= 0x80) {
			w->accented++;
			return;
		}
		w->latin++;
		w->as_cyrillic +=
			strchr("aceopxyABCEHKMOPTX", (int)rune) != NULL;
		return;
	case SCRIPT_CYRILLIC:
		w->cyrillic++;
		break;
	case SCRIPT_PHONETIC:
		w->phonetic += alike;
		break;
	case SCRIPT_SIGN:
		w->signs++;
		break;
	case SCRIPT_WIDE:
		w->wide++;
		break;
	case SCRIPT_STYLED:
		w->styled += alike;
		break;
	default:
		break;
	}
	if (!alike) {
		w->unlike++;
		return;
	}
	w->alike++;
	w->symbols += rune == 0x3b1 || rune == 0x3b3 || rune == 0x3ba ||
		      rune == 0x3bd || rune == 0x3c1 || rune == 0x3c7;
	w->exotic += s == SCRIPT_ARMENIAN || s == SCRIPT_CHEROKEE ||
		     (s == SCRIPT_CYRILLIC && rune >= 0x461) || rune == 0x455;
	spot(w, at, size);
}

/* How sure it is that the word is not what it looks like; 0: it is. */
static uint32_t judge_word(const struct word *w, const struct facts *f)
{
	uint32_t latin = w->latin + w->accented;

	if (w->alike == 0 || w->unlike)
		return w->cyrillic > 1 && w->latin && w->accented == 0 &&
				       w->as_cyrillic == w->latin &&
				       w->cyrillic >= w->latin
			       ? 70
			       : 0;
	if (latin) {
		/* h and Greek nu, a Greek kappa and B: names of quantities. */
		if (w->symbols == w->alike && w->alike == 1 && latin <= 2)
			return 0;
		if (w->phonetic == w->alike && (w->accented || f->phonetic))
			return 0;
		return 90;
	}
	if (w->signs == w->alike)
		return 0;
	if (w->wide == w->alike)
		return f->han ? 0 : 60;
	if (w->wide || (w->styled && w->styled < w->alike))
		return 85;
	if (w->styled == w->alike)
		return w->styled >= STYLED_LEAST ? 60 : 0;
	if (w->phonetic)
		return w->alike >= STYLED_LEAST ? 60 : 0;
	/* A word of one alphabet, all of it like Latin. */
	if (!f->latin || (w->cyrillic && f->cyrillic) ||
	    (!w->cyrillic && !w->exotic && f->greek))
		return w->exotic > 1 && w->cyrillic && f->latin ? 60 : 0;
	if (w->alike == 1)
		return w->cyrillic ? 60 : 0;
	return w->cyrillic || w->exotic || w->symbols < w->alike ? 80 : 60;
}

/* Among letters, a sign that is drawn like one is one of them. */
static bool is_letter_of_words(enum script s, uint32_t rune, const char *next,
			       uint32_t left, const struct word *w)
{
	if (s != SCRIPT_SIGN)
		return s >= SCRIPT_LATIN && s <= SCRIPT_STYLED;
	if (!rune_fold(rune))
		return false;
	if (w->latin || w->alike)
		return true;
	if (left == 0 || (rune != 0x212e && (rune < 0x2160 || rune > 0x217f)))
		return false;
	rune_read(next, left, &rune);
	s = rune_script(rune);
	return s >= SCRIPT_LATIN && s <= SCRIPT_SIGN;
}

/* --- the walk ---------------------------------------------------------------
 */

static bool is_ascii_word(char c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* Ends the word in hand; 1 when there was something to say of it. */
static uint32_t end_word(struct walk *w, struct ruling *out)
{
	uint32_t score = judge_word(&w->word, &w->facts);

	if (score)
		*out = (struct ruling){ HOMOGLYPH, w->word.from, w->word.to,
					score };
	if (score && w->word.unlike) { /* Latin letters among Cyrillic */
		out->from = w->word.letters_from;
		out->to = w->word.letters_to;
	}
	w->word = (struct word){ 0 };
	return score != 0;
}

static uint32_t end_stack(struct walk *w, struct ruling *out)
{
	uint32_t n = w->stack;

	w->stack = 0;
	if (n < STACK_LEAST)
		return 0;
	*out = (struct ruling){ STACK, w->stack_from, w->i,
				n > 2 * STACK_LEAST ? 85 : 60 };
	return 1;
}

/* To the start of the word that holds the next byte which is not ASCII. */
static bool next_word(struct walk *w, const char *text, uint32_t len)
{
	uint32_t at = rune_next_foreign(text, w->i, len), from = at;

	while (from > w->i && at - from < WORD_BACK &&
	       is_ascii_word(text[from - 1]))
		from--;
	if (from > w->i)
		w->before = (unsigned char)text[from - 1];
	w->i = from;
	w->inside = true;
	return at < len;
}

static uint32_t step(struct walk *w, const char *text, uint32_t len,
		     struct ruling *out)
{
	uint32_t rune, n = 0;
	uint32_t size = rune_read(text + w->i, len - w->i, &rune);
	enum script s = rune_script(rune);

	if (script_is_hidden(s)) {
		struct run r = reason_run(text, len, w->i, w->before);
		uint32_t score = reason_weigh(&w->facts, text, &r);

		if (score)
			out[n++] =
				(struct ruling){ r.kind, r.from, r.to, score };
		w->i = r.to;
		return n;
	}
	if (s == SCRIPT_MARK) {
		if (w->stack++ == 0)
			w->stack_from = w->i;
		w->i += size;
		return 0;
	}
	n = end_stack(w, out);
	if (is_letter_of_words(s, rune, text + w->i + size, len - w->i - size,
			       &w->word)) {
		add_letter(&w->word, s, rune, w->i, size);
	} else if (rune >= 0x80 || !is_ascii_word((char)rune)) {
		n += end_word(w, out + n);
		w->inside = rune >= 0x80;
	}
	w->before = rune;
	w->i += size;
	return n;
}

static uint32_t unicode_judge(const struct exhibit *x,
			      struct ruling out[RULINGS_MAX])
{
	struct walk *w = x->memo;
	uint32_t n = 0;

	if (!w->facts.known) {
		if (rune_next_foreign(x->text, 0, x->len) == x->len)
			return 0;
		reason_learn(&w->facts, x->text, x->len);
	}
	while (w->i < x->len) {
		if (!w->inside && !next_word(w, x->text, x->len))
			return n;
		while (w->inside && w->i < x->len) {
			/* A step says two things at most. */
			if (n + 2 > RULINGS_MAX)
				goto full;
			n += step(w, x->text, x->len, out + n);
		}
	}
	if (n + 2 <= RULINGS_MAX) {
		n += end_stack(w, out + n);
		n += end_word(w, out + n);
		return n;
	}
full:
	/* The engine calls again when all places are taken. */
	while (n < RULINGS_MAX) {
		out[n] = out[n - 1];
		n++;
	}
	return n;
}

#define HIDDEN(word, about, mask_) "unicode." word, about, .mask = mask_

static const struct row rows[] = {
	{ HIDDEN("bidi", "Controls that turn the order in which text is shown",
		 "BIDI"),
	  .score = 90, .groups = "unicode.hidden",
	  .hit = { "access \xe2\x80\xae"
		   "resu\xe2\x80\xac granted",
		   "if (a\xe2\x81\xa6 == b) return\xe2\x81\xa9;" },
	  .miss = { "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d\xe2\x80\x8f 10:30",
		    "plain text" } },
	{ HIDDEN("zero_width", "Characters without width, where none belong",
		 "ZERO_WIDTH"),
	  .score = 90, .groups = "unicode.hidden",
	  .hit = { "pass\xe2\x80\x8bword", "ig\xef\xbb\xbfnore" },
	  .miss = { "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88\xd8\xa7\xd9"
		    "\x87\xd9\x85",
		    "\xf0\x9f\x8f\x83\xe2\x80\x8d\xe2\x99\x80\xef\xb8\x8f" } },
	{ HIDDEN("tags", "Tag characters, which carry text that is not shown",
		 "TAGS"),
	  .score = 95, .groups = "unicode.hidden",
	  .hit = { "hello \xf3\xa0\x81\xb3\xf3\xa0\x81\xa1\xf3\xa0\x81\xb9",
		   "\xf3\xa0\x80\x81\xf3\xa0\x81\xaf\xf3\xa0\x81\xab" },
	  .miss = { "\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0"
		    "\x81\xb3\xf3\xa0\x81\xa3\xf3\xa0\x81\xb4\xf3\xa0\x81\xbf",
		    "\xf0\x9f\x8f\xb4 flag" } },
	{ HIDDEN("variation_selector",
		 "Variation selectors that select nothing, and carry bytes",
		 "SELECTORS"),
	  .score = 95, .groups = "unicode.hidden",
	  .hit = { "\xf0\x9f\x98\x80\xf3\xa0\x85\xa3\xf3\xa0\x85\x95",
		   "x\xf3\xa0\x85\xa3" },
	  .miss = { "\xe2\x9d\xa4\xef\xb8\x8f thanks",
		    "press 1\xef\xb8\x8f\xe2\x83\xa3" } },
	{ HIDDEN("filler", "Characters that are drawn as nothing", "FILLER"),
	  .score = 90, .groups = "unicode.hidden",
	  .alias = "unicode.invisible_filler",
	  .hit = { "Ple\xef\xbe\xa0"
		   "ase",
		   "O\xe3\x85\xa4rder" },
	  .miss = { "\xe2\xa0\x81\xe2\xa0\x80\xe2\xa0\x83", "fill her up" } },
	{ HIDDEN("control", "Control characters of terminals", "CONTROL"),
	  .score = 60, .groups = "unicode.hidden",
	  .hit = { "abc\b\b\bxyz", "a\x01z" },
	  .miss = { "tab\there", "line\r\nline" } },
	{ HIDDEN("homoglyph", "Letters that pass for those of another alphabet",
		 "HOMOGLYPH"),
	  .score = 90, .groups = "unicode.confusable",
	  .hit = { "p\xd0\xb0ypal", "w\xef\xbd\x81it" },
	  .miss = { "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82",
		    "\xce\xb1 and \xce\xb2" } },
	{ HIDDEN("stacked_marks", "Marks piled on one letter", "MARKS"),
	  .score = 80, .groups = "unicode.confusable",
	  .hit = { "h\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85i",
		   "a\xcc\xb5\xcc\xb6\xcc\xb7\xcc\xb8" },
	  .miss = { "Cafe\xcc\x81", "Zu\xcc\x88rich" } },
};

const struct family family_unicode = {
	"unicode",     rows, ARRAY_LEN(rows), JUDGE_TEXT | JUDGE_AGAIN,
	unicode_judge,
};
