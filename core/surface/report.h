/* report.h - the event of an exchange, or of a connection that had none. */
#pragma once
#include "surface/decision.h"
#include "surface/device.h"

/* What an exchange knows of itself when it ends. Borrowed. */
struct report {
	const struct device *device;
	struct generation *gen;
	const struct decision *judged[2]; /* by mg_stage; NULL: not judged */
	const struct decision *about;     /* what both stages share */
	const struct head *request;
	uint32_t status; /* as the device saw it */
	bool stream;
	uint64_t request_bytes;
	uint64_t reply_bytes;
	uint64_t began; /* clock_now_us */
	uint64_t total_us;
	uint64_t upstream_us;
	const char *failure; /* NULL when none */
	struct arena *arena;
};

void report_exchange(const struct report *r);

/* A CONNECT that was refused. */
void report_refusal(const struct device *d, uint16_t status, const char *why);

/* Something about a connection that an auditor should know. `failure` is a
 * word: "client_distrust". */
void report_trouble(const struct device *d, const char *failure,
		    const char *why);
