/* device.h - one connection of one device.
 *
 *   GREETING --agreed--> ASKING --CONNECT--> DIALING --up--> TUNNEL
 *      |                   |                    a covered name |
 *      |                   |  \--covered--> SHAKING <-----------+
 *      |                   |                   | agreed
 *      |                   |                   +------------> OPEN
 *      |                   |                   |                 |
 *      +-------------------+---------+---------+-----------------+
 *                                    | end, error or deadline
 *                                    v
 *                                 CLOSING --flushed--> CLOSED
 *
 * GREETING  the outer TLS handshake (plain listeners begin at ASKING).
 * ASKING    waiting for CONNECT; answered with 200, or refused with a reason.
 * DIALING   an uncovered host is being connected to; nothing is read.
 * TUNNEL    bytes pass unread, both ways; but for the first ClientHello.
 * SHAKING   inner TLS: we are the host; its leaf may have to be minted first.
 * OPEN      requests in clear text; exchanges come and go.
 * CLOSING   what was promised is still delivered; nothing new begins.
 * CLOSED    nothing will be called again; the memory goes at the end of turn.
 */
#pragma once
#include "surface/services.h"

struct exchange;

enum device_state {
	DEVICE_GREETING,
	DEVICE_ASKING,
	DEVICE_DIALING,
	DEVICE_TUNNEL,
	DEVICE_SHAKING,
	DEVICE_OPEN,
	DEVICE_CLOSING,
	DEVICE_CLOSED,
	DEVICE_STATES /* how many; must be last */
};

/* Who speaks, as far as we know. Names are copied: tables come and go. */
struct who {
	bool known;
	uint32_t assurance; /* 0 none, 1 network, 2 token, 3 mtls */
	uint64_t epoch;     /* of the table that was asked */
	char integration[128];
	char device[128];
	char serial[41]; /* mtls */
	char issuer[33];
};

/* Owns `fd`. `tls`: the listener expects TLS. */
struct device *device_new(struct services *sv, int fd, bool tls);

/* --- for the exchange ------------------------------------------------------
 */

struct services *device_services(const struct device *d);
const struct who *device_who(const struct device *d);
struct mg_slice device_host(const struct device *d); /* lower case */
uint16_t device_port(const struct device *d);
uint32_t device_app(const struct device *d);
const char *device_address(const struct device *d);
const char *device_tls_outer(const struct device *d); /* "" when plain */
const char *device_tls_inner(const struct device *d);

/* The integration's row now; NULL when it may not go on. `why` (static) says
 * why not. */
const struct identity *device_identity(struct device *d, const char **why);

/* Sends bytes to the device, towards the end of the turn. */
int device_send(struct device *d, struct mg_slice bytes);
/* What was sent goes out now: for streams, whose next byte may be far off. */
int device_flush(struct device *d);
size_t device_backlog(const struct device *d);

/* The exchange is over. Without `keep`, so is the connection. */
void device_done(struct device *d, bool keep);

/* Reading stops while any reason stands. */
enum device_pause {
	PAUSE_PEER_FULL = 1, /* the service does not take what was sent */
	PAUSE_NO_ROOM = 2,   /* the worker holds all the bodies it may */
};
void device_pause(struct device *d, enum device_pause why, bool paused);

/* --- for the worker --------------------------------------------------------
 */

/* What is done to all devices of a worker. */
void devices_sweep(struct services *sv);   /* deadlines, once a second */
void devices_recheck(struct services *sv); /* the identities changed */
void devices_drain(struct services *sv);   /* no new exchange begins */
void devices_free(struct services *sv);
/* There is room for bodies again: those who waited go on. */
void devices_room(struct services *sv);
