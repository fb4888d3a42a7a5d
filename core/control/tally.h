/* tally.h - what went by, counted for Prometheus while events are stored.
 *
 * Counted here, from events, and not on the path of a request: labels cost
 * nothing there. Names come from configuration, never from a peer, and there
 * is a ceiling all the same; what is above it is counted under no label.
 */
#pragma once
#include "event/record.h"

struct tally;

struct tally *tally_new(void);
void tally_free(struct tally *t);

void tally_add(struct tally *t, const struct event *e);

/* Appends the families in Prometheus' text format. */
int tally_print(const struct tally *t, struct buf *out);
