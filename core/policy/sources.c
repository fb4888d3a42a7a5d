/* sources.c - see sources.h */
#include "policy/sources.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int by_stem(const void *a, const void *b)
{
	return strcmp(((const struct source *)a)->stem,
		      ((const struct source *)b)->stem);
}

static int read_all(int fd, char *at, size_t len)
{
	size_t have = 0;

	while (have < len) {
		ssize_t n = read(fd, at + have, len - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return MG_EIO;
		if (n == 0)
			break; /* cut while we read: what is there is read */
		have += (size_t)n;
	}
	return (int)have;
}

int source_read(struct arena *a, const char *path, struct mg_slice *text,
		char *why, size_t why_len)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0) {
		snprintf(why, why_len, "%s:1: cannot be opened: %s", path,
			 strerror(errno));
		if (fd >= 0)
			close(fd);
		return MG_EIO;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > SOURCE_MAX) {
		snprintf(why, why_len, "%s:1: %s", path,
			 S_ISREG(st.st_mode) ? "is longer than 1 MiB"
					     : "is not a file");
		close(fd);
		return MG_ETOOBIG;
	}

	char *at = arena_zalloc(a, (size_t)st.st_size + 1);
	int n = read_all(fd, at, (size_t)st.st_size);
	close(fd);
	if (n < 0) {
		snprintf(why, why_len, "%s:1: cannot be read: %s", path,
			 strerror(errno));
		return n;
	}
	*text = slice(at, (size_t)n);
	return MG_OK;
}

static int add(struct sources *files, struct arena *a, const char *dir,
	       const char *name, char *why, size_t why_len)
{
	size_t len = strlen(name);
	struct source file;

	if (name[0] == '.' || len < 5 || strcmp(name + len - 4, ".lua") != 0)
		return MG_OK;
	if (files->count >= SOURCES_MAX) {
		snprintf(why, why_len, "%s:1: holds more than %d files", dir,
			 SOURCES_MAX);
		return MG_ETOOBIG;
	}
	file.path = arena_fmt(a, "%s/%s", dir, name);
	file.stem = arena_str(a, name, len - 4);
	int err = source_read(a, file.path, &file.text, why, why_len);
	if (err)
		return err;
	files->at = arena_grow(a, files->at, files->count, &files->cap,
			       sizeof(*files->at));
	files->at[files->count++] = file;
	return MG_OK;
}

int sources_read(struct sources *files, struct arena *a, const char *dir,
		 bool may_lack, char *why, size_t why_len)
{
	struct dirent *entry;
	DIR *d = opendir(dir);
	int err = MG_OK;

	*files = (struct sources){ 0 };
	if (!d) {
		if (errno == ENOENT && may_lack)
			return 0;
		snprintf(why, why_len, "%s:1: cannot be opened: %s", dir,
			 strerror(errno));
		return MG_EIO;
	}
	while (!err && (entry = readdir(d)))
		err = add(files, a, dir, entry->d_name, why, why_len);
	closedir(d);
	if (err)
		return err;
	if (files->count)
		qsort(files->at, files->count, sizeof(*files->at), by_stem);
	return (int)files->count;
}
