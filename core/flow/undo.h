/* undo.h - the stage that puts a vault's values back into a live stream.
 *
 *   HEAD BODY... END --> [decode] --> restore --> [encode, flush] --> next
 *
 *          HEAD            END
 *   START ------> UNDO ----------> DONE
 *     |            | a limit, broken encoding
 *     |            +------------> SHUT
 *     | unknown Content-Encoding
 *     +-----------> PASS
 *
 * START  nothing seen yet.
 * UNDO   events go on as they come, with values where tokens stood.
 * PASS   cannot be read: everything goes on as it is, tokens stay tokens.
 * SHUT   an error was answered, and is answered again to every later part.
 */
#pragma once
#include "flow/lane.h"
#include "http/encoding.h"
#include "text/restore.h"

/* Borrows all until the stage is closed. `event` may be NULL. */
struct stage *undo_new(const struct vault *vault, const struct mg_shape *event,
		       const struct decode_limits *limits);
