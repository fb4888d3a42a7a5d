/* sse.h - server-sent events out of bytes, however they are cut.
 *
 *   bytes --> lines --> fields --> event on an empty line
 *
 *   START  the very first bytes: a byte order mark is dropped
 *   LINE   inside a line
 *   CR     a carriage return was seen: a line feed right after belongs to it
 *
 * Comments and unknown fields are dropped, `data` lines are joined by line
 * feeds, as the HTML standard has it. An event cut off by the end of the
 * stream is given out by sse_end: a client may have shown its text.
 */
#pragma once
#include "base/buf.h"
#include "base/slice.h"

enum sse_state { SSE_START, SSE_LINE, SSE_CR };

struct sse {
	enum sse_state state;
	struct buf line;
	struct buf data;
	struct buf name; /* of the event, "" for message */
	bool has_data;
	bool given;    /* data and name were handed out */
	uint64_t from; /* where in the stream the event began */
	uint64_t to;   /* and where the bytes seen so far end */
};

/* `max`: bytes of one event, ceilings for its lines and its data. */
void sse_init(struct sse *sse, size_t max);
void sse_deinit(struct sse *sse);

/* Takes bytes off the front of *bytes. 1: an event is whole (read it with
 * sse_data, then call again); 0: all bytes were taken; MG_ETOOBIG. [from, to)
 * are an event's bytes; what lies before `from` and after the last event's `to`
 * are comments and events without data, which may pass as they are. The line
 * feed of a CR LF that ends an event counts as the first byte of the next, for
 * it may not have come yet. */
int sse_feed(struct sse *sse, struct mg_slice *bytes);

/* After the last byte: 1 when an unfinished event held data. */
int sse_end(struct sse *sse);

/* Of the event just given out. Valid until the next call. */
struct mg_slice sse_data(const struct sse *sse);
struct mg_slice sse_name(const struct sse *sse);
