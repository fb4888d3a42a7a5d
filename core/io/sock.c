/* sock.c - see sock.h */
#include "io/sock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/slice.h"
#include "io/impl.h"

enum {
	/* Past this, sending does not wait for the end of the turn. */
	EAGER = 64 << 10,
	/* A producer that ignores wire pressure is a bug; this is the fence. */
	BACKLOG_MAX = 64 << 20,
};

struct sock {
	struct wire wire;
	int fd;
	bool connecting;
	bool reading;
	bool writing; /* the write event is armed */
	bool shut;    /* FIN once the backlog is gone */
	int error;
	struct event *readable;
	struct event *writable;
	struct buf out;
	sock_ready ready;
	void *arg;
};

static int sock_take(struct wire *w, void *at, size_t len);
static int sock_put(struct wire *w, const void *at, size_t len);

static const struct wire_ops ops = { .read = sock_take, .write = sock_put };

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct sock *s = arg;

	(void)fd, (void)what;
	s->ready(s->arg, SOCK_READABLE);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct sock *s = arg;

	(void)fd, (void)what;
	if (s->connecting) {
		socklen_t len = sizeof(s->error);

		s->connecting = false;
		getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &s->error, &len);
	}
	if (!s->error)
		sock_flush(s);
	if (s->error || !buf_len(&s->out)) {
		event_del(s->writable);
		s->writing = false;
		s->ready(s->arg, SOCK_WRITABLE);
	}
}

struct sock *sock_new(struct loop *loop, int fd, sock_ready fn, void *arg)
{
	struct sock *s = calloc(1, sizeof(*s));
	int on = 1;

	if (!s)
		abort();
	s->wire.ops = &ops;
	s->fd = fd;
	s->ready = fn;
	s->arg = arg;
	buf_init(&s->out, BACKLOG_MAX);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	s->readable = event_new(loop_base(loop), fd, EV_READ | EV_PERSIST,
				on_readable, s);
	s->writable = event_new(loop_base(loop), fd, EV_WRITE | EV_PERSIST,
				on_writable, s);
	if (!s->readable || !s->writable)
		abort();
	return s;
}

static void want_write(struct sock *s)
{
	if (s->writing)
		return;
	if (event_add(s->writable, NULL))
		abort();
	s->writing = true;
}

struct sock *sock_dial(struct loop *loop, const union sock_addr *to,
		       sock_ready fn, void *arg)
{
	int fd = socket(to->any.sa_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return NULL;
	if (connect(fd, &to->any, sock_addr_len(to)) && errno != EINPROGRESS) {
		int why = errno;
		close(fd);
		errno = why;
		return NULL;
	}
	struct sock *s = sock_new(loop, fd, fn, arg);
	s->connecting = true;
	want_write(s);
	return s;
}

void sock_free(struct sock *s)
{
	if (!s)
		return;
	event_free(s->readable);
	event_free(s->writable);
	close(s->fd);
	buf_deinit(&s->out);
	free(s);
}

void sock_give(struct sock *s, sock_ready fn, void *arg)
{
	s->ready = fn;
	s->arg = arg;
}

int sock_error(struct sock *s)
{
	int error = s->error;

	s->error = 0;
	return error;
}

struct wire *sock_wire(struct sock *s)
{
	return &s->wire;
}

static int sock_take(struct wire *w, void *at, size_t len)
{
	struct sock *s = (struct sock *)w;
	ssize_t n;

	do
		n = recv(s->fd, at, len, 0);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return (int)n;
	return errno == EAGAIN ? MG_EAGAIN : MG_EIO;
}

static int sock_put(struct wire *w, const void *at, size_t len)
{
	struct sock *s = (struct sock *)w;
	int err = buf_add_at(&s->out, at, len);

	if (err < 0)
		return err;
	return buf_len(&s->out) >= EAGER ? sock_flush(s) : MG_OK;
}

int sock_flush(struct sock *s)
{
	if (s->connecting)
		return MG_OK;
	while (buf_len(&s->out)) {
		struct mg_slice out = buf_slice(&s->out);
		ssize_t n = send(s->fd, out.at, out.len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			want_write(s);
			return MG_OK;
		}
		if (n < 0) {
			s->error = errno;
			return MG_EIO;
		}
		buf_drop(&s->out, (size_t)n);
	}
	/* Big backlogs are rare and idle connections many. */
	if (s->out.cap > EAGER)
		buf_relax(&s->out);
	if (s->shut)
		shutdown(s->fd, SHUT_WR);
	return MG_OK;
}

size_t sock_backlog(const struct sock *s)
{
	return buf_len(&s->out);
}

void sock_shut(struct sock *s)
{
	s->shut = true;
	sock_flush(s);
}

void sock_pause(struct sock *s)
{
	if (!s->reading)
		return;
	event_del(s->readable);
	s->reading = false;
}

void sock_resume(struct sock *s)
{
	if (s->reading)
		return;
	if (event_add(s->readable, NULL))
		abort();
	s->reading = true;
}

bool sock_is_reading(const struct sock *s)
{
	return s->reading;
}

void sock_peer(const struct sock *s, union sock_addr *addr, char *out)
{
	socklen_t len = sizeof(*addr);

	memset(addr, 0, sizeof(*addr));
	getpeername(s->fd, &addr->any, &len);
	out[0] = '\0';
	if (addr->any.sa_family == AF_INET)
		inet_ntop(AF_INET, &addr->v4.sin_addr, out, INET6_ADDRSTRLEN);
	else if (addr->any.sa_family == AF_INET6)
		inet_ntop(AF_INET6, &addr->v6.sin6_addr, out, INET6_ADDRSTRLEN);
}

/* --- listening ------------------------------------------------------------ */

struct listener {
	struct event *event;
	listener_accept accept;
	void *arg;
};

int sock_listen(const union sock_addr *addr)
{
	int on = 1;
	int fd = socket(addr->any.sa_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return MG_EIO;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (bind(fd, &addr->any, sock_addr_len(addr)) || listen(fd, 4096)) {
		int why = errno;
		close(fd);
		errno = why;
		return MG_EIO;
	}
	return fd;
}

static void on_acceptable(evutil_socket_t fd, short what, void *arg)
{
	struct listener *l = arg;

	(void)what;
	/* A few at a time: a flood must not starve the open connections. */
	for (int i = 0; i < 16; i++) {
		int peer =
			accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (peer < 0)
			return;
		l->accept(l->arg, peer);
	}
}

struct listener *listener_new(struct loop *loop, int fd, listener_accept fn,
			      void *arg)
{
	struct listener *l = calloc(1, sizeof(*l));

	if (!l)
		abort();
	l->accept = fn;
	l->arg = arg;
	l->event = event_new(loop_base(loop), fd, EV_READ | EV_PERSIST,
			     on_acceptable, l);
	if (!l->event || event_add(l->event, NULL))
		abort();
	return l;
}

void listener_free(struct listener *l)
{
	if (!l)
		return;
	event_free(l->event);
	free(l);
}
