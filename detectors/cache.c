/* cache.c - compiled databases on disk, found by what they were made of.
 *
 *   magic 16 | SHA-256 of the rest 32 | serialised database
 *
 * The key is in the file's name. A file that is not whole, not ours or not for
 * this machine is as good as none: the database is compiled again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "detectors/impl.h"

enum {
	HEADER = 48,
	FILE_MAX = 256 << 20, /* a larger file was not written by us */
};

static const char magic[17] = "moongate-hsdb-01";

static void path_of(char *out, size_t len, const char *dir,
		    const unsigned char key[32])
{
	char hex[65];

	hash_hex(key, 32, hex);
	snprintf(out, len, "%s/%s.hsdb", dir, hex);
}

static int read_whole(int fd, char *at, size_t len)
{
	for (size_t got = 0; got < len;) {
		ssize_t n = read(fd, at + got, len - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return MG_EIO;
		got += (size_t)n;
	}
	return 0;
}

static char *file_take(const char *path, size_t *len)
{
	struct stat st;
	char *at = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > HEADER &&
	    st.st_size < FILE_MAX &&
	    (at = malloc((size_t)st.st_size)) != NULL &&
	    read_whole(fd, at, (size_t)st.st_size) < 0) {
		free(at);
		at = NULL;
	}
	*len = at ? (size_t)st.st_size : 0;
	close(fd);
	return at;
}

hs_database_t *cache_take(const char *dir, const unsigned char key[32])
{
	char path[4200];
	unsigned char sum[32];
	hs_database_t *db = NULL;
	size_t len;

	path_of(path, sizeof(path), dir, key);
	char *at = file_take(path, &len);
	if (!at)
		return NULL;
	hash_sha256(slice(at + HEADER, len - HEADER), sum);
	if (memcmp(at, magic, 16) || memcmp(at + 16, sum, 32) ||
	    hs_deserialize_database(at + HEADER, len - HEADER, &db) !=
		    HS_SUCCESS)
		db = NULL;
	free(at);
	return db;
}

static int write_whole(int fd, const char *at, size_t len)
{
	for (size_t put = 0; put < len;) {
		ssize_t n = write(fd, at + put, len - put);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return MG_EIO;
		put += (size_t)n;
	}
	return 0;
}

/* Written aside and renamed, so that a reader sees all of it or none. */
static int file_keep(const char *path, const char *head, const char *at,
		     size_t len)
{
	char aside[4300];

	snprintf(aside, sizeof(aside), "%s.%d", path, (int)getpid());
	int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return MG_EIO;
	int rc = write_whole(fd, head, HEADER);
	if (rc == 0)
		rc = write_whole(fd, at, len);
	if (close(fd) < 0)
		rc = MG_EIO;
	if (rc == 0 && rename(aside, path) < 0)
		rc = MG_EIO;
	if (rc < 0)
		unlink(aside);
	return rc;
}

void cache_keep(const char *dir, const unsigned char key[32],
		const hs_database_t *db)
{
	char path[4200], head[HEADER], *at = NULL;
	size_t len;

	if (hs_serialize_database(db, &at, &len) != HS_SUCCESS)
		return;
	memcpy(head, magic, 16);
	hash_sha256(slice(at, len), (unsigned char *)head + 16);
	path_of(path, sizeof(path), dir, key);
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		log_warn(LOG_DETECT, "cannot make the cache directory: %s",
			 strerror(errno));
	else if (file_keep(path, head, at, len) < 0)
		log_warn(LOG_DETECT,
			 "cannot keep the compiled database: %s; the next "
			 "start compiles it again",
			 strerror(errno));
	free(at);
}
