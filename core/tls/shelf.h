/* shelf.h - the leaves that a worker has at hand, by host.
 *
 *   shelf_get --(absent)--> ask the signer once --shelf_put--> wake all waiters
 *       \--(there)--> leaf now
 *
 * States of a book (one host):
 *
 *   ASKED --put--> READY --(near its end, or purged)--> gone
 *     \---refuse--> REFUSED --(10 s)--> gone
 *
 * Invariants: at most `max` books and at most `waiters` waiting in all; one
 * question to the signer per host at a time (asked again after two seconds
 * without an answer); a leaf is handed out only while it has at least an hour
 * to live. The least recently used book goes first; one with waiters never.
 */
#pragma once
#include <stdbool.h>

#include "base/slice.h"
#include "tls/leaf.h"

struct shelf;

/* Embed in whatever waits. */
struct shelf_waiter {
	struct shelf_waiter *next;
	struct shelf_waiter **here; /* what points at us; NULL: not waiting */
	void (*wake)(struct shelf_waiter *w);
};

/* Sends the question; a negative mg_err other than MG_EAGAIN means that no
 * answer will come. May answer from within the call. */
typedef int shelf_ask(void *arg, struct mg_slice host);

struct shelf *shelf_new(uint32_t max, uint32_t waiters, shelf_ask *ask,
			void *arg);
void shelf_free(struct shelf *shelf);

/* 0: *out is the leaf, and the caller owes one leaf_done. MG_EAGAIN: `w` waits
 * and will be woken exactly once, to call again; it must stay in place until
 * then or until shelf_leave. MG_ESTOP: the signer refuses this host.
 * MG_ETOOBIG: too many wait already. `host` is in lower case. `w` may be NULL
 * to warm the shelf. */
int shelf_get(struct shelf *shelf, struct mg_slice host, uint64_t now_s,
	      struct shelf_waiter *w, struct leaf **out);

/* No more interest; fine when not waiting. */
void shelf_leave(struct shelf *shelf, struct shelf_waiter *w);

/* The signer's answers. The shelf uses the leaf (the caller's hold stays the
 * caller's). Both wake all who wait for this host, from within the call. */
void shelf_put(struct shelf *shelf, struct mg_slice host, struct leaf *leaf,
	       uint64_t now_s);
void shelf_refuse(struct shelf *shelf, struct mg_slice host, uint64_t now_s);

/* Drops every leaf; whoever waits keeps waiting. For a new CA. */
void shelf_purge(struct shelf *shelf);

/* Asks again for every host that was asked for at least `age_s` seconds ago and
 * has no answer yet: 0 when the signer was restarted. */
void shelf_ask_again(struct shelf *shelf, uint64_t now_s, uint64_t age_s);

uint32_t shelf_count(const struct shelf *shelf);
