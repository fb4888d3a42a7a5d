/* sock.h - a non-blocking TCP socket on the loop.
 *
 *   CONNECTING --up--> OPEN --peer's or ours--> (freed by the owner)
 *
 * Readiness is told, level by level, to one function. Writes gather in a
 * backlog and go out together in sock_flush: one system call a turn.
 */
#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "io/loop.h"
#include "io/wire.h"

struct sock;

enum sock_what {
	SOCK_READABLE = 1,
	SOCK_WRITABLE = 2, /* connected, or the backlog is gone */
};

/* Called by the loop. May free the socket's owner only through loop_defer. */
typedef void (*sock_ready)(void *arg, unsigned what);

union sock_addr {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage room;
};

/* Owns `fd` from now on. Reading starts paused. */
struct sock *sock_new(struct loop *loop, int fd, sock_ready fn, void *arg);

/* Begins to connect; SOCK_WRITABLE tells the end of it, then sock_error says
 * how it went. NULL (errno) when the kernel refuses at once. */
struct sock *sock_dial(struct loop *loop, const union sock_addr *to,
		       sock_ready fn, void *arg);

/* Closes. What is in the backlog is lost: see sock_linger. */
void sock_free(struct sock *s);

/* Changes who is told. */
void sock_give(struct sock *s, sock_ready fn, void *arg);

/* 0, or the errno of a failed connect or broken stream. Clears it. */
int sock_error(struct sock *s);

struct wire *sock_wire(struct sock *s);

void sock_pause(struct sock *s);
void sock_resume(struct sock *s);
bool sock_is_reading(const struct sock *s);

/* Sends what waits. The rest goes out when the kernel allows it. 0, or
 * MG_EIO. */
int sock_flush(struct sock *s);

/* Bytes that wait to be sent. */
size_t sock_backlog(const struct sock *s);

/* Sends what waits, then FIN; the peer may still send. */
void sock_shut(struct sock *s);

/* The peer's address as text. `out` holds INET6_ADDRSTRLEN. */
void sock_peer(const struct sock *s, union sock_addr *addr, char *out);

/* "127.0.0.1:80", "[::1]:80", "*:80". MG_EINVAL when it is none of those. */
int sock_parse(const char *text, union sock_addr *out);
socklen_t sock_addr_len(const union sock_addr *addr);

/* Loopback, link-local, RFC 1918, CGNAT, multicast, metadata and the like:
 * where a device must not be led. */
bool sock_addr_is_private(const union sock_addr *addr);

/* A listening socket, SO_REUSEPORT, non-blocking, close-on-exec; or MG_EIO with
 * errno. */
int sock_listen(const union sock_addr *addr);

struct listener;
typedef void (*listener_accept)(void *arg, int fd);

/* Accepts on `fd` (borrowed) and hands over each connection. */
struct listener *listener_new(struct loop *loop, int fd, listener_accept fn,
			      void *arg);
void listener_free(struct listener *l);
