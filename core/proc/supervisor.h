/* supervisor.h - the parent of everything that `moongate run` starts.
 *
 *   supervisor --fork--> signer, control, worker 0..N-1
 *
 * It binds the listeners (one socket a worker and address, so a crashed
 * worker's queue waits for its successor), owns the shared memory, restarts
 * what dies, validates a reload before any worker hears of it, and drains.
 * It handles no traffic and keeps no loop: it sleeps in sigtimedwait.
 */
#pragma once
#include "base/conf.h"

/* Runs until SIGTERM or SIGINT. An exit code of cmd.h. `path` is the
 * configuration file, NULL for defaults; it is read again on SIGHUP. */
int supervisor_run(struct conf *conf, const char *path);
