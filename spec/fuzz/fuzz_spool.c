/* fuzz_spool.c - any bytes as a segment. Reading ends, a writer comes back on
 * top of it, and what the writer then adds is read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "event/impl.h"
#include "event/spool.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

/* Damage is what we make: nobody needs to read of it. */
enum log_level log_limit;

void log_open(enum log_level limit, const char *name)
{
	(void)limit, (void)name;
}

void log_line(enum log_level level, enum log_group group, const char *fmt, ...)
{
	(void)level, (void)group, (void)fmt;
}

static char dir[64], file[128];

static void prepare(void)
{
	if (dir[0])
		return;
	snprintf(dir, sizeof(dir), "%s/moongate-fuzz-%d",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm", getpid());
	mkdir(dir, 0700);
	snprintf(file, sizeof(file), "%s/l-0000000000000001.seg", dir);
}

/* The first byte says how many good records stand behind the rest. */
static void write_segment(const uint8_t *at, size_t len)
{
	char record[SPOOL_HEAD + 4];
	FILE *f = fopen(file, "w");

	if (!f)
		abort();
	if (len > 1)
		fwrite(at + 1, 1, len - 1, f);
	for (uint64_t i = 0; len && i < at[0] % 4u; i++) {
		memcpy(record + SPOOL_HEAD, "good", 4);
		record_seal(record, SPOOL_LOG, 1000 + i, 4);
		fwrite(record, 1, sizeof(record), f);
	}
	fclose(f);
}

static int read_all(struct spool_reader *r, const char *want)
{
	struct spool_record rec;
	int found = 0;

	for (int turn = 0; turn < 3; turn++)
		for (int n = 0; spool_next(r, &rec) == 1; n++) {
			found += slice_is(rec.payload, want);
			if (n > 1 << 20)
				abort(); /* it never ends */
		}
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	prepare();
	write_segment(at, len);

	struct spool_reader *r = spool_reader_new(dir, "fuzz");
	int good = read_all(r, "good");
	struct spool_writer *w = spool_new(dir, 1 << 30, 8 << 20);
	if (!r || !w || spool_add(w, SPOOL_LOG, slice_str("after")) < 0 ||
	    spool_flush(w) < 0)
		abort();
	good += read_all(r, "good");
	/* Random bytes that make up good records may hide some of ours in a
	 * gap; a record that is whole and last is never lost. */
	struct spool_reader *late = spool_reader_new(dir, "late");
	if (!read_all(late, "after"))
		abort();
	if (len && good < (int)(at[0] % 4u))
		abort();
	spool_reader_free(r);
	spool_reader_free(late);
	spool_free(w);
	return 0;
}
