/* shm.c - see shm.h */
#include "base/shm.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/hash.h"

static size_t page_up(size_t n)
{
	return (n + 4095) & ~(size_t)4095;
}

struct shm *shm_new(uint32_t workers)
{
	size_t head = page_up(sizeof(struct shm));
	size_t len =
		head + SHM_QUOTA_BYTES + SHM_TICKET_BYTES + SHM_SESSION_BYTES;
	struct shm *shm = mmap(NULL, len, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shm == MAP_FAILED)
		return NULL;
	/* It holds session secrets: not for core files. */
	madvise(shm, len, MADV_DONTDUMP);
	shm->workers = workers;
	shm->started = clock_now_us();
	shm->quota_at = head;
	shm->ticket_at = head + SHM_QUOTA_BYTES;
	shm->session_at = shm->ticket_at + SHM_TICKET_BYTES;
	hash_random(shm->hash_key, sizeof(shm->hash_key));
	return shm;
}

void *shm_quota(struct shm *shm)
{
	return (char *)shm + shm->quota_at;
}

void *shm_tickets(struct shm *shm)
{
	return (char *)shm + shm->ticket_at;
}

void *shm_sessions(struct shm *shm)
{
	return (char *)shm + shm->session_at;
}

uint64_t shm_sum(const struct shm *shm, enum shm_counter c)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < shm->workers; i++)
		sum += atomic_load_explicit(&shm->worker[i].count[c],
					    memory_order_relaxed);
	return sum;
}

const char *shm_counter_name(enum shm_counter c)
{
	static const char *const name[SHM_COUNTERS] = {
		[SHM_CONNECTIONS] = "connections",
		[SHM_OPEN] = "connections_open",
		[SHM_TUNNELS] = "tunnels",
		[SHM_REFUSED] = "refused",
		[SHM_REQUESTS] = "requests",
		[SHM_ALLOWED] = "allowed",
		[SHM_LOGGED] = "logged",
		[SHM_MASKED] = "masked",
		[SHM_BLOCKED] = "blocked",
		[SHM_FAILURES] = "failures",
		[SHM_UPSTREAM_ERRORS] = "upstream_errors",
		[SHM_MINTED] = "leaves_minted",
		[SHM_RESUMED_OUTER] = "outer_resumed",
		[SHM_FULL_OUTER] = "outer_full",
		[SHM_RESUMED_INNER] = "inner_resumed",
		[SHM_FULL_INNER] = "inner_full",
		[SHM_BYTES_UP] = "bytes_up",
		[SHM_BYTES_DOWN] = "bytes_down",
		[SHM_EVENTS] = "events",
		[SHM_EVENTS_DROPPED] = "events_dropped",
		[SHM_DETECT_US] = "detect_us",
		[SHM_POLICY_US] = "policy_us",
	};

	return name[c];
}
