/* rune.h - code points: reading them, what they are, what they look like.
 *
 * Covers what is needed to tell a trick from a language: which runes cannot be
 * seen, which scripts join, which letters of other alphabets pass for Latin.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum script {
	SCRIPT_NONE, /* punctuation, symbols, digits */
	SCRIPT_LATIN,
	SCRIPT_GREEK,
	SCRIPT_CYRILLIC,
	SCRIPT_ARMENIAN,
	SCRIPT_CHEROKEE,
	SCRIPT_PHONETIC, /* Latin letters of no alphabet: IPA, small capitals */
	SCRIPT_WIDE,     /* full-width Latin */
	SCRIPT_STYLED,   /* mathematical and enclosed Latin */
	SCRIPT_SIGN,     /* signs and numerals that are Latin letters */
	SCRIPT_RTL,      /* Hebrew, Arabic and their neighbours */
	SCRIPT_INDIC,    /* joiners shape its syllables */
	SCRIPT_SPACELESS, /* South-East Asian: zero-width spaces part words */
	SCRIPT_MONGOLIAN,
	SCRIPT_HANGUL,
	SCRIPT_HAN, /* and kana */
	SCRIPT_BRAILLE,
	SCRIPT_MARK, /* goes on the letter before */
	SCRIPT_EMOJI,
	SCRIPT_OTHER,
	/* What cannot be seen: */
	SCRIPT_BIDI,
	SCRIPT_ZERO_WIDTH,
	SCRIPT_TAG,
	SCRIPT_SELECTOR,
	SCRIPT_FILLER,
	SCRIPT_CONTROL, /* NUL to backspace, and U+0080 to U+009F */
};

/* Bytes of the rune at `at`, of which `len` > 0 are there; what is no UTF-8 is
 * one byte, and rune 0xfffd. */
uint32_t rune_read(const char *at, uint32_t len, uint32_t *rune);

enum script rune_script(uint32_t rune);

static inline bool script_is_hidden(enum script s)
{
	return s >= SCRIPT_BIDI;
}

/* The ASCII letter or digit that `rune` passes for or stands for, or 0. */
char rune_fold(uint32_t rune);

/* The next byte from `i` on that is not ASCII, or a control below the tab;
 * `len` when there is none. */
uint32_t rune_next_foreign(const char *text, uint32_t i, uint32_t len);
