/* spool_read.c - the reader's side. See spool.h.
 *
 * Each class is a track of segments; the tracks are merged by sequence number.
 * The writer fills them one after the other, so a number may be missing only
 * because its track is written a moment later. A gap is therefore believed
 * only for records that were on disk at the end of the turn before: whatever
 * belongs in front of them has arrived by now, or never will.
 *
 *   turn: spool_next ... spool_next -> 0        (look: where does disk end?)
 */
#include "event/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "event/impl.h"

enum {
	CHUNK = 256 << 10,
	CHUNK_MAX = 2 * (SPOOL_RECORD_MAX + SPOOL_HEAD) + CHUNK,
	QUARANTINE_MAX = 16 << 20, /* bytes set aside, one reader */
	CURSOR_NAME = 40,
};

struct position {
	uint64_t first; /* segment; 0: none yet */
	uint64_t at;    /* offset of the first byte not yet read */
};

struct track {
	int fd;
	struct position here; /* what `chunk` begins with */
	struct position kept; /* as in the cursor */
	struct position seen; /* end of disk, last time we looked */
	struct buf chunk;
	struct spool_record head; /* points into `chunk` */
	bool has;                 /* `head` is a record not yet given out */
	bool dry;                 /* nothing more in this turn */
};

struct spool_reader {
	int dir;
	char cursor[CURSOR_NAME];
	struct track track[SPOOL_CLASSES];
	struct track *given; /* its head was given out last */
	uint64_t next;       /* expected sequence number; 0: any */
	uint64_t kept_next;
	uint64_t quarantined;
	struct spool_read_counts counts;
};

/* --- the cursor --------------------------------------------------------------
 */

static int cursor_print(const struct spool_reader *r, char *out, size_t max)
{
	const struct track *t = r->track;
	int len = snprintf(out, max,
			   "moongate-cursor %" PRIu64 " %" PRIu64 " %" PRIu64
			   " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64,
			   r->kept_next, t[0].kept.first, t[0].kept.at,
			   t[1].kept.first, t[1].kept.at, t[2].kept.first,
			   t[2].kept.at);
	uint32_t crc = hash_crc32c(0, out, (size_t)len);

	return len + snprintf(out + len, max - (size_t)len, " %08x\n", crc);
}

bool cursor_read(int dir, const char *name, uint64_t out[CURSOR_WORDS])
{
	char text[256];
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len < 10)
		return false;
	text[len] = '\0';

	uint32_t crc = 0;
	size_t body = (size_t)len - 10;
	return sscanf(text,
		      "moongate-cursor %" SCNu64 " %" SCNu64 " %" SCNu64
		      " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %x",
		      &out[0], &out[1], &out[2], &out[3], &out[4], &out[5],
		      &out[6], &crc) == CURSOR_WORDS + 1 &&
	       crc == hash_crc32c(0, text, body);
}

static void cursor_load(struct spool_reader *r)
{
	uint64_t word[CURSOR_WORDS];

	if (!cursor_read(r->dir, r->cursor, word)) {
		if (faccessat(r->dir, r->cursor, F_OK, 0) == 0)
			log_warn(LOG_EVENT,
				 "%s is damaged: reading from the oldest "
				 "event again",
				 r->cursor);
		return;
	}
	r->kept_next = word[0];
	for (int c = 0; c < SPOOL_CLASSES; c++)
		r->track[c].kept =
			(struct position){ word[1 + 2 * c], word[2 + 2 * c] };
}

static int write_file(int dir, const char *name, const char *at, size_t len)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			0600);
	if (fd < 0)
		return MG_EIO;

	bool good = write(fd, at, len) == (ssize_t)len && fsync(fd) == 0;
	return close(fd) == 0 && good ? MG_OK : MG_EIO;
}

/* --- tracks ------------------------------------------------------------------
 */

static bool is_before(struct position a, struct position b)
{
	return a.first < b.first || (a.first == b.first && a.at < b.at);
}

static void track_close(struct track *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	t->has = false;
	buf_clear(&t->chunk);
}

static enum spool_class class_of(const struct spool_reader *r,
				 const struct track *t)
{
	return (enum spool_class)(t - r->track);
}

static int open_segment(struct spool_reader *r, struct track *t, uint64_t first)
{
	char name[SEGMENT_NAME];

	segment_name(class_of(r, t), first, name);
	return openat(r->dir, name, O_RDONLY | O_CLOEXEC);
}

/* Opens the segment of the track's position, or the next that is still there.
 * 1, or 0 when there is none. */
static int track_open(struct spool_reader *r, struct track *t)
{
	struct segment_span span;

	while (t->fd < 0) {
		if (t->here.first)
			t->fd = open_segment(r, t, t->here.first);
		if (t->fd >= 0)
			break;
		if (segment_span(r->dir, class_of(r, t), t->here.first, &span) <
		    0)
			return MG_EIO;
		if (!span.after)
			return 0;
		t->here = (struct position){ span.after, 0 };
	}
	return 1;
}

/* Reads on. The number of bytes that came. */
static int track_fill(struct track *t)
{
	char *room = buf_room(&t->chunk, CHUNK);
	if (!room)
		return MG_ETOOBIG;

	ssize_t n = pread(t->fd, room, CHUNK,
			  (off_t)(t->here.at + buf_len(&t->chunk)));
	if (n < 0)
		return MG_EIO;
	buf_grow(&t->chunk, (size_t)n);
	return (int)n;
}

static void drop(struct track *t, size_t len)
{
	buf_drop(&t->chunk, len);
	t->here.at += len;
}

/* Bytes that are no record are kept for whoever wants to know why. */
static void quarantine(struct spool_reader *r, struct track *t, size_t len)
{
	char segment[SEGMENT_NAME], name[96];

	segment_name(class_of(r, t), t->here.first, segment);
	snprintf(name, sizeof(name), "quarantine/%s-%" PRIu64 ".bad", segment,
		 t->here.at);
	if (!r->counts.bad++) /* more of them are only counted */
		log_error(LOG_EVENT,
			  "spool has %zu damaged bytes at %s+%" PRIu64
			  "; check the disk",
			  len, segment, t->here.at);
	if (r->quarantined + len <= QUARANTINE_MAX) {
		mkdirat(r->dir, "quarantine", 0700);
		if (write_file(r->dir, name, t->chunk.at + t->chunk.from,
			       len) == MG_OK)
			r->quarantined += len;
	}
	drop(t, len);
}

/* The writer has gone on to a newer segment, and this one is read to its end:
 * 1, after stepping over. 0 while it may still grow. */
static int track_step(struct spool_reader *r, struct track *t)
{
	struct segment_span span;

	if (segment_span(r->dir, class_of(r, t), t->here.first, &span) < 0)
		return MG_EIO;
	if (!span.after)
		return 0;
	/* What was written between our last read and the newer file. */
	int n = track_fill(t);
	if (n != 0)
		return n < 0 ? n : 1;
	if (buf_len(&t->chunk))
		quarantine(r, t, buf_len(&t->chunk));
	track_close(t);
	t->here = (struct position){ span.after, 0 };
	return 1;
}

/* A record does not check. Passes over it when a good one follows. 1 to look
 * again, 0 when only the writer can say what this will be. */
static int track_mend(struct spool_reader *r, struct track *t)
{
	int n = 1;

	while (n > 0 &&
	       buf_len(&t->chunk) < 2 * (SPOOL_RECORD_MAX + (size_t)SPOOL_HEAD))
		n = track_fill(t);
	if (n < 0)
		return n;

	struct mg_slice s = buf_slice(&t->chunk);
	size_t good = record_find(s, n > 0);
	if (good < s.len || n > 0) {
		quarantine(r, t, good < s.len ? good : s.len - 3);
		return 1;
	}
	return track_step(r, t);
}

/* A record that is not all there, at the end of what is there. Either it is
 * being written, or its length is a lie: then good ones may stand inside it. */
static int track_short(struct spool_reader *r, struct track *t)
{
	int n = track_fill(t);
	if (n != 0)
		return n < 0 ? n : 1;

	size_t good = record_find(buf_slice(&t->chunk), false);
	if (good < buf_len(&t->chunk)) {
		quarantine(r, t, good);
		return 1;
	}
	return track_step(r, t);
}

/* 1 when t->head is the track's next record, 0 when there is none now. */
static int track_peek(struct spool_reader *r, struct track *t)
{
	int go = t->has || !t->dry;

	while (go > 0 && !t->has) {
		go = track_open(r, t);
		if (go <= 0)
			break;
		if (!buf_len(&t->chunk)) {
			go = track_fill(t);
			if (go == 0)
				go = track_step(r, t);
			continue;
		}
		switch (record_look(buf_slice(&t->chunk), &t->head)) {
		case RECORD_GOOD:
			t->has = true;
			break;
		case RECORD_SHORT:
			go = track_short(r, t);
			break;
		case RECORD_BAD:
			go = track_mend(r, t);
			break;
		}
	}
	if (go == 0 && !t->has)
		buf_clear(&t->chunk); /* may be cut off and written again */
	t->dry = go == 0;
	return go < 0 ? go : t->has;
}

/* Notes where disk ends: see the top. */
static void look(struct spool_reader *r)
{
	char name[SEGMENT_NAME];
	struct segment_span span;
	struct stat st;

	for (int c = 0; c < SPOOL_CLASSES; c++) {
		struct track *t = &r->track[c];
		t->dry = false;
		if (segment_span(r->dir, (enum spool_class)c, 0, &span) < 0 ||
		    !span.newest)
			continue;
		segment_name((enum spool_class)c, span.newest, name);
		if (fstatat(r->dir, name, &st, 0) == 0)
			t->seen = (struct position){ span.newest,
						     (uint64_t)st.st_size };
	}
}

/* --- reading
 * ------------------------------------------------------------------ */

void spool_rewind(struct spool_reader *r)
{
	for (int c = 0; c < SPOOL_CLASSES; c++) {
		struct track *t = &r->track[c];
		track_close(t);
		t->here = t->kept;
		t->dry = false;
	}
	r->next = r->kept_next;
	r->given = NULL;
}

struct spool_reader *spool_reader_new(const char *dir, const char *name)
{
	struct spool_reader *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	r->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->dir < 0 || strlen(name) > CURSOR_NAME - sizeof("cursor..tmp")) {
		log_error(LOG_EVENT, "spool %s cannot be read: %s", dir,
			  strerror(errno));
		free(r);
		return NULL;
	}
	snprintf(r->cursor, sizeof(r->cursor), "cursor.%s", name);
	for (int c = 0; c < SPOOL_CLASSES; c++) {
		r->track[c].fd = -1;
		buf_init(&r->track[c].chunk, CHUNK_MAX);
	}
	cursor_load(r);
	spool_rewind(r);
	look(r);
	return r;
}

void spool_reader_free(struct spool_reader *r)
{
	if (!r)
		return;
	for (int c = 0; c < SPOOL_CLASSES; c++) {
		track_close(&r->track[c]);
		buf_deinit(&r->track[c].chunk);
	}
	close(r->dir);
	free(r);
}

static void take_back(struct spool_reader *r)
{
	struct track *t = r->given;

	if (!t)
		return;
	drop(t, SPOOL_HEAD + t->head.payload.len);
	t->has = false;
	r->given = NULL;
}

/* The track whose next record has the lowest number; NULL when all are dry. */
static int lowest(struct spool_reader *r, struct track **out)
{
	*out = NULL;
	for (int c = 0; c < SPOOL_CLASSES; c++) {
		struct track *t = &r->track[c];
		int has = track_peek(r, t);
		if (has < 0)
			return has;
		if (has && (!*out || t->head.sequence < (*out)->head.sequence))
			*out = t;
	}
	return *out != NULL;
}

int spool_next(struct spool_reader *r, struct spool_record *out)
{
	struct track *t;

	take_back(r);
	int has = lowest(r, &t);
	if (has <= 0) {
		look(r);
		return has;
	}

	uint64_t number = t->head.sequence;
	if (r->next && number > r->next) {
		if (!is_before(t->here, t->seen)) {
			look(r);
			return 0;
		}
		r->counts.missing += number - r->next;
	} else if (r->next && number < r->next && r->counts.missing) {
		r->counts.missing--; /* late, but here */
	}
	if (number >= r->next)
		r->next = number + 1;
	r->counts.read++;
	r->given = t;
	*out = t->head;
	return 1;
}

int spool_keep(struct spool_reader *r)
{
	char text[256], name[CURSOR_NAME + 8];

	take_back(r);
	for (int c = 0; c < SPOOL_CLASSES; c++)
		r->track[c].kept = r->track[c].here;
	r->kept_next = r->next;

	int len = cursor_print(r, text, sizeof(text));
	snprintf(name, sizeof(name), "%s.tmp", r->cursor);
	if (write_file(r->dir, name, text, (size_t)len) < 0 ||
	    renameat(r->dir, name, r->dir, r->cursor) < 0 || fsync(r->dir) < 0)
		return MG_EIO;
	return MG_OK;
}

int spool_read_sync(struct spool_reader *r)
{
	int err = MG_OK;

	for (int c = 0; c < SPOOL_CLASSES; c++)
		if (r->track[c].fd >= 0 && fdatasync(r->track[c].fd) < 0)
			err = MG_EIO;
	return err;
}

const struct spool_read_counts *spool_read_counts(const struct spool_reader *r)
{
	return &r->counts;
}
