/* restore.h - puts a vault's values back into a live event stream.
 *
 *   data: {"delta":"Dear [EMA"}     \
 *   data: {"delta":"IL_1], we"}      >-->  data: {"delta":"Dear ann@x.io"}
 *                                          data: {"delta":", we"}
 *
 * Bytes go through as they come, event by event; an event is held only while
 * the end of its text could be the beginning of a token, and then with what
 * came after it. Events without a token are never changed. The text of one
 * channel (stream.h) is looked at as one, wherever it is cut.
 *
 *   PASS   nothing held but an unfinished event
 *   HOLD   events held, the first of them ends in what may become a token
 */
#pragma once
#include "base/buf.h"
#include "text/vault.h"

struct restore;

/* Borrows both until restore_free. `event` is the shape of one event. At most
 * `max` bytes are held; then they go on as they are. */
struct restore *restore_new(const struct vault *v, const struct mg_shape *event,
			    size_t max);
void restore_free(struct restore *r);

/* Takes all of `bytes`, in pieces of any size, and appends to `out` what may
 * go on. 0, or MG_ETOOBIG when `out` is full. */
int restore_feed(struct restore *r, struct mg_slice bytes, struct buf *out);

/* Lets go of everything: at the end of the stream, or when it has been silent
 * for too long. Feeding may go on. */
int restore_flush(struct restore *r, struct buf *out);
