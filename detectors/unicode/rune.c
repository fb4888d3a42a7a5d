/* rune.c - ranges of code points, and letters that pass for Latin ones. */
#include "detectors/unicode/rune.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <stddef.h>

#include "base/slice.h"

struct range {
	uint32_t from;
	uint32_t to;
	enum script script;
};

/* In order; what lies between is SCRIPT_NONE. */
static const struct range ranges[] = {
	{ 0x0080, 0x0084, SCRIPT_CONTROL },
	{ 0x0086, 0x009f, SCRIPT_CONTROL },
	{ 0x00a9, 0x00a9, SCRIPT_EMOJI },
	{ 0x00aa, 0x00aa, SCRIPT_LATIN },
	{ 0x00ad, 0x00ad, SCRIPT_FILLER },
	{ 0x00ae, 0x00ae, SCRIPT_EMOJI },
	{ 0x00ba, 0x00ba, SCRIPT_LATIN },
	{ 0x00c0, 0x00d6, SCRIPT_LATIN },
	{ 0x00d8, 0x00f6, SCRIPT_LATIN },
	{ 0x00f8, 0x024f, SCRIPT_LATIN },
	{ 0x0250, 0x02af, SCRIPT_PHONETIC },
	{ 0x0300, 0x034e, SCRIPT_MARK },
	{ 0x034f, 0x034f, SCRIPT_FILLER },
	{ 0x0350, 0x036f, SCRIPT_MARK },
	{ 0x0370, 0x03ff, SCRIPT_GREEK },
	{ 0x0400, 0x0482, SCRIPT_CYRILLIC },
	{ 0x0483, 0x0489, SCRIPT_MARK },
	{ 0x048a, 0x052f, SCRIPT_CYRILLIC },
	{ 0x0531, 0x0588, SCRIPT_ARMENIAN },
	{ 0x0590, 0x061b, SCRIPT_RTL },
	{ 0x061c, 0x061c, SCRIPT_BIDI },
	{ 0x061d, 0x08ff, SCRIPT_RTL },
	{ 0x0900, 0x0dff, SCRIPT_INDIC },
	{ 0x0e00, 0x109f, SCRIPT_SPACELESS },
	{ 0x10a0, 0x10ff, SCRIPT_OTHER },
	{ 0x1100, 0x115e, SCRIPT_HANGUL },
	{ 0x115f, 0x1160, SCRIPT_FILLER },
	{ 0x1161, 0x11ff, SCRIPT_HANGUL },
	{ 0x1200, 0x139f, SCRIPT_OTHER },
	{ 0x13a0, 0x13ff, SCRIPT_CHEROKEE },
	{ 0x1400, 0x177f, SCRIPT_OTHER },
	{ 0x1780, 0x17b3, SCRIPT_SPACELESS },
	{ 0x17b4, 0x17b5, SCRIPT_FILLER },
	{ 0x17b6, 0x17ff, SCRIPT_SPACELESS },
	{ 0x1800, 0x180a, SCRIPT_MONGOLIAN },
	{ 0x180b, 0x180d, SCRIPT_FILLER },
	{ 0x180e, 0x180e, SCRIPT_ZERO_WIDTH },
	{ 0x180f, 0x180f, SCRIPT_FILLER },
	{ 0x1810, 0x18af, SCRIPT_MONGOLIAN },
	{ 0x18b0, 0x18ff, SCRIPT_OTHER },
	{ 0x1900, 0x1aaf, SCRIPT_SPACELESS },
	{ 0x1ab0, 0x1aff, SCRIPT_MARK },
	{ 0x1b00, 0x1c4f, SCRIPT_SPACELESS },
	{ 0x1c50, 0x1c7f, SCRIPT_OTHER },
	{ 0x1c80, 0x1c8f, SCRIPT_CYRILLIC },
	{ 0x1c90, 0x1ccf, SCRIPT_OTHER },
	{ 0x1cd0, 0x1cff, SCRIPT_INDIC },
	{ 0x1d00, 0x1dbf, SCRIPT_PHONETIC },
	{ 0x1dc0, 0x1dff, SCRIPT_MARK },
	{ 0x1e00, 0x1eff, SCRIPT_LATIN },
	{ 0x1f00, 0x1fff, SCRIPT_GREEK },
	{ 0x200b, 0x200d, SCRIPT_ZERO_WIDTH },
	{ 0x200e, 0x200f, SCRIPT_BIDI },
	{ 0x202a, 0x202e, SCRIPT_BIDI },
	{ 0x203c, 0x203c, SCRIPT_EMOJI },
	{ 0x2049, 0x2049, SCRIPT_EMOJI },
	{ 0x2060, 0x2064, SCRIPT_ZERO_WIDTH },
	{ 0x2065, 0x2065, SCRIPT_FILLER },
	{ 0x2066, 0x2069, SCRIPT_BIDI },
	{ 0x206a, 0x206f, SCRIPT_FILLER },
	{ 0x20d0, 0x20ff, SCRIPT_MARK },
	{ 0x2100, 0x2121, SCRIPT_SIGN },
	{ 0x2122, 0x2122, SCRIPT_EMOJI },
	{ 0x2123, 0x2138, SCRIPT_SIGN },
	{ 0x2139, 0x2139, SCRIPT_EMOJI },
	{ 0x213a, 0x2188, SCRIPT_SIGN },
	{ 0x2190, 0x21ff, SCRIPT_EMOJI },
	{ 0x2300, 0x23ff, SCRIPT_EMOJI },
	{ 0x249c, 0x24e9, SCRIPT_STYLED },
	{ 0x25a0, 0x27bf, SCRIPT_EMOJI },
	{ 0x2800, 0x2800, SCRIPT_FILLER },
	{ 0x2801, 0x28ff, SCRIPT_BRAILLE },
	{ 0x2900, 0x297f, SCRIPT_EMOJI },
	{ 0x2b00, 0x2bff, SCRIPT_EMOJI },
	{ 0x2c00, 0x2c5f, SCRIPT_OTHER },
	{ 0x2c60, 0x2c7f, SCRIPT_LATIN },
	{ 0x2c80, 0x2ddf, SCRIPT_OTHER },
	{ 0x2de0, 0x2dff, SCRIPT_MARK },
	{ 0x2e80, 0x302f, SCRIPT_HAN },
	{ 0x3030, 0x3030, SCRIPT_EMOJI },
	{ 0x3031, 0x303c, SCRIPT_HAN },
	{ 0x303d, 0x303d, SCRIPT_EMOJI },
	{ 0x303e, 0x312f, SCRIPT_HAN },
	{ 0x3130, 0x3163, SCRIPT_HANGUL },
	{ 0x3164, 0x3164, SCRIPT_FILLER },
	{ 0x3165, 0x318f, SCRIPT_HANGUL },
	{ 0x3190, 0x3296, SCRIPT_HAN },
	{ 0x3297, 0x3299, SCRIPT_EMOJI },
	{ 0x329a, 0x9fff, SCRIPT_HAN },
	{ 0xa000, 0xa63f, SCRIPT_OTHER },
	{ 0xa640, 0xa66e, SCRIPT_CYRILLIC },
	{ 0xa66f, 0xa67f, SCRIPT_MARK },
	{ 0xa680, 0xa69f, SCRIPT_CYRILLIC },
	{ 0xa6a0, 0xa71f, SCRIPT_OTHER },
	{ 0xa720, 0xa7ff, SCRIPT_LATIN },
	{ 0xa800, 0xa95f, SCRIPT_INDIC },
	{ 0xa960, 0xa97f, SCRIPT_HANGUL },
	{ 0xa980, 0xaadf, SCRIPT_SPACELESS },
	{ 0xaae0, 0xaaff, SCRIPT_INDIC },
	{ 0xab00, 0xab2f, SCRIPT_OTHER },
	{ 0xab30, 0xab6f, SCRIPT_PHONETIC },
	{ 0xab70, 0xabbf, SCRIPT_CHEROKEE },
	{ 0xabc0, 0xabff, SCRIPT_INDIC },
	{ 0xac00, 0xd7ff, SCRIPT_HANGUL },
	{ 0xf900, 0xfaff, SCRIPT_HAN },
	{ 0xfb00, 0xfb06, SCRIPT_LATIN },
	{ 0xfb13, 0xfb17, SCRIPT_ARMENIAN },
	{ 0xfb1d, 0xfdff, SCRIPT_RTL },
	{ 0xfe00, 0xfe0f, SCRIPT_SELECTOR },
	{ 0xfe20, 0xfe2f, SCRIPT_MARK },
	{ 0xfe30, 0xfe4f, SCRIPT_HAN },
	{ 0xfe70, 0xfefe, SCRIPT_RTL },
	{ 0xfeff, 0xfeff, SCRIPT_ZERO_WIDTH },
	{ 0xff21, 0xff3a, SCRIPT_WIDE },
	{ 0xff41, 0xff5a, SCRIPT_WIDE },
	{ 0xff61, 0xff9f, SCRIPT_HAN },
	{ 0xffa0, 0xffa0, SCRIPT_FILLER },
	{ 0xffa1, 0xffdc, SCRIPT_HANGUL },
	{ 0xfff0, 0xfffb, SCRIPT_FILLER },
	{ 0x10000, 0x107ff, SCRIPT_OTHER },
	{ 0x10800, 0x10fff, SCRIPT_RTL },
	{ 0x11000, 0x11fff, SCRIPT_INDIC },
	{ 0x12000, 0x1bc9f, SCRIPT_OTHER },
	{ 0x1bca0, 0x1bca3, SCRIPT_FILLER },
	{ 0x1d173, 0x1d17a, SCRIPT_FILLER },
	{ 0x1d400, 0x1d7ff, SCRIPT_STYLED },
	{ 0x1e800, 0x1efff, SCRIPT_RTL },
	{ 0x1f000, 0x1f12f, SCRIPT_EMOJI },
	{ 0x1f130, 0x1f149, SCRIPT_STYLED },
	{ 0x1f14a, 0x1f14f, SCRIPT_EMOJI },
	{ 0x1f150, 0x1f169, SCRIPT_STYLED },
	{ 0x1f16a, 0x1f16f, SCRIPT_EMOJI },
	{ 0x1f170, 0x1f189, SCRIPT_STYLED },
	{ 0x1f18a, 0x1faff, SCRIPT_EMOJI },
	{ 0x20000, 0x3ffff, SCRIPT_HAN },
	{ 0xe0000, 0xe007f, SCRIPT_TAG },
	{ 0xe0080, 0xe00ff, SCRIPT_FILLER },
	{ 0xe0100, 0xe01ef, SCRIPT_SELECTOR },
	{ 0xe01f0, 0xe0fff, SCRIPT_FILLER },
};

struct likeness {
	uint32_t rune;
	char ascii;
};

/* In order. Letters of one alphabet that are drawn like those of another. */
static const struct likeness likenesses[] = {
	{ 0x0131, 'i' }, { 0x017f, 's' }, { 0x0251, 'a' }, { 0x0261, 'g' },
	{ 0x0262, 'g' }, { 0x026a, 'i' }, { 0x0274, 'n' }, { 0x0280, 'r' },
	{ 0x028f, 'y' }, { 0x0299, 'b' }, { 0x029c, 'h' }, { 0x029f, 'l' },
	{ 0x0391, 'A' }, { 0x0392, 'B' }, { 0x0395, 'E' }, { 0x0396, 'Z' },
	{ 0x0397, 'H' }, { 0x0399, 'I' }, { 0x039a, 'K' }, { 0x039c, 'M' },
	{ 0x039d, 'N' }, { 0x039f, 'O' }, { 0x03a1, 'P' }, { 0x03a4, 'T' },
	{ 0x03a5, 'Y' }, { 0x03a7, 'X' }, { 0x03b1, 'a' }, { 0x03b3, 'y' },
	{ 0x03b9, 'i' }, { 0x03ba, 'k' }, { 0x03bd, 'v' }, { 0x03bf, 'o' },
	{ 0x03c1, 'p' }, { 0x03c5, 'u' }, { 0x03c7, 'x' }, { 0x03dc, 'F' },
	{ 0x03f1, 'p' }, { 0x03f2, 'c' }, { 0x03f3, 'j' }, { 0x03f9, 'C' },
	{ 0x0405, 'S' }, { 0x0406, 'I' }, { 0x0408, 'J' }, { 0x0410, 'A' },
	{ 0x0412, 'B' }, { 0x0415, 'E' }, { 0x041a, 'K' }, { 0x041c, 'M' },
	{ 0x041d, 'H' }, { 0x041e, 'O' }, { 0x0420, 'P' }, { 0x0421, 'C' },
	{ 0x0422, 'T' }, { 0x0423, 'Y' }, { 0x0425, 'X' }, { 0x0430, 'a' },
	{ 0x0433, 'r' }, { 0x0435, 'e' }, { 0x043e, 'o' }, { 0x0440, 'p' },
	{ 0x0441, 'c' }, { 0x0443, 'y' }, { 0x0445, 'x' }, { 0x0455, 's' },
	{ 0x0456, 'i' }, { 0x0458, 'j' }, { 0x0461, 'w' }, { 0x0474, 'V' },
	{ 0x0475, 'v' }, { 0x04ae, 'Y' }, { 0x04af, 'y' }, { 0x04bb, 'h' },
	{ 0x04bd, 'e' }, { 0x04c0, 'I' }, { 0x04cf, 'l' }, { 0x0501, 'd' },
	{ 0x050c, 'G' }, { 0x051a, 'Q' }, { 0x051b, 'q' }, { 0x051c, 'W' },
	{ 0x051d, 'w' }, { 0x054d, 'U' }, { 0x054f, 'S' }, { 0x0555, 'O' },
	{ 0x0561, 'w' }, { 0x0563, 'q' }, { 0x0566, 'q' }, { 0x0570, 'h' },
	{ 0x0575, 'j' }, { 0x0578, 'n' }, { 0x057c, 'n' }, { 0x057d, 'u' },
	{ 0x0581, 'g' }, { 0x0584, 'f' }, { 0x0585, 'o' }, { 0x13a0, 'D' },
	{ 0x13a1, 'R' }, { 0x13a2, 'T' }, { 0x13a5, 'i' }, { 0x13a9, 'Y' },
	{ 0x13aa, 'A' }, { 0x13ab, 'J' }, { 0x13ac, 'E' }, { 0x13b3, 'W' },
	{ 0x13b7, 'M' }, { 0x13bb, 'H' }, { 0x13bd, 'Y' }, { 0x13c0, 'G' },
	{ 0x13c2, 'h' }, { 0x13c3, 'Z' }, { 0x13cf, 'b' }, { 0x13d2, 'R' },
	{ 0x13d4, 'W' }, { 0x13d5, 'S' }, { 0x13d9, 'V' }, { 0x13da, 'S' },
	{ 0x13de, 'L' }, { 0x13df, 'C' }, { 0x13e2, 'P' }, { 0x13e6, 'K' },
	{ 0x13e7, 'd' }, { 0x13f3, 'G' }, { 0x13f4, 'B' }, { 0x1d00, 'a' },
	{ 0x1d04, 'c' }, { 0x1d05, 'd' }, { 0x1d07, 'e' }, { 0x1d0a, 'j' },
	{ 0x1d0b, 'k' }, { 0x1d0d, 'm' }, { 0x1d0f, 'o' }, { 0x1d18, 'p' },
	{ 0x1d1b, 't' }, { 0x1d1c, 'u' }, { 0x1d20, 'v' }, { 0x1d21, 'w' },
	{ 0x1d22, 'z' }, { 0x2070, '0' }, { 0x2071, 'i' }, { 0x207f, 'n' },
	{ 0x2102, 'C' }, { 0x210a, 'g' }, { 0x210b, 'H' }, { 0x210c, 'H' },
	{ 0x210d, 'H' }, { 0x210e, 'h' }, { 0x2110, 'I' }, { 0x2111, 'I' },
	{ 0x2112, 'L' }, { 0x2113, 'l' }, { 0x2115, 'N' }, { 0x2119, 'P' },
	{ 0x211a, 'Q' }, { 0x211b, 'R' }, { 0x211c, 'R' }, { 0x211d, 'R' },
	{ 0x2124, 'Z' }, { 0x2128, 'Z' }, { 0x212a, 'K' }, { 0x212c, 'B' },
	{ 0x212d, 'C' }, { 0x212e, 'e' }, { 0x212f, 'e' }, { 0x2130, 'E' },
	{ 0x2131, 'F' }, { 0x2133, 'M' }, { 0x2134, 'o' }, { 0x2145, 'D' },
	{ 0x2146, 'd' }, { 0x2147, 'e' }, { 0x2148, 'i' }, { 0x2149, 'j' },
	{ 0x2160, 'I' }, { 0x2164, 'V' }, { 0x2169, 'X' }, { 0x216c, 'L' },
	{ 0x216d, 'C' }, { 0x216e, 'D' }, { 0x216f, 'M' }, { 0x2170, 'i' },
	{ 0x2174, 'v' }, { 0x2179, 'x' }, { 0x217c, 'l' }, { 0x217d, 'c' },
	{ 0x217e, 'd' }, { 0x217f, 'm' },
};

uint32_t rune_read(const char *at, uint32_t len, uint32_t *rune)
{
	const unsigned char *p = (const unsigned char *)at;
	uint32_t c = p[0], n = c < 0xc2   ? 0
			       : c < 0xe0 ? 2
			       : c < 0xf0 ? 3
			       : c < 0xf5 ? 4
					  : 0;

	*rune = c < 0x80 ? c : 0xfffd;
	if (n == 0 || n > len)
		return 1;
	uint32_t r = c & (0x7fu >> n);
	for (uint32_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 1;
		r = r << 6 | (p[i] & 0x3f);
	}
	if ((n == 3 && (r < 0x800 || (r >= 0xd800 && r < 0xe000))) ||
	    (n == 4 && (r < 0x10000 || r > 0x10ffff)))
		return 1;
	*rune = r;
	return n;
}

enum script rune_script(uint32_t rune)
{
	uint32_t low = 0, high = ARRAY_LEN(ranges);

	if (rune < 0x80) {
		if ((rune | 0x20) >= 'a' && (rune | 0x20) <= 'z')
			return SCRIPT_LATIN;
		return rune < '\t' ? SCRIPT_CONTROL : SCRIPT_NONE;
	}
	if (rune >= 0x4e00 && rune <= 0x9fff) /* most of what is foreign */
		return SCRIPT_HAN;
	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (rune > ranges[middle].to)
			low = middle + 1;
		else if (rune < ranges[middle].from)
			high = middle;
		else
			return ranges[middle].script;
	}
	return SCRIPT_NONE;
}

/* Alphabets one after another: capitals and small letters, then digits. */
static char fold_styled(uint32_t rune)
{
	if (rune >= 0x1d400 && rune <= 0x1d6a3) {
		uint32_t i = (rune - 0x1d400) % 52;

		return (char)(i < 26 ? 'A' + i : 'a' + i - 26);
	}
	if (rune >= 0x1d7ce && rune <= 0x1d7ff)
		return (char)('0' + (rune - 0x1d7ce) % 10);
	if (rune >= 0x249c && rune <= 0x24b5)
		return (char)('a' + rune - 0x249c);
	if (rune >= 0x24b6 && rune <= 0x24e9)
		return (char)(rune < 0x24d0 ? 'A' + rune - 0x24b6
					    : 'a' + rune - 0x24d0);
	for (uint32_t base = 0x1f130; base <= 0x1f170; base += 0x20)
		if (rune >= base && rune < base + 26)
			return (char)('A' + rune - base);
	return 0;
}

char rune_fold(uint32_t rune)
{
	uint32_t low = 0, high = ARRAY_LEN(likenesses);

	if (rune < 0x80)
		return 0;
	if (rune >= 0xff01 && rune <= 0xff5e)
		return (char)(rune - 0xff01 + '!');
	if (rune >= 0x2074 && rune <= 0x2079)
		return (char)('0' + rune - 0x2070);
	if (rune >= 0x2080 && rune <= 0x2089)
		return (char)('0' + rune - 0x2080);
	if (rune >= 0x2460 && rune <= 0x2468)
		return (char)('1' + rune - 0x2460);
	char styled = fold_styled(rune);
	if (styled)
		return styled;
	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (likenesses[middle].rune < rune)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ARRAY_LEN(likenesses) && likenesses[low].rune == rune
		       ? likenesses[low].ascii
		       : 0;
}

uint32_t rune_next_foreign(const char *text, uint32_t i, uint32_t len)
{
#ifdef __SSE2__
	const __m128i tab = _mm_set1_epi8('\t');

	/* As signed bytes, those of foreign runes are below zero. */
	for (; i + 64 <= len; i += 64) {
		const __m128i *p = (const __m128i *)(text + i);
		__m128i any = _mm_or_si128(
			_mm_or_si128(
				_mm_cmplt_epi8(_mm_loadu_si128(p), tab),
				_mm_cmplt_epi8(_mm_loadu_si128(p + 1), tab)),
			_mm_or_si128(
				_mm_cmplt_epi8(_mm_loadu_si128(p + 2), tab),
				_mm_cmplt_epi8(_mm_loadu_si128(p + 3), tab)));

		if (_mm_movemask_epi8(any))
			break;
	}
#endif
	while (i < len && (signed char)text[i] >= '\t')
		i++;
	return i;
}
