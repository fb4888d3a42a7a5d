/* urls.h - URLs in text, by lists of domains. */
#pragma once
#include "base/slice.h"

struct urls;

/* `list` holds a domain a line: "+example.com" is allowed, "-example.com" is
 * not, each with all below it; "*.example.com" means only what is below. A
 * denied one stays denied when it is allowed too. With an allowed one, all
 * others are denied; with an empty list, every URL is found. NULL when a line
 * is none of these. */
struct urls *urls_new(struct mg_slice list);
void urls_free(struct urls *u);

/* Does an URL of this host count? */
bool urls_deny(const struct urls *u, struct mg_slice host);

/* The next URL from `from` on, and its host; false when there is none. */
bool urls_next(struct mg_slice text, size_t from, struct mg_slice *url,
	       struct mg_slice *host);
