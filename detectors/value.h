/* value.h - is this value a secret, or does it only stand where one would? */
#pragma once
#include <stdbool.h>

#include "abi/mg.h"

/* Shannon entropy in tenths of a bit per byte. */
unsigned value_entropy(struct mg_slice s);

/* "changeme", "<your-token>", "${VAR}", "xxxxxxxx", "...EXAMPLE". */
bool value_is_placeholder(struct mg_slice s);

/* Enough entropy, and (unless `any`) no placeholder. */
bool value_is_secret(struct mg_slice s, unsigned entropy, bool any);
