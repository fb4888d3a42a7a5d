/* exchange.h - one request of a device and its reply.
 *
 *   device --request lane: [gather: judge] [to_peer]----------------> peer
 *   device <--[to_device] [relay | gather: judge | observe: judge]--- peer
 *
 *   READING --END let go--> WAITING --reply head--> REPLYING --END--> DONE
 *      |  (reply head)  ------------------------->     |               ^
 *      +-- blocked, refused, broken: answered by us ---+---------------+
 *
 * READING   the request arrives; gathered, or passed on as it comes.
 * WAITING   the peer has all of it, or is still being dialled.
 * REPLYING  the reply arrives and is passed on, or gathered first.
 * DONE      both ends are through; the event is written; memory goes at the end
 *           of the turn.
 *
 * A request that is blocked opens no connection: the peer is asked for only
 * when the first part leaves the lane.
 */
#pragma once
#include "surface/device.h"

struct exchange *exchange_new(struct device *d);

/* Bytes of the request. Returns how many were taken: none once it is whole. */
size_t exchange_read(struct exchange *ex, struct h1_reader *reader,
		     const char *at, size_t len);

/* The device is gone. The peer is dropped, the event says so. NULL is fine in
 * all of these. */
void exchange_abort(struct exchange *ex);
void exchange_free(struct exchange *ex);

/* What was sent to the device has left. */
void exchange_device_writable(struct exchange *ex);

/* True while the body of the request arrives. */
bool exchange_is_uploading(const struct exchange *ex);

/* True while it is the service that we wait for, not the device. */
bool exchange_is_waiting(const struct exchange *ex);
