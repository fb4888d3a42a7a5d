/* safe.h - small files that must be whole and private: keys, certificates, the
 * table of integrations. On MG_EIO errno says why. */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

/* Appends the whole file. MG_ETOOBIG when it passes out->max. */
int safe_read(const char *path, struct buf *out);

/* Written beside, synced, renamed: the old file or the new one, never half. */
int safe_replace(const char *path, struct mg_slice bytes, mode_t mode);

/* Fails when it is there already. */
int safe_create(const char *path, struct mg_slice bytes, mode_t mode);

bool safe_exists(const char *path);

/* mkdir -p, 0700 for what is new. */
int safe_make_dir(const char *path);

/* Waits for PATH.lock; a descriptor, or MG_EIO. */
int safe_lock(const char *path);
void safe_unlock(int lock);
