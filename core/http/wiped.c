/* wiped.c - see wiped.h */
#include "http/wiped.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER = 16 }; /* holds the length, and keeps the alignment */

void *wiped_alloc(void *unused, size_t len)
{
	char *at = malloc(HEADER + len);

	(void)unused;
	if (!at)
		abort();
	memcpy(at, &len, sizeof(len));
	return at + HEADER;
}

void wiped_free(void *unused, void *at)
{
	size_t len;

	(void)unused;
	if (!at)
		return;
	memcpy(&len, (char *)at - HEADER, sizeof(len));
	explicit_bzero(at, len);
	free((char *)at - HEADER);
}

/* Bounded by the libraries: windows of at most 8 MiB. */
void *wiped_alloc_items(void *unused, unsigned items, unsigned size)
{
	return wiped_alloc(unused, (size_t)items * size);
}
