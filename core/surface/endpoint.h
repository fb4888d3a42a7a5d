/* endpoint.h - the endpoint surface of one worker: its listeners, and the
 * answer to "which leaf" when a device begins an inner handshake. */
#pragma once
#include "surface/device.h"

struct endpoint;

/* Accepts on the given sockets (borrowed) until endpoint_stop. */
struct endpoint *endpoint_new(struct services *sv, const int *tls,
			      uint32_t tls_count, const int *plain,
			      uint32_t plain_count);

/* Takes no more connections; those that are open go on. */
void endpoint_stop(struct endpoint *e);
void endpoint_free(struct endpoint *e);
