/* shelf.c - see shelf.h */
#include "tls/shelf.h"

#include <stdlib.h>

#include "base/hash.h"

enum {
	ASK_AGAIN_S = 2,
	REFUSED_S = 10,
	LIFE_LEFT_S = 3600,
	HOST_MAX = 253,
};

enum book_state { BOOK_ASKED, BOOK_READY, BOOK_REFUSED };

struct book {
	struct book *chain;         /* same bucket */
	struct book *older, *newer; /* by use */
	struct shelf_waiter *waiters;
	struct leaf *leaf;
	uint64_t since; /* asked or refused at, in seconds */
	enum book_state state;
	uint32_t len;
	char host[];
};

struct shelf {
	struct book **bucket;
	struct book *oldest, *newest;
	shelf_ask *ask;
	void *arg;
	uint32_t mask;
	uint32_t count, max;
	uint32_t waiting, waiters;
};

struct shelf *shelf_new(uint32_t max, uint32_t waiters, shelf_ask *ask,
			void *arg)
{
	struct shelf *shelf = calloc(1, sizeof(*shelf));
	uint32_t buckets = 16;

	while (buckets < max && buckets < 1u << 20)
		buckets *= 2;
	if (!shelf || !(shelf->bucket = calloc(buckets, sizeof(struct book *))))
		abort();
	shelf->mask = buckets - 1;
	shelf->max = max;
	shelf->waiters = waiters;
	shelf->ask = ask;
	shelf->arg = arg;
	return shelf;
}

static struct book **find(struct shelf *shelf, struct mg_slice host)
{
	struct book **at = &shelf->bucket[hash_table(host) & shelf->mask];

	while (*at && !slice_same(slice((*at)->host, (*at)->len), host))
		at = &(*at)->chain;
	return at;
}

static void unlink_use(struct shelf *shelf, struct book *b)
{
	*(b->older ? &b->older->newer : &shelf->oldest) = b->newer;
	*(b->newer ? &b->newer->older : &shelf->newest) = b->older;
}

static void link_newest(struct shelf *shelf, struct book *b)
{
	b->newer = NULL;
	b->older = shelf->newest;
	*(b->older ? &b->older->newer : &shelf->oldest) = b;
	shelf->newest = b;
}

static void drop(struct shelf *shelf, struct book *b)
{
	struct book **at = find(shelf, slice(b->host, b->len));

	*at = b->chain;
	unlink_use(shelf, b);
	leaf_done(b->leaf);
	free(b);
	shelf->count--;
}

void shelf_free(struct shelf *shelf)
{
	if (!shelf)
		return;
	while (shelf->oldest)
		drop(shelf, shelf->oldest);
	free(shelf->bucket);
	free(shelf);
}

static bool make_room(struct shelf *shelf)
{
	struct book *b = shelf->oldest;

	if (shelf->count < shelf->max)
		return true;
	while (b && b->waiters)
		b = b->newer;
	if (b)
		drop(shelf, b);
	return b != NULL;
}

static struct book *add(struct shelf *shelf, struct mg_slice host)
{
	if (host.len == 0 || host.len > HOST_MAX || !make_room(shelf))
		return NULL;

	struct book *b = calloc(1, sizeof(*b) + host.len);
	if (!b)
		abort();
	b->len = (uint32_t)host.len;
	memcpy(b->host, host.at, host.len);
	*find(shelf, host) = b;
	link_newest(shelf, b);
	shelf->count++;
	return b;
}

static bool is_stale(const struct book *b, uint64_t now)
{
	if (b->state == BOOK_READY)
		return leaf_not_after(b->leaf) < (int64_t)now + LIFE_LEFT_S;
	return b->state == BOOK_REFUSED && now >= b->since + REFUSED_S;
}

static int wait_for(struct shelf *shelf, struct book *b, struct shelf_waiter *w)
{
	if (!w || w->here)
		return MG_EAGAIN;
	if (shelf->waiting == shelf->waiters)
		return MG_ETOOBIG;
	w->next = b->waiters;
	w->here = &b->waiters;
	if (w->next)
		w->next->here = &w->next;
	b->waiters = w;
	shelf->waiting++;
	return MG_EAGAIN;
}

int shelf_get(struct shelf *shelf, struct mg_slice host, uint64_t now,
	      struct shelf_waiter *w, struct leaf **out)
{
	struct book *b = *find(shelf, host);

	if (b && is_stale(b, now)) {
		drop(shelf, b);
		b = NULL;
	}
	bool fresh = !b;
	if (!b && !(b = add(shelf, host)))
		return MG_ETOOBIG;

	unlink_use(shelf, b);
	link_newest(shelf, b);
	if (b->state == BOOK_ASKED &&
	    (fresh || now >= b->since + ASK_AGAIN_S)) {
		b->since = now;
		int err = shelf->ask(shelf->arg, host);
		if (err < 0 && !b->waiters)
			drop(shelf, b);
		if (err < 0)
			return err;
	}
	switch (b->state) {
	case BOOK_READY:
		*out = leaf_use(b->leaf);
		return MG_OK;
	case BOOK_REFUSED:
		return MG_ESTOP;
	default:
		return wait_for(shelf, b, w);
	}
}

void shelf_leave(struct shelf *shelf, struct shelf_waiter *w)
{
	if (!w->here)
		return;
	*w->here = w->next;
	if (w->next)
		w->next->here = w->here;
	w->here = NULL;
	w->next = NULL;
	shelf->waiting--;
}

/* A waiter that is woken may free itself, leave others or get again, so the
 * list is taken off the book first and popped one at a time. */
static void wake_all(struct shelf *shelf, struct book *b)
{
	struct shelf_waiter *w = b->waiters;

	b->waiters = NULL;
	if (w)
		w->here = &w;
	while (w) {
		struct shelf_waiter *first = w;
		shelf_leave(shelf, first);
		first->wake(first);
	}
}

static struct book *answered(struct shelf *shelf, struct mg_slice host,
			     enum book_state state, uint64_t now)
{
	struct book *b = *find(shelf, host);

	if (!b && !(b = add(shelf, host)))
		return NULL;
	leaf_done(b->leaf);
	b->leaf = NULL;
	b->state = state;
	b->since = now;
	return b;
}

void shelf_put(struct shelf *shelf, struct mg_slice host, struct leaf *leaf,
	       uint64_t now)
{
	struct book *b = answered(shelf, host, BOOK_READY, now);

	if (!b)
		return;
	b->leaf = leaf_use(leaf);
	wake_all(shelf, b);
}

void shelf_refuse(struct shelf *shelf, struct mg_slice host, uint64_t now)
{
	struct book *b = answered(shelf, host, BOOK_REFUSED, now);

	if (b)
		wake_all(shelf, b);
}

void shelf_purge(struct shelf *shelf)
{
	struct book *next;

	for (struct book *b = shelf->oldest; b; b = next) {
		next = b->newer;
		if (!b->waiters)
			drop(shelf, b);
	}
}

void shelf_ask_again(struct shelf *shelf, uint64_t now, uint64_t age)
{
	for (struct book *b = shelf->oldest; b; b = b->newer)
		if (b->state == BOOK_ASKED && now >= b->since + age) {
			b->since = now;
			shelf->ask(shelf->arg, slice(b->host, b->len));
		}
}

uint32_t shelf_count(const struct shelf *shelf)
{
	return shelf->count;
}
