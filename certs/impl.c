/* impl.c - see impl.h */
#include "certs/impl.h"

#include <stdarg.h>
#include <stdio.h>

int impl_path(char *out, size_t len, const char *dir, const char *name)
{
	return snprintf(out, len, "%s/%s", dir, name) < (int)len ? MG_OK
								 : MG_ETOOBIG;
}

int impl_fail(char *why, size_t len, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, len, fmt, args);
	va_end(args);

	/* "what: " without a why. */
	size_t n = strlen(why);
	if (n > 2 && strcmp(why + n - 2, ": ") == 0)
		why[n - 2] = '\0';
	return err;
}
