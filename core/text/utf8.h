/* utf8.h - the encoding of all text that is scanned. */
#pragma once
#include <stdbool.h>

#include "base/slice.h"

/* Well-formed: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool utf8_valid(struct mg_slice s);

/* Valid, and free of control characters that no text has. */
bool utf8_is_text(struct mg_slice s);

/* Writes 1 to 4 bytes. Surrogates and what is beyond become U+FFFD. */
size_t utf8_put(uint32_t point, char *out);

/* Length of the well-formed character at `s`; 0 when there is none. */
size_t utf8_len(struct mg_slice s);

/* True for the second and later bytes of a character. */
static inline bool utf8_continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}
