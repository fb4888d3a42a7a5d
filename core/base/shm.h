/* shm.h - the one segment that all processes of one `moongate run` share.
 *
 *   | head | worker 0..N-1 | quota table | ticket keys | TLS sessions |
 *
 * Made by the supervisor before the first fork, never resized. Every field has
 * one writer or is only ever added to with atomics; there are no locks. The
 * tail regions belong to policy/quota, tls/ticket and tls/session, which lay
 * them out.
 */
#pragma once
#include <stdatomic.h>

#include "abi/mg.h"

enum {
	SHM_WORKERS = 64,
	SHM_QUOTA_BYTES = 4 << 20,
	SHM_TICKET_BYTES = 4096,
	SHM_SESSION_BYTES = 17 << 20, /* 8192 sessions */
	SHM_WHY = 2048,
};

/* What a worker counts. Written by that worker only. */
enum shm_counter {
	SHM_CONNECTIONS, /* device connections accepted */
	SHM_OPEN,        /* device connections now; the only gauge */
	SHM_TUNNELS,     /* CONNECTs granted, read or not */
	SHM_REFUSED,     /* CONNECTs refused */
	SHM_REQUESTS,
	SHM_ALLOWED, /* verdicts on either stage */
	SHM_LOGGED,
	SHM_MASKED,
	SHM_BLOCKED,
	SHM_FAILURES, /* verdicts forced by a failure */
	SHM_UPSTREAM_ERRORS,
	SHM_MINTED,
	SHM_RESUMED_OUTER,
	SHM_FULL_OUTER,
	SHM_RESUMED_INNER,
	SHM_FULL_INNER,
	SHM_BYTES_UP,
	SHM_BYTES_DOWN,
	SHM_EVENTS,         /* written to the spool */
	SHM_EVENTS_DROPPED, /* by the spool's ceiling */
	SHM_DETECT_US,
	SHM_POLICY_US,
	SHM_COUNTERS /* how many; must be last */
};

struct shm_worker {
	_Atomic int32_t pid;
	_Atomic uint32_t restarts;
	_Atomic uint64_t generation; /* revision in use */
	_Atomic uint64_t heartbeat;  /* clock_mono_us of the last turn */
	_Atomic uint64_t count[SHM_COUNTERS];
} __attribute__((aligned(64)));

struct shm {
	uint32_t workers;
	int32_t supervisor;
	_Atomic int32_t signer;
	_Atomic int32_t control;
	uint64_t started;            /* clock_now_us */
	_Atomic uint64_t generation; /* revision of the last good reload */
	_Atomic uint64_t reloads;
	_Atomic uint64_t reloads_failed;
	_Atomic uint32_t draining;
	/* Of the last failed reload; written before reloads_failed grows. */
	char why[SHM_WHY];
	unsigned char hash_key[32]; /* keyed hashes of samples and masks */
	struct shm_worker worker[SHM_WORKERS];
	size_t quota_at; /* offsets into the segment */
	size_t ticket_at;
	size_t session_at;
};

/* NULL when the system has no memory for it. Zeroed, inherited by fork. */
struct shm *shm_new(uint32_t workers);

/* Where the tail regions are; zeroed at birth. */
void *shm_quota(struct shm *shm);
void *shm_tickets(struct shm *shm);
void *shm_sessions(struct shm *shm);

static inline void shm_add(struct shm_worker *w, enum shm_counter c, uint64_t n)
{
	/* One writer: no locked instruction is needed. */
	uint64_t old = atomic_load_explicit(&w->count[c], memory_order_relaxed);

	atomic_store_explicit(&w->count[c], old + n, memory_order_relaxed);
}

/* The sum over all workers. */
uint64_t shm_sum(const struct shm *shm, enum shm_counter c);

/* "connections", "blocked": for status and metrics. Static. */
const char *shm_counter_name(enum shm_counter c);
