/* control_proc.h - the control process: stores events, serves PAC files, CRLs,
 * health and metrics. No traffic passes through it; when it is gone, workers
 * go on and events wait in their spools. */
#pragma once
#include "base/conf.h"
#include "base/shm.h"

/* Serves on `fd` (listening, owned from now on) until SIGTERM, then stores what
 * is left in the spools. Returns an exit code of cmd.h. `path` is moongate.lua,
 * read again for PAC files after a reload; NULL for none. Borrows the rest. */
int control_run(const struct conf *conf, const char *path, struct shm *shm,
		int fd);
