/* endpoint.c - see endpoint.h */
#include "surface/endpoint.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "surface/impl.h"

struct endpoint {
	struct services *sv;
	struct listener **listener;
	uint32_t count;
};

static bool is_full(struct services *sv)
{
	/* Per worker; the fence that keeps one fleet from taking all. */
	return sv->device_count >= sv->conf->limits_connections;
}

static void on_tls(void *arg, int fd)
{
	struct services *sv = arg;

	if (is_full(sv))
		close(fd);
	else
		device_new(sv, fd, true);
}

static void on_plain(void *arg, int fd)
{
	struct services *sv = arg;

	if (is_full(sv))
		close(fd);
	else
		device_new(sv, fd, false);
}

/* The name in the ClientHello must be the one that CONNECT named and that was
 * found to be covered; else a device could be led by one name and policed by
 * another. Without SNI the name of CONNECT stands. */
static int on_hello(void *arg, void *owner, struct mg_slice sni,
		    struct leaf **out)
{
	struct services *sv = arg;
	struct device *d = owner;
	struct mg_slice host = device_host(d);
	int err;

	if (sni.len && !slice_same(sni, host)) {
		log_warn(
			LOG_SURFACE,
			"conn=%llu CONNECT names %s, TLS another host: refused",
			(unsigned long long)d->id, d->host);
		d->leaf_refused = true;
		return MG_EPROTO;
	}
	err = shelf_get(sv->shelf, host, clock_now_us() / 1000000, &d->leaf,
			out);
	if (err < 0 && err != MG_EAGAIN)
		d->leaf_refused = true;
	return err;
}

struct endpoint *endpoint_new(struct services *sv, const int *tls,
			      uint32_t tls_count, const int *plain,
			      uint32_t plain_count)
{
	struct endpoint *e = calloc(1, sizeof(*e));

	if (!e)
		abort();
	e->sv = sv;
	e->listener = calloc(tls_count + plain_count + 1, sizeof(*e->listener));
	if (!e->listener)
		abort();
	context_on_hello(sv->inner, on_hello, sv);
	for (uint32_t i = 0; i < tls_count; i++)
		e->listener[e->count++] =
			listener_new(sv->loop, tls[i], on_tls, sv);
	for (uint32_t i = 0; i < plain_count; i++)
		e->listener[e->count++] =
			listener_new(sv->loop, plain[i], on_plain, sv);
	return e;
}

void endpoint_stop(struct endpoint *e)
{
	while (e->count)
		listener_free(e->listener[--e->count]);
}

void endpoint_free(struct endpoint *e)
{
	if (!e)
		return;
	endpoint_stop(e);
	free(e->listener);
	free(e);
}
