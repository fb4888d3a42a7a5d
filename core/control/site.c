/* site.c - see site.h */
#include "control/site.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <unistd.h>

#include "http/h1.h"
#include "io/sock.h"

enum {
	VISITORS = 512,
	OUT_MAX = ROUTER_BODY_MAX + 4096,
	BODY_MAX = 8 << 10,
	PATIENCE_US = 15 * 1000000, /* a request, a reply, or silence */
};

struct visitor {
	struct site *site;
	struct visitor *next;
	struct visitor **at; /* what points at us */
	struct sock *sock;
	struct h1_reader reader;
	struct arena arena; /* of one request */
	struct buf ahead;   /* bytes behind the request that is answered */
	uint64_t body;
	uint64_t deadline;
	bool local; /* the visitor is on this machine */
	bool closing;
	bool closed;
	struct loop_task reap;
};

struct site {
	struct loop *loop;
	int fd;
	struct listener *listener;
	const struct router *router;
	struct h1_limits limits;
	struct visitor *visitors;
	uint32_t count;
};

static void reap(void *arg)
{
	struct visitor *v = arg;

	sock_free(v->sock);
	h1_reader_deinit(&v->reader);
	arena_deinit(&v->arena);
	buf_deinit(&v->ahead);
	free(v);
}

static void close_visitor(struct visitor *v)
{
	if (v->closed)
		return;
	v->closed = true;
	sock_pause(v->sock);
	*v->at = v->next;
	if (v->next)
		v->next->at = v->at;
	v->site->count--;
	loop_defer(v->site->loop, &v->reap);
}

static void expect(struct visitor *v)
{
	arena_deinit(&v->arena);
	h1_reader_begin(&v->reader, &v->arena);
	v->body = 0;
	v->deadline = loop_now(v->site->loop) + PATIENCE_US;
}

/* The last bytes go out, then the connection ends. */
static void finish(struct visitor *v)
{
	v->closing = true;
	if (sock_flush(v->sock) < 0 || !sock_backlog(v->sock))
		close_visitor(v);
}

static int on_part(void *arg, const struct part *part)
{
	struct visitor *v = arg;

	if (part->kind == PART_BODY)
		v->body += part->body.len;
	return v->body > BODY_MAX ? MG_ETOOBIG : MG_OK;
}

static void answer(struct visitor *v)
{
	struct router_reply reply;
	struct buf out;
	const struct head *request = v->reader.head;
	bool keep = request->keep_alive;

	buf_init(&out, OUT_MAX);
	router_answer(v->site->router, request, v->local, &reply);
	int err = router_write(request, &reply, keep, &out);
	if (err == MG_OK) {
		struct mg_slice s = buf_slice(&out);
		err = wire_write(sock_wire(v->sock), s.at, s.len);
	}
	buf_deinit(&reply.body);
	buf_deinit(&out);
	if (err < 0)
		close_visitor(v);
	else if (!keep)
		finish(v);
	else
		expect(v);
}

static void refuse(struct visitor *v)
{
	static const char text[] = "HTTP/1.1 400 Bad Request\r\n"
				   "Content-Length: 0\r\n"
				   "Connection: close\r\n\r\n";

	wire_write(sock_wire(v->sock), text, sizeof(text) - 1);
	finish(v);
}

/* Answers every request that is whole. */
static void feed(struct visitor *v)
{
	while (!v->closing && !v->closed && buf_len(&v->ahead)) {
		struct mg_slice s = buf_slice(&v->ahead);
		size_t used = 0;
		int err = h1_reader_feed(&v->reader, s.at, s.len, &used,
					 on_part, v);
		buf_drop(&v->ahead, used);
		if (err < 0)
			refuse(v);
		else if (h1_reader_is_done(&v->reader))
			answer(v);
		else if (!used)
			break;
	}
}

static void on_readable(struct visitor *v)
{
	char chunk[16 << 10];
	int n = wire_read(sock_wire(v->sock), chunk, sizeof(chunk));

	if (n == MG_EAGAIN)
		return;
	if (n <= 0 || buf_add_at(&v->ahead, chunk, (size_t)n) < 0) {
		close_visitor(v);
		return;
	}
	feed(v);
	if (!v->closed && !v->closing && sock_flush(v->sock) < 0)
		close_visitor(v);
}

static void on_ready(void *arg, unsigned what)
{
	struct visitor *v = arg;

	if (v->closed)
		return;
	if (sock_error(v->sock))
		close_visitor(v);
	else if (v->closing)
		finish(v);
	else if (what & SOCK_READABLE)
		on_readable(v);
}

static bool is_local(const struct sock *s)
{
	char text[INET6_ADDRSTRLEN];
	union sock_addr from;

	sock_peer(s, &from, text);
	if (from.any.sa_family == AF_INET)
		return (ntohl(from.v4.sin_addr.s_addr) >> 24) == 127;
	return from.any.sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&from.v6.sin6_addr);
}

static void on_accept(void *arg, int fd)
{
	struct site *site = arg;

	if (site->count == VISITORS) {
		close(fd);
		return;
	}
	struct visitor *v = calloc(1, sizeof(*v));
	if (!v)
		abort();
	v->site = site;
	v->sock = sock_new(site->loop, fd, on_ready, v);
	v->local = is_local(v->sock);
	h1_reader_init(&v->reader, false, &site->limits);
	arena_init(&v->arena);
	buf_init(&v->ahead, 64 << 10);
	v->reap = (struct loop_task){ .fn = reap, .arg = v };
	v->next = site->visitors;
	if (v->next)
		v->next->at = &v->next;
	v->at = &site->visitors;
	site->visitors = v;
	site->count++;
	expect(v);
	sock_resume(v->sock);
}

struct site *site_new(struct loop *loop, int fd, const struct router *router)
{
	struct site *site = calloc(1, sizeof(*site));

	if (!site)
		abort();
	site->loop = loop;
	site->fd = fd;
	site->router = router;
	site->limits = (struct h1_limits){ 4 << 10, 16 << 10, 64 };
	site->listener = listener_new(loop, fd, on_accept, site);
	return site;
}

void site_sweep(struct site *site)
{
	uint64_t now = loop_now(site->loop);
	struct visitor *next;

	for (struct visitor *v = site->visitors; v; v = next) {
		next = v->next;
		if (now > v->deadline)
			close_visitor(v);
	}
}

void site_free(struct site *site)
{
	struct visitor *next;

	if (!site)
		return;
	listener_free(site->listener);
	close(site->fd);
	for (struct visitor *v = site->visitors; v; v = next) {
		next = v->next;
		loop_forget(site->loop, &v->reap);
		reap(v);
	}
	free(site);
}
