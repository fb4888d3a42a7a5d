/* quota.h - how often, counted by all workers together.
 *
 *   key -> 16 slots to look in -> | tag:40 expiry:24 | epoch:20 was:22 is:22 |
 *
 * The table lies in shared memory that the caller gives, holds no pointers and
 * takes no locks. A slot counts one key in a sliding window: what this window
 * `is`, plus that part of what the last one `was` which still overlaps. Counts
 * change by compare-and-swap, so racing processes never admit one too many.
 *
 * Time is passed in. When all slots of a key are taken by others that still
 * count, the answer is "not now": a quota that forgets is no quota.
 */
#pragma once
#include "base/slice.h"

struct quota;

/* Lays out the whole of [at, at + len), which is zeroed shared memory aligned
 * to 8; once, before the first fork. Borrows it. At least 1 KiB. */
struct quota *quota_init(void *at, size_t len);

/* A key of `salt` (whose quota) and `by` (of whom); the same in all processes
 * that share the table. */
uint64_t quota_key(const struct quota *q, uint64_t salt, struct mg_slice by);

/* Counts `amount` if it fits below `max` in the last `seconds`: 0, or how many
 * seconds (at least 1) until it would fit; then nothing was counted. */
uint32_t quota_take(struct quota *q, uint64_t key, uint32_t max,
		    uint32_t seconds, uint32_t amount, uint64_t now_ms);

/* Counts without asking: for what has already happened. */
void quota_charge(struct quota *q, uint64_t key, uint32_t max, uint32_t seconds,
		  uint32_t amount, uint64_t now_ms);
