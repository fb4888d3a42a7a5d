/* appsec.h - what the rows of both files share: a look at what stands before.
 */
#pragma once
#include "detectors/list.h"

#define LOOK .flags = ROW_CASELESS | ROW_INSIDE, .max = 400

/* Quotes before the suspicion on its line: an odd number means that one was
 * closed which the text did not open. */
bool appsec_breaks_out(const struct sight *s);

/* The last byte before the suspicion that is no space; 0 at a line's start. */
char appsec_before(const struct sight *s);

/* Is `word` among the `max` bytes before the suspicion, on its line? */
bool appsec_follows(const struct sight *s, const char *word, uint32_t max);
