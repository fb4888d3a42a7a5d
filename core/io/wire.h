/* wire.h - a duplex stream of bytes: a socket, or TLS over another wire.
 *
 *   sock <- tls (outer) <- tls (inner)      each reads and writes the one below
 *
 * Reading never blocks. Writing takes everything: what the kernel does not take
 * now waits in the socket's backlog, and whoever produces looks at
 * wire_backlog() before it produces more. So no layer ever sees half a write.
 */
#pragma once
#include "abi/mg.h"

struct wire;

struct wire_ops {
	int (*read)(struct wire *w, void *at, size_t len);
	int (*write)(struct wire *w, const void *at, size_t len);
};

/* Embed as the first member. */
struct wire {
	const struct wire_ops *ops;
	struct wire *below; /* borrows; NULL for a socket */
};

/* > 0 bytes read, 0 at the end, MG_EAGAIN when there is nothing now, or what
 * went wrong. At most INT_MAX bytes. */
static inline int wire_read(struct wire *w, void *at, size_t len)
{
	return w->ops->read(w, at, len);
}

/* 0 when all of it was taken, or what went wrong. */
static inline int wire_write(struct wire *w, const void *at, size_t len)
{
	return w->ops->write(w, at, len);
}
