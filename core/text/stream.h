/* stream.h - the text of a finished stream.
 *
 *   data: {"delta":"Hel"}  \
 *   data: {"delta":"lo"}    >-- joined per channel -->  one segment "Hello"
 *   data: [DONE]           /
 *
 * Deltas that stand at the same place - the same path with array positions left
 * out, and the same `index` keys beside it - are one channel, so a secret cut
 * over ten events is found. Joined segments are for judging only
 * (CODING_JOINED): the bytes have left already.
 *
 * Seam for a live window: sse_feed() gives the bytes of one event and its place
 * in the stream; walk_json() with `channels` gives that event's deltas, each
 * with its channel and its span in the event's data; a window keeps the tail of
 * each channel's text, judges what slides past, and edit_apply() on the event's
 * data puts a mask into the pieces it is made of.
 */
#pragma once
#include "text/segment.h"

/* True when the media type says so, or the first line could be one of an event
 * stream. */
bool stream_is_sse(struct mg_slice content_type, struct mg_slice body);

/* Reads a whole stream: `kind` is an mg_stream; `event` the shape of one event
 * (NULL: every string joined with those at the same place). The number of
 * segments, or MG_ETOOBIG; what is not JSON is read as text. */
int segments_of_stream(struct segments *segs, const struct mg_shape *event,
		       uint32_t kind, struct mg_slice body);
