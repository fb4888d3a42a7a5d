/* hierarchy.c - see hierarchy.h */
#include "certs/hierarchy.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "certs/impl.h"
#include "certs/permit.h"
#include "certs/safe.h"

enum {
	DAY = 86400,
	BACKDATED = 2 * DAY, /* clocks of devices are wrong */
	ROOT = 3652 * DAY,
	INSPECTION = 365 * DAY,
	CLIENT = 1826 * DAY,
	PROXY = 180 * DAY, /* browsers refuse 200 and more */
};

/* A CA while it signs. */
struct authority {
	X509 *cert;
	EVP_PKEY *key;
};

static void authority_deinit(struct authority *a)
{
	X509_free(a->cert);
	EVP_PKEY_free(a->key);
	*a = (struct authority){ 0 };
}

static int broken(const struct hierarchy_plan *plan, char *why, size_t len,
		  const char *what)
{
	return impl_fail(why, len, MG_EIO, "%s: %s: %s", plan->dir, what,
			 cert_why());
}

static int write_pem(const struct hierarchy_plan *plan, const char *name,
		     X509 *const *certs, int n)
{
	char path[PATH_MAX];
	struct buf pem;
	int err = impl_path(path, sizeof(path), plan->dir, name);

	buf_init(&pem, 4 << 20);
	for (int i = 0; err >= 0 && i < n; i++)
		if (certs[i])
			err = cert_print(certs[i], &pem);
	if (err >= 0)
		err = safe_replace(path, buf_slice(&pem), 0644);
	buf_deinit(&pem);
	return err;
}

static int write_key(const struct hierarchy_plan *plan, const char *name,
		     EVP_PKEY *key)
{
	char path[PATH_MAX];

	if (impl_path(path, sizeof(path), plan->dir, name) < 0)
		return MG_ETOOBIG;
	return cert_write_key(path, key, NULL);
}

static X509 *read_cert(const struct hierarchy_plan *plan, const char *name,
		       int i)
{
	char path[PATH_MAX];

	if (impl_path(path, sizeof(path), plan->dir, name) < 0)
		return NULL;
	return cert_read(path, i);
}

static int root_key_path(const struct hierarchy_plan *plan, char *out,
			 size_t len)
{
	if (plan->root_key)
		return snprintf(out, len, "%s", plan->root_key) < (int)len
			       ? MG_OK
			       : MG_ETOOBIG;
	return impl_path(out, len, plan->dir, "root.key");
}

static const char *crl_url(const struct hierarchy_plan *plan, const char *name,
			   char *out, size_t len)
{
	if (!plan->crl_base || !*plan->crl_base)
		return NULL;
	size_t n = strlen(plan->crl_base);
	const char *gap = plan->crl_base[n - 1] == '/' ? "" : "/";
	snprintf(out, len, "%s%s%s.crl", plan->crl_base, gap, name);
	return out;
}

/* --- the kinds of certificates ------------------------------------------- */

/* Names of roots differ: a chain that crosses from the new one to the old one
 * must not look as if one certificate had signed itself. */
static X509 *issue_root(const struct hierarchy_plan *plan, EVP_PKEY *key,
			const char *name, const struct authority *by)
{
	struct cert_spec spec = {
		.org = plan->org,
		.name = name,
		.issuer = by ? by->cert : NULL,
		.issuer_key = by ? by->key : NULL,
		.key = key,
		.from = cert_now() - BACKDATED,
		.to = cert_now() + ROOT,
		.basic = "critical,CA:TRUE",
		.usage = "critical,keyCertSign,cRLSign",
		.subject_key_id = true,
	};
	return cert_issue(&spec);
}

static X509 *issue_inspection(const struct hierarchy_plan *plan, EVP_PKEY *key,
			      const struct authority *root,
			      NAME_CONSTRAINTS *constraints)
{
	char url[1024];
	struct cert_spec spec = {
		.org = plan->org,
		.name = "Moongate Inspection",
		.issuer = root->cert,
		.issuer_key = root->key,
		.key = key,
		.from = cert_now() - BACKDATED,
		.to = cert_now() + INSPECTION,
		.basic = "critical,CA:TRUE,pathlen:0",
		.usage = "critical,keyCertSign,cRLSign",
		.ext_usage = "serverAuth",
		.crl_url = crl_url(plan, "root", url, sizeof(url)),
		.constraints = constraints,
		.subject_key_id = true,
	};
	return cert_issue(&spec);
}

static X509 *issue_client_ca(const struct hierarchy_plan *plan, EVP_PKEY *key)
{
	struct cert_spec spec = {
		.org = plan->org,
		/* Browsers are told to pick certificates by this name, so it
		 * stays the same over rotations. */
		.name = "Moongate Client CA",
		.key = key,
		.from = cert_now() - BACKDATED,
		.to = cert_now() + CLIENT,
		.basic = "critical,CA:TRUE,pathlen:0",
		.usage = "critical,keyCertSign,cRLSign",
		.ext_usage = "clientAuth",
		.subject_key_id = true,
	};
	return cert_issue(&spec);
}

static X509 *issue_proxy(const struct hierarchy_plan *plan, EVP_PKEY *key,
			 const struct authority *inspection)
{
	char url[1024], name[300];
	struct cert_spec spec = {
		.name = strlen(plan->proxy) <= 64 ? plan->proxy : "Moongate",
		.issuer = inspection->cert,
		.issuer_key = inspection->key,
		.key = key,
		.from = cert_now() - BACKDATED,
		.to = cert_now() + PROXY,
		.usage = "critical,digitalSignature",
		.ext_usage = "serverAuth",
		.alt_name = name,
		.crl_url = crl_url(plan, "inspection", url, sizeof(url)),
	};
	snprintf(name, sizeof(name), "DNS:%s", plan->proxy);
	return cert_issue(&spec);
}

/* --- making them --------------------------------------------------------- */

static int make_root(const struct hierarchy_plan *plan, struct authority *root,
		     char *why, size_t len)
{
	char path[PATH_MAX], name[64];
	unsigned char mark[2];

	hash_random(mark, sizeof(mark));
	snprintf(name, sizeof(name), "Moongate Root %02x%02x", mark[0],
		 mark[1]);
	root->key = cert_key_new();
	root->cert = root->key ? issue_root(plan, root->key, name, NULL) : NULL;
	if (!root->cert)
		return broken(plan, why, len, "no root could be made");
	if (root_key_path(plan, path, sizeof(path)) < 0)
		return impl_fail(why, len, MG_EINVAL,
				 "the path of the root's "
				 "key is too long");
	errno = 0;
	if (cert_write_key(path, root->key, plan->passphrase) < 0)
		return impl_fail(why, len, MG_EIO, "%s: not written: %s", path,
				 errno ? strerror(errno) : cert_why());
	return MG_OK;
}

static int open_root(const struct hierarchy_plan *plan, struct authority *root,
		     char *why, size_t len)
{
	char path[PATH_MAX];

	root->cert = read_cert(plan, "root.crt", 0);
	if (!root->cert)
		return impl_fail(why, len, MG_EIO,
				 "%s/root.crt cannot be read; `moongate ca "
				 "init` makes one",
				 plan->dir);
	if (root_key_path(plan, path, sizeof(path)) < 0 || !safe_exists(path))
		return impl_fail(why, len, MG_EINVAL,
				 "%s: the root's key is not here; bring it "
				 "back for this, or name it with --root-key",
				 path);
	root->key = cert_read_key(path, plan->passphrase);
	if (!root->key)
		return impl_fail(why, len, MG_EINVAL,
				 "%s: cannot be opened; is the passphrase "
				 "right?",
				 path);
	if (X509_check_private_key(root->cert, root->key) != 1)
		return impl_fail(why, len, MG_EINVAL,
				 "%s: is not the key of %s/root.crt", path,
				 plan->dir);
	return MG_OK;
}

/* `cross` is the new root signed by the old one, or NULL. */
static int make_inspection(const struct hierarchy_plan *plan,
			   const struct authority *root, X509 *cross,
			   struct authority *out, char *why, size_t len)
{
	NAME_CONSTRAINTS *nc = NULL;
	int err = permit_build(plan->proxy, plan->hosts, plan->host_count, &nc,
			       why, len);

	if (err < 0)
		return err;
	out->key = cert_key_new();
	out->cert =
		out->key ? issue_inspection(plan, out->key, root, nc) : NULL;
	NAME_CONSTRAINTS_free(nc);
	X509 *chain[] = { out->cert, cross };
	/* The key first: between the two writes, a certificate whose key is
	 * missing would be refused by the signer, which keeps the old pair. */
	if (!out->cert || write_key(plan, "inspection.key", out->key) < 0 ||
	    write_pem(plan, "inspection.crt", chain, 2) < 0)
		return broken(plan, why, len, "no inspection CA could be made");
	return MG_OK;
}

static int make_proxy(const struct hierarchy_plan *plan,
		      const struct authority *inspection, X509 *cross,
		      char *why, size_t len)
{
	EVP_PKEY *key = cert_key_new();
	X509 *cert = key ? issue_proxy(plan, key, inspection) : NULL;
	X509 *chain[] = { cert, inspection->cert, cross };
	int ok = cert && write_key(plan, "proxy.key", key) >= 0 &&
		 write_pem(plan, "proxy.crt", chain, 3) >= 0;

	X509_free(cert);
	EVP_PKEY_free(key);
	return ok ? MG_OK
		  : broken(plan, why, len,
			   "no listener certificate could be "
			   "made");
}

static int make_client(const struct hierarchy_plan *plan, char *why, size_t len)
{
	EVP_PKEY *key = cert_key_new();
	X509 *cert = key ? issue_client_ca(plan, key) : NULL;
	int ok = cert && write_key(plan, "client.key", key) >= 0 &&
		 write_pem(plan, "client.crt", &cert, 1) >= 0 &&
		 impl_crl_add(plan->dir, "client", cert, key, NULL,
			      cert_now() + INSPECTION) >= 0;

	X509_free(cert);
	EVP_PKEY_free(key);
	return ok ? MG_OK
		  : broken(plan, why, len, "no client CA could be made");
}

/* An empty list for the leaves, and the root's own, for as long as the
 * inspection CA lives. */
static int make_crls(const struct hierarchy_plan *plan,
		     const struct authority *root,
		     const struct authority *inspection, X509 *given_up,
		     char *why, size_t len)
{
	int64_t to = cert_now() + INSPECTION;
	char path[PATH_MAX];

	/* A new inspection CA begins a new list. */
	if (impl_path(path, sizeof(path), plan->dir, "crl/inspection.crl") >= 0)
		remove(path);
	if (impl_crl_add(plan->dir, "inspection", inspection->cert,
			 inspection->key, NULL, to) < 0 ||
	    impl_crl_add(plan->dir, "root", root->cert, root->key,
			 given_up ? X509_get0_serialNumber(given_up) : NULL,
			 to) < 0)
		return broken(plan, why, len,
			      "no revocation list could be "
			      "signed");
	return MG_OK;
}

static int remember(const struct hierarchy_plan *plan, char *why, size_t len)
{
	char path[PATH_MAX];
	struct buf text;
	int err = impl_path(path, sizeof(path), plan->dir, "hosts");

	buf_init(&text, 4 << 20);
	for (uint32_t i = 0; err >= 0 && i < plan->host_count; i++)
		err = buf_addf(&text, "%s\n", plan->hosts[i]);
	if (err >= 0)
		err = safe_replace(path, buf_slice(&text), 0644);
	buf_clear(&text);
	if (err >= 0)
		err = impl_path(path, sizeof(path), plan->dir, "about");
	if (err >= 0)
		err = buf_addf(&text, "org %s\nproxy %s\ncrl %s\n", plan->org,
			       plan->proxy,
			       plan->crl_base ? plan->crl_base : "");
	if (err >= 0)
		err = safe_replace(path, buf_slice(&text), 0644);
	buf_deinit(&text);
	return err < 0 ? broken(plan, why, len, "not written") : MG_OK;
}

/* The inspection CA and what hangs on it. */
static int make_below(const struct hierarchy_plan *plan,
		      const struct authority *root, X509 *cross, char *why,
		      size_t len)
{
	X509 *old =
		plan->compromised ? read_cert(plan, "inspection.crt", 0) : NULL;
	struct authority inspection = { 0 };
	int err = make_inspection(plan, root, cross, &inspection, why, len);

	if (err >= 0)
		err = make_proxy(plan, &inspection, cross, why, len);
	if (err >= 0)
		err = make_crls(plan, root, &inspection, old, why, len);
	if (err >= 0)
		err = remember(plan, why, len);
	authority_deinit(&inspection);
	X509_free(old);
	return err;
}

static int check_plan(const struct hierarchy_plan *plan, char *why, size_t len)
{
	if (!plan->org || !*plan->org || strlen(plan->org) > 64 ||
	    strpbrk(plan->org, "\r\n"))
		return impl_fail(why, len, MG_EINVAL,
				 "the organisation needs a name of at most 64 "
				 "characters");
	if (plan->crl_base &&
	    (strlen(plan->crl_base) > 900 || strpbrk(plan->crl_base, " \r\n")))
		return impl_fail(why, len, MG_EINVAL,
				 "the address of the CRLs is not a URL");
	return permit_check(plan->proxy, plan->hosts, plan->host_count, why,
			    len);
}

bool hierarchy_exists(const char *dir)
{
	char path[PATH_MAX];

	return impl_path(path, sizeof(path), dir, "root.crt") >= 0 &&
	       safe_exists(path);
}

int hierarchy_init(const struct hierarchy_plan *plan, char *why, size_t len)
{
	struct authority root = { 0 };
	int err = check_plan(plan, why, len);

	if (err < 0)
		return err;
	if (hierarchy_exists(plan->dir))
		return impl_fail(why, len, MG_EINVAL,
				 "%s holds a CA already; `moongate ca rotate` "
				 "replaces parts of it",
				 plan->dir);
	if (safe_make_dir(plan->dir) < 0)
		return impl_fail(why, len, MG_EIO, "%s: %s", plan->dir,
				 strerror(errno));
	err = make_root(plan, &root, why, len);
	if (err >= 0)
		err = make_client(plan, why, len);
	if (err >= 0)
		err = make_below(plan, &root, NULL, why, len);
	/* Last: its presence says that all is there. */
	if (err >= 0 && write_pem(plan, "root.crt", &root.cert, 1) < 0)
		err = broken(plan, why, len, "root.crt: not written");
	authority_deinit(&root);
	return err;
}

int hierarchy_rotate_inspection(const struct hierarchy_plan *plan, char *why,
				size_t len)
{
	struct authority root = { 0 };
	int err = check_plan(plan, why, len);

	if (err >= 0)
		err = open_root(plan, &root, why, len);
	/* While devices still trust an older root, the bridge stays. */
	X509 *cross = err >= 0 ? read_cert(plan, "inspection.crt", 1) : NULL;
	cert_why();
	if (err >= 0)
		err = make_below(plan, &root, cross, why, len);
	X509_free(cross);
	authority_deinit(&root);
	return err;
}

int hierarchy_rotate_root(const struct hierarchy_plan *plan, char *why,
			  size_t len)
{
	struct authority old = { 0 }, root = { 0 };
	X509 *cross = NULL;
	char name[64] = "", path[PATH_MAX], kept[PATH_MAX];
	int err = check_plan(plan, why, len);

	if (err >= 0)
		err = open_root(plan, &old, why, len);
	if (err < 0)
		goto done;
	/* The old key goes aside first: it is needed no more once the bridge
	 * is signed, but only the operator may destroy it. */
	root_key_path(plan, path, sizeof(path));
	snprintf(kept, sizeof(kept), "%.*s.old", PATH_MAX - 8, path);
	if (!plan->compromised && rename(path, kept) < 0) {
		err = impl_fail(why, len, MG_EIO, "%s: %s", kept,
				strerror(errno));
		goto done;
	}
	err = make_root(plan, &root, why, len);
	if (err < 0)
		goto done;
	X509_NAME_get_text_by_NID(X509_get_subject_name(root.cert),
				  NID_commonName, name, sizeof(name));
	if (!plan->compromised)
		cross = issue_root(plan, root.key, name, &old);
	impl_path(path, sizeof(path), plan->dir, "crl/root.crl");
	remove(path); /* the new root's list is its own */
	err = make_below(plan, &root, cross, why, len);
	if (err >= 0 && write_pem(plan, "root.crt", &root.cert, 1) < 0)
		err = broken(plan, why, len, "root.crt: not written");
done:
	X509_free(cross);
	authority_deinit(&root);
	authority_deinit(&old);
	return err;
}

int hierarchy_rotate_proxy(const struct hierarchy_plan *plan, char *why,
			   size_t len)
{
	struct authority inspection = { 0 };
	char path[PATH_MAX];
	int err = check_plan(plan, why, len);

	if (err < 0)
		return err;
	inspection.cert = read_cert(plan, "inspection.crt", 0);
	if (impl_path(path, sizeof(path), plan->dir, "inspection.key") >= 0)
		inspection.key = cert_read_key(path, NULL);
	X509 *cross = read_cert(plan, "inspection.crt", 1);
	if (!inspection.cert || !inspection.key)
		err = broken(plan, why, len,
			     "the inspection CA cannot be "
			     "read");
	cert_why();
	if (err >= 0 && !permit_allows(inspection.cert, plan->proxy))
		err = impl_fail(why, len, MG_EINVAL,
				"the inspection CA may not sign %s; `moongate "
				"ca rotate inspection` makes one that may",
				plan->proxy);
	if (err >= 0)
		err = make_proxy(plan, &inspection, cross, why, len);
	if (err >= 0)
		err = remember(plan, why, len);
	X509_free(cross);
	authority_deinit(&inspection);
	return err;
}

/* old/client-UNTIL.crt: accepted until then, and no longer. */
static int keep_old_client(const struct hierarchy_plan *plan)
{
	char from[PATH_MAX], to[PATH_MAX];

	if (impl_path(to, sizeof(to), plan->dir, "old") < 0 ||
	    safe_make_dir(to) < 0 ||
	    impl_path(from, sizeof(from), plan->dir, "client.crt") < 0)
		return MG_EIO;
	if (snprintf(to, sizeof(to), "%s/old/client-%lld.crt", plan->dir,
		     (long long)(cert_now() + plan->grace)) >= (int)sizeof(to))
		return MG_EIO;
	struct buf pem;
	buf_init(&pem, 1 << 20);
	int err = safe_read(from, &pem);
	if (err >= 0)
		err = safe_replace(to, buf_slice(&pem), 0644);
	buf_deinit(&pem);
	return err;
}

int hierarchy_rotate_client(const struct hierarchy_plan *plan, char *why,
			    size_t len)
{
	char path[PATH_MAX];
	int err = check_plan(plan, why, len);

	if (err < 0)
		return err;
	if (!plan->compromised && plan->grace > 0 && keep_old_client(plan) < 0)
		return impl_fail(why, len, MG_EIO,
				 "%s/old: the old client CA cannot be kept: %s",
				 plan->dir, strerror(errno));
	if (impl_path(path, sizeof(path), plan->dir, "crl/client.crl") >= 0)
		remove(path);
	return make_client(plan, why, len);
}
