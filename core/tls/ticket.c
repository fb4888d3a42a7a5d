/* ticket.c - see ticket.h */
#include "tls/ticket.h"

#include <string.h>

#include "base/hash.h"
#include "tls/seqlock.h"

enum { EIGHT_HOURS = 8 * 3600 };

_Static_assert(sizeof(struct ticket_key) % 8 == 0, "copied by words");

struct ticket_block {
	struct seqlock lock;
	_Alignas(64) struct ticket_key key[2]; /* present, before */
};

enum { WORDS = sizeof(struct ticket_key) / 8 };

size_t ticket_block_size(void)
{
	return sizeof(struct ticket_block);
}

static void make_key(struct ticket_key *key, uint64_t now)
{
	hash_random(key, sizeof(*key));
	key->made = now;
}

static void set_key(struct ticket_block *block, int i,
		    const struct ticket_key *key)
{
	seqlock_copy((uint64_t *)&block->key[i], (const uint64_t *)key, WORDS);
}

struct ticket_block *ticket_block_init(void *at, uint64_t now)
{
	struct ticket_block *block = at;

	ticket_purge(block, now);
	return block;
}

static bool read_keys(const struct ticket_block *block,
		      struct ticket_key out[2])
{
	uint32_t seq;

	if (!seqlock_read(&block->lock, &seq))
		return false;
	seqlock_copy((uint64_t *)out, (const uint64_t *)block->key, 2 * WORDS);
	return seqlock_whole(&block->lock, seq);
}

int ticket_seal(struct ticket_block *block, uint64_t now,
		struct ticket_key *out)
{
	struct ticket_key key[2];

	if (!read_keys(block, key))
		return MG_EAGAIN;
	if (now >= key[0].made + EIGHT_HOURS && seqlock_write(&block->lock)) {
		/* Another worker may have been faster; then this key is one
		 * rotation too many, and harmless. */
		set_key(block, 1, &key[0]);
		make_key(&key[0], now);
		set_key(block, 0, &key[0]);
		seqlock_written(&block->lock);
	}
	*out = key[0];
	explicit_bzero(key, sizeof(key));
	return MG_OK;
}

int ticket_open(const struct ticket_block *block, const unsigned char *name,
		struct ticket_key *out)
{
	struct ticket_key key[2];
	int which = 0;

	if (!read_keys(block, key))
		return 0;
	for (int i = 1; i >= 0; i--)
		if (memcmp(key[i].name, name, TICKET_NAME_BYTES) == 0)
			which = i + 1;
	if (which)
		*out = key[which - 1];
	explicit_bzero(key, sizeof(key));
	return which;
}

void ticket_purge(struct ticket_block *block, uint64_t now)
{
	struct ticket_key key;

	/* Only the supervisor purges, so the lock is free or abandoned. */
	if (!seqlock_write(&block->lock))
		return;
	for (int i = 0; i < 2; i++) {
		make_key(&key, now);
		set_key(block, i, &key);
	}
	seqlock_written(&block->lock);
	explicit_bzero(&key, sizeof(key));
}
