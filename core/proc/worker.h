/* worker.h - one process, one thread, one loop, one lua_State: the traffic. */
#pragma once
#include "base/conf.h"
#include "base/shm.h"
#include "policy/engine.h"

struct quota;
struct session_block;
struct ticket_block;

/* What a worker inherits. All borrowed; valid until the process ends. */
struct worker_start {
	uint32_t index;
	const struct conf *conf;
	struct engine *engine; /* loaded before the fork: pages are shared */
	struct shm *shm;
	struct quota *quota; /* the next three lie in shm */
	struct session_block *sessions;
	struct ticket_block *tickets;
	const int *tls_fds; /* listening sockets of this worker */
	uint32_t tls_count;
	const int *plain_fds;
	uint32_t plain_count;
	int signer_fd;
};

/* Serves until SIGTERM and the last flow, or the drain deadline. Returns an
 * exit code. */
int worker_run(const struct worker_start *start);
