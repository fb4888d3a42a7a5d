/* fuzz_connect.c - CONNECT requests and the hosts that they name: what passes
 * has one reading, and every byte of it is one that a resolver may see. */
#include <stdlib.h>

#include "http/h1.h"

static int ignore(void *arg, const struct part *part)
{
	(void)arg, (void)part;
	return MG_OK;
}

static void check_host_bytes(struct mg_slice host)
{
	bool address6 = memchr(host.at, ':', host.len) != NULL;

	if (!host.len || host.len > 253)
		abort();
	for (size_t i = 0; i < host.len; i++) {
		char c = host.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && c != '.' &&
		    c != (address6 ? ':' : '-') && (address6 || c != '_'))
			abort();
	}
}

/* Written out again, it is read as the same. */
static void check_again(struct mg_slice host, uint16_t port)
{
	struct mg_slice host2;
	uint16_t port2;
	struct buf b;

	buf_init(&b, 1024);
	bool address6 = memchr(host.at, ':', host.len) != NULL;
	buf_add_str(&b, address6 ? "[" : "");
	buf_add(&b, host);
	buf_add_str(&b, address6 ? "]" : "");
	if (port)
		buf_addf(&b, ":%u", port);
	if (head_authority(buf_slice(&b), &host2, &port2) < 0 ||
	    port2 != port || !slice_same(host, host2))
		abort();
	buf_deinit(&b);
}

static void try_authority(struct mg_slice s)
{
	struct mg_slice host;
	uint16_t port;

	if (head_authority(s, &host, &port) < 0)
		return;
	check_host_bytes(host);
	check_again(host, port);
}

static void try_request(struct mg_slice s, bool whole)
{
	struct h1_reader r;
	struct arena arena;
	struct buf b;
	size_t used;

	buf_init(&b, 1 << 20);
	if (!whole)
		buf_add_str(&b, "CONNECT ");
	buf_add(&b, s);
	if (!whole)
		buf_add_str(&b, " HTTP/1.1\r\n\r\n");
	arena_init(&arena);
	h1_reader_init(&r, false, &h1_limits_default);
	h1_reader_begin(&r, &arena);
	if (h1_reader_feed(&r, b.at + b.from, buf_len(&b), &used, ignore,
			   NULL) >= 0 &&
	    h1_reader_is_done(&r) && slice_is(r.head->method, "CONNECT")) {
		struct mg_slice host;
		uint16_t port;
		if (head_host(r.head, &host, &port) < 0 || !port ||
		    r.head->framing != HEAD_NO_BODY)
			abort();
		check_host_bytes(host);
	}
	h1_reader_deinit(&r);
	arena_deinit(&arena);
	buf_deinit(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Memory of its own, so that reading past it is seen. */
	char *copy = malloc(size ? size : 1);
	struct mg_slice s = slice(copy, size);

	memcpy(copy, data, size);
	try_authority(s);
	try_request(s, false);
	try_request(s, true);
	free(copy);
	return 0;
}
