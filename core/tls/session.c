/* session.c - see session.h */
#include "tls/session.h"

#include <string.h>

#include "base/hash.h"
#include "base/slice.h"
#include "tls/seqlock.h"

enum {
	WAYS = 4,
	WORDS = SESSION_BYTES / 8,
	ID_WORDS = SESSION_ID_BYTES / 8,
};

struct slot {
	struct seqlock lock;
	_Atomic uint64_t expires; /* 0: empty */
	_Atomic uint32_t age;     /* block's age when it was written */
	_Atomic uint32_t len;
	uint64_t id[ID_WORDS];
	uint64_t bytes[WORDS];
};

struct session_block {
	_Atomic uint32_t age; /* a slot of another age is empty */
	uint32_t sets;        /* a power of two */
	_Alignas(64) struct slot slot[];
};

static uint32_t sets_for(uint32_t slots)
{
	uint32_t sets = 1;

	while (sets < 1u << 20 && sets * WAYS < slots)
		sets *= 2;
	return sets;
}

size_t session_block_size(uint32_t slots)
{
	return sizeof(struct session_block) +
	       (size_t)sets_for(slots) * WAYS * sizeof(struct slot);
}

struct session_block *session_block_init(void *at, uint32_t slots)
{
	struct session_block *block = at;

	block->sets = sets_for(slots);
	atomic_store(&block->age, 1);
	return block;
}

/* An identifier shorter than 32 bytes is padded; ours are always 32. */
static bool id_words(struct mg_slice id, uint64_t out[ID_WORDS])
{
	if (id.len == 0 || id.len > SESSION_ID_BYTES)
		return false;
	memset(out, 0, SESSION_ID_BYTES);
	memcpy(out, id.at, id.len);
	return true;
}

/* Identifiers are random, so any word of them spreads evenly. */
static struct slot *set_of(const struct session_block *block,
			   const uint64_t id[ID_WORDS])
{
	uint64_t h = (id[0] ^ id[1]) * 0x9e3779b97f4a7c15u;
	size_t set = (size_t)(h >> 40) & (block->sets - 1);

	return (struct slot *)&block->slot[set * WAYS];
}

static bool slot_is(const struct slot *s, const uint64_t id[ID_WORDS])
{
	uint64_t diff = 0;

	for (int i = 0; i < ID_WORDS; i++)
		diff |= __atomic_load_n(&s->id[i], __ATOMIC_RELAXED) ^ id[i];
	return diff == 0;
}

/* The one that holds this session already, else the one that ends first. */
static struct slot *slot_for(struct slot *set, const uint64_t id[ID_WORDS],
			     uint32_t age)
{
	struct slot *best = set;
	uint64_t soonest = UINT64_MAX;

	for (int i = 0; i < WAYS; i++) {
		uint64_t expires = atomic_load(&set[i].expires);
		if (atomic_load(&set[i].age) != age)
			expires = 0;
		if (expires && slot_is(&set[i], id))
			return &set[i];
		if (expires < soonest) {
			soonest = expires;
			best = &set[i];
		}
	}
	return best;
}

bool session_put(struct session_block *block, struct mg_slice id,
		 struct mg_slice session, uint64_t expires)
{
	uint64_t name[ID_WORDS], words[WORDS];
	uint32_t age = atomic_load(&block->age);

	if (session.len > SESSION_BYTES || !id_words(id, name))
		return false;
	struct slot *s = slot_for(set_of(block, name), name, age);
	if (!seqlock_write(&s->lock))
		return false;

	memset(words, 0, sizeof(words));
	memcpy(words, session.at, session.len);
	seqlock_copy(s->id, name, ID_WORDS);
	seqlock_copy(s->bytes, words, WORDS);
	atomic_store(&s->len, (uint32_t)session.len);
	atomic_store(&s->age, age);
	atomic_store(&s->expires, expires);
	seqlock_written(&s->lock);
	explicit_bzero(words, sizeof(words));
	return true;
}

size_t session_get(const struct session_block *block, struct mg_slice id,
		   uint64_t now, unsigned char out[SESSION_BYTES])
{
	uint64_t name[ID_WORDS], words[WORDS];
	uint32_t age = atomic_load(&block->age), seq;

	if (!id_words(id, name))
		return 0;
	struct slot *set = set_of(block, name);
	for (int i = 0; i < WAYS; i++) {
		struct slot *s = &set[i];
		if (!seqlock_read(&s->lock, &seq) || !slot_is(s, name))
			continue;
		uint64_t expires = atomic_load(&s->expires);
		size_t len = atomic_load(&s->len);
		if (atomic_load(&s->age) != age || expires <= now ||
		    len > SESSION_BYTES)
			continue;
		seqlock_copy(words, s->bytes, WORDS);
		if (!seqlock_whole(&s->lock, seq))
			continue;
		memcpy(out, words, len);
		explicit_bzero(words, sizeof(words));
		return len;
	}
	return 0;
}

void session_purge(struct session_block *block)
{
	atomic_fetch_add(&block->age, 1);
}
