/* session.h - TLS sessions of devices, shared by all workers.
 *
 *   worker 1 --put--> [set of 4 slots][set of 4 slots]... <--get-- worker 2
 *
 * A device that comes back reaches any worker; this block lets that worker
 * resume what another began. A session is stored whole (it carries the client's
 * certificate, which is what makes resuming cheap), so a slot is 2 KiB and a
 * session that is larger is simply not kept.
 *
 * A slot may be overwritten or purged at any time: an absent session costs a
 * full handshake and nothing else. Whether the certificate is still welcome is
 * asked of certs/identity at every use, never of this block.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/mg.h"

enum {
	SESSION_BYTES = 1984,
	SESSION_ID_BYTES = 32,
};

struct session_block;

/* Bytes that a block of `slots` takes; the number is rounded up to a whole
 * power of two. */
size_t session_block_size(uint32_t slots);

/* `at` is 64-byte aligned, zeroed and shared; the block borrows it. */
struct session_block *session_block_init(void *at, uint32_t slots);

/* Keeps a copy until `expires` (seconds since 1970). False when it is too
 * large or somebody else was writing there. */
bool session_put(struct session_block *block, struct mg_slice id,
		 struct mg_slice session, uint64_t expires);

/* Copies the session into `out` and returns its length; 0 when there is
 * none. */
size_t session_get(const struct session_block *block, struct mg_slice id,
		   uint64_t now, unsigned char out[SESSION_BYTES]);

/* Forgets every session, in all workers at once. */
void session_purge(struct session_block *block);
