/* clock.h - the two clocks, and identifiers made of time. */
#pragma once
#include <stdint.h>

uint64_t clock_now_us(void);  /* since 1970, UTC; may jump */
uint64_t clock_mono_us(void); /* for intervals; never jumps */

/* "2026-08-21T10:14:03.221Z"; `out` holds at least 25 bytes. */
void clock_print(uint64_t us, char *out);

/* A UUIDv7 (RFC 9562) of now, in 36 characters and a NUL. Ordered by time
 * within one process. */
void clock_uuid7(char out[37]);
