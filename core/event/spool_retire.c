/* spool_retire.c - removing what every sink has. See spool.h. */
#include "event/impl.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

/* The oldest segment of each class that some cursor still stands in. False
 * when there is no cursor, or one that cannot be read: then all must stay. */
static bool slowest(int dir, uint64_t first[SPOOL_CLASSES])
{
	uint64_t word[CURSOR_WORDS];
	bool any = false, whole = true;
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);

	if (!list)
		return false;
	for (struct dirent *d = readdir(list); d; d = readdir(list)) {
		struct mg_slice name = slice_str(d->d_name);
		if (!slice_starts(name, "cursor.") || slice_ends(name, ".tmp"))
			continue;
		if (!cursor_read(dir, d->d_name, word)) {
			whole = false;
			break;
		}
		for (int c = 0; c < SPOOL_CLASSES; c++)
			if (!any || word[1 + 2 * c] < first[c])
				first[c] = word[1 + 2 * c];
		any = true;
	}
	closedir(list);
	return any && whole;
}

static int retire_class(int dir, enum spool_class class, uint64_t before)
{
	char name[SEGMENT_NAME];
	struct segment_span span;
	int removed = 0;

	while (segment_span(dir, class, 0, &span) == MG_OK && span.oldest &&
	       span.oldest < before && span.oldest < span.newest) {
		segment_name(class, span.oldest, name);
		if (unlinkat(dir, name, 0) < 0)
			break;
		removed++;
	}
	return removed;
}

int spool_retire(const char *dir)
{
	uint64_t first[SPOOL_CLASSES] = { 0 };
	int removed = 0;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return MG_EIO;
	if (slowest(fd, first))
		for (int c = 0; c < SPOOL_CLASSES; c++)
			removed +=
				retire_class(fd, (enum spool_class)c, first[c]);
	close(fd);
	return removed;
}

uint64_t spool_size(const char *dir)
{
	struct segment_span span;
	uint64_t bytes = 0;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	for (int c = 0; c < SPOOL_CLASSES; c++)
		if (segment_span(fd, (enum spool_class)c, 0, &span) == MG_OK)
			bytes += span.bytes;
	close(fd);
	return bytes;
}
