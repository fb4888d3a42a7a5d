/* resume.c - see resume.h */
#include "tls/resume.h"

#include <stdlib.h>
#include <time.h>

#include "base/hash.h"

/* As many as a browser keeps: enough for a burst of connections. */
enum { PER_HOST = 4, KEY_MAX = 280 };

struct host {
	uint64_t used; /* turn of the last use; 0: empty */
	SSL_SESSION *session[PER_HOST];
	uint32_t count;
	uint32_t len;
	char key[KEY_MAX];
};

/* Two-way: a key lives in one of two neighbouring places. */
struct resume {
	uint64_t turn;
	uint32_t mask;
	struct host *host;
};

struct resume *resume_new(uint32_t hosts)
{
	struct resume *r = calloc(1, sizeof(*r));
	uint32_t n = 16;

	while (n < hosts && n < 1u << 16)
		n *= 2;
	if (!r || !(r->host = calloc(n, sizeof(*r->host))))
		abort();
	r->mask = n - 1;
	return r;
}

static void empty(struct host *h)
{
	while (h->count)
		SSL_SESSION_free(h->session[--h->count]);
	h->used = 0;
	h->len = 0;
}

void resume_purge(struct resume *r)
{
	for (uint32_t i = 0; i <= r->mask; i++)
		empty(&r->host[i]);
}

void resume_free(struct resume *r)
{
	if (!r)
		return;
	resume_purge(r);
	free(r->host);
	free(r);
}

/* The place of `key`; when absent, the one of its two that is older. */
static struct host *place(struct resume *r, struct mg_slice key, bool *found)
{
	uint32_t i = (uint32_t)hash_table(key) & r->mask;
	struct host *a = &r->host[i], *b = &r->host[i ^ 1];

	*found = true;
	if (slice_same(slice(a->key, a->len), key))
		return a;
	if (slice_same(slice(b->key, b->len), key))
		return b;
	*found = false;
	return a->used <= b->used ? a : b;
}

void resume_put(struct resume *r, struct mg_slice key, SSL_SESSION *session)
{
	bool found;

	if (key.len == 0 || key.len > KEY_MAX) {
		SSL_SESSION_free(session);
		return;
	}
	struct host *h = place(r, key, &found);
	if (!found) {
		empty(h);
		memcpy(h->key, key.at, key.len);
		h->len = (uint32_t)key.len;
	}
	if (h->count == PER_HOST) {
		SSL_SESSION_free(h->session[0]);
		memmove(h->session, h->session + 1,
			(PER_HOST - 1) * sizeof(*h->session));
		h->count--;
	}
	h->session[h->count++] = session;
	h->used = ++r->turn;
}

static bool is_fresh(const SSL_SESSION *session)
{
	return SSL_SESSION_is_resumable(session) &&
	       SSL_SESSION_get_time(session) +
			       SSL_SESSION_get_timeout(session) >
		       (long)time(NULL);
}

SSL_SESSION *resume_take(struct resume *r, struct mg_slice key)
{
	bool found;
	struct host *h = place(r, key, &found);

	if (!found)
		return NULL;
	h->used = ++r->turn;
	while (h->count) {
		SSL_SESSION *session = h->session[--h->count];
		if (is_fresh(session))
			return session;
		SSL_SESSION_free(session);
	}
	return NULL;
}
