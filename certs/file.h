/* file.h - small files that must be whole and private: keys, certificates, the
 * table of integrations. On MG_EIO errno says why. */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

/* Appends the whole file. MG_ETOOBIG when it passes out->max. */
int file_read(const char *path, struct buf *out);

/* Written beside, synced, renamed: the old file or the new one, never half. */
int file_replace(const char *path, struct mg_slice bytes, mode_t mode);

/* Fails when it is there already. */
int file_create(const char *path, struct mg_slice bytes, mode_t mode);

bool file_exists(const char *path);

/* mkdir -p, 0700 for what is new. */
int file_make_dir(const char *path);

/* Waits for PATH.lock; a descriptor, or MG_EIO. */
int file_lock(const char *path);
void file_unlock(int lock);
