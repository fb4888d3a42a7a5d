/* signer_client.c - a worker's side of signer.h */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/log.h"
#include "proc/signer.h"
#include "proc/signer_wire.h"

/* A packet may be lost when one side's buffer is full, or with a signer that
 * dies: what has no answer after this is asked again. */
enum { ASK_AGAIN_S = 2 };

struct signer_client {
	int fd;
	struct shelf *shelf;
	struct leaf_kit *kit; /* NULL: not yet */
	uint32_t revision;
	uint64_t now;
	bool unsent; /* a question could not be sent */
	bool greeted;
	char packet[SIGNER_MESSAGE_MAX];
};

static int say(struct signer_client *c, const struct signer_message *m)
{
	struct buf packet;

	buf_init(&packet, SIGNER_MESSAGE_MAX);
	int err = signer_wire_write(m, &packet);
	struct mg_slice s = buf_slice(&packet);
	if (err >= 0 &&
	    send(c->fd, s.at, s.len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		err = errno == EAGAIN || errno == ENOBUFS ? MG_EAGAIN : MG_EIO;
	buf_deinit(&packet);
	return err;
}

static int ask(void *arg, struct mg_slice host)
{
	struct signer_client *c = arg;
	int err = say(c, &(struct signer_message){ .kind = SIGNER_ASK,
						   .host = host });

	if (err != MG_EAGAIN)
		return err;
	c->unsent = true;
	return MG_OK;
}

static void greet(struct signer_client *c)
{
	c->greeted =
		say(c, &(struct signer_message){ .kind = SIGNER_HELLO }) >= 0;
}

struct signer_client *signer_client_new(int fd, uint32_t leaves,
					uint32_t waiters)
{
	struct signer_client *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	c->fd = fd;
	c->shelf = shelf_new(leaves, waiters, ask, c);
	greet(c);
	return c;
}

void signer_client_free(struct signer_client *c)
{
	if (!c)
		return;
	shelf_free(c->shelf);
	leaf_kit_free(c->kit);
	explicit_bzero(c->packet, sizeof(c->packet));
	free(c);
}

struct shelf *signer_client_shelf(struct signer_client *c)
{
	return c->shelf;
}

bool signer_client_is_ready(const struct signer_client *c)
{
	return c->kit != NULL;
}

static void take_kit(struct signer_client *c, const struct signer_message *m)
{
	struct leaf_kit *kit = leaf_kit_new(m->key, m->body);

	if (!kit) {
		log_error(LOG_TLS, "the signer's kit cannot be read");
		return;
	}
	leaf_kit_free(c->kit);
	c->kit = kit;
	if (c->revision != m->revision)
		shelf_purge(c->shelf);
	c->revision = m->revision;
	shelf_ask_again(c->shelf, c->now, 0);
}

static void take_leaf(struct signer_client *c, const struct signer_message *m)
{
	/* Of a kit that has gone: it was asked for again when that went. */
	if (!c->kit || m->revision != c->revision)
		return;
	struct leaf *leaf = leaf_new(c->kit, m->body);
	if (leaf)
		shelf_put(c->shelf, m->host, leaf, c->now);
	else
		shelf_refuse(c->shelf, m->host, c->now);
	leaf_done(leaf);
}

static void take_packet(struct signer_client *c, struct mg_slice packet)
{
	struct signer_message m;

	if (signer_wire_read(packet, &m) < 0) {
		log_error(LOG_TLS, "the signer said something unreadable");
		return;
	}
	if (m.kind == SIGNER_KIT)
		take_kit(c, &m);
	else if (m.kind == SIGNER_LEAF)
		take_leaf(c, &m);
	else if (m.kind == SIGNER_NO)
		shelf_refuse(c->shelf, m.host, c->now);
}

int signer_client_turn(struct signer_client *c, uint64_t now_s)
{
	ssize_t n;

	c->now = now_s;
	if (!c->greeted)
		greet(c);
	while ((n = recv(c->fd, c->packet, sizeof(c->packet), MSG_DONTWAIT)) >
	       0)
		take_packet(c, slice(c->packet, (size_t)n));
	/* The key went by here. */
	explicit_bzero(c->packet, 256);
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		return MG_EIO;

	bool unsent = c->unsent;
	c->unsent = false;
	shelf_ask_again(c->shelf, now_s, unsent ? 0 : ASK_AGAIN_S);
	return MG_OK;
}
