/* pin.c - see pin.h */
#include "surface/pin.h"

#define HOUR_US (3600 * 1000000ull)

bool pins_have(const struct pins *pins, struct mg_slice host, uint64_t now)
{
	for (size_t i = 0; i < PINS; i++)
		if (slice_is(host, pins->at[i].host))
			return pins->at[i].until > now;
	return false;
}

void pins_add(struct pins *pins, struct mg_slice host, uint64_t now)
{
	size_t slot = 0;

	if (host.len >= sizeof(pins->at[0].host))
		return;
	for (size_t i = 0; i < PINS; i++) {
		if (slice_is(host, pins->at[i].host)) {
			slot = i;
			break;
		}
		if (pins->at[i].until < pins->at[slot].until)
			slot = i;
	}
	memcpy(pins->at[slot].host, host.at, host.len);
	pins->at[slot].host[host.len] = '\0';
	pins->at[slot].until = now + HOUR_US;
}
