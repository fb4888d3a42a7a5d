/* resolve.h - names to addresses, without blocking the loop. */
#pragma once
#include "io/sock.h"

struct resolver;
struct resolve;

/* `count` addresses (at most RESOLVE_MAX), or 0 and a sentence in `why`. Called
 * exactly once, never from within resolve_start. */
enum { RESOLVE_MAX = 8 };
typedef void (*resolve_fn)(void *arg, const union sock_addr *addr,
			   uint32_t count, const char *why);

struct resolver *resolver_new(struct loop *loop);
void resolver_free(struct resolver *r);

/* Asks for host:port. resolve_stop takes it back: then nothing is called. */
struct resolve *resolve_start(struct resolver *r, const char *host,
			      uint16_t port, resolve_fn fn, void *arg);
void resolve_stop(struct resolve *q);
