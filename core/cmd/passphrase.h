/* passphrase.h - where the passphrase of the root's key comes from: a file, the
 * environment, the person at the terminal; or it is made up. */
#pragma once
#include <stddef.h>

enum { PASSPHRASE_MAX = 256 };

/* From `file` (its first line; NULL: none), else MOONGATE_ROOT_PASSPHRASE, else
 * asked for where there is a terminal. 0, or -1 with a sentence in `why`. */
int passphrase_get(const char *file, char out[PASSPHRASE_MAX], char *why,
		   size_t why_len);

/* As passphrase_get, but never asks: 1 when there was none and one was made up,
 * to be shown once. */
int passphrase_get_or_make(const char *file, char out[PASSPHRASE_MAX],
			   char *why, size_t why_len);
