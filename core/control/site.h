/* site.h - control's small web site: connections on one side, the router on
 * the other.
 *
 *   listener -> visitor: READING --request--> router --> WRITING --\
 *                           ^                                      |
 *                           '----------- keep-alive ---------------'
 *
 * Requests have no business with bodies here: one that brings more than a few
 * KiB is closed.
 */
#pragma once
#include "control/router.h"
#include "io/loop.h"

struct site;

/* Serves on `fd` (a listening socket, owned from now on). Borrows the rest. */
struct site *site_new(struct loop *loop, int fd, const struct router *router);

/* Closes what is too slow; call it once a second. */
void site_sweep(struct site *site);

/* Closes every connection. */
void site_free(struct site *site);
