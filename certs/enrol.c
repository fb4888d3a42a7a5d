/* enrol.c - see enrol.h */
#include "certs/enrol.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "certs/client.h"
#include "certs/hierarchy.h"
#include "certs/impl.h"
#include "certs/revocation.h"
#include "certs/safe.h"

enum {
	DAYS_MAX = 825, /* Apple accepts no more */
	DEVICE_MAX = 64,
	BYTES_MAX = 1 << 20,
	CRL_DAYS = 365, /* renewed at every revocation, else by hand */
};

/* What a change of the table needs to know. */
struct enrolment {
	const struct enrol_wish *wish;
	struct enrol_gift *gift;
	char *why;
	size_t why_len;
};

static int refuse(const struct enrolment *e, const char *fmt, const char *what)
{
	char text[400];

	snprintf(text, sizeof(text), fmt, what);
	return impl_fail(e->why, e->why_len, MG_EINVAL, "%s", text);
}

void enrol_done(struct enrol_gift *gift)
{
	buf_wipe(&gift->cert);
	buf_wipe(&gift->key);
	buf_wipe(&gift->p12);
	explicit_bzero(gift, sizeof(*gift));
}

static void gift_init(struct enrol_gift *gift)
{
	memset(gift, 0, sizeof(*gift));
	buf_init(&gift->cert, BYTES_MAX);
	buf_init(&gift->key, BYTES_MAX);
	buf_init(&gift->p12, BYTES_MAX);
}

static bool is_device(const char *device)
{
	size_t len = strlen(device);

	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)device[i]) &&
		    !strchr("._-", device[i]))
			return false;
	return len > 0 && len <= DEVICE_MAX && strcmp(device, "-") != 0;
}

/* --- names and secrets --------------------------------------------------- */

/* 256 bits in letters that stand unescaped in a URL. */
static void make_token(char out[ENROL_TOKEN_MAX], unsigned char digest[32])
{
	static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned char random[43];

	hash_random(random, sizeof(random));
	memcpy(out, "mgt_", 4);
	for (size_t i = 0; i < sizeof(random); i++)
		out[4 + i] = letter[random[i] & 63];
	out[4 + sizeof(random)] = '\0';
	hash_sha256(slice_str(out), digest);
	explicit_bzero(random, sizeof(random));
}

static void make_pac(char out[33])
{
	unsigned char random[16];

	hash_random(random, sizeof(random));
	hash_hex(random, sizeof(random), out);
}

/* --- changes ------------------------------------------------------------- */

static int check(const struct enrolment *e)
{
	const struct enrol_wish *wish = e->wish;

	if (!roster_is_name(slice_str(wish->name)))
		return refuse(e,
			      "'%s' is no name: lower-case letters, digits, "
			      "'.', '_' and '-', 64 at most",
			      wish->name);
	if (wish->device && !is_device(wish->device))
		return refuse(e,
			      "'%s' is no device: letters, digits, '.', '_' "
			      "and '-', 64 at most",
			      wish->device);
	if (wish->days < 1 || wish->days > DAYS_MAX)
		return refuse(e, "a certificate lives for 1 to 825 days%s", "");
	for (const char *const *t = wish->tags; t && *t; t++)
		if (!roster_is_word(slice_str(*t)))
			return refuse(e, "'%s' is no tag: no spaces", *t);
	for (const char *const *g = wish->groups; g && *g; g++)
		if (!roster_is_word(slice_str(*g)))
			return refuse(e, "'%s' is no group: no spaces", *g);
	return MG_OK;
}

static struct identity *find(struct roster *r, const struct enrolment *e,
			     int *err)
{
	struct identity *who = roster_find(r, slice_str(e->wish->name));

	*err = MG_OK;
	if (!who)
		*err = refuse(e,
			      "there is no integration '%s'; `moongate "
			      "integration list` shows those there are",
			      e->wish->name);
	else if (who->status == IDENTITY_REVOKED)
		*err = refuse(e,
			      "'%s' is revoked for good; create one under "
			      "another name",
			      e->wish->name);
	return *err < 0 ? NULL : who;
}

static bool has_device(const struct identity *who, const char *device,
		       bool even_ended)
{
	for (uint32_t i = 0; i < who->cert_count; i++)
		if (slice_is(who->certs[i].device, device ? device : "") &&
		    (even_ended || !who->certs[i].revoked))
			return true;
	return false;
}

static int add_new(struct roster *r, const struct enrolment *e,
		   struct identity **out)
{
	char now[32];
	struct identity *who = roster_add(r, slice_str(e->wish->name));
	int err = who ? MG_OK : MG_ETOOBIG;

	if (err < 0)
		return refuse(e, "there is no room for another integration%s",
			      "");
	clock_uuid7(e->gift->id);
	clock_print(clock_now_us(), now);
	make_pac(e->gift->pac);
	make_token(e->gift->token, who->token);
	who->has_token = true;
	who->id = arena_slice(&r->arena, slice_str(e->gift->id));
	who->created = arena_slice(&r->arena, slice_str(now));
	who->pac = arena_slice(&r->arena, slice_str(e->gift->pac));
	who->mode = e->wish->mode;
	for (const char *const *t = e->wish->tags; t && *t && err >= 0; t++)
		err = roster_add_tag(r, who, slice_str(*t));
	for (const char *const *g = e->wish->groups; g && *g && err >= 0; g++)
		err = roster_add_group(r, who, slice_str(*g));
	*out = who;
	return err < 0 ? refuse(e, "too many tags or groups%s", "") : MG_OK;
}

static int add_device(struct roster *r, const struct enrolment *e,
		      struct identity **out)
{
	int err;
	struct identity *who = find(r, e, &err);

	if (!who)
		return err;
	if (!e->wish->device)
		return refuse(e,
			      "'%s' exists already; `moongate integration "
			      "rotate` gives it a new key",
			      e->wish->name);
	if (has_device(who, e->wish->device, true))
		return refuse(e,
			      "device '%s' exists already; `moongate "
			      "integration rotate` gives it a new key",
			      e->wish->device);
	if (e->wish->tags || e->wish->groups)
		return refuse(e,
			      "'%s' exists: a device more takes its tags and "
			      "groups",
			      e->wish->name);
	snprintf(e->gift->id, sizeof(e->gift->id), "%.*s", (int)who->id.len,
		 who->id.at);
	snprintf(e->gift->pac, sizeof(e->gift->pac), "%.*s", (int)who->pac.len,
		 who->pac.at);
	*out = who;
	return MG_OK;
}

static int add_made(struct roster *r, const struct enrolment *e,
		    struct identity *who)
{
	struct client_ca ca;
	int err = client_open(&ca, e->wish->state, e->why, e->why_len);

	if (err >= 0)
		err = client_make(&ca, e->wish, e->gift, e->why, e->why_len);
	struct identity_cert row = {
		.issuer = slice_str(ca.issuer),
		.serial = slice_str(e->gift->serial),
		.device = slice_str(e->wish->device ? e->wish->device : ""),
		.until = e->gift->not_after,
	};
	if (err >= 0 && roster_add_cert(r, who, &row) < 0)
		err = refuse(e, "'%s' has too many certificates",
			     e->wish->name);
	client_close(&ca);
	return err;
}

static int change_create(struct roster *r, void *arg)
{
	const struct enrolment *e = arg;
	struct identity *who = NULL;
	int err = roster_find(r, slice_str(e->wish->name))
			  ? add_device(r, e, &who)
			  : add_new(r, e, &who);

	return err < 0 ? err : add_made(r, e, who);
}

/* Ends what one device (or the integration itself) has, now or later. */
static void end_certs(struct roster *r, struct identity *who,
		      const char *device, bool all, int64_t grace)
{
	struct identity_cert *list =
		arena_alloc(&r->arena, (who->cert_count + 1) * sizeof(*list));
	int64_t now = cert_now();

	memcpy(list, who->certs, who->cert_count * sizeof(*list));
	for (uint32_t i = 0; i < who->cert_count; i++) {
		struct identity_cert *c = &list[i];
		if (c->revoked ||
		    (!all && !slice_is(c->device, device ? device : "")))
			continue;
		if (grace <= 0)
			c->revoked = now;
		else if (c->until > now + grace)
			c->until = now + grace;
	}
	/* The list's room must look as roster_add_cert left it. */
	uint32_t n = who->cert_count;
	who->certs = NULL;
	who->cert_count = 0;
	for (uint32_t i = 0; i < n; i++)
		roster_add_cert(r, who, &list[i]);
}

static int change_rotate(struct roster *r, void *arg)
{
	const struct enrolment *e = arg;
	int err;
	struct identity *who = find(r, e, &err);

	if (!who)
		return err;
	if (!has_device(who, e->wish->device, true))
		return refuse(e, "it has no device '%s'",
			      e->wish->device ? e->wish->device : "");
	end_certs(r, who, e->wish->device, false, e->wish->grace);
	snprintf(e->gift->id, sizeof(e->gift->id), "%.*s", (int)who->id.len,
		 who->id.at);
	snprintf(e->gift->pac, sizeof(e->gift->pac), "%.*s", (int)who->pac.len,
		 who->pac.at);
	return add_made(r, e, who);
}

static int change_token(struct roster *r, void *arg)
{
	const struct enrolment *e = arg;
	int err;
	struct identity *who = find(r, e, &err);

	if (!who)
		return err;
	make_token(e->gift->token, who->token);
	who->has_token = true;
	return MG_OK;
}

static int publish(struct roster *r, const struct enrolment *e)
{
	char dir[PATH_MAX];

	if (impl_path(dir, sizeof(dir), e->wish->state, "ca") < 0)
		return MG_ETOOBIG;
	/* Nobody here reads the list: a revocation must not fail for it. */
	char why[256];
	if (hierarchy_exists(dir))
		revocation_publish(dir, r, CRL_DAYS, why, sizeof(why));
	return MG_OK;
}

static int change_revoke(struct roster *r, void *arg)
{
	const struct enrolment *e = arg;
	int err;
	struct identity *who = find(r, e, &err);

	if (!who)
		return err;
	if (e->wish->device && !has_device(who, e->wish->device, false))
		return refuse(e, "it has no device '%s'", e->wish->device);
	end_certs(r, who, e->wish->device, !e->wish->device, 0);
	if (!e->wish->device)
		who->status = IDENTITY_REVOKED;
	return publish(r, e);
}

struct enrol_status {
	struct enrolment e;
	enum identity_status status;
};

static int change_status(struct roster *r, void *arg)
{
	struct enrol_status *s = arg;
	int err;
	struct identity *who = find(r, &s->e, &err);

	if (who)
		who->status = s->status;
	return err;
}

static int change_mode(struct roster *r, void *arg)
{
	const struct enrolment *e = arg;
	int err;
	struct identity *who = find(r, e, &err);

	if (who)
		who->mode = e->wish->mode;
	return err;
}

/* --- from outside -------------------------------------------------------- */

static int edit(const char *state, roster_change *change, void *arg, char *why,
		size_t len)
{
	char path[PATH_MAX];

	if (impl_path(path, sizeof(path), state, "integrations") < 0)
		return impl_fail(why, len, MG_EINVAL, "the path is too long");
	if (safe_make_dir(state) < 0)
		return impl_fail(why, len, MG_EIO, "%s: %s", state,
				 strerror(errno));
	return roster_edit(path, change, arg, why, len);
}

static int enrol(const struct enrol_wish *wish, struct enrol_gift *gift,
		 roster_change *change, char *why, size_t len)
{
	struct enrolment e = { wish, gift, why, len };

	gift_init(gift);
	int err = check(&e);
	if (err >= 0)
		err = edit(wish->state, change, &e, why, len);
	if (err < 0)
		enrol_done(gift);
	return err;
}

int enrol_create(const struct enrol_wish *wish, struct enrol_gift *gift,
		 char *why, size_t len)
{
	return enrol(wish, gift, change_create, why, len);
}

int enrol_rotate(const struct enrol_wish *wish, struct enrol_gift *gift,
		 char *why, size_t len)
{
	return enrol(wish, gift, change_rotate, why, len);
}

int enrol_token(const char *state, const char *name,
		char token[ENROL_TOKEN_MAX], char *why, size_t len)
{
	struct enrol_wish wish = { .state = state, .name = name };
	struct enrol_gift gift;
	struct enrolment e = { &wish, &gift, why, len };

	gift_init(&gift);
	int err = edit(state, change_token, &e, why, len);
	if (err >= 0)
		memcpy(token, gift.token, ENROL_TOKEN_MAX);
	enrol_done(&gift);
	return err;
}

int enrol_revoke(const char *state, const char *name, const char *device,
		 char *why, size_t len)
{
	struct enrol_wish wish = { .state = state,
				   .name = name,
				   .device = device };
	struct enrolment e = { &wish, NULL, why, len };

	return edit(state, change_revoke, &e, why, len);
}

int enrol_pause(const char *state, const char *name,
		enum identity_status status, char *why, size_t len)
{
	struct enrol_wish wish = { .state = state, .name = name };
	struct enrol_status s = { { &wish, NULL, why, len }, status };

	return edit(state, change_status, &s, why, len);
}

int enrol_set_mode(const char *state, const char *name, enum identity_mode mode,
		   char *why, size_t len)
{
	struct enrol_wish wish = { .state = state, .name = name, .mode = mode };
	struct enrolment e = { &wish, NULL, why, len };

	return edit(state, change_mode, &e, why, len);
}

struct issuer_end {
	const char *issuer;
	int64_t until;
	int count;
};

static int change_issuer(struct roster *r, void *arg)
{
	struct issuer_end *end = arg;

	for (uint32_t i = 0; i < r->count; i++) {
		struct identity *who = &r->at[i];
		for (uint32_t k = 0; k < who->cert_count; k++) {
			/* The table was just read: the list is ours. */
			struct identity_cert *c =
				(struct identity_cert *)&who->certs[k];
			if (!slice_is(c->issuer, end->issuer) ||
			    c->until <= end->until)
				continue;
			c->until = end->until;
			end->count++;
		}
	}
	return MG_OK;
}

int enrol_end_issuer(const char *state, const char *issuer, int64_t until,
		     char *why, size_t len)
{
	struct issuer_end end = { issuer, until, 0 };
	int err = edit(state, change_issuer, &end, why, len);

	return err < 0 ? err : end.count;
}
