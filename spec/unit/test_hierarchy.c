/* test_hierarchy.c - the inspection CA can sign what is covered, and nothing
 * else that anybody would believe. */
#include "test.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/slice.h"
#include "certs/cert.h"
#include "certs/hierarchy.h"
#include "certs/revocation.h"
#include "certs/safe.h"
#include "tls/context.h"
#include "tls/mint.h"

static char dir[64], why[HIERARCHY_WHY];

static const char *const hosts[] = { "api.openai.com", ".anthropic.com",
				     "*.groq.com", "deep.api.anthropic.com" };

static struct hierarchy_plan plan_of(void)
{
	return (struct hierarchy_plan){
		.dir = dir,
		.org = "Example, Inc.",
		.proxy = "proxy.example.test",
		.crl_base = "http://proxy.example.test:8790/crl",
		.passphrase = "correct horse",
		.hosts = hosts,
		.host_count = ARRAY_LEN(hosts),
		.grace = 7 * 86400,
	};
}

static char *path_of(const char *name)
{
	static char out[4][128];
	static int turn;
	char *at = out[turn++ % 4];

	snprintf(at, 128, "%s/%s", dir, name);
	return at;
}

static void set_up(void)
{
	strcpy(dir, "/tmp/mg-hierarchy-XXXXXX");
	if (!mkdtemp(dir))
		abort();
}

static void tear_down(void)
{
	char line[128];

	snprintf(line, sizeof(line), "rm -rf %s", dir);
	OK(system(line) == 0);
}

/* What OpenSSL says about `leaf` under what this directory serves and trusts;
 * 0 when it is fine. */
static int verdict(X509 *leaf, const char *host, const char *root)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509 *trusted = cert_read(root, 0);
	STACK_OF(X509) *chain = sk_X509_new_null();
	X509 *issuer;

	for (int i = 0; (issuer = cert_read(path_of("inspection.crt"), i)); i++)
		sk_X509_push(chain, issuer);
	X509_STORE_add_cert(store, trusted);
	X509_STORE_CTX_init(ctx, store, leaf, chain);
	X509_STORE_CTX_set_default(ctx, "ssl_server");
	X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(ctx), host, 0);
	X509_verify_cert(ctx);
	int error = X509_STORE_CTX_get_error(ctx);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	sk_X509_pop_free(chain, X509_free);
	X509_free(trusted);
	cert_why();
	return error;
}

static struct mint *mint_of(void)
{
	struct buf ca, key;
	struct mint_profile profile = { .leaf_days = 7 };

	buf_init(&ca, 1 << 20);
	buf_init(&key, 1 << 20);
	safe_read(path_of("inspection.crt"), &ca);
	safe_read(path_of("inspection.key"), &key);
	struct mint *mint = mint_new(buf_slice(&ca), buf_slice(&key), &profile,
				     why, sizeof(why));
	buf_deinit(&ca);
	buf_wipe(&key);
	return mint;
}

static X509 *mint_x509(struct mint *mint, const char *host)
{
	struct buf der;

	buf_init(&der, 1 << 16);
	if (mint_leaf(mint, slice_str(host), &der) < 0)
		return NULL;
	const unsigned char *at = (void *)buf_slice(&der).at;
	X509 *leaf = d2i_X509(NULL, &at, (long)buf_len(&der));
	buf_deinit(&der);
	return leaf;
}

/* What somebody who stole the inspection key would make. */
static X509 *forge(const char *host, const char *alt_name)
{
	EVP_PKEY *key = cert_key_new();
	X509 *ca = cert_read(path_of("inspection.crt"), 0);
	EVP_PKEY *ca_key = cert_read_key(path_of("inspection.key"), NULL);
	struct cert_spec spec = {
		.name = host,
		.issuer = ca,
		.issuer_key = ca_key,
		.key = key,
		.from = cert_now() - 60,
		.to = cert_now() + 86400,
		.usage = "critical,digitalSignature",
		.ext_usage = "serverAuth",
		.alt_name = alt_name,
	};
	X509 *leaf = cert_issue(&spec);

	EVP_PKEY_free(key);
	EVP_PKEY_free(ca_key);
	X509_free(ca);
	return leaf;
}

static void a_new_hierarchy_is_whole_and_private(void)
{
	static const char *const keys[] = { "root.key", "inspection.key",
					    "client.key", "proxy.key" };
	struct hierarchy_plan plan = plan_of();
	struct stat st;

	set_up();
	OK(hierarchy_init(&plan, why, sizeof(why)) == 0);
	OK(hierarchy_exists(dir));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		OK(stat(path_of(keys[i]), &st) == 0 &&
		   (st.st_mode & 07777) == 0600);
	OK(cert_read_key(path_of("root.key"), NULL) == NULL);
	OK(cert_read_key(path_of("root.key"), "wrong") == NULL);
	EVP_PKEY *root = cert_read_key(path_of("root.key"), "correct horse");
	OK(root != NULL);
	EVP_PKEY_free(root);
	OK(hierarchy_init(&plan, why, sizeof(why)) == MG_EINVAL);
	OK(strstr(why, "already") != NULL);
	tear_down();
}

static void covered_leaves_verify(void)
{
	static const char *const fine[] = { "api.openai.com", "anthropic.com",
					    "api.anthropic.com", "a.b.groq.com",
					    "proxy.example.test" };
	struct hierarchy_plan plan = plan_of();

	set_up();
	hierarchy_init(&plan, why, sizeof(why));
	struct mint *mint = mint_of();
	OK(mint != NULL);
	for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
		X509 *leaf = mint_x509(mint, fine[i]);
		OK(leaf && verdict(leaf, fine[i], path_of("root.crt")) == 0);
		X509_free(leaf);
	}
	X509 *proxy = cert_read(path_of("proxy.crt"), 0);
	OK(verdict(proxy, "proxy.example.test", path_of("root.crt")) == 0);
	X509_free(proxy);
	OK(mint_x509(mint, "example.com") == NULL);
	OK(mint_x509(mint, "openai.com") == NULL);
	OK(mint_x509(mint, "evilgroq.com") == NULL);
	mint_free(mint);
	tear_down();
}

static void forged_leaves_do_not(void)
{
	static const struct {
		const char *name, *alt, *host;
	} forged[] = {
		{ "example.com", "DNS:example.com", "example.com" },
		{ "example.com", NULL, "example.com" },
		{ "x", "DNS:openai.com", "openai.com" },
		{ "x", "DNS:evilgroq.com", "evilgroq.com" },
		{ "x", "DNS:*.com", "example.com" },
		{ "x", "DNS:api.openai.com,DNS:example.com", "example.com" },
		{ "x", "DNS:api.openai.com,IP:127.0.0.1", "api.openai.com" },
		{ "x", "IP:::1", "api.openai.com" },
	};
	struct hierarchy_plan plan = plan_of();

	set_up();
	hierarchy_init(&plan, why, sizeof(why));
	for (size_t i = 0; i < ARRAY_LEN(forged); i++) {
		X509 *leaf = forge(forged[i].name, forged[i].alt);
		OK(leaf && verdict(leaf, forged[i].host, path_of("root.crt")));
		X509_free(leaf);
	}
	X509 *fine = forge("api.openai.com", "DNS:api.openai.com");
	OK(verdict(fine, "api.openai.com", path_of("root.crt")) == 0);
	X509_free(fine);
	tear_down();
}

static void names_below_others_are_left_out(void)
{
	struct hierarchy_plan plan = plan_of();
	struct mg_slice *names;
	struct arena arena;

	set_up();
	arena_init(&arena);
	hierarchy_init(&plan, why, sizeof(why));
	OK(hierarchy_permitted(dir, &arena, &names) == 4);
	OK(slice_is(names[0], "proxy.example.test"));
	OK(slice_is(names[1], "api.openai.com"));
	OK(slice_is(names[2], "anthropic.com"));
	OK(slice_is(names[3], "groq.com"));
	arena_deinit(&arena);
	tear_down();
}

static void hosts_that_permit_too_much_are_refused(void)
{
	static const char *const bad[] = { "com",     ".com",
					   "*",       "10.0.0.1",
					   "a b.com", "*.*.x.com",
					   "x..com",  "https://x.com",
					   "" };
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		OK(hierarchy_permit(bad[i], &arena).len == 0);
	OK(slice_is(hierarchy_permit("*.API.X.com", &arena), "api.x.com"));
	arena_deinit(&arena);

	struct hierarchy_plan plan = plan_of();
	set_up();
	plan.proxy = "127.0.0.1";
	OK(hierarchy_init(&plan, why, sizeof(why)) == MG_EINVAL);
	OK(strstr(why, "127.0.0.1") != NULL);
	plan = plan_of();
	plan.host_count = 0;
	OK(hierarchy_init(&plan, why, sizeof(why)) == MG_EINVAL);
	OK(!hierarchy_exists(dir));
	tear_down();
}

static void regional_hosts_are_permitted_one_by_one(void)
{
	static const char *const regional[] = { "*-aiplatform.googleapis.com" };
	struct hierarchy_plan plan = plan_of();

	set_up();
	plan.hosts = regional;
	plan.host_count = 1;
	OK(hierarchy_init(&plan, why, sizeof(why)) == 0);
	struct mint *mint = mint_of();
	X509 *leaf = mint_x509(mint, "us-east5-aiplatform.googleapis.com");
	OK(leaf && verdict(leaf, "us-east5-aiplatform.googleapis.com",
			   path_of("root.crt")) == 0);
	OK(mint_x509(mint, "storage.googleapis.com") == NULL);
	OK(mint_x509(mint, "x-aiplatform.googleapis.com") == NULL);
	X509_free(leaf);
	mint_free(mint);
	tear_down();
}

static void a_new_root_is_believed_by_devices_of_the_old_one(void)
{
	struct hierarchy_plan plan = plan_of();

	set_up();
	hierarchy_init(&plan, why, sizeof(why));
	struct buf pem;
	buf_init(&pem, 1 << 20);
	safe_read(path_of("root.crt"), &pem);
	safe_replace(path_of("before.crt"), buf_slice(&pem), 0644);
	buf_deinit(&pem);

	OK(hierarchy_rotate_root(&plan, why, sizeof(why)) == 0);
	struct mint *mint = mint_of();
	X509 *leaf = mint_x509(mint, "api.openai.com");
	OK(verdict(leaf, "api.openai.com", path_of("before.crt")) == 0);
	OK(verdict(leaf, "api.openai.com", path_of("root.crt")) == 0);
	X509_free(leaf);
	mint_free(mint);

	/* And still, after the next inspection CA. */
	OK(hierarchy_rotate_inspection(&plan, why, sizeof(why)) == 0);
	mint = mint_of();
	leaf = mint_x509(mint, "api.openai.com");
	OK(verdict(leaf, "api.openai.com", path_of("before.crt")) == 0);
	OK(verdict(leaf, "api.openai.com", path_of("root.crt")) == 0);
	X509_free(leaf);
	mint_free(mint);
	tear_down();
}

static void rotating_the_inspection_ca_needs_the_root(void)
{
	static const char *const more[] = { "api.openai.com",
					    "api.deepseek.com" };
	struct hierarchy_plan plan = plan_of();

	set_up();
	hierarchy_init(&plan, why, sizeof(why));
	plan.passphrase = "wrong";
	OK(hierarchy_rotate_inspection(&plan, why, sizeof(why)) == MG_EINVAL);
	OK(strstr(why, "passphrase") != NULL);
	rename(path_of("root.key"), path_of("away"));
	plan.passphrase = "correct horse";
	OK(hierarchy_rotate_inspection(&plan, why, sizeof(why)) == MG_EINVAL);
	OK(strstr(why, "not here") != NULL);

	plan.root_key = path_of("away");
	plan.hosts = more;
	plan.host_count = 2;
	OK(hierarchy_rotate_inspection(&plan, why, sizeof(why)) == 0);
	struct mint *mint = mint_of();
	X509 *leaf = mint_x509(mint, "api.deepseek.com");
	OK(leaf && verdict(leaf, "api.deepseek.com", path_of("root.crt")) == 0);
	OK(mint_x509(mint, "api.anthropic.com") == NULL);
	X509_free(leaf);
	mint_free(mint);
	tear_down();
}

static void an_old_client_ca_is_accepted_for_its_grace(void)
{
	struct hierarchy_plan plan = plan_of();
	struct buf cert, key, now, later;

	set_up();
	buf_init(&cert, 1 << 20);
	buf_init(&key, 1 << 20);
	buf_init(&now, 1 << 20);
	buf_init(&later, 1 << 20);
	hierarchy_init(&plan, why, sizeof(why));
	OK(hierarchy_rotate_client(&plan, why, sizeof(why)) == 0);
	OK(hierarchy_outer(dir, cert_now(), &cert, &key, &now, why,
			   sizeof(why)) == 0);
	OK(hierarchy_outer(dir, cert_now() + 8 * 86400, &cert, &key, &later,
			   why, sizeof(why)) == 0);
	OK(buf_len(&now) > buf_len(&later) + 300 && buf_len(&later) > 300);
	buf_deinit(&cert);
	buf_wipe(&key);
	buf_deinit(&now);
	buf_deinit(&later);
	tear_down();
}

static void what_it_was_made_from_is_remembered(void)
{
	struct hierarchy_plan plan = plan_of(), again = { .dir = dir };
	struct arena arena;

	set_up();
	arena_init(&arena);
	hierarchy_init(&plan, why, sizeof(why));
	OK(hierarchy_recall(&again, &arena, why, sizeof(why)) == 0);
	OK(strcmp(again.org, "Example, Inc.") == 0);
	OK(strcmp(again.proxy, plan.proxy) == 0);
	OK(strcmp(again.crl_base, plan.crl_base) == 0);
	char url[200];
	hierarchy_crl_url(dir, "inspection", url, sizeof(url));
	OK(strcmp(url, "http://proxy.example.test:8790/crl/inspection.crl") ==
	   0);
	OK(again.host_count == 4 && strcmp(again.hosts[2], "*.groq.com") == 0);
	OK(hierarchy_rotate_proxy(&again, why, sizeof(why)) == 0);
	again.proxy = "other.test";
	OK(hierarchy_rotate_proxy(&again, why, sizeof(why)) == MG_EINVAL);
	arena_deinit(&arena);
	tear_down();
}

static X509_CRL *crl_of(const char *name)
{
	struct buf der;

	buf_init(&der, 1 << 20);
	safe_read(path_of(name), &der);
	const unsigned char *at = (void *)buf_slice(&der).at;
	X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)buf_len(&der));
	buf_deinit(&der);
	return crl;
}

static void giving_up_an_inspection_ca_puts_it_on_the_roots_list(void)
{
	struct hierarchy_plan plan = plan_of();

	set_up();
	hierarchy_init(&plan, why, sizeof(why));
	X509 *old = cert_read(path_of("inspection.crt"), 0);
	plan.compromised = true;
	OK(hierarchy_rotate_inspection(&plan, why, sizeof(why)) == 0);
	X509_CRL *crl = crl_of("crl/root.crl");
	X509_REVOKED *entry;
	OK(crl && X509_CRL_get0_by_cert(crl, &entry, old) == 1);
	X509 *root = cert_read(path_of("root.crt"), 0);
	OK(X509_CRL_verify(crl, X509_get0_pubkey(root)) == 1);
	X509_free(root);
	X509_free(old);
	X509_CRL_free(crl);
	tear_down();
}

static void the_clients_list_names_the_revoked(void)
{
	struct hierarchy_plan plan = plan_of();
	struct roster roster;
	struct buf pem;
	char issuer[33];

	set_up();
	hierarchy_init(&plan, why, sizeof(why));
	X509 *ca = cert_read(path_of("client.crt"), 0);
	buf_init(&pem, 1 << 20);
	cert_print(ca, &pem);
	OK(context_issuer_of(buf_slice(&pem), issuer) == 0);
	roster_init(&roster);
	struct identity *who = roster_add(&roster, slice_str("laptops"));
	struct identity_cert gone = {
		.issuer = slice_str(issuer),
		.serial = slice_str("4a0b"),
		.until = cert_now() + 1000,
		.revoked = cert_now() - 10,
	};
	roster_add_cert(&roster, who, &gone);
	OK(revocation_publish(dir, &roster, 7, why, sizeof(why)) == 0);

	X509_CRL *crl = crl_of("crl/client.crl");
	OK(crl && X509_CRL_verify(crl, X509_get0_pubkey(ca)) == 1);
	STACK_OF(X509_REVOKED) *list = X509_CRL_get_REVOKED(crl);
	OK(sk_X509_REVOKED_num(list) == 1);
	X509_REVOKED *entry = sk_X509_REVOKED_value(list, 0);
	OK(ASN1_INTEGER_get(X509_REVOKED_get0_serialNumber(entry)) == 0x4a0b);
	X509_CRL_free(crl);
	buf_deinit(&pem);
	roster_deinit(&roster);
	X509_free(ca);
	tear_down();
}

int main(void)
{
	RUN(a_new_hierarchy_is_whole_and_private);
	RUN(covered_leaves_verify);
	RUN(forged_leaves_do_not);
	RUN(names_below_others_are_left_out);
	RUN(hosts_that_permit_too_much_are_refused);
	RUN(regional_hosts_are_permitted_one_by_one);
	RUN(a_new_root_is_believed_by_devices_of_the_old_one);
	RUN(rotating_the_inspection_ca_needs_the_root);
	RUN(an_old_client_ca_is_accepted_for_its_grace);
	RUN(what_it_was_made_from_is_remembered);
	RUN(giving_up_an_inspection_ca_puts_it_on_the_roots_list);
	RUN(the_clients_list_names_the_revoked);
	return test_done();
}
