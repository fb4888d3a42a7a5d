/* resolve.c - see resolve.h. Libevent's own DNS client; answers are not kept,
 * since connections are pooled and a stale address is worse than a query. */
#include "io/resolve.h"

#include <event2/dns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/impl.h"

struct resolver {
	struct loop *loop;
	struct evdns_base *dns;
};

struct resolve {
	struct loop_task task; /* delivers the answer after resolve_start */
	struct evdns_getaddrinfo_request *request;
	resolve_fn fn; /* NULL: nobody wants the answer any more */
	void *arg;
	struct loop *loop;
	union sock_addr addr[RESOLVE_MAX];
	uint32_t count;
	const char *why;
};

struct resolver *resolver_new(struct loop *loop)
{
	struct resolver *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	r->loop = loop;
	r->dns = evdns_base_new(loop_base(loop),
				EVDNS_BASE_INITIALIZE_NAMESERVERS |
					EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	/* Without resolv.conf there is still /etc/hosts and a clear error. */
	if (!r->dns)
		r->dns = evdns_base_new(loop_base(loop),
					EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	if (!r->dns)
		abort();
	evdns_base_load_hosts(r->dns, "/etc/hosts");
	evdns_base_set_option(r->dns, "timeout:", "3");
	evdns_base_set_option(r->dns, "attempts:", "2");
	return r;
}

void resolver_free(struct resolver *r)
{
	if (!r)
		return;
	evdns_base_free(r->dns, 1);
	free(r);
}

static void deliver(void *arg)
{
	struct resolve *q = arg;

	if (q->fn)
		q->fn(q->arg, q->addr, q->count, q->why);
	free(q);
}

static void on_answer(int err, struct evutil_addrinfo *list, void *arg)
{
	struct resolve *q = arg;

	q->request = NULL;
	q->why = err ? evutil_gai_strerror(err) : "the name has no address";
	for (struct evutil_addrinfo *it = list; it && q->count < RESOLVE_MAX;
	     it = it->ai_next)
		if (it->ai_addrlen <= sizeof(q->addr[0]))
			memcpy(&q->addr[q->count++], it->ai_addr,
			       it->ai_addrlen);
	if (list)
		evutil_freeaddrinfo(list);
	loop_defer(q->loop, &q->task);
}

struct resolve *resolve_start(struct resolver *r, const char *host,
			      uint16_t port, resolve_fn fn, void *arg)
{
	struct evutil_addrinfo hints = { .ai_family = AF_UNSPEC,
					 .ai_socktype = SOCK_STREAM,
					 .ai_protocol = IPPROTO_TCP };
	struct resolve *q = calloc(1, sizeof(*q));
	char service[8];

	if (!q)
		abort();
	*q = (struct resolve){ .fn = fn, .arg = arg, .loop = r->loop };
	q->task.fn = deliver;
	q->task.arg = q;
	snprintf(service, sizeof(service), "%u", port);
	/* May answer at once (/etc/hosts, literals): then q->task waits. */
	struct evdns_getaddrinfo_request *request =
		evdns_getaddrinfo(r->dns, host, service, &hints, on_answer, q);
	if (!q->task.waiting)
		q->request = request;
	return q;
}

void resolve_stop(struct resolve *q)
{
	if (!q)
		return;
	q->fn = NULL;
	if (q->request)
		evdns_getaddrinfo_cancel(q->request);
}
