/* origin.c - the server behind the proxies of a benchmark.
 *
 *   origin PORT CERT KEY [cold]
 *
 * A thread a connection, blocking: simple, and its CPU is not what is measured.
 * `cold` ends each connection after its first reply and resumes no session, so
 * that every exchange costs the proxy a whole handshake.
 *
 *   any path              1 KB of JSON
 *   /bulk/BYTES           that many bytes
 *   /sse/COUNT/MICROS     so many events of 200 bytes, so far apart; each holds
 *                         the time at which it was sent, in nanoseconds
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_MAX = 64 << 10, BULK = 1 << 20, EVENT = 200, JSON = 1024 };

static SSL_CTX *context;
static int cold;
static char bulk[BULK];
static char json[JSON + 1];

static uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int put(SSL *ssl, const char *at, size_t len)
{
	while (len > 0) {
		size_t n = 0;
		if (SSL_write_ex(ssl, at, len, &n) != 1)
			return -1;
		at += n;
		len -= n;
	}
	return 0;
}

static int put_json(SSL *ssl)
{
	char reply[JSON + 256];
	int n = snprintf(reply, sizeof(reply),
			 "HTTP/1.1 200 OK\r\nContent-Type: "
			 "application/json\r\nContent-Length: %d\r\n%s\r\n%s",
			 JSON, cold ? "Connection: close\r\n" : "", json);
	return put(ssl, reply, (size_t)n);
}

static int put_bulk(SSL *ssl, size_t len)
{
	char head[160];
	int n = snprintf(head, sizeof(head),
			 "HTTP/1.1 200 OK\r\nContent-Type: "
			 "application/octet-stream\r\nContent-Length: "
			 "%zu\r\n\r\n",
			 len);
	if (put(ssl, head, (size_t)n) < 0)
		return -1;
	while (len > 0) {
		size_t piece = len < BULK ? len : BULK;
		if (put(ssl, bulk, piece) < 0)
			return -1;
		len -= piece;
	}
	return 0;
}

static void wait_until(uint64_t ns)
{
	struct timespec t = {
		.tv_sec = (time_t)(ns / 1000000000u),
		.tv_nsec = (long)(ns % 1000000000u),
	};
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

/* One event a chunk, one chunk a record, one record a write. */
static int put_events(SSL *ssl, long count, long micros)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: "
				   "text/event-stream\r\n"
				   "Transfer-Encoding: chunked\r\n\r\n";
	if (put(ssl, head, sizeof(head) - 1) < 0)
		return -1;
	uint64_t due = now_ns();
	for (long i = 0; i < count; i++) {
		char chunk[EVENT + 16];
		char event[EVENT + 1];
		due += (uint64_t)micros * 1000u;
		wait_until(due);
		int n = snprintf(event, sizeof(event),
				 "data: {\"at\":%020llu,\"choices\":[{\"index\""
				 ":0,\"delta\":{\"content\":\"",
				 (unsigned long long)now_ns());
		memset(event + n, 'm', (size_t)(EVENT - n));
		memcpy(event + EVENT - 7, "\"}}]}\n\n", 7);
		n = snprintf(chunk, sizeof(chunk), "%x\r\n", EVENT);
		memcpy(chunk + n, event, EVENT);
		memcpy(chunk + n + EVENT, "\r\n", 2);
		if (put(ssl, chunk, (size_t)n + EVENT + 2) < 0)
			return -1;
	}
	return put(ssl, "0\r\n\r\n", 5);
}

static int answer(SSL *ssl, const char *head)
{
	const char *path = strchr(head, ' ');
	if (!path)
		return -1;
	path++;
	if (strncmp(path, "/bulk/", 6) == 0)
		return put_bulk(ssl, strtoull(path + 6, NULL, 10));
	if (strncmp(path, "/sse/", 5) == 0) {
		char *end;
		long count = strtol(path + 5, &end, 10);
		return put_events(ssl, count, strtol(end + 1, NULL, 10));
	}
	return put_json(ssl);
}

/* Reads one request, its body thrown away. Bytes past it stay in `head`. */
static int take_request(SSL *ssl, char *head, size_t *have)
{
	char *end;
	while (!(end = memmem(head, *have, "\r\n\r\n", 4))) {
		size_t n = 0;
		if (*have >= HEAD_MAX ||
		    SSL_read_ex(ssl, head + *have, HEAD_MAX - *have, &n) != 1)
			return -1;
		*have += n;
	}
	*end = '\0';
	size_t used = (size_t)(end + 4 - head);
	size_t body = 0;
	const char *field = strcasestr(head, "\r\ncontent-length:");
	if (field)
		body = strtoull(field + 17, NULL, 10);
	size_t extra = *have - used;
	while (extra < body) {
		char sink[16384];
		size_t want = body - extra;
		size_t n = 0;
		if (want > sizeof(sink))
			want = sizeof(sink);
		if (SSL_read_ex(ssl, sink, want, &n) != 1)
			return -1;
		body -= n;
	}
	if (answer(ssl, head) < 0)
		return -1;
	extra = extra > body ? extra - body : 0;
	memmove(head, head + *have - extra, extra);
	*have = extra;
	return cold ? -1 : 0;
}

static void *serve(void *arg)
{
	int fd = (int)(intptr_t)arg;
	int one = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	SSL *ssl = SSL_new(context);
	SSL_set_fd(ssl, fd);
	char *head = malloc(HEAD_MAX + 1);
	size_t have = 0;
	if (head && SSL_accept(ssl) == 1)
		while (take_request(ssl, head, &have) == 0)
			;
	SSL_shutdown(ssl);
	SSL_free(ssl);
	free(head);
	close(fd);
	return NULL;
}

static int listen_on(const char *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)atoi(port)) };
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int one = 1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    listen(fd, 4096) < 0)
		err(1, "port %s", port);
	return fd;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		errx(2, "usage: origin PORT CERT KEY [cold]");
	cold = argc > 4;
	signal(SIGPIPE, SIG_IGN);
	memset(bulk, 'b', sizeof(bulk));
	memset(json, ' ', JSON);
	memcpy(json, "{\"ok\":\"", 7);
	memset(json + 7, 'j', JSON - 9);
	memcpy(json + JSON - 2, "\"}", 2);
	context = SSL_CTX_new(TLS_server_method());
	if (SSL_CTX_use_certificate_chain_file(context, argv[2]) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, argv[3], SSL_FILETYPE_PEM) !=
		    1)
		errx(1, "%s or %s does not load", argv[2], argv[3]);
	if (cold) {
		SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
		SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
		SSL_CTX_set_num_tickets(context, 0);
	}
	int listener = listen_on(argv[1]);
	pthread_attr_t small;
	pthread_attr_init(&small);
	pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&small, 256 << 10);
	for (;;) {
		pthread_t thread;
		int fd = accept(listener, NULL, NULL);
		if (fd >= 0 && pthread_create(&thread, &small, serve,
					      (void *)(intptr_t)fd) != 0)
			close(fd);
	}
}
