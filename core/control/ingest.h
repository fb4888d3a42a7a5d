/* ingest.h - from the workers' spools to the sinks.
 *
 *   state/spool/w0 --reader--\
 *   state/spool/w1 --reader---+--> sink: put ... commit --> cursors --> retire
 *   ...                      /
 *
 * Every sink has its own readers and cursors, so a slow one holds up nobody.
 * The order of the three steps is what makes kill -9 harmless: a batch is first
 * durable in the sink, then the cursor says so, then segments go. Killed in
 * between, the batch is read again, and the sink knows its events by their ids.
 */
#pragma once
#include "control/tally.h"
#include "event/sink.h"

struct ingest;

struct ingest_counts {
	uint64_t stored;
	uint64_t refused;  /* records that are no event */
	uint64_t missing;  /* sequence numbers that never came */
	uint64_t bad;      /* damaged stretches in spools */
	uint64_t failures; /* batches that the sink did not take */
	uint64_t spool_bytes;
	uint64_t newest; /* time of the newest event stored, microseconds */
};

/* Reads every directory below `spools` whose name begins with 'w', also those
 * that appear later, for `sink`; counts in `tally` (NULL: not). Both are
 * borrowed. */
struct ingest *ingest_new(const char *spools, struct sink *sink,
			  struct tally *tally);
void ingest_free(struct ingest *in);

/* Moves at most a few thousand events. How many; 0 when there are none;
 * MG_EIO when the sink failed: nothing is lost, try again later. `now` is
 * clock_mono_us. */
int ingest_turn(struct ingest *in, uint64_t now);

/* Makes what workers wrote durable, whether or not it was read: once a second
 * is good. */
void ingest_sync(struct ingest *in);

const struct ingest_counts *ingest_counts(struct ingest *in);
