/* quota.c - see quota.h */
#include "policy/quota.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/hash.h"

enum {
	PROBES = 16,
	COUNT_BITS = 22,
	EPOCH_BITS = 20,
	EXPIRY_BITS = 24,
	EXPIRY_UNIT = 16, /* seconds */
};

#define COUNT_MAX   ((1u << COUNT_BITS) - 1)
#define EXPIRY_MASK ((1u << EXPIRY_BITS) - 1)
#define EPOCH_MASK  ((1u << EPOCH_BITS) - 1)

struct slot {
	_Atomic uint64_t owner; /* tag and expiry; 0: never used */
	_Atomic uint64_t count; /* epoch, was, is */
};

struct quota {
	uint64_t seed;
	uint64_t slots;
	struct slot slot[];
};

/* One window of one key, unpacked. */
struct window {
	uint32_t epoch;
	uint32_t was;
	uint32_t is;
};

struct quota *quota_init(void *at, size_t len)
{
	struct quota *q = at;

	if (len < 1024)
		abort();
	hash_random(&q->seed, sizeof(q->seed));
	q->slots = (len - sizeof(*q)) / sizeof(q->slot[0]);
	return q;
}

static uint64_t mix(uint64_t h)
{
	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
	h = (h ^ h >> 27) * 0x94d049bb133111ebu;
	return h ^ h >> 31;
}

uint64_t quota_key(const struct quota *q, uint64_t salt, struct mg_slice by)
{
	uint64_t h = mix(q->seed ^ salt) ^ by.len;

	for (size_t i = 0; i < by.len; i += 8) {
		uint64_t word = 0;

		memcpy(&word, by.at + i, by.len - i < 8 ? by.len - i : 8);
		h = mix(h ^ word) + q->seed;
	}
	return mix(h);
}

/* --- whose slot ----------------------------------------------------------- */

static uint64_t tag_of(uint64_t key)
{
	return key >> EXPIRY_BITS | 1; /* an owner is never 0 */
}

/* Expiries wrap every eight years; half of that is the past. */
static bool is_expired(uint64_t owner, uint64_t now)
{
	uint64_t left = (owner - now) & EXPIRY_MASK;

	return !owner || left > EXPIRY_MASK / 2;
}

/* The slot of `key`, claimed or renewed; NULL when none is free. Two processes
 * that claim for one key meet in one slot, for both take the first that is
 * free; should a neighbour expire in that very moment, the few counts of the
 * later slot are lost. */
static struct slot *slot_of(struct quota *q, uint64_t key, uint32_t seconds,
			    uint64_t now_ms)
{
	uint64_t now = now_ms / 1000 / EXPIRY_UNIT;
	uint64_t until = now + 2ull * seconds / EXPIRY_UNIT + 2;
	uint64_t mine = tag_of(key) << EXPIRY_BITS | (until & EXPIRY_MASK);

	for (;;) {
		struct slot *found = NULL;
		uint64_t owner = 0;

		for (unsigned i = 0; i < PROBES; i++) {
			struct slot *s = &q->slot[(key + i) % q->slots];
			uint64_t have = atomic_load(&s->owner);

			if (have >> EXPIRY_BITS == tag_of(key)) {
				found = s;
				owner = have;
				break;
			}
			if (!found && is_expired(have, now)) {
				found = s;
				owner = have;
			}
		}
		if (!found || owner == mine)
			return found;
		if (atomic_compare_exchange_strong(&found->owner, &owner, mine))
			return found;
	}
}

/* --- what it counts ------------------------------------------------------- */

static uint64_t pack(struct window w)
{
	return (uint64_t)w.epoch << 2 * COUNT_BITS |
	       (uint64_t)w.was << COUNT_BITS | w.is;
}

/* The window at `epoch`, given what the slot last held: the same one, the one
 * before, or something so old (or another key's) that it is nothing. */
static struct window unpack(uint64_t packed, uint32_t epoch)
{
	uint32_t had = packed >> 2 * COUNT_BITS & EPOCH_MASK;
	uint32_t was = packed >> COUNT_BITS & COUNT_MAX;
	uint32_t is = packed & COUNT_MAX;
	uint32_t age = (epoch - had) & EPOCH_MASK;

	if (age == 0)
		return (struct window){ epoch, was, is };
	/* A clock a little behind its neighbour's counts in the newer window.
	 */
	if (age == EPOCH_MASK)
		return (struct window){ had, was, is };
	return (struct window){ epoch, age == 1 ? is : 0, 0 };
}

/* How much of `max` is used `ms` into a window of `span` ms, rounded up. */
static uint64_t used(struct window w, uint64_t ms, uint64_t span)
{
	return w.is + (w.was * (span - ms) + span - 1) / span;
}

/* Ms after the window's start when `amount` fits beside `fixed`, while `fading`
 * runs out; more than span when it does not. */
static uint64_t fits_at(uint64_t fading, uint64_t fixed, uint64_t max,
			uint64_t amount, uint64_t span)
{
	if (fixed + amount > max)
		return span + 1;

	uint64_t room = max - fixed - amount;
	if (room >= fading)
		return 0;
	return ((fading - room) * span + fading - 1) / fading;
}

static uint32_t wait_for(struct window w, uint64_t ms, uint64_t max,
			 uint64_t amount, uint64_t span)
{
	uint64_t at = fits_at(w.was, w.is, max, amount, span);

	if (at > span) {
		at = fits_at(w.is, 0, max, amount, span);
		at = at > span ? 2 * span : span + at;
	}
	uint64_t wait = at > ms ? at - ms : 0;
	return wait < 1000 ? 1 : (uint32_t)((wait + 999) / 1000);
}

/* Counts over 4 million are kept in larger units, rounded up. */
static uint32_t scale_of(uint32_t max)
{
	return max / (COUNT_MAX / 2) + 1;
}

static uint32_t count(struct quota *q, uint64_t key, uint32_t max,
		      uint32_t seconds, uint32_t amount, uint64_t now_ms,
		      bool ask)
{
	uint32_t scale = scale_of(max);
	uint64_t span = (seconds ? seconds : 1) * 1000ull, ms = now_ms % span;
	/* The key in the epoch keeps a reused slot from being taken for one's
	 * own past. */
	uint32_t epoch = (uint32_t)(now_ms / span + key) & EPOCH_MASK;
	uint64_t more = ((uint64_t)amount + scale - 1) / scale;
	uint64_t most = max / scale;
	struct slot *s = slot_of(q, key, seconds, now_ms);

	if (!s)
		return 1;

	uint64_t packed = atomic_load(&s->count);
	for (;;) {
		struct window w = unpack(packed, epoch);

		if (w.epoch != epoch)
			ms = 0;
		if (ask && used(w, ms, span) + more > most)
			return wait_for(w, ms, most, more, span);
		w.is = w.is + more > COUNT_MAX ? COUNT_MAX
					       : (uint32_t)(w.is + more);
		if (atomic_compare_exchange_weak(&s->count, &packed, pack(w)))
			return 0;
	}
}

uint32_t quota_take(struct quota *q, uint64_t key, uint32_t max,
		    uint32_t seconds, uint32_t amount, uint64_t now_ms)
{
	return count(q, key, max, seconds, amount, now_ms, true);
}

void quota_charge(struct quota *q, uint64_t key, uint32_t max, uint32_t seconds,
		  uint32_t amount, uint64_t now_ms)
{
	count(q, key, max, seconds, amount, now_ms, false);
}
