/* pin.h - hosts whose clients turned our certificate down lately.
 *
 * An application that pins its own certificate comes back within seconds; with
 * proxy.pinned = "tunnel" it is then let through unread, for an hour, and every
 * refusal is reported all the same. Few and small: the oldest is forgotten.
 */
#pragma once
#include <stdbool.h>

#include "base/slice.h"

enum { PINS = 64 };

struct pins {
	struct {
		char host[256];
		uint64_t until; /* loop_now */
	} at[PINS];
};

bool pins_have(const struct pins *pins, struct mg_slice host, uint64_t now);
/* `host` is a name of at most 253 characters, in lower case. */
void pins_add(struct pins *pins, struct mg_slice host, uint64_t now);
