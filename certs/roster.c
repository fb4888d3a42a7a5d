/* roster.c - see roster.h */
#include "certs/roster.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "certs/safe.h"

static const char magic[] = "moongate-integrations 1";

static const char *const status_word[] = {
	[IDENTITY_ACTIVE] = "active",
	[IDENTITY_PAUSED] = "paused",
	[IDENTITY_REVOKED] = "revoked",
};

static const char *const mode_word[] = {
	[IDENTITY_INLINE] = "inline",
	[IDENTITY_OBSERVE] = "observe",
};

void roster_init(struct roster *r)
{
	memset(r, 0, sizeof(*r));
	arena_init(&r->arena);
}

void roster_deinit(struct roster *r)
{
	arena_wipe(&r->arena);
	roster_init(r);
}

bool roster_is_name(struct mg_slice name)
{
	if (name.len == 0 || name.len > 64 || name.at[0] == '.' ||
	    name.at[0] == '-')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '.' && c != '-' && c != '_')
			return false;
	}
	return true;
}

bool roster_is_word(struct mg_slice word)
{
	if (word.len == 0 || word.len > ROSTER_WORD_MAX || slice_is(word, "-"))
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (word.at[i] <= ' ' || word.at[i] > '~')
			return false;
	return true;
}

struct identity *roster_find(struct roster *r, struct mg_slice name)
{
	for (uint32_t i = 0; i < r->count; i++)
		if (slice_same(r->at[i].name, name))
			return &r->at[i];
	return NULL;
}

struct identity *roster_add(struct roster *r, struct mg_slice name)
{
	if (r->count == ROSTER_MAX || !roster_is_name(name))
		return NULL;
	r->at = arena_grow(&r->arena, r->at, r->count, &r->cap, sizeof(*r->at));

	struct identity *who = &r->at[r->count++];
	*who = (struct identity){ .name = arena_slice(&r->arena, name) };
	return who;
}

/* Lists have no capacity of their own: they grow when their length is a power
 * of two, so the length says it. */
static void *room(struct roster *r, const void *list, uint32_t n, size_t size)
{
	if (n && (n & (n - 1)))
		return (void *)list;
	uint32_t cap = n ? n * 2 : 1;
	void *at = arena_alloc(&r->arena, cap * size);
	if (n)
		memcpy(at, list, n * size);
	return at;
}

int roster_add_cert(struct roster *r, struct identity *who,
		    const struct identity_cert *cert)
{
	if (who->cert_count == ROSTER_CERTS_MAX)
		return MG_ETOOBIG;
	struct identity_cert *list =
		room(r, who->certs, who->cert_count, sizeof(*list));
	list[who->cert_count++] = (struct identity_cert){
		.issuer = arena_slice(&r->arena, cert->issuer),
		.serial = arena_slice(&r->arena, cert->serial),
		.device = arena_slice(&r->arena, cert->device),
		.until = cert->until,
		.revoked = cert->revoked,
	};
	who->certs = list;
	return MG_OK;
}

static int add_word(struct roster *r, const struct mg_slice **list, uint32_t *n,
		    struct mg_slice word)
{
	if (!roster_is_word(word))
		return MG_EINVAL;
	if (*n == ROSTER_LIST_MAX)
		return MG_ETOOBIG;
	struct mg_slice *at = room(r, *list, *n, sizeof(*at));
	at[(*n)++] = arena_slice(&r->arena, word);
	*list = at;
	return MG_OK;
}

int roster_add_tag(struct roster *r, struct identity *who, struct mg_slice tag)
{
	return add_word(r, &who->tags, &who->tag_count, tag);
}

int roster_add_group(struct roster *r, struct identity *who,
		     struct mg_slice group)
{
	return add_word(r, &who->groups, &who->group_count, group);
}

/* --- reading ------------------------------------------------------------- */

static bool is_hex(struct mg_slice s, size_t min, size_t max)
{
	if (s.len < min || s.len > max)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!(s.at[i] >= '0' && s.at[i] <= '9') &&
		    !(s.at[i] >= 'a' && s.at[i] <= 'f'))
			return false;
	return true;
}

static bool read_time(struct mg_slice s, int64_t *out)
{
	uint64_t n;

	if (slice_number(s, &n) < 0 || n > INT64_MAX / 2)
		return false;
	*out = (int64_t)n;
	return true;
}

static const char *read_cert(struct roster *r, struct identity *who,
			     struct mg_slice value)
{
	struct identity_cert c = { 0 };
	struct mg_slice until, revoked;

	if (!slice_cut(&value, ' ', &c.issuer) || !is_hex(c.issuer, 32, 32) ||
	    !slice_cut(&value, ' ', &c.serial) || !is_hex(c.serial, 1, 40) ||
	    !slice_cut(&value, ' ', &until) || !read_time(until, &c.until) ||
	    !slice_cut(&value, ' ', &revoked) ||
	    !read_time(revoked, &c.revoked) ||
	    !slice_cut(&value, ' ', &c.device) || value.len)
		return "a certificate is ISSUER SERIAL UNTIL REVOKED DEVICE";
	if (slice_is(c.device, "-"))
		c.device = slice("", 0);
	else if (!roster_is_word(c.device))
		return "a device has no spaces";
	return roster_add_cert(r, who, &c) < 0 ? "too many certificates" : NULL;
}

static int nibble(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static const char *read_token(struct identity *who, struct mg_slice value)
{
	if (!is_hex(value, 64, 64))
		return "a token is 64 hexadecimal digits";
	for (int i = 0; i < 32; i++)
		who->token[i] = (unsigned char)(nibble(value.at[2 * i]) << 4 |
						nibble(value.at[2 * i + 1]));
	who->has_token = true;
	return NULL;
}

static bool read_choice(struct mg_slice value, const char *const *words,
			unsigned count, unsigned *out)
{
	for (unsigned i = 0; i < count; i++)
		if (slice_is(value, words[i])) {
			*out = i;
			return true;
		}
	return false;
}

static const char *read_line(struct roster *r, struct identity *who,
			     struct mg_slice key, struct mg_slice value)
{
	unsigned choice;

	if (slice_is(key, "cert"))
		return read_cert(r, who, value);
	if (slice_is(key, "token"))
		return read_token(who, value);
	if (slice_is(key, "tag"))
		return roster_add_tag(r, who, value) < 0 ? "not a tag" : NULL;
	if (slice_is(key, "group"))
		return roster_add_group(r, who, value) < 0 ? "not a group"
							   : NULL;
	if (slice_is(key, "mode")) {
		if (!read_choice(value, mode_word, 2, &choice))
			return "the mode is inline or observe";
		who->mode = choice;
	} else if (slice_is(key, "status")) {
		if (!read_choice(value, status_word, 3, &choice))
			return "the status is active, paused or revoked";
		who->status = choice;
	} else if (slice_is(key, "pac")) {
		if (!is_hex(value, 16, 64))
			return "a PAC id is hexadecimal digits";
		who->pac = arena_slice(&r->arena, value);
	} else if (slice_is(key, "id") && roster_is_word(value)) {
		who->id = arena_slice(&r->arena, value);
	} else if (slice_is(key, "created") && roster_is_word(value)) {
		who->created = arena_slice(&r->arena, value);
	} else {
		return "a line that nobody knows; is the file from a newer "
		       "Moongate?";
	}
	return NULL;
}

static const char *read_any(struct roster *r, struct identity **who,
			    struct mg_slice line)
{
	struct mg_slice value = line, key;

	slice_cut(&value, ' ', &key);
	if (slice_is(key, "epoch") && !*who)
		return slice_number(value, &r->epoch) < 0 ? "not a number"
							  : NULL;
	if (slice_is(key, "integration")) {
		*who = roster_add(r, value);
		return *who ? NULL : "not a name, or too many integrations";
	}
	return *who ? read_line(r, *who, key, value)
		    : "an integration must come first";
}

int roster_parse(struct roster *r, struct mg_slice text, char *why,
		 size_t why_len)
{
	struct identity *who = NULL;
	struct mg_slice line;
	const char *fault = NULL;
	unsigned n = 0;

	if (text.len == 0)
		return MG_OK;
	while (!fault && slice_cut(&text, '\n', &line)) {
		n++;
		if (n == 1 && !slice_is(line, magic))
			fault = "not a table of integrations";
		else if (n > 1 && line.len && line.at[0] != '#')
			fault = read_any(r, &who, line);
	}
	if (!fault)
		return MG_OK;
	snprintf(why, why_len, "line %u: %s", n, fault);
	return MG_EPROTO;
}

/* --- printing ------------------------------------------------------------ */

/* Every value printed here was checked when it was added. */
static int print_word(struct buf *out, const char *key, struct mg_slice value)
{
	return value.len ? buf_addf(out, "%s %.*s\n", key, (int)value.len,
				    value.at)
			 : MG_OK;
}

static int print_cert(struct buf *out, const struct identity_cert *c)
{
	return buf_addf(out, "cert %.*s %.*s %lld %lld %.*s\n",
			(int)c->issuer.len, c->issuer.at, (int)c->serial.len,
			c->serial.at, (long long)c->until,
			(long long)c->revoked,
			c->device.len ? (int)c->device.len : 1,
			c->device.len ? c->device.at : "-");
}

static int print_one(struct buf *out, const struct identity *who)
{
	char token[65];
	int err = buf_add_str(out, "\n");

	err = err < 0 ? err : print_word(out, "integration", who->name);
	err = err < 0 ? err : print_word(out, "id", who->id);
	err = err < 0 ? err : print_word(out, "created", who->created);
	err = err < 0 ? err
		      : buf_addf(out, "mode %s\nstatus %s\n",
				 mode_word[who->mode],
				 status_word[who->status]);
	for (uint32_t i = 0; err >= 0 && i < who->tag_count; i++)
		err = print_word(out, "tag", who->tags[i]);
	for (uint32_t i = 0; err >= 0 && i < who->group_count; i++)
		err = print_word(out, "group", who->groups[i]);
	if (who->has_token) {
		hash_hex(who->token, sizeof(who->token), token);
		err = err < 0 ? err : buf_addf(out, "token %s\n", token);
	}
	err = err < 0 ? err : print_word(out, "pac", who->pac);
	for (uint32_t i = 0; err >= 0 && i < who->cert_count; i++)
		err = print_cert(out, &who->certs[i]);
	return err;
}

int roster_print(const struct roster *r, struct buf *out)
{
	int err = buf_addf(out, "%s\nepoch %llu\n", magic,
			   (unsigned long long)r->epoch);

	for (uint32_t i = 0; err >= 0 && i < r->count; i++)
		err = print_one(out, &r->at[i]);
	return err;
}

/* --- the file ------------------------------------------------------------ */

int roster_read(struct roster *r, const char *path, char *why, size_t why_len)
{
	struct buf text;

	buf_init(&text, ROSTER_BYTES_MAX);
	int err = safe_read(path, &text);
	if (err == MG_EIO && errno == ENOENT)
		err = MG_OK;
	else if (err < 0)
		snprintf(why, why_len, "%s: %s", path,
			 err == MG_EIO ? strerror(errno) : mg_strerror(err));
	else
		err = roster_parse(r, buf_slice(&text), why, why_len);
	buf_wipe(&text);
	return err;
}

static int change_locked(const char *path, roster_change *change, void *arg,
			 char *why, size_t why_len)
{
	struct roster r;
	struct buf out;

	roster_init(&r);
	buf_init(&out, ROSTER_BYTES_MAX);
	int err = roster_read(&r, path, why, why_len);
	if (err >= 0)
		err = change(&r, arg);
	if (err >= 0) {
		r.epoch++;
		err = roster_print(&r, &out);
		if (err >= 0)
			err = safe_replace(path, buf_slice(&out), 0640);
		if (err < 0)
			snprintf(why, why_len, "%s: not written: %s", path,
				 strerror(errno));
	}
	buf_wipe(&out);
	roster_deinit(&r);
	return err;
}

int roster_edit(const char *path, roster_change *change, void *arg, char *why,
		size_t why_len)
{
	int lock = safe_lock(path);

	if (lock < 0) {
		snprintf(why, why_len, "%s.lock: %s", path, strerror(errno));
		return MG_EIO;
	}
	int err = change_locked(path, change, arg, why, why_len);
	safe_unlock(lock);
	return err;
}
