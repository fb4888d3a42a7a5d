/* seqlock.h - many processes read, one at a time writes, nobody waits.
 *
 *   seq even: whole      seq odd: being written since `since`
 *
 * A reader copies and then asks whether what it copied was whole. A writer that
 * cannot have the lock gives up: everything kept this way may be missing. One
 * that died while writing is succeeded after a second.
 */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>

#include "base/clock.h"

struct seqlock {
	_Atomic uint32_t seq;
	_Atomic uint64_t since; /* clock_mono_us of the writer's start */
};

static inline bool seqlock_write(struct seqlock *l)
{
	uint32_t seq = atomic_load_explicit(&l->seq, memory_order_relaxed);
	uint64_t now = clock_mono_us();

	if (seq & 1 && now - atomic_load(&l->since) < 1000000)
		return false;
	if (!atomic_compare_exchange_strong(&l->seq, &seq,
					    seq & 1 ? seq + 2 : seq + 1))
		return false;
	atomic_store(&l->since, now);
	atomic_thread_fence(memory_order_seq_cst);
	return true;
}

static inline void seqlock_written(struct seqlock *l)
{
	atomic_fetch_add_explicit(&l->seq, 1, memory_order_release);
}

/* False while a writer is at work. */
static inline bool seqlock_read(const struct seqlock *l, uint32_t *seq)
{
	*seq = atomic_load_explicit(&l->seq, memory_order_acquire);
	return !(*seq & 1);
}

/* True when nothing was written since seqlock_read gave `seq`. */
static inline bool seqlock_whole(const struct seqlock *l, uint32_t seq)
{
	atomic_thread_fence(memory_order_acquire);
	return atomic_load_explicit(&l->seq, memory_order_relaxed) == seq;
}

/* Word by word, so that a reader that loses the race reads old and new words
 * but never does anything undefined. `words` counts 64-bit words. */
static inline void seqlock_copy(uint64_t *to, const uint64_t *from,
				size_t words)
{
	for (size_t i = 0; i < words; i++)
		__atomic_store_n(&to[i],
				 __atomic_load_n(&from[i], __ATOMIC_RELAXED),
				 __ATOMIC_RELAXED);
}
