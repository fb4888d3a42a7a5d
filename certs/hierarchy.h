/* hierarchy.h - the certificates of one organisation, in STATE/ca.
 *
 *   root (10 years, meant to leave this machine)
 *    \- inspection (1 year; may sign servers, within name constraints only)
 *        |- leaves (7 days; minted by the signer)
 *        \- proxy  (180 days; the TLS listener)
 *   client (5 years, on its own; may sign clients only)
 *    \- integrations and their devices (enrol.h)
 *
 * Devices trust the root. What the inspection CA may sign is written into it:
 * the covered hosts and the proxy's own name, no address at all; a leaf for
 * anything else fails in every client, whoever made it. A new host is a new
 * inspection CA, and no change on devices.
 *
 *   root.crt       root.key        encrypted; move it away
 *   inspection.crt inspection.key  then the way to the root, if there is one
 *   client.crt     client.key
 *   proxy.crt      proxy.key       with its chain
 *   old/client-UNTIL.crt           client CAs accepted until UNTIL (seconds)
 *   crl/NAME.crl                   DER, for control to serve (revocation.h)
 *   hosts, about                   what the above was made from
 *
 * A rotation of the root signs the new one with the old one too, so devices
 * that trust either accept what is served until the old one ends.
 */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"

enum {
	HIERARCHY_HOSTS_MAX = 4096,
	HIERARCHY_WHY = 512,
};

/* What is wanted. Strings are borrowed. */
struct hierarchy_plan {
	const char *dir;        /* STATE/ca */
	const char *org;        /* name of the organisation */
	const char *proxy;      /* host name of the TLS listener */
	const char *crl_base;   /* URL of the directory of CRLs; "" for none */
	const char *root_key;   /* path of the root's key; NULL: DIR/root.key */
	const char *passphrase; /* of the root's key; "" leaves it open */
	const char *const *hosts; /* patterns as in the application tables */
	uint32_t host_count;
	int64_t grace;    /* seconds that an old client CA stays accepted */
	bool compromised; /* the old one is revoked, and gets no grace */
};

/* All of these: 0, or a negative mg_err with a sentence in `why`. */
int hierarchy_init(const struct hierarchy_plan *plan, char *why, size_t len);
int hierarchy_rotate_root(const struct hierarchy_plan *plan, char *why,
			  size_t len);
int hierarchy_rotate_inspection(const struct hierarchy_plan *plan, char *why,
				size_t len);
int hierarchy_rotate_client(const struct hierarchy_plan *plan, char *why,
			    size_t len);
int hierarchy_rotate_proxy(const struct hierarchy_plan *plan, char *why,
			   size_t len);

/* Fills in what DIR/about and DIR/hosts remember where the plan says nothing
 * (NULL, no hosts); strings in `arena`. */
int hierarchy_recall(struct hierarchy_plan *plan, struct arena *arena,
		     char *why, size_t len);

/* The name constraint that a pattern stands for ("*.x.com" and ".x.com" are
 * x.com: a constraint always permits what is below), in lower case; empty when
 * it is no name or would permit a whole top-level domain. In `arena`. */
struct mg_slice hierarchy_permit(const char *pattern, struct arena *arena);

bool hierarchy_exists(const char *dir);

/* Where NAME.crl ("inspection", "client", "root") is served, by what DIR/about
 * remembers; "" when nowhere. */
void hierarchy_crl_url(const char *dir, const char *name, char *out,
		       size_t len);

/* What context_device_outer wants: the listener's certificate and chain, its
 * key, and every client CA that is accepted at `now`. */
int hierarchy_outer(const char *dir, int64_t now, struct buf *cert,
		    struct buf *key, struct buf *client_cas, char *why,
		    size_t len);

/* One line of `moongate ca show`. */
struct hierarchy_item {
	const char *role; /* static: "root", "inspection" ... */
	const char *key;  /* static: "here", "encrypted", "away" */
	char path[512];
	char subject[256];
	char sha256[65];
	int64_t from, to;
	uint32_t permitted; /* name constraints, 0 when it has none */
};

/* The i-th; MG_ESTOP past the end. */
int hierarchy_item_at(const char *dir, uint32_t i, struct hierarchy_item *out);

/* Names permitted by the inspection CA that is in use, in `arena`; their
 * number, or a negative mg_err. */
int hierarchy_permitted(const char *dir, struct arena *arena,
			struct mg_slice **out);
