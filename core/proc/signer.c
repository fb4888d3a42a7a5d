/* signer.c - the signer's own side of signer.h
 *
 *   poll -> worker's packet -> cache | mint -> answer
 *        -> supervisor's packet -> new mint, or the old one stays
 *        -> nothing for a while -> mint one covered host ahead
 */
#include "proc/signer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "proc/confine.h"
#include "proc/signer_wire.h"
#include "tls/mint.h"

enum {
	CACHED = 8192,
	/* A leaf from the cache has this long to live, at least. */
	LIFE_LEFT_S = 36 * 3600,
	/* A worker may have this many mints a second, and as many at once. A
	 * patient attacker with one covered wildcard cannot take all of us. */
	RATE = 300,
	BURST = 1000,
	PACKETS_A_TURN = 64,
	IDLE_MS = 50,
	PEM_MAX = 4 << 20,
	LEAF_MAX = 8 << 10,
};

struct cached {
	char host[MINT_HOST_MAX + 1];
	struct buf der;
	int64_t made; /* seconds since 1970, 0: empty */
};

struct client {
	int fd;
	uint64_t filled; /* clock_mono_us of the last refill */
	uint32_t tokens;
	bool dry; /* told the log so */
};

struct signer {
	struct mint *mint;
	struct mint_profile profile;
	struct cached *cached;
	uint32_t revision;
	uint32_t ahead; /* next permitted name to mint in idle time */
	struct client client[SIGNER_WORKERS_MAX];
	uint32_t clients;
	int control;
	char packet[SIGNER_MESSAGE_MAX];
};

int signer_pair(int ends[2])
{
	int room = SIGNER_MESSAGE_MAX * 2;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		       0, ends) < 0)
		return MG_EIO;
	for (int i = 0; i < 2; i++)
		setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	return MG_OK;
}

/* --- the CA -------------------------------------------------------------- */

static int read_all(int fd, struct buf *out)
{
	ssize_t n = 0;

	do {
		char *room = buf_room(out, 4096);
		if (!room)
			return MG_ETOOBIG;
		n = read(fd, room, 4096);
		if (n > 0)
			buf_grow(out, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? MG_EIO : MG_OK;
}

static struct mint *open_mint(const struct signer *s, const int fds[2],
			      char *why, size_t len)
{
	struct buf ca, key;
	struct mint *mint = NULL;

	buf_init(&ca, PEM_MAX);
	buf_init(&key, PEM_MAX);
	snprintf(why, len, "the inspection CA cannot be read");
	if (read_all(fds[0], &ca) >= 0 && read_all(fds[1], &key) >= 0)
		mint = mint_new(buf_slice(&ca), buf_slice(&key), &s->profile,
				why, len);
	buf_deinit(&ca);
	buf_wipe(&key);
	return mint;
}

static int open_ca(const char *dir, int fds[2], char *why, size_t len)
{
	static const char *const name[] = { "inspection.crt",
					    "inspection.key" };
	char path[4096];

	fds[0] = fds[1] = -1;
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, name[i]);
		fds[i] = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		if (fds[i] >= 0)
			continue;
		snprintf(why, len, "%s: %s; `moongate ca init` makes one", path,
			 strerror(errno));
		if (fds[0] >= 0)
			close(fds[0]);
		return MG_EIO;
	}
	return MG_OK;
}

static void close_both(const int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

/* --- the cache ----------------------------------------------------------- */

static struct cached *cached_for(struct signer *s, struct mg_slice host)
{
	return &s->cached[hash_table(host) % CACHED];
}

static bool is_cached(const struct signer *s, const struct cached *e,
		      struct mg_slice host, int64_t now)
{
	int64_t life = (int64_t)(s->profile.leaf_days - 2) * 86400;

	return e->made && slice_is(host, e->host) &&
	       now + LIFE_LEFT_S < e->made + life &&
	       now < mint_not_after(s->mint);
}

static void forget_all(struct signer *s)
{
	for (int i = 0; i < CACHED; i++) {
		buf_deinit(&s->cached[i].der);
		s->cached[i].made = 0;
	}
	s->ahead = 0;
}

/* 0, or why there is no leaf for this host. */
static int fill(struct signer *s, struct cached *e, struct mg_slice host,
		int64_t now)
{
	e->made = 0;
	buf_init(&e->der, LEAF_MAX);
	int err = mint_leaf(s->mint, host, &e->der);
	if (err < 0) {
		buf_deinit(&e->der);
		return err;
	}
	memcpy(e->host, host.at, host.len);
	e->host[host.len] = '\0';
	e->made = now;
	return MG_OK;
}

/* --- answers ------------------------------------------------------------- */

/* What cannot be sent is asked for again. */
static void say(int fd, const struct signer_message *m)
{
	struct buf packet;

	buf_init(&packet, SIGNER_MESSAGE_MAX);
	if (signer_wire_write(m, &packet) >= 0) {
		struct mg_slice p = buf_slice(&packet);
		if (send(fd, p.at, p.len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			log_debug(LOG_CERTS, "an answer was not sent: %s",
				  strerror(errno));
	}
	buf_wipe(&packet);
}

static void say_kit(struct signer *s, int fd)
{
	struct buf key, chain;

	buf_init(&key, LEAF_MAX);
	buf_init(&chain, SIGNER_MESSAGE_MAX - 1024);
	if (mint_kit(s->mint, &key, &chain) < 0)
		log_error(LOG_CERTS, "the CA's chain is too long to pass on");
	else
		say(fd, &(struct signer_message){ .kind = SIGNER_KIT,
						  .revision = s->revision,
						  .key = buf_slice(&key),
						  .body = buf_slice(&chain) });
	buf_wipe(&key);
	buf_deinit(&chain);
}

static bool may_mint(struct client *c)
{
	uint64_t now = clock_mono_us();
	uint64_t more = (now - c->filled) * RATE / 1000000;

	if (more) {
		c->tokens = more > BURST - c->tokens
				    ? BURST
				    : c->tokens + (uint32_t)more;
		c->filled = now;
	}
	if (c->tokens) {
		c->tokens--;
		c->dry = false;
		return true;
	}
	if (!c->dry)
		log_warn(LOG_CERTS,
			 "a worker asks for more than %d leaves a "
			 "second; the rest wait",
			 RATE);
	c->dry = true;
	return false;
}

static void answer(struct signer *s, struct client *c, struct mg_slice host)
{
	int64_t now = (int64_t)(clock_now_us() / 1000000);
	struct cached *e = cached_for(s, host);

	if (!is_cached(s, e, host, now)) {
		if (!may_mint(c))
			return;
		buf_deinit(&e->der);
		int err = fill(s, e, host, now);
		if (err < 0) {
			log_warn(LOG_CERTS, "no leaf: %s",
				 err == MG_ESTOP    ? "the host is outside of "
						      "the name constraints; "
						      "`moongate ca rotate "
						      "inspection` covers new "
						      "hosts"
				 : err == MG_EINVAL ? "not a host name"
						    : "signing failed");
			say(c->fd, &(struct signer_message){ .kind = SIGNER_NO,
							     .host = host });
			return;
		}
	}
	say(c->fd, &(struct signer_message){ .kind = SIGNER_LEAF,
					     .revision = s->revision,
					     .host = host,
					     .body = buf_slice(&e->der) });
}

/* --- packets ------------------------------------------------------------- */

static void take_worker(struct signer *s, struct client *c)
{
	struct signer_message m;

	for (int i = 0; i < PACKETS_A_TURN; i++) {
		ssize_t n =
			recv(c->fd, s->packet, sizeof(s->packet), MSG_DONTWAIT);
		if (n <= 0)
			return;
		if (signer_wire_read(slice(s->packet, (size_t)n), &m) < 0)
			log_warn(LOG_CERTS, "a worker said something "
					    "unreadable");
		else if (m.kind == SIGNER_HELLO)
			say_kit(s, c->fd);
		else if (m.kind == SIGNER_ASK)
			answer(s, c, m.host);
	}
}

static void say_kit_to_all(struct signer *s)
{
	for (uint32_t i = 0; i < s->clients; i++)
		say_kit(s, s->client[i].fd);
}

static void reload(struct signer *s, const int fds[2])
{
	char why[512];
	struct mint *mint = open_mint(s, fds, why, sizeof(why));

	if (!mint) {
		log_error(LOG_CERTS, "the CA in use stays in use: %s", why);
		say(s->control,
		    &(struct signer_message){ .kind = SIGNER_FAILED,
					      .body = slice_str(why) });
		return;
	}
	mint_free(s->mint);
	s->mint = mint;
	s->revision++;
	forget_all(s);
	say_kit_to_all(s);
	say(s->control, &(struct signer_message){ .kind = SIGNER_DONE });
}

/* Descriptors beyond the two that we expect are closed; the kernel drops what
 * does not fit. */
static int take_fds(struct msghdr *h, int fds[2])
{
	struct cmsghdr *c = CMSG_FIRSTHDR(h);
	int got[4], n = 0;

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
		return MG_EPROTO;
	n = (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	memcpy(got, CMSG_DATA(c), (size_t)n * sizeof(int));
	if (n == 2) {
		fds[0] = got[0];
		fds[1] = got[1];
		return MG_OK;
	}
	for (int i = 0; i < n; i++)
		close(got[i]);
	return MG_EPROTO;
}

/* False when the supervisor has gone. */
static bool take_control(struct signer *s)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(4 * sizeof(int))];
	} rights;
	struct iovec io = { s->packet, sizeof(s->packet) };
	struct msghdr h = { .msg_iov = &io,
			    .msg_iovlen = 1,
			    .msg_control = &rights,
			    .msg_controllen = sizeof(rights) };
	struct signer_message m;
	int fds[2];
	ssize_t n = recvmsg(s->control, &h, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	if (take_fds(&h, fds) < 0)
		return true;
	if (signer_wire_read(slice(s->packet, (size_t)n), &m) >= 0 &&
	    m.kind == SIGNER_RELOAD)
		reload(s, fds);
	close_both(fds);
	return true;
}

/* True while there is more to do. */
static bool mint_ahead(struct signer *s)
{
	int64_t now = (int64_t)(clock_now_us() / 1000000);
	struct mg_slice host = mint_permitted_at(s->mint, s->ahead);

	if (host.len == 0)
		return false;
	s->ahead++;
	struct cached *e = cached_for(s, host);
	if (!e->made)
		fill(s, e, host, now);
	return true;
}

static int serve(struct signer *s)
{
	struct pollfd p[SIGNER_WORKERS_MAX + 1];
	bool idle_work = true;

	p[0] = (struct pollfd){ .fd = s->control, .events = POLLIN };
	for (uint32_t i = 0; i < s->clients; i++)
		p[i + 1] = (struct pollfd){ .fd = s->client[i].fd,
					    .events = POLLIN };
	say_kit_to_all(s);
	for (;;) {
		int n = poll(p, s->clients + 1, idle_work ? IDLE_MS : -1);
		if (n < 0 && errno != EINTR)
			return CMD_SOFTWARE;
		if (n == 0)
			idle_work = mint_ahead(s);
		if (n <= 0)
			continue;
		if (p[0].revents) {
			if (!take_control(s))
				return CMD_OK;
			idle_work = true;
		}
		for (uint32_t i = 0; i < s->clients; i++) {
			if (p[i + 1].revents & POLLIN)
				take_worker(s, &s->client[i]);
			else if (p[i + 1].revents)
				p[i + 1].fd = -1; /* nobody will ever write */
		}
	}
}

/* --- life ---------------------------------------------------------------- */

/* Not one file: what a reload needs comes as descriptors. */
static int shut_doors(void)
{
	static const char *const nothing[] = { NULL };

	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	return confine(CONFINE_SIGNER, nothing, nothing);
}

static int begin(struct signer *s, const struct signer_setup *setup)
{
	char why[512];
	int fds[2];

	if (setup->worker_count > SIGNER_WORKERS_MAX)
		return MG_EINVAL;
	s->profile = (struct mint_profile){ .leaf_days = setup->leaf_days,
					    .crl_url = setup->crl_url };
	if (s->profile.leaf_days < 3 || s->profile.leaf_days > 7)
		s->profile.leaf_days = 7;
	s->control = setup->control;
	s->clients = setup->worker_count;
	for (uint32_t i = 0; i < s->clients; i++)
		s->client[i] = (struct client){ .fd = setup->workers[i],
						.tokens = BURST,
						.filled = clock_mono_us() };
	/* Unlike the one before, should this be a restart. */
	hash_random(&s->revision, sizeof(s->revision));
	mint_secure();
	if (open_ca(setup->ca_dir, fds, why, sizeof(why)) < 0) {
		log_error(LOG_CERTS, "%s", why);
		return MG_EIO;
	}
	s->mint = open_mint(s, fds, why, sizeof(why));
	close_both(fds);
	if (!s->mint)
		log_error(LOG_CERTS, "%s: %s", setup->ca_dir, why);
	return s->mint ? shut_doors() : MG_EINVAL;
}

int signer_run(const struct signer_setup *setup)
{
	struct signer *s = calloc(1, sizeof(*s));

	if (!s || !(s->cached = calloc(CACHED, sizeof(*s->cached))))
		abort();
	int err = begin(s, setup);
	int exit_code = err == MG_OK ? serve(s) : CMD_CONFIG;
	if (s->mint)
		forget_all(s);
	mint_free(s->mint);
	free(s->cached);
	explicit_bzero(s, sizeof(*s));
	free(s);
	return exit_code;
}

/* --- the supervisor's side ----------------------------------------------- */

int signer_reload(int control, const char *ca_dir, char *why, size_t len)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(2 * sizeof(int))];
	} rights = { 0 };
	char kind = SIGNER_RELOAD;
	struct iovec io = { &kind, 1 };
	struct msghdr h = { .msg_iov = &io,
			    .msg_iovlen = 1,
			    .msg_control = &rights,
			    .msg_controllen = sizeof(rights) };
	int fds[2];

	if (open_ca(ca_dir, fds, why, len) < 0)
		return MG_EIO;
	struct cmsghdr *c = CMSG_FIRSTHDR(&h);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(c), fds, sizeof(fds));
	ssize_t n = sendmsg(control, &h, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0)
		snprintf(why, len, "the signer does not listen: %s",
			 strerror(errno));
	close_both(fds);
	return n < 0 ? MG_EIO : MG_OK;
}

int signer_reloaded(int control, char *why, size_t len)
{
	struct signer_message m;
	char packet[2048];
	ssize_t n = recv(control, packet, sizeof(packet), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return MG_EAGAIN;
	if (n <= 0 || signer_wire_read(slice(packet, (size_t)n), &m) < 0) {
		snprintf(why, len, "the signer has gone");
		return MG_EIO;
	}
	if (m.kind == SIGNER_DONE)
		return MG_OK;
	snprintf(why, len, "%.*s", (int)m.body.len, m.body.at);
	return MG_EINVAL;
}
