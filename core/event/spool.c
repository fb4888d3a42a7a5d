/* spool.c - the writer's side. See spool.h. */
#include "event/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "event/impl.h"
#include "event/record.h"

#define SIZE_LOST UINT64_MAX /* a torn write could not be cut off */

/* The files of one class: the newest is open for appending. */
struct shelf {
	int fd; /* -1: none yet */
	uint64_t first;
	uint64_t size; /* of whole records; what lies beyond was torn */
	struct buf pending;
	uint32_t pending_count;
};

struct spool_writer {
	int dir;
	uint64_t max;
	uint64_t segment;
	uint64_t next; /* sequence number */
	struct shelf shelf[SPOOL_CLASSES];
	struct spool_counts counts;
	bool failing; /* the last write failed; said so once */
};

/* --- opening ---------------------------------------------------------------
 */

/* The end of the last good record, and what comes after its number. */
static uint64_t find_end(struct mg_slice s, uint64_t *next)
{
	struct spool_record rec;
	uint64_t end = 0;
	size_t at = 0;

	while (at < s.len) {
		struct mg_slice rest = slice(s.at + at, s.len - at);
		if (record_look(rest, &rec) != RECORD_GOOD) {
			at += record_find(rest, false);
			continue;
		}
		at += SPOOL_HEAD + rec.payload.len;
		end = at;
		if (rec.sequence >= *next)
			*next = rec.sequence + 1;
	}
	return end;
}

static int open_segment(struct spool_writer *sp, enum spool_class class,
			uint64_t first)
{
	char name[SEGMENT_NAME];

	segment_name(class, first, name);
	return openat(sp->dir, name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC,
		      0600);
}

/* Cuts off what a writer that was killed left unfinished. */
static int repair(struct spool_writer *sp, struct shelf *shelf)
{
	struct stat st;

	if (fstat(shelf->fd, &st) < 0)
		return MG_EIO;
	if (!st.st_size)
		return MG_OK;

	size_t len = (size_t)st.st_size;
	char *at = mmap(NULL, len, PROT_READ, MAP_PRIVATE, shelf->fd, 0);
	if (at == MAP_FAILED)
		return MG_EIO;
	shelf->size = find_end(slice(at, len), &sp->next);
	munmap(at, len);
	if (shelf->size < len && ftruncate(shelf->fd, (off_t)shelf->size) < 0)
		return MG_EIO;
	return MG_OK;
}

static int reopen(struct spool_writer *sp, enum spool_class class)
{
	struct shelf *shelf = &sp->shelf[class];
	struct segment_span span;

	if (segment_span(sp->dir, class, 0, &span) < 0)
		return MG_EIO;
	sp->counts.bytes += span.bytes;
	if (!span.newest)
		return MG_OK;
	if (span.newest > sp->next)
		sp->next = span.newest;
	shelf->first = span.newest;
	shelf->fd = open_segment(sp, class, span.newest);
	return shelf->fd < 0 ? MG_EIO : repair(sp, shelf);
}

static void deinit(struct spool_writer *sp)
{
	for (int c = 0; c < SPOOL_CLASSES; c++) {
		buf_deinit(&sp->shelf[c].pending);
		if (sp->shelf[c].fd >= 0)
			close(sp->shelf[c].fd);
	}
	if (sp->dir >= 0)
		close(sp->dir);
	free(sp);
}

/* Also the directory that holds it: the first worker to start needs both. */
static void make_dir(const char *dir)
{
	const char *end = strrchr(dir, '/');
	char parent[512];

	if (end && end != dir) {
		snprintf(parent, sizeof(parent), "%.*s", (int)(end - dir), dir);
		mkdir(parent, 0700);
	}
	mkdir(dir, 0700);
}

struct spool_writer *spool_new(const char *dir, uint64_t max, uint64_t segment)
{
	struct spool_writer *sp = calloc(1, sizeof(*sp));

	if (!sp)
		abort();
	sp->max = max;
	sp->segment = segment;
	sp->next = 1;
	for (int c = 0; c < SPOOL_CLASSES; c++) {
		sp->shelf[c].fd = -1;
		buf_init(&sp->shelf[c].pending, SPOOL_MEMORY);
	}
	make_dir(dir);
	sp->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int c = 0; c < SPOOL_CLASSES; c++) {
		if (sp->dir >= 0 && reopen(sp, (enum spool_class)c) == MG_OK)
			continue;
		log_error(LOG_EVENT,
			  "spool %s cannot be used: %s; check owner and disk",
			  dir, strerror(errno));
		deinit(sp);
		return NULL;
	}
	return sp;
}

/* --- making room ------------------------------------------------------------
 */

static uint64_t count_records(int fd, size_t len)
{
	uint64_t count = 0;
	struct spool_record rec;
	char *map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);

	if (map == MAP_FAILED)
		return 0;
	for (size_t at = 0; at < len; count++) {
		struct mg_slice rest = slice(map + at, len - at);
		if (record_look(rest, &rec) != RECORD_GOOD)
			break;
		at += SPOOL_HEAD + rec.payload.len;
	}
	munmap(map, len);
	return count;
}

/* Removes the oldest closed segment of a class. False when there is none. */
static bool drop_segment(struct spool_writer *sp, enum spool_class class)
{
	char name[SEGMENT_NAME];
	struct segment_span span;
	struct stat st;

	if (segment_span(sp->dir, class, 0, &span) < 0 || !span.oldest ||
	    span.oldest == sp->shelf[class].first)
		return false;

	segment_name(class, span.oldest, name);
	int fd = openat(sp->dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && st.st_size) {
		sp->counts.dropped[class] +=
			count_records(fd, (size_t)st.st_size);
		sp->counts.bytes -= (uint64_t)st.st_size;
	}
	close(fd);
	return unlinkat(sp->dir, name, 0) == 0;
}

static void look_at_size(struct spool_writer *sp)
{
	struct segment_span span;

	sp->counts.bytes = 0;
	for (int c = 0; c < SPOOL_CLASSES; c++)
		if (segment_span(sp->dir, (enum spool_class)c, 0, &span) == 0)
			sp->counts.bytes += span.bytes;
}

/* Brings the files below the ceiling, as far as the order of dropping allows
 * it: what was masked or blocked stays, even over the ceiling. */
static void make_room(struct spool_writer *sp, uint64_t len)
{
	bool dropped = false;

	look_at_size(sp);
	for (int c = 0; c < SPOOL_KEEP; c++)
		while (sp->counts.bytes + len > sp->max &&
		       drop_segment(sp, (enum spool_class)c))
			dropped = true;
	if (dropped)
		log_error(LOG_EVENT,
			  "spool is full: dropped the oldest allow events; "
			  "check the sinks or raise spool.max");
}

/* Gives up what was held in memory for a class. */
static bool drop_pending(struct spool_writer *sp, enum spool_class class)
{
	struct shelf *shelf = &sp->shelf[class];

	if (!shelf->pending_count)
		return false;
	sp->counts.dropped[class] += shelf->pending_count;
	shelf->pending_count = 0;
	buf_clear(&shelf->pending);
	return true;
}

static uint64_t held(const struct spool_writer *sp)
{
	uint64_t len = 0;

	for (int c = 0; c < SPOOL_CLASSES; c++)
		len += buf_len(&sp->shelf[c].pending);
	return len;
}

/* --- adding -----------------------------------------------------------------
 */

/* Space for the head of a record, after flushing and dropping what must go. */
static int begin(struct spool_writer *sp, enum spool_class class, size_t len,
		 size_t *at)
{
	if (held(sp) + len > SPOOL_MEMORY && spool_flush(sp) < 0 &&
	    (class == SPOOL_ALLOW || !drop_pending(sp, SPOOL_ALLOW)) &&
	    (class != SPOOL_KEEP || !drop_pending(sp, SPOOL_LOG))) {
		sp->counts.dropped[class]++;
		return MG_ETOOBIG;
	}

	struct buf *b = &sp->shelf[class].pending;
	*at = buf_len(b);
	if (!buf_room(b, SPOOL_HEAD)) {
		sp->counts.dropped[class]++;
		return MG_ETOOBIG;
	}
	buf_grow(b, SPOOL_HEAD);
	return MG_OK;
}

static int finish(struct spool_writer *sp, enum spool_class class, size_t at,
		  int err)
{
	struct shelf *shelf = &sp->shelf[class];
	struct buf *b = &shelf->pending;
	size_t len = buf_len(b) - at - SPOOL_HEAD;

	if (err < 0 || len > SPOOL_RECORD_MAX) {
		b->to = b->from + at;
		sp->counts.dropped[class]++;
		return MG_ETOOBIG;
	}
	record_seal(b->at + b->from + at, class, sp->next++, len);
	shelf->pending_count++;
	sp->counts.added++;
	if (held(sp) >= SPOOL_BATCH && !sp->failing)
		spool_flush(sp);
	return MG_OK;
}

int spool_add(struct spool_writer *sp, enum spool_class class,
	      struct mg_slice payload)
{
	size_t at;
	int err = begin(sp, class, SPOOL_HEAD + payload.len, &at);

	if (err < 0)
		return err;
	err = buf_add(&sp->shelf[class].pending, payload);
	return finish(sp, class, at, err);
}

static bool is_kept(const struct event_verdict *v)
{
	return v->action >= MG_MASK || v->failure != FAILURE_NONE || v->alert;
}

static enum spool_class class_of(const struct event *e)
{
	if (e->failure.len || is_kept(&e->verdict[MG_REQUEST]) ||
	    is_kept(&e->verdict[MG_REPLY]))
		return SPOOL_KEEP;
	return event_action(e) == MG_LOG ? SPOOL_LOG : SPOOL_ALLOW;
}

int spool_add_event(struct spool_writer *sp, const struct event *e)
{
	enum spool_class class = class_of(e);
	size_t at;
	int err = begin(sp, class, 4096, &at);

	if (err < 0)
		return err;
	err = event_pack(e, &sp->shelf[class].pending);
	return finish(sp, class, at, err);
}

/* --- writing ----------------------------------------------------------------
 */

static int start_segment(struct spool_writer *sp, enum spool_class class)
{
	struct shelf *shelf = &sp->shelf[class];
	struct spool_record rec;

	if (record_look(buf_slice(&shelf->pending), &rec) != RECORD_GOOD)
		abort(); /* we sealed it ourselves */
	make_room(sp, buf_len(&shelf->pending));

	int fd = open_segment(sp, class, rec.sequence);
	if (fd < 0)
		return MG_EIO;
	if (shelf->fd >= 0)
		close(shelf->fd);
	shelf->fd = fd;
	shelf->first = rec.sequence;
	shelf->size = 0;
	return MG_OK;
}

/* All or nothing: half a batch is cut off again, so that the file always ends
 * with a whole record and the next attempt starts where this one did. */
static int write_all(struct shelf *shelf, struct mg_slice s)
{
	for (size_t put = 0; put < s.len;) {
		ssize_t n = write(shelf->fd, s.at + put, s.len - put);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			int why = n < 0 ? errno : ENOSPC;
			if (ftruncate(shelf->fd, (off_t)shelf->size) < 0)
				shelf->size = SIZE_LOST;
			errno = why;
			return MG_EIO;
		}
		put += (size_t)n;
	}
	shelf->size += s.len;
	return MG_OK;
}

static int flush_class(struct spool_writer *sp, enum spool_class class)
{
	struct shelf *shelf = &sp->shelf[class];
	size_t len = buf_len(&shelf->pending);

	if (!len)
		return MG_OK;
	bool full = shelf->size == SIZE_LOST ||
		    (shelf->size && shelf->size + len > sp->segment);
	if (shelf->fd < 0 || full) {
		int err = start_segment(sp, class);
		if (err < 0)
			return err;
	}
	int err = write_all(shelf, buf_slice(&shelf->pending));
	if (err < 0)
		return err;
	sp->counts.flushed += shelf->pending_count;
	sp->counts.bytes += len;
	shelf->pending_count = 0;
	buf_clear(&shelf->pending);
	return MG_OK;
}

int spool_flush(struct spool_writer *sp)
{
	int err = MG_OK;

	/* Strongest first: should the disk fill up, it is what must stay. */
	for (int c = SPOOL_CLASSES - 1; c >= 0 && err == MG_OK; c--)
		err = flush_class(sp, (enum spool_class)c);
	if (err < 0) {
		sp->counts.errors++;
		if (errno == ENOSPC)
			drop_segment(sp, SPOOL_ALLOW);
		if (!sp->failing)
			log_error(LOG_EVENT,
				  "spool cannot be written: %s; events wait in "
				  "memory",
				  strerror(errno));
	} else if (sp->failing) {
		log_warn(LOG_EVENT, "spool can be written again");
	}
	sp->failing = err < 0;
	return err;
}

const struct spool_counts *spool_counts(const struct spool_writer *sp)
{
	return &sp->counts;
}

uint64_t spool_dropped(const struct spool_writer *sp)
{
	uint64_t n = 0;

	for (int c = 0; c < SPOOL_CLASSES; c++)
		n += sp->counts.dropped[c];
	return n;
}

void spool_free(struct spool_writer *sp)
{
	if (!sp)
		return;
	spool_flush(sp);
	for (int c = 0; c < SPOOL_CLASSES; c++)
		if (sp->shelf[c].fd >= 0)
			fdatasync(sp->shelf[c].fd);
	deinit(sp);
}
