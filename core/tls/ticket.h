/* ticket.h - the keys that seal inner TLS tickets, shared by all workers.
 *
 * A ticket made by one worker opens at any other. Keys change every eight
 * hours; the one before still opens (and its tickets are renewed), so a
 * stolen key reads at most sixteen hours. They live in shared memory only.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "abi/mg.h"

enum {
	TICKET_NAME_BYTES = 16,
	TICKET_KEY_BYTES = 32,
};

struct ticket_block;

struct ticket_key {
	unsigned char name[TICKET_NAME_BYTES];
	unsigned char cipher[TICKET_KEY_BYTES];
	unsigned char mac[TICKET_KEY_BYTES];
	uint64_t made; /* seconds since 1970 */
};

size_t ticket_block_size(void);

/* `at` is 64-byte aligned, zeroed and shared; the block borrows it. Makes the
 * first key. */
struct ticket_block *ticket_block_init(void *at, uint64_t now);

/* The key to seal with. Rotates when it is time, whoever comes first.
 * MG_EAGAIN when somebody is writing: make no ticket. */
int ticket_seal(struct ticket_block *block, uint64_t now,
		struct ticket_key *out);

/* The key called `name`: 1 when it is the present one, 2 when the one before,
 * 0 when there is none. */
int ticket_open(const struct ticket_block *block, const unsigned char *name,
		struct ticket_key *out);

/* New keys; all tickets of before are void. */
void ticket_purge(struct ticket_block *block, uint64_t now);
