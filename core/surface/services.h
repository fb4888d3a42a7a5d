/* services.h - what a worker lends to its connections.
 *
 * Made once in proc/worker, handed down, borrowed by everything in surface.
 */
#pragma once
#include "base/conf.h"
#include "base/shm.h"
#include "certs/identity.h"
#include "event/spool.h"
#include "flow/gather.h"
#include "flow/observe.h"
#include "http/h1.h"
#include "io/loop.h"
#include "policy/engine.h"
#include "policy/quota.h"
#include "surface/pin.h"
#include "tls/context.h"
#include "tls/shelf.h"
#include "upstream/pool.h"

enum { SCRATCH = 64 << 10 };

struct device;

/* Many fields: the process-wide set, in one place instead of in globals. */
struct services {
	struct loop *loop;
	const struct conf *conf;
	struct engine *engine;
	struct pool *pool;
	struct shelf *shelf;
	struct tls_context *outer;
	struct tls_context *inner;
	struct identity_table *identities;
	bool recheck; /* the table is new; open connections are to be asked */
	struct spool_writer *spool; /* NULL: no events are kept */
	struct quota *quota;
	struct budget budget;
	bool waiting; /* some device waits for the budget */
	struct h1_limits limits;
	struct decode_limits decode;
	struct gather_rules gather;
	struct observe_rules observe;
	struct shm *shm;
	struct shm_worker *count; /* this worker's counters */
	struct device *devices;   /* all, newest first */
	uint32_t device_count;
	struct pins pins;
	bool draining;
	char scratch[SCRATCH]; /* bytes just read; nobody keeps them */
};

static inline void count(struct services *sv, enum shm_counter c, uint64_t n)
{
	shm_add(sv->count, c, n);
}
