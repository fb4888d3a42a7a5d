/* safe.c - see safe.h */
#include "certs/safe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 16 << 10 };

/* A full buffer is the end of the file or too small for it: one byte tells. */
static int read_beyond(int fd)
{
	char byte;
	ssize_t n = read(fd, &byte, 1);

	return n < 0 ? MG_EIO : n > 0 ? MG_ETOOBIG : MG_OK;
}

static int read_some(int fd, struct buf *out)
{
	size_t left = out->max - buf_len(out);
	size_t len = left < CHUNK ? left : CHUNK;

	if (!len)
		return read_beyond(fd);
	ssize_t n = read(fd, buf_room(out, len), len);
	if (n < 0)
		return errno == EINTR ? MG_EAGAIN : MG_EIO;
	buf_grow(out, (size_t)n);
	return n ? MG_EAGAIN : MG_OK;
}

int safe_read(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return MG_EIO;
	do
		err = read_some(fd, out);
	while (err == MG_EAGAIN);
	int fault = errno;
	close(fd);
	errno = fault;
	return err;
}

static int put_all(int fd, struct mg_slice bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.at, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return MG_EIO;
		bytes = (struct mg_slice){ bytes.at + n,
					   bytes.len - (size_t)n };
	}
	return fsync(fd) == 0 ? MG_OK : MG_EIO;
}

static int put_new(const char *path, struct mg_slice bytes, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0)
		return MG_EIO;
	/* The mode is meant exactly, whatever the umask. */
	int err = fchmod(fd, mode) == 0 ? put_all(fd, bytes) : MG_EIO;
	int fault = errno;
	close(fd);
	if (err < 0)
		unlink(path);
	errno = fault;
	return err;
}

int safe_create(const char *path, struct mg_slice bytes, mode_t mode)
{
	return put_new(path, bytes, mode);
}

int safe_replace(const char *path, struct mg_slice bytes, mode_t mode)
{
	char beside[PATH_MAX];
	int len = snprintf(beside, sizeof(beside), "%s.new.%d", path,
			   (int)getpid());

	if (len >= (int)sizeof(beside)) {
		errno = ENAMETOOLONG;
		return MG_EIO;
	}
	unlink(beside);
	if (put_new(beside, bytes, mode) < 0)
		return MG_EIO;
	if (rename(beside, path) == 0)
		return MG_OK;
	int fault = errno;
	unlink(beside);
	errno = fault;
	return MG_EIO;
}

bool safe_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

int safe_make_dir(const char *path)
{
	char step[PATH_MAX];

	if (strlen(path) >= sizeof(step)) {
		errno = ENAMETOOLONG;
		return MG_EIO;
	}
	strcpy(step, path);
	for (char *at = step + 1;; at++) {
		if (*at && *at != '/')
			continue;
		char was = *at;
		*at = '\0';
		if (mkdir(step, 0700) < 0 && errno != EEXIST)
			return MG_EIO;
		if (!was)
			return MG_OK;
		*at = was;
	}
}

int safe_lock(const char *path)
{
	char name[PATH_MAX];
	int len = snprintf(name, sizeof(name), "%s.lock", path);

	if (len >= (int)sizeof(name)) {
		errno = ENAMETOOLONG;
		return MG_EIO;
	}
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return MG_EIO;
	while (flock(fd, LOCK_EX) < 0)
		if (errno != EINTR) {
			close(fd);
			return MG_EIO;
		}
	return fd;
}

void safe_unlock(int lock)
{
	close(lock);
}
