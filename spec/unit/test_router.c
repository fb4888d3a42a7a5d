/* test_router.c - every path of control's site, and every path that is not. */
#include "control/router.h"

#include "test.h"

static char asked[80];

static int pac(void *arg, struct mg_slice id, bool plain, struct buf *out)
{
	(void)arg;
	snprintf(asked, sizeof(asked), "pac %.*s %d", (int)id.len, id.at,
		 plain);
	if (!slice_is(id, "0123456789abcdefABCDEF_-"))
		return MG_EAGAIN;
	return buf_add_str(out, "function FindProxyForURL(){}");
}

static int crl(void *arg, struct mg_slice name, struct buf *out)
{
	(void)arg;
	snprintf(asked, sizeof(asked), "crl %.*s", (int)name.len, name.at);
	if (!slice_is(name, "client"))
		return MG_EAGAIN;
	return buf_add_at(out, "0\0\0", 3);
}

static int ca(void *arg, struct buf *out)
{
	(void)arg;
	return buf_add_str(out, "-----BEGIN CERTIFICATE-----\n");
}

static int health(void *arg, enum router_health which, bool verbose,
		  struct buf *out)
{
	(void)arg;
	snprintf(asked, sizeof(asked), "health %d %d", which, verbose);
	buf_add_str(out, "{}\n");
	return which == ROUTER_READY ? MG_EAGAIN : MG_OK;
}

static int metrics(void *arg, struct buf *out)
{
	(void)arg;
	return buf_add_str(out, "moongate_up 1\n");
}

static int status(void *arg, bool text, struct buf *out)
{
	(void)arg;
	return buf_add_str(out, text ? "text" : "{}");
}

static const struct router router = {
	.pac = pac,
	.crl = crl,
	.ca = ca,
	.health = health,
	.metrics = metrics,
	.status = status,
};

static const struct {
	const char *method;
	const char *target;
	unsigned status;
	const char *asked; /* "": no source was asked */
	const char *type;
} rows[] = {
	{ "GET", "/pac/0123456789abcdefABCDEF_-.pac", 200,
	  "pac 0123456789abcdefABCDEF_- 0",
	  "application/x-ns-proxy-autoconfig; charset=us-ascii" },
	{ "HEAD", "/pac/0123456789abcdefABCDEF_-.pac?x", 200,
	  "pac 0123456789abcdefABCDEF_- 0",
	  "application/x-ns-proxy-autoconfig; charset=us-ascii" },
	{ "GET", "/pac/0123456789abcdefABCDEF_-.plain.pac", 200,
	  "pac 0123456789abcdefABCDEF_- 1",
	  "application/x-ns-proxy-autoconfig; charset=us-ascii" },
	{ "GET", "/pac/ffffffffffffffffffffff.pac", 404,
	  "pac ffffffffffffffffffffff 0", "application/json" },
	{ "GET", "/pac/short.pac", 404, "", "application/json" },
	{ "GET", "/pac/../../etc/passwd.pac", 404, "", "application/json" },
	{ "GET", "/pac/0123456789abcdef%2e.pac", 404, "", "application/json" },
	{ "GET", "/pac/", 404, "", "application/json" },
	{ "GET", "/pac/.pac", 404, "", "application/json" },
	{ "GET", "/pac", 404, "", "application/json" },
	{ "GET", "/crl/client.crl", 200, "crl client", "application/pkix-crl" },
	{ "GET", "/crl/other.crl", 404, "crl other", "application/json" },
	{ "GET", "/crl/../root.crl", 404, "", "application/json" },
	{ "GET", "/crl/ROOT.crl", 404, "", "application/json" },
	{ "GET", "/ca/moongate-ca.crt", 200, "", "application/x-x509-ca-cert" },
	{ "GET", "/ca/root.key", 404, "", "application/json" },
	{ "GET", "/livez", 200, "health 0 0", "application/json" },
	{ "GET", "/healthz", 200, "health 0 0", "application/json" },
	{ "GET", "/readyz", 503, "health 1 0", "application/json" },
	{ "GET", "/readyz?verbose", 503, "health 1 1", "application/json" },
	{ "GET", "/startupz", 200, "health 2 0", "application/json" },
	{ "GET", "/metrics", 200, "",
	  "text/plain; version=0.0.4; charset=utf-8" },
	{ "GET", "/status", 200, "", "application/json" },
	{ "GET", "/status.txt", 200, "", "text/plain; charset=utf-8" },
	{ "GET", "/", 404, "", "application/json" },
	{ "GET", "*", 404, "", "application/json" },
	{ "GET", "/livez/", 404, "", "application/json" },
	{ "POST", "/livez", 405, "", "application/json" },
	{ "DELETE", "/pac/x.pac", 405, "", "application/json" },
	{ "get", "/livez", 405, "", "application/json" },
};

static void every_path_has_one_answer(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct router_reply reply;
		struct arena a;
		struct head *h;

		arena_init(&a);
		asked[0] = '\0';
		h = head_new_request(&a, slice_str(rows[i].method),
				     slice_str(rows[i].target));
		router_answer(&router, h, true, &reply);
		bool right = reply.status == rows[i].status &&
			     strcmp(asked, rows[i].asked) == 0 &&
			     strcmp(reply.type, rows[i].type) == 0 &&
			     buf_len(&reply.body) > 0;
		OK(right);
		if (!right)
			printf("# %s %s: %u '%s' %s\n", rows[i].method,
			       rows[i].target, reply.status, asked, reply.type);
		buf_deinit(&reply.body);
		arena_deinit(&a);
	}
}

static void the_pac_has_the_headers_that_clients_insist_on(void)
{
	struct router_reply reply;
	struct arena a;
	struct buf out;

	arena_init(&a);
	buf_init(&out, 1 << 16);
	struct head *h = head_new_request(
		&a, slice_str("GET"),
		slice_str("/pac/0123456789abcdefABCDEF_-.pac"));
	router_answer(&router, h, true, &reply);
	OK(router_write(h, &reply, true, &out) == MG_OK);
	OK(slice_is(buf_slice(&out),
		    "HTTP/1.1 200 OK\r\n"
		    "Content-Type: application/x-ns-proxy-autoconfig; "
		    "charset=us-ascii\r\n"
		    "Content-Length: 28\r\n"
		    "Cache-Control: max-age=3600\r\n"
		    "X-Content-Type-Options: nosniff\r\n\r\n"
		    "function FindProxyForURL(){}"));
	buf_deinit(&reply.body);
	buf_clear(&out);

	h = head_new_request(&a, slice_str("HEAD"), h->target);
	router_answer(&router, h, true, &reply);
	router_write(h, &reply, false, &out);
	OK(slice_ends(buf_slice(&out), "Connection: close\r\n\r\n"));
	buf_deinit(&reply.body);
	buf_clear(&out);

	h = head_new_request(&a, slice_str("PUT"), h->target);
	router_answer(&router, h, true, &reply);
	router_write(h, &reply, false, &out);
	OK(memmem(out.at, buf_len(&out), "Allow: GET, HEAD\r\n", 18));
	buf_deinit(&reply.body);
	buf_deinit(&out);
	arena_deinit(&a);
}

static void status_is_for_this_machine(void)
{
	static const char *const target[] = { "/status", "/status.txt" };
	struct router_reply reply;
	struct arena a;

	arena_init(&a);
	for (int i = 0; i < 2; i++) {
		struct head *h = head_new_request(&a, slice_str("GET"),
						  slice_str(target[i]));
		router_answer(&router, h, false, &reply);
		OK(reply.status == 404);
		buf_deinit(&reply.body);
	}
	arena_deinit(&a);
}

int main(void)
{
	RUN(every_path_has_one_answer);
	RUN(the_pac_has_the_headers_that_clients_insist_on);
	RUN(status_is_for_this_machine);
	return test_done();
}
