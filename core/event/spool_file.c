/* spool_file.c - what writer and reader of a spool agree on: the record and
 * the names of files. See spool.h and impl.h. */
#include "event/impl.h"

#include <dirent.h>
#include <endian.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

static const char magic[4] = { 'M', 'G', 'e', '1' };
static const char letter[SPOOL_CLASSES] = { 'a', 'l', 'k' };

static uint32_t word_at(const char *at)
{
	uint32_t n;

	memcpy(&n, at, sizeof(n));
	return le32toh(n);
}

/* The crc covers length, class, sequence and payload. */
static uint32_t sum(const char *head, size_t len)
{
	uint32_t crc = hash_crc32c(0, head + 4, 4);

	return hash_crc32c(crc, head + 12, SPOOL_HEAD - 12 + len);
}

void record_seal(char *head, enum spool_class class, uint64_t sequence,
		 size_t len)
{
	uint32_t words[] = { htole32((uint32_t)len), 0,
			     htole32((uint32_t) class) };
	uint64_t number = htole64(sequence);

	memcpy(head, magic, 4);
	memcpy(head + 4, words, 12);
	memcpy(head + 16, &number, 8);
	words[1] = htole32(sum(head, len));
	memcpy(head + 8, &words[1], 4);
}

enum record_state record_look(struct mg_slice s, struct spool_record *out)
{
	size_t seen = s.len < 4 ? s.len : 4;

	if (memcmp(s.at, magic, seen) != 0)
		return RECORD_BAD;
	if (s.len < SPOOL_HEAD)
		return RECORD_SHORT;

	uint32_t len = word_at(s.at + 4), class = word_at(s.at + 12);
	if (len > SPOOL_RECORD_MAX || class >= SPOOL_CLASSES)
		return RECORD_BAD;
	if (s.len < SPOOL_HEAD + (size_t)len)
		return RECORD_SHORT;
	if (word_at(s.at + 8) != sum(s.at, len))
		return RECORD_BAD;

	uint64_t number;
	memcpy(&number, s.at + 16, 8);
	out->class = (enum spool_class) class;
	out->sequence = le64toh(number);
	out->payload = slice(s.at + SPOOL_HEAD, len);
	return RECORD_GOOD;
}

size_t record_find(struct mg_slice s, bool more)
{
	struct spool_record ignored;

	for (size_t i = 1; i < s.len; i++) {
		const char *at = memchr(s.at + i, magic[0], s.len - i);
		if (!at)
			break;
		i = (size_t)(at - s.at);
		switch (record_look(slice(at, s.len - i), &ignored)) {
		case RECORD_GOOD:
			return i;
		case RECORD_SHORT:
			if (more)
				return i;
			break;
		case RECORD_BAD:
			break;
		}
	}
	return s.len;
}

void segment_name(enum spool_class class, uint64_t first,
		  char out[SEGMENT_NAME])
{
	snprintf(out, SEGMENT_NAME, "%c-%016" PRIx64 ".seg", letter[class],
		 first);
}

bool segment_parse(const char *name, enum spool_class *class, uint64_t *first)
{
	char again[SEGMENT_NAME];
	uint64_t n;

	if (strlen(name) != SEGMENT_NAME - 2 ||
	    sscanf(name + 1, "-%16" SCNx64, &n) != 1)
		return false;
	for (int c = 0; c < SPOOL_CLASSES; c++) {
		segment_name((enum spool_class)c, n, again);
		if (strcmp(again, name) == 0) {
			*class = (enum spool_class)c;
			*first = n;
			return true;
		}
	}
	return false;
}

/* A stream of its own over the directory, from its beginning. */
static DIR *open_list(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? NULL : fdopendir(fd);
}

int segment_span(int dir, enum spool_class class, uint64_t than,
		 struct segment_span *out)
{
	struct segment_span span = { 0 };
	DIR *list = open_list(dir);
	enum spool_class c;
	uint64_t first;
	struct stat st;

	if (!list)
		return MG_EIO;
	for (struct dirent *d = readdir(list); d; d = readdir(list)) {
		if (!segment_parse(d->d_name, &c, &first) || c != class)
			continue;
		if (fstatat(dir, d->d_name, &st, 0) == 0)
			span.bytes += (uint64_t)st.st_size;
		if (!span.oldest || first < span.oldest)
			span.oldest = first;
		if (first > span.newest)
			span.newest = first;
		if (first > than && (!span.after || first < span.after))
			span.after = first;
	}
	closedir(list);
	*out = span;
	return MG_OK;
}
