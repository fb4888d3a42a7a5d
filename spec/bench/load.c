/* load.c - the client side of a benchmark: TLS to a proxy, CONNECT, TLS within,
 * requests; or TLS to a reverse proxy and requests.
 *
 *   load MODE [--name value]...
 *
 *   MODE      fresh    a new tunnel for each request
 *             keep     many requests on each tunnel
 *             idle     open tunnels, say "ready", hold them until stdin ends
 *   --to      HOST:PORT dialled: the proxy
 *   --connect HOST:PORT asked for by CONNECT; without it, a reverse proxy
 *   --name    the name that the innermost certificate must bear
 *   --ca      roots for it
 *   --outer   yes: TLS to the proxy itself, its name "localhost"
 *   --cert --key --outer-ca   for that TLS
 *   --token   user:password, base64 already, for Proxy-Authorization
 *   --resume  yes: keep sessions and resume them, outer and inner
 *   --count   requests (tunnels when idle) in all
 *   --threads how many at a time
 *   --path --body   GET of the path, or POST of that many bytes of a prompt
 *
 * Prints one line of JSON: count, errors, seconds, bytes, microseconds of one
 * request (p50, p99), and for event streams the delay of an event (p50, p99).
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 64 << 10, SAMPLES = 1 << 18, REQUEST_MAX = 1 << 20 };

static const char *to, *target, *name, *path = "/v1/models", *token, *mode;
static bool is_outer, is_resuming;
static long wanted = 1000, threads = 4, body_len;
static SSL_CTX *outer_context, *inner_context;
static char *request;
static size_t request_len;

/* What one thread keeps; sessions are its own, so threads never wait. */
struct client {
	pthread_t thread;
	SSL_SESSION *outer_session;
	SSL_SESSION *inner_session;
	long todo;
	long errors;
	long resumed;
	uint64_t bytes;
	uint32_t *took; /* microseconds a request, `taken` of them */
	uint32_t taken;
	uint32_t *late; /* microseconds an event */
	uint32_t events;
};

/* One tunnel. `outer` is NULL when there is no TLS to the proxy. */
struct tunnel {
	int fd;
	SSL *outer;
	SSL *inner;
	char at[BUFFER];
	size_t have;
};

static uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Says why, once: the first failure of a run explains the others. */
static int complain(const char *what)
{
	static int said;
	if (!__atomic_exchange_n(&said, 1, __ATOMIC_RELAXED)) {
		warn("%s", what);
		ERR_print_errors_fp(stderr);
	}
	return -1;
}

/* --- sessions: the last one given is the next one used -------------------- */

static int on_session(SSL *ssl, SSL_SESSION *session)
{
	SSL_SESSION **keep = SSL_get_app_data(ssl);
	if (!keep)
		return 0;
	SSL_SESSION_free(*keep);
	*keep = session;
	return 1;
}

static SSL_CTX *context_new(const char *ca, const char *cert, const char *key)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	if (ca && SSL_CTX_load_verify_locations(context, ca, NULL) != 1)
		errx(1, "%s does not load", ca);
	if (cert &&
	    (SSL_CTX_use_certificate_chain_file(context, cert) != 1 ||
	     SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1))
		errx(1, "%s or %s does not load", cert, key);
	SSL_CTX_set_session_cache_mode(
		context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(context, on_session);
	return context;
}

static SSL *ssl_new(SSL_CTX *context, const char *host, SSL_SESSION **session)
{
	SSL *ssl = SSL_new(context);
	SSL_set_tlsext_host_name(ssl, host);
	SSL_set1_host(ssl, host);
	if (is_resuming) {
		SSL_set_app_data(ssl, session);
		if (*session)
			SSL_set_session(ssl, *session);
	}
	return ssl;
}

/* --- a tunnel ---------------------------------------------------------------
 */

static int dial(void)
{
	char host[64];
	const char *colon = strrchr(to, ':');
	snprintf(host, sizeof(host), "%.*s", (int)(colon - to), to);
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port =
					  htons((uint16_t)atoi(colon + 1)) };
	inet_pton(AF_INET, host, &at.sin_addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int one = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int outer_read(struct tunnel *t, char *at, size_t len)
{
	return t->outer ? SSL_read(t->outer, at, (int)len)
			: (int)read(t->fd, at, len);
}

/* CONNECT and its answer, a byte at a time: what follows is TLS's. */
static int ask_connect(struct tunnel *t)
{
	char ask[1024];
	int n = snprintf(ask, sizeof(ask),
			 "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s%s%s\r\n",
			 target, target,
			 token ? "Proxy-Authorization: Basic " : "",
			 token ? token : "", token ? "\r\n" : "");
	int sent = t->outer ? SSL_write(t->outer, ask, n)
			    : (int)write(t->fd, ask, (size_t)n);
	if (sent != n)
		return -1;
	size_t have = 0;
	while (have < 4 || memcmp(ask + have - 4, "\r\n\r\n", 4) != 0) {
		if (have == sizeof(ask) || outer_read(t, ask + have, 1) != 1)
			return -1;
		have++;
	}
	return have > 12 && memcmp(ask + 9, "200", 3) == 0 ? 0 : -1;
}

static int tunnel_open(struct tunnel *t, struct client *c)
{
	memset(t, 0, offsetof(struct tunnel, at));
	t->have = 0;
	t->fd = dial();
	if (t->fd < 0)
		return complain("connect");
	if (is_outer) {
		t->outer =
			ssl_new(outer_context, "localhost", &c->outer_session);
		SSL_set_fd(t->outer, t->fd);
		if (SSL_connect(t->outer) != 1)
			return complain("TLS to the proxy");
	}
	if (target && ask_connect(t) < 0)
		return complain("CONNECT");
	t->inner = ssl_new(inner_context, name, &c->inner_session);
	if (t->outer) {
		BIO *bio = BIO_new(BIO_f_ssl());
		BIO_set_ssl(bio, t->outer, BIO_NOCLOSE);
		SSL_set_bio(t->inner, bio, bio);
	} else {
		SSL_set_fd(t->inner, t->fd);
	}
	if (SSL_connect(t->inner) != 1)
		return complain("TLS to the server");
	c->resumed += SSL_session_reused(t->inner) &&
		      (!t->outer || SSL_session_reused(t->outer));
	return 0;
}

static void tunnel_close(struct tunnel *t)
{
	if (t->inner) {
		SSL_shutdown(t->inner);
		SSL_free(t->inner);
	}
	if (t->outer) {
		SSL_shutdown(t->outer);
		SSL_free(t->outer);
	}
	if (t->fd >= 0)
		close(t->fd);
	ERR_clear_error();
}

/* --- one exchange ------------------------------------------------------------
 */

static int fill(struct tunnel *t, struct client *c)
{
	size_t n = 0;
	if (t->have == BUFFER ||
	    SSL_read_ex(t->inner, t->at + t->have, BUFFER - t->have, &n) != 1)
		return -1;
	t->have += n;
	c->bytes += n;
	return 0;
}

static void drop(struct tunnel *t, size_t n)
{
	memmove(t->at, t->at + n, t->have - n);
	t->have -= n;
}

static int skip_body(struct tunnel *t, struct client *c, size_t len)
{
	while (len > 0) {
		if (t->have == 0 && fill(t, c) < 0)
			return -1;
		size_t n = len < t->have ? len : t->have;
		drop(t, n);
		len -= n;
	}
	return 0;
}

static void note_event(struct client *c, const char *at, size_t len)
{
	const char *mark = memmem(at, len, "\"at\":", 5);
	if (!mark || c->events == SAMPLES)
		return;
	uint64_t sent = strtoull(mark + 5, NULL, 10);
	c->late[c->events++] = (uint32_t)((now_ns() - sent) / 1000);
}

static int take_chunks(struct tunnel *t, struct client *c)
{
	for (;;) {
		char *end;
		while (!(end = memmem(t->at, t->have, "\r\n", 2)))
			if (fill(t, c) < 0)
				return -1;
		size_t size = strtoull(t->at, NULL, 16);
		drop(t, (size_t)(end + 2 - t->at));
		while (size <= BUFFER / 2 && t->have < size + 2)
			if (fill(t, c) < 0)
				return -1;
		if (size <= BUFFER / 2)
			note_event(c, t->at, size);
		if (skip_body(t, c, size + 2) < 0)
			return -1;
		if (size == 0)
			return 0;
	}
}

static int exchange(struct tunnel *t, struct client *c)
{
	size_t n = 0;
	uint64_t began = now_ns();
	if (SSL_write_ex(t->inner, request, request_len, &n) != 1)
		return -1;
	char *end;
	while (!(end = memmem(t->at, t->have, "\r\n\r\n", 4)))
		if (fill(t, c) < 0)
			return -1;
	*end = '\0';
	int status = atoi(t->at + 9);
	const char *len = strcasestr(t->at, "\r\ncontent-length:");
	bool is_chunked = strcasestr(t->at, "\r\ntransfer-encoding:") != NULL;
	size_t body = len ? strtoull(len + 17, NULL, 10) : 0;
	drop(t, (size_t)(end + 4 - t->at));
	if (status != 200)
		return complain("a status that is not 200");
	if ((is_chunked ? take_chunks(t, c) : skip_body(t, c, body)) < 0)
		return -1;
	if (c->taken < SAMPLES)
		c->took[c->taken++] = (uint32_t)((now_ns() - began) / 1000);
	return 0;
}

/* --- the three modes ---------------------------------------------------------
 */

static void *run_fresh(void *arg)
{
	struct client *c = arg;
	struct tunnel *t = malloc(sizeof(*t));
	for (long i = 0; i < c->todo; i++) {
		if (tunnel_open(t, c) < 0 || exchange(t, c) < 0)
			c->errors++;
		tunnel_close(t);
	}
	free(t);
	return NULL;
}

static void *run_keep(void *arg)
{
	struct client *c = arg;
	struct tunnel *t = malloc(sizeof(*t));
	bool open = false;
	for (long i = 0; i < c->todo; i++) {
		if (!open && tunnel_open(t, c) < 0) {
			c->errors++;
			tunnel_close(t);
			continue;
		}
		open = exchange(t, c) == 0;
		if (!open) {
			c->errors++;
			tunnel_close(t);
		}
	}
	if (open)
		tunnel_close(t);
	free(t);
	return NULL;
}

/* Only what TLS needs is kept: BUFFER a tunnel would be ours, not the proxy's,
 * but five thousand of them are dear all the same. */
static void *run_idle(void *arg)
{
	struct client *c = arg;
	struct tunnel *t = malloc(sizeof(*t));
	for (long i = 0; i < c->todo; i++)
		if (tunnel_open(t, c) < 0 || exchange(t, c) < 0)
			c->errors++;
	free(t);
	return NULL;
}

/* --- words and figures
 * --------------------------------------------------------- */

static const char *option(int argc, char **argv, const char *word)
{
	for (int i = 2; i + 1 < argc; i += 2)
		if (strncmp(argv[i], "--", 2) == 0 &&
		    strcmp(argv[i] + 2, word) == 0)
			return argv[i + 1];
	return NULL;
}

static void make_request(void)
{
	static const char open[] = "{\"model\":\"gpt-4o-mini\",\"messages\":[{"
				   "\"role\":\"user\",\"content\":\"";
	static const char words[] = "The moon gate stands in the garden wall, "
				    "and nobody passes it unseen at night. ";
	static const char shut[] = "\"}]}";
	/* A port of its own belongs into Host: Squid goes by that field. */
	const char *port = target ? strrchr(target, ':') : NULL;
	const char *host = port && strcmp(port, ":443") != 0 ? target : name;
	request = malloc(REQUEST_MAX);
	int n = snprintf(request, REQUEST_MAX, "%s %s HTTP/1.1\r\nHost: %s\r\n",
			 body_len ? "POST" : "GET", path, host);
	request_len = (size_t)n;
	if (body_len == 0) {
		memcpy(request + request_len, "\r\n", 2);
		request_len += 2;
		return;
	}
	n = snprintf(request + n, REQUEST_MAX - (size_t)n,
		     "Content-Type: application/json\r\nAuthorization: Bearer "
		     "none\r\nContent-Length: %ld\r\n\r\n%s",
		     body_len, open);
	size_t end =
		request_len + (size_t)n + (size_t)body_len - (sizeof(open) - 1);
	request_len += (size_t)n;
	for (size_t i = 0; request_len < end - (sizeof(shut) - 1); i++)
		request[request_len++] = words[i % (sizeof(words) - 1)];
	memcpy(request + request_len, shut, sizeof(shut) - 1);
	request_len = end;
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* The quantile of what all clients measured. */
static uint32_t quantile(struct client *list, bool is_late, double q)
{
	size_t count = 0;
	for (long i = 0; i < threads; i++)
		count += is_late ? list[i].events : list[i].taken;
	if (count == 0)
		return 0;
	uint32_t *all = malloc(count * sizeof(*all));
	size_t n = 0;
	for (long i = 0; i < threads; i++) {
		uint32_t some = is_late ? list[i].events : list[i].taken;
		memcpy(all + n, is_late ? list[i].late : list[i].took,
		       some * sizeof(*all));
		n += some;
	}
	qsort(all, count, sizeof(*all), by_size);
	uint32_t found = all[(size_t)((double)(count - 1) * q)];
	free(all);
	return found;
}

static void report(struct client *list, double seconds)
{
	long errors = 0, resumed = 0;
	uint64_t bytes = 0;
	size_t events = 0;
	for (long i = 0; i < threads; i++) {
		errors += list[i].errors;
		resumed += list[i].resumed;
		bytes += list[i].bytes;
		events += list[i].events;
	}
	printf("{\"count\":%ld,\"errors\":%ld,\"resumed\":%ld,\"seconds\":%.3f,"
	       "\"bytes\":%llu,\"p50\":%u,\"p99\":%u,\"events\":%zu,"
	       "\"late_p50\":%u,\"late_p99\":%u}\n",
	       wanted, errors, resumed, seconds, (unsigned long long)bytes,
	       quantile(list, false, 0.5), quantile(list, false, 0.99), events,
	       quantile(list, true, 0.5), quantile(list, true, 0.99));
	fflush(stdout);
}

static void read_options(int argc, char **argv)
{
	const char *text;
	mode = argv[1];
	to = option(argc, argv, "to");
	target = option(argc, argv, "connect");
	name = option(argc, argv, "name");
	token = option(argc, argv, "token");
	is_outer = option(argc, argv, "outer") != NULL;
	is_resuming = option(argc, argv, "resume") != NULL;
	if ((text = option(argc, argv, "path")))
		path = text;
	if ((text = option(argc, argv, "count")))
		wanted = atol(text);
	if ((text = option(argc, argv, "threads")))
		threads = atol(text);
	if ((text = option(argc, argv, "body")))
		body_len = atol(text);
	if (!to || !name || threads < 1 || body_len > REQUEST_MAX / 2)
		errx(2, "--to and --name are needed");
	inner_context = context_new(option(argc, argv, "ca"), NULL, NULL);
	outer_context = context_new(option(argc, argv, "outer-ca"),
				    option(argc, argv, "cert"),
				    option(argc, argv, "key"));
}

int main(int argc, char **argv)
{
	if (argc < 2)
		errx(2, "usage: load fresh|keep|idle --to HOST:PORT ...");
	signal(SIGPIPE, SIG_IGN);
	read_options(argc, argv);
	make_request();
	void *(*run)(void *) = strcmp(mode, "fresh") == 0  ? run_fresh
			       : strcmp(mode, "idle") == 0 ? run_idle
							   : run_keep;
	struct client *list = calloc((size_t)threads, sizeof(*list));
	uint64_t began = now_ns();
	for (long i = 0; i < threads; i++) {
		list[i].todo = wanted / threads + (i < wanted % threads);
		list[i].took = malloc(SAMPLES * sizeof(uint32_t));
		list[i].late = malloc(SAMPLES * sizeof(uint32_t));
		pthread_create(&list[i].thread, NULL, run, &list[i]);
	}
	for (long i = 0; i < threads; i++)
		pthread_join(list[i].thread, NULL);
	report(list, (double)(now_ns() - began) / 1e9);
	if (run == run_idle)
		while (getchar() != EOF)
			;
	return 0;
}
