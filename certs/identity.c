/* identity.c - see identity.h */
#include "certs/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/log.h"
#include "certs/roster.h"

/* Where a name, a PAC id or a certificate leads. */
struct entry {
	struct mg_slice key;
	uint32_t who; /* 1-based; 0: empty place */
	uint32_t cert;
};

/* Open addressing, at most half full, never changed once built. */
struct directory {
	struct entry *at;
	uint32_t mask;
};

/* When this is the same, the file is. */
struct stamp {
	struct timespec mtime;
	ino_t inode;
	off_t size;
};

struct identity_table {
	char *path;
	struct roster roster;
	struct directory names, pacs, serials;
	struct stamp stamp, failed;
};

/* --- directories --------------------------------------------------------- */

static void directory_build(struct directory *d, uint32_t entries)
{
	uint32_t places = 16;

	while (places < entries * 2)
		places *= 2;
	d->mask = places - 1;
	d->at = calloc(places, sizeof(*d->at));
	if (!d->at)
		abort();
}

static struct entry *directory_find(const struct directory *d,
				    struct mg_slice key)
{
	uint32_t i = (uint32_t)hash_table(key) & d->mask;

	while (d->at[i].who && !slice_same(d->at[i].key, key))
		i = (i + 1) & d->mask;
	return &d->at[i];
}

static bool directory_add(struct directory *d, struct mg_slice key,
			  uint32_t who, uint32_t cert)
{
	struct entry *e = directory_find(d, key);

	if (e->who)
		return false;
	*e = (struct entry){ key, who + 1, cert };
	return true;
}

/* Issuer and serial as one key; 32 + 40 digits at most. */
static struct mg_slice serial_key(char out[80], struct mg_slice issuer,
				  struct mg_slice serial)
{
	if (issuer.len != 32 || serial.len == 0 || serial.len > 40)
		return slice("", 0);
	memcpy(out, issuer.at, 32);
	memcpy(out + 32, serial.at, serial.len);
	return slice(out, 32 + serial.len);
}

static const char *index_one(struct identity_table *t, uint32_t i)
{
	const struct identity *who = &t->roster.at[i];
	char key[80];

	if (!directory_add(&t->names, who->name, i, 0))
		return "the same name twice";
	if (who->pac.len && !directory_add(&t->pacs, who->pac, i, 0))
		return "the same PAC id twice";
	for (uint32_t c = 0; c < who->cert_count; c++) {
		struct mg_slice k = serial_key(key, who->certs[c].issuer,
					       who->certs[c].serial);
		if (!directory_add(&t->serials,
				   arena_slice(&t->roster.arena, k), i, c))
			return "the same certificate twice";
	}
	return NULL;
}

static const char *index_all(struct identity_table *t)
{
	uint32_t certs = 0;
	const char *fault = NULL;

	for (uint32_t i = 0; i < t->roster.count; i++)
		certs += t->roster.at[i].cert_count;
	directory_build(&t->names, t->roster.count);
	directory_build(&t->pacs, t->roster.count);
	directory_build(&t->serials, certs);
	for (uint32_t i = 0; !fault && i < t->roster.count; i++)
		fault = index_one(t, i);
	return fault;
}

/* --- the table ----------------------------------------------------------- */

static void empty(struct identity_table *t)
{
	free(t->names.at);
	free(t->pacs.at);
	free(t->serials.at);
	roster_deinit(&t->roster);
}

static struct stamp stamp_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return (struct stamp){ .inode = 0 };
	return (struct stamp){ st.st_mtim, st.st_ino, st.st_size };
}

static bool same_stamp(const struct stamp *a, const struct stamp *b)
{
	return a->inode == b->inode && a->size == b->size &&
	       a->mtime.tv_sec == b->mtime.tv_sec &&
	       a->mtime.tv_nsec == b->mtime.tv_nsec;
}

/* The stamp is taken first: a file replaced while it is read is read again. */
static int load(struct identity_table *t, const char *path, char *why,
		size_t why_len)
{
	t->stamp = stamp_of(path);
	roster_init(&t->roster);
	int err = roster_read(&t->roster, path, why, why_len);
	if (err < 0)
		return err;
	const char *fault = index_all(t);
	if (fault)
		snprintf(why, why_len, "%s", fault);
	return fault ? MG_EPROTO : MG_OK;
}

struct identity_table *identity_open(const char *path, char *why,
				     size_t why_len)
{
	struct identity_table *t = calloc(1, sizeof(*t));

	if (!t || !(t->path = strdup(path)))
		abort();
	if (load(t, path, why, why_len) < 0) {
		identity_close(t);
		return NULL;
	}
	return t;
}

void identity_close(struct identity_table *t)
{
	if (!t)
		return;
	empty(t);
	free(t->path);
	free(t);
}

int identity_refresh(struct identity_table *t)
{
	struct stamp now = stamp_of(t->path);
	struct identity_table fresh = { 0 };
	char why[256];

	if (same_stamp(&now, &t->stamp) || same_stamp(&now, &t->failed))
		return 0;
	/* It was there and is gone: no reason to forget everybody at once. */
	int err = now.inode ? load(&fresh, t->path, why, sizeof(why)) : MG_EIO;
	if (err < 0) {
		log_error(LOG_CERTS,
			  "integrations not read, the old ones "
			  "stand: %s",
			  now.inode ? why : "the file is gone");
		empty(&fresh);
		t->failed = now;
		return err;
	}
	fresh.path = t->path;
	empty(t);
	*t = fresh;
	return 1;
}

uint64_t identity_epoch(const struct identity_table *t)
{
	return t->roster.epoch;
}

uint32_t identity_count(const struct identity_table *t)
{
	return t->roster.count;
}

/* --- who is it ----------------------------------------------------------- */

const struct identity *identity_at(const struct identity_table *t, uint32_t i)
{
	return i < t->roster.count ? &t->roster.at[i] : NULL;
}

static const struct identity *lookup(const struct identity_table *t,
				     const struct directory *d,
				     struct mg_slice key)
{
	const struct entry *e = directory_find(d, key);

	return e->who ? &t->roster.at[e->who - 1] : NULL;
}

const struct identity *identity_by_name(const struct identity_table *t,
					struct mg_slice name)
{
	return lookup(t, &t->names, name);
}

const struct identity *identity_by_pac(const struct identity_table *t,
				       struct mg_slice pac)
{
	return pac.len ? lookup(t, &t->pacs, pac) : NULL;
}

enum identity_answer identity_answer_of(const struct identity *who)
{
	switch (who->status) {
	case IDENTITY_ACTIVE:
		return IDENTITY_OK;
	case IDENTITY_PAUSED:
		return IDENTITY_IS_PAUSED;
	case IDENTITY_REVOKED:
		return IDENTITY_IS_REVOKED;
	}
	return IDENTITY_UNKNOWN;
}

enum identity_answer identity_by_serial(const struct identity_table *t,
					struct mg_slice issuer,
					struct mg_slice serial, int64_t now,
					const struct identity **who,
					const struct identity_cert **cert)
{
	char key[80];
	struct mg_slice k = serial_key(key, issuer, serial);
	const struct entry *e = directory_find(&t->serials, k);

	*who = NULL;
	*cert = NULL;
	if (!k.len || !e->who)
		return IDENTITY_UNKNOWN;
	*who = &t->roster.at[e->who - 1];
	*cert = &(*who)->certs[e->cert];
	if ((*cert)->revoked)
		return IDENTITY_IS_REVOKED;
	if ((*cert)->until <= now)
		return IDENTITY_IS_EXPIRED;
	return identity_answer_of(*who);
}

enum identity_answer identity_by_token(const struct identity_table *t,
				       struct mg_slice name,
				       struct mg_slice token,
				       const struct identity **who)
{
	static const unsigned char nobody[32];
	unsigned char digest[32];

	/* Unknown names cost the same comparison as known ones. */
	*who = identity_by_name(t, name);
	bool has = *who && (*who)->has_token;
	hash_sha256(token, digest);
	bool same = hash_same(digest, has ? (*who)->token : nobody, 32);
	if (!*who)
		return IDENTITY_UNKNOWN;
	return has && same ? identity_answer_of(*who) : IDENTITY_WRONG_TOKEN;
}

const char *identity_sentence(enum identity_answer answer)
{
	switch (answer) {
	case IDENTITY_OK:
		return "welcome";
	case IDENTITY_UNKNOWN:
		return "this integration or certificate is not known here";
	case IDENTITY_IS_PAUSED:
		return "this integration is paused";
	case IDENTITY_IS_REVOKED:
		return "this integration or certificate was revoked";
	case IDENTITY_IS_EXPIRED:
		return "this certificate is no longer accepted; it was "
		       "replaced or has expired";
	case IDENTITY_WRONG_TOKEN:
		return "this is not the integration's token";
	}
	return "unknown";
}

static const struct mg_slice *copy_list(const struct mg_slice *list, uint32_t n,
					struct arena *arena)
{
	struct mg_slice *out = arena_alloc(arena, n * sizeof(*out) + 1);

	for (uint32_t i = 0; i < n; i++)
		out[i] = arena_slice(arena, list[i]);
	return out;
}

const struct identity *identity_copy(const struct identity *who,
				     struct arena *arena)
{
	struct identity *copy = arena_alloc(arena, sizeof(*copy));

	*copy = *who;
	copy->name = arena_slice(arena, who->name);
	copy->id = arena_slice(arena, who->id);
	copy->created = arena_slice(arena, who->created);
	copy->pac = arena_slice(arena, who->pac);
	copy->tags = copy_list(who->tags, who->tag_count, arena);
	copy->groups = copy_list(who->groups, who->group_count, arena);
	copy->certs = NULL;
	copy->cert_count = 0;
	return copy;
}
