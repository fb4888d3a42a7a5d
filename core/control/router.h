/* router.h - what control answers to a request, without a socket in sight.
 *
 *   request head -> router_answer -> status, headers, body
 *
 *   /pac/<id>.pac            the PAC file of an integration (TLS proxy)
 *   /pac/<id>.plain.pac      the same for the plain proxy
 *   /crl/<name>.crl          revocation lists, DER
 *   /ca/moongate-ca.crt      the root that devices trust, PEM
 *   /livez /readyz /startupz health; ?verbose names every check
 *   /metrics                 Prometheus
 *   /status /status.txt      for `moongate status`, on this machine only
 *
 * Nothing here is secret but the PAC's id, which nobody can guess: a wrong one,
 * one that is paused or revoked, and a path that never was look the same.
 */
#pragma once
#include "base/buf.h"
#include "http/head.h"

enum { ROUTER_BODY_MAX = 4 << 20 };

enum router_health { ROUTER_LIVE, ROUTER_READY, ROUTER_STARTED };

/* Where the answers come from. Each appends to `out`: 0, or a negative mg_err
 * for "not here". Filled in by proc/control_proc, or by a test. */
struct router {
	void *arg;
	/* `id` is 16 to 64 letters, digits, '-' or '_'. */
	int (*pac)(void *arg, struct mg_slice id, bool plain, struct buf *out);
	/* `name` is 1 to 32 lower-case letters. */
	int (*crl)(void *arg, struct mg_slice name, struct buf *out);
	int (*ca)(void *arg, struct buf *out);
	/* 0 when it is well, MG_EAGAIN when it is not; JSON either way. */
	int (*health)(void *arg, enum router_health which, bool verbose,
		      struct buf *out);
	int (*metrics)(void *arg, struct buf *out);
	int (*status)(void *arg, bool text, struct buf *out);
};

struct router_reply {
	uint16_t status;
	const char *type;  /* static */
	const char *cache; /* static; Cache-Control */
	struct buf body;
};

/* `local`: the asker is on this machine. `reply->body` is initialised here; the
 * caller deinits it. */
void router_answer(const struct router *r, const struct head *request,
		   bool local, struct router_reply *reply);

/* The reply as bytes of HTTP/1.1, without a body for HEAD. */
int router_write(const struct head *request, const struct router_reply *reply,
		 bool keep_alive, struct buf *out);
