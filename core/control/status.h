/* status.h - what control says of the whole product: to Prometheus, to
 * `moongate status`, and to whoever asks whether it is well. */
#pragma once
#include "base/shm.h"
#include "control/ingest.h"
#include "control/router.h"
#include "control/tally.h"

/* Borrowed. NULL where there is none: a control process alone. */
struct status {
	const struct shm *shm;
	struct ingest *ingest;
	const struct tally *tally;
	const char *version;
	bool store;      /* the event store could be opened */
	bool ca;         /* the inspection CA is there */
	bool pac;        /* the PAC file was rendered */
	uint64_t turned; /* clock_mono_us of the loop's last turn */
};

int status_metrics(const struct status *s, struct buf *out);
int status_json(const struct status *s, uint64_t now, struct buf *out);
int status_text(const struct status *s, uint64_t now, struct buf *out);

/* Each named check is ok or not; see router.h. `now` is clock_mono_us. */
int status_health(const struct status *s, enum router_health which,
		  bool verbose, uint64_t now, struct buf *out);
