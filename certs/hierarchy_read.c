/* hierarchy_read.c - the questions of hierarchy.h: what is there, what was it
 * made from, what do the listeners need. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "certs/hierarchy.h"
#include "certs/impl.h"
#include "certs/safe.h"
#include "tls/impl.h"

enum {
	ABOUT_MAX = 4 << 20,
	OLD_MAX = 16, /* client CAs in grace */
};

/* --- what it was made from ----------------------------------------------- */

static void recall_about(struct hierarchy_plan *plan, struct mg_slice text,
			 struct arena *arena)
{
	struct mg_slice line, key;

	while (slice_cut(&text, '\n', &line)) {
		const char **into = NULL;
		slice_cut(&line, ' ', &key);
		if (slice_is(key, "org"))
			into = &plan->org;
		else if (slice_is(key, "proxy"))
			into = &plan->proxy;
		else if (slice_is(key, "crl"))
			into = &plan->crl_base;
		if (into && !*into)
			*into = arena_str(arena, line.at, line.len);
	}
}

static void recall_hosts(struct hierarchy_plan *plan, struct mg_slice text,
			 struct arena *arena)
{
	const char **hosts = NULL;
	uint32_t n = 0, cap = 0;
	struct mg_slice line;

	while (slice_cut(&text, '\n', &line)) {
		line = slice_trim(line);
		if (line.len == 0 || line.at[0] == '#')
			continue;
		hosts = arena_grow(arena, hosts, n, &cap, sizeof(*hosts));
		hosts[n++] = arena_str(arena, line.at, line.len);
	}
	plan->hosts = hosts;
	plan->host_count = n;
}

static int recall_file(struct hierarchy_plan *plan, struct arena *arena,
		       const char *name, char *why, size_t len)
{
	char path[PATH_MAX];
	struct buf text;
	int err = impl_path(path, sizeof(path), plan->dir, name);

	buf_init(&text, ABOUT_MAX);
	if (err >= 0)
		err = safe_read(path, &text);
	if (err < 0)
		impl_fail(why, len, err, "%s: %s", path, strerror(errno));
	else if (strcmp(name, "about") == 0)
		recall_about(plan, buf_slice(&text), arena);
	else
		recall_hosts(plan, buf_slice(&text), arena);
	buf_deinit(&text);
	return err;
}

int hierarchy_recall(struct hierarchy_plan *plan, struct arena *arena,
		     char *why, size_t len)
{
	int err = MG_OK;

	if (!plan->org || !plan->proxy || !plan->crl_base)
		err = recall_file(plan, arena, "about", why, len);
	if (err >= 0 && plan->host_count == 0)
		err = recall_file(plan, arena, "hosts", why, len);
	return err;
}

void hierarchy_crl_url(const char *dir, const char *name, char *out, size_t len)
{
	struct hierarchy_plan plan = { .dir = dir };
	struct arena arena;
	char why[HIERARCHY_WHY];

	arena_init(&arena);
	snprintf(out, len, "%s", "");
	if (hierarchy_recall(&plan, &arena, why, sizeof(why)) >= 0 &&
	    plan.crl_base && *plan.crl_base)
		snprintf(out, len, "%s/%s.crl", plan.crl_base, name);
	arena_deinit(&arena);
}

/* --- what the listeners need --------------------------------------------- */

static int read_into(const char *dir, const char *name, struct buf *out,
		     char *why, size_t len)
{
	char path[PATH_MAX];
	int err = impl_path(path, sizeof(path), dir, name);

	if (err >= 0)
		err = safe_read(path, out);
	return err < 0 ? impl_fail(why, len, err, "%s/%s: %s", dir, name,
				   strerror(errno))
		       : MG_OK;
}

/* "client-1790000000.crt": until when, or 0 for another kind of file. */
static int64_t until_of(const char *name)
{
	struct mg_slice s = slice_str(name);
	uint64_t until;

	if (!slice_starts(s, "client-") || !slice_ends(s, ".crt"))
		return 0;
	s = slice(s.at + 7, s.len - 11);
	return slice_number(s, &until) < 0 || until > INT64_MAX
		       ? 0
		       : (int64_t)until;
}

static int add_old_clients(const char *dir, int64_t now, struct buf *out,
			   char *why, size_t len)
{
	char path[PATH_MAX], name[300];
	int err = impl_path(path, sizeof(path), dir, "old"), n = 0;
	DIR *old = err < 0 ? NULL : opendir(path);
	struct dirent *entry;

	while (err >= 0 && old && (entry = readdir(old)) && n < OLD_MAX) {
		if (until_of(entry->d_name) <= now)
			continue;
		snprintf(name, sizeof(name), "old/%s", entry->d_name);
		err = read_into(dir, name, out, why, len);
		n++;
	}
	if (old)
		closedir(old);
	return err;
}

int hierarchy_outer(const char *dir, int64_t now, struct buf *cert,
		    struct buf *key, struct buf *client_cas, char *why,
		    size_t len)
{
	int err = read_into(dir, "proxy.crt", cert, why, len);

	if (err >= 0)
		err = read_into(dir, "proxy.key", key, why, len);
	if (err >= 0)
		err = read_into(dir, "client.crt", client_cas, why, len);
	if (err >= 0)
		err = add_old_clients(dir, now, client_cas, why, len);
	return err;
}

/* --- what is there ------------------------------------------------------- */

static const char *key_state(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct buf text;

	if (impl_path(path, sizeof(path), dir, name) < 0)
		return "away";
	buf_init(&text, 1 << 20);
	bool there = safe_read(path, &text) >= 0;
	struct mg_slice s = buf_slice(&text);
	bool sealed = memmem(s.at, s.len, "ENCRYPTED", 9) != NULL;
	buf_wipe(&text);
	return !there ? "away" : sealed ? "encrypted" : "here";
}

static void describe(X509 *cert, struct hierarchy_item *out)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int n = 0;
	BIO *bio = BIO_new(BIO_s_mem());

	X509_NAME_print_ex(bio, X509_get_subject_name(cert), 0,
			   XN_FLAG_RFC2253);
	int len = BIO_read(bio, out->subject, sizeof(out->subject) - 1);
	out->subject[len > 0 ? len : 0] = '\0';
	BIO_free(bio);
	if (X509_digest(cert, EVP_sha256(), digest, &n))
		hash_hex(digest, n, out->sha256);
	if (impl_time(X509_get0_notBefore(cert), &out->from) < 0 ||
	    impl_time(X509_get0_notAfter(cert), &out->to) < 0)
		out->from = out->to = 0;
	NAME_CONSTRAINTS *nc =
		X509_get_ext_d2i(cert, NID_name_constraints, NULL, NULL);
	int trees = nc ? sk_GENERAL_SUBTREE_num(nc->permittedSubtrees) : 0;
	out->permitted = trees > 0 ? (uint32_t)trees : 0;
	NAME_CONSTRAINTS_free(nc);
}

int hierarchy_item_at(const char *dir, uint32_t i, struct hierarchy_item *out)
{
	static const char *const role[] = { "root", "inspection", "client",
					    "proxy" };
	char name[32];

	if (i >= ARRAY_LEN(role))
		return MG_ESTOP;
	memset(out, 0, sizeof(*out));
	out->role = role[i];
	snprintf(name, sizeof(name), "%s.key", role[i]);
	out->key = key_state(dir, name);
	snprintf(name, sizeof(name), "%s.crt", role[i]);
	if (impl_path(out->path, sizeof(out->path), dir, name) < 0)
		return MG_ETOOBIG;
	X509 *cert = cert_read(out->path, 0);
	if (!cert)
		return MG_EIO;
	describe(cert, out);
	X509_free(cert);
	ERR_clear_error();
	return MG_OK;
}
