/* spool.h - events on their way to the sinks: written by one worker, read by
 * control, kept on disk in between, so that a slow sink costs disk and never
 * traffic or an event.
 *
 *   worker -> spool_add -> memory -> spool_flush -> write(2) -> segment files
 *                                    (50 ms, 64 KiB)               |
 *   sink <- spool_next <- merged by sequence number <--------------'
 *                 `-> spool_keep: cursor.<sink> (temporary, fsync, rename)
 *                       `-> spool_retire: removes what every sink has
 *
 * One directory per worker. A segment is a file <class>-<first sequence>.seg;
 * a class has its own files, so that room is made by removing whole files:
 * first the oldest that hold only `allow`, then the oldest that hold `log`,
 * never one that holds a mask, a block or a failure.
 *
 *   record = "MGe1" | length u32 | crc32c u32 | class u32 | sequence u64 |
 *            payload         (little endian; the crc covers all but itself)
 *
 * What was flushed survives kill -9 of either side. The page cache is made
 * durable by the reader (spool_read_sync), so the writer never waits for a
 * disk. A torn tail is cut off when the writer comes back; a record that does
 * not check is set aside under quarantine/ and passed over; a sequence number
 * that never arrives is counted.
 */
#pragma once
#include "base/buf.h"
#include "base/slice.h"

enum spool_class {
	SPOOL_ALLOW,
	SPOOL_LOG,
	SPOOL_KEEP,   /* mask, block, failures: never dropped */
	SPOOL_CLASSES /* how many; must be last */
};

enum {
	SPOOL_HEAD = 24,
	SPOOL_BATCH = 64 << 10,     /* bytes in memory that ask for a flush */
	SPOOL_MEMORY = 8 << 20,     /* at most, while the disk refuses */
	SPOOL_RECORD_MAX = 1 << 20, /* payload */
};

/* --- the worker's side ---------------------------------------------------- */

struct spool_writer;

struct spool_counts {
	uint64_t added;
	uint64_t flushed;
	uint64_t dropped[SPOOL_CLASSES]; /* records, in memory or on disk */
	uint64_t errors;                 /* refused writes */
	uint64_t bytes;                  /* on disk, as of the last look */
};

/* Opens or creates `dir`, cuts off a torn tail and goes on counting where the
 * last writer stopped. At most `max` bytes in files of about `segment`. NULL
 * when the directory cannot be used; the reason is logged. */
struct spool_writer *spool_new(const char *dir, uint64_t max, uint64_t segment);

/* Appends in memory; no system call unless SPOOL_BATCH is reached. 0, or
 * MG_ETOOBIG when the record was dropped (and counted). */
int spool_add(struct spool_writer *sp, enum spool_class class,
	      struct mg_slice payload);

struct event;
/* The same for an event, packed in place; its class is what it says. */
int spool_add_event(struct spool_writer *sp, const struct event *e);

/* Writes what is in memory. 0, or MG_EIO: kept, and tried again next time. */
int spool_flush(struct spool_writer *sp);

const struct spool_counts *spool_counts(const struct spool_writer *sp);

/* Records given up so far, of all classes. */
uint64_t spool_dropped(const struct spool_writer *sp);

/* Flushes, syncs and frees. */
void spool_free(struct spool_writer *sp);

/* --- control's side ------------------------------------------------------- */

struct spool_reader;

struct spool_record {
	enum spool_class class;
	uint64_t sequence;
	struct mg_slice payload; /* valid until the next call */
};

struct spool_read_counts {
	uint64_t read;
	uint64_t missing; /* sequence numbers that never came */
	uint64_t bad;     /* stretches set aside in quarantine */
};

/* Reads `dir` for the sink called `name` (letters and digits), from where its
 * cursor stands, or from the oldest record. NULL when `dir` cannot be read. */
struct spool_reader *spool_reader_new(const char *dir, const char *name);
void spool_reader_free(struct spool_reader *r);

/* 1 with the next record, 0 when there is none now, or MG_EIO. */
int spool_next(struct spool_reader *r, struct spool_record *out);

/* Goes back to the last kept cursor: what was read since is read again. */
void spool_rewind(struct spool_reader *r);

/* Everything read so far is the sink's: writes the cursor, durably. */
int spool_keep(struct spool_reader *r);

/* fdatasync on the files the writer is filling. */
int spool_read_sync(struct spool_reader *r);

/* Removes the segments in `dir` that lie before every cursor in it. Never the
 * newest of a class. Returns how many. */
int spool_retire(const char *dir);

/* Bytes of all segments in `dir`. */
uint64_t spool_size(const char *dir);

const struct spool_read_counts *spool_read_counts(const struct spool_reader *r);
