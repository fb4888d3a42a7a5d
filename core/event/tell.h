/* tell.h - events for people: one readable line each, and the whole story of
 * one. What a peer chose cannot reach the terminal as anything but text. */
#pragma once
#include "event/record.h"

/* Appends one line without its newline:
 * time integration application method path request/reply policies findings
 * reason status duration. */
int tell_line(const struct event *e, bool colour, struct buf *out);

/* Appends the event as a tree: what was asked, what each stage saw and why it
 * decided so. */
int tell_story(const struct event *e, bool colour, struct buf *out);
