/* wiped.h - memory for the compression libraries: their windows hold the text
 * of bodies, so it is wiped before it is freed. */
#pragma once
#include <stddef.h>

/* `unused` is what the libraries hand through. 16-byte aligned, not cleared;
 * aborts when there is none. */
void *wiped_alloc(void *unused, size_t len);
void wiped_free(void *unused, void *at);

/* As zlib asks for it. */
void *wiped_alloc_items(void *unused, unsigned items, unsigned size);
