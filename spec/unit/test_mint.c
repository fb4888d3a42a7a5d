/* test_mint.c - what a leaf looks like, and for whom there is none. */
#include "test.h"
#include "tls.h"

#include "tls/mint.h"

static struct pair ca;
static struct buf ca_pem, ca_key;
static char why[256];

static NAME_CONSTRAINTS *permit(const char *const *names)
{
	NAME_CONSTRAINTS *nc = NAME_CONSTRAINTS_new();

	nc->permittedSubtrees = sk_GENERAL_SUBTREE_new_null();
	for (; *names; names++) {
		GENERAL_SUBTREE *tree = GENERAL_SUBTREE_new();
		ASN1_IA5STRING *name = ASN1_IA5STRING_new();
		ASN1_STRING_set(name, *names, -1);
		GENERAL_NAME_set0_value(tree->base, GEN_DNS, name);
		sk_GENERAL_SUBTREE_push(nc->permittedSubtrees, tree);
	}
	return nc;
}

static struct pair ca_with(NAME_CONSTRAINTS *nc, int64_t to)
{
	return pair_by(NULL, (struct cert_spec){
				     .name = "Inspection",
				     .basic = "critical,CA:TRUE,pathlen:0",
				     .usage = "critical,keyCertSign,cRLSign",
				     .alt_name = "",
				     .to = to,
				     .constraints = nc,
				     .subject_key_id = true });
}

/* 253 letters and dots: the longest name there is. */
static const char *longest(void)
{
	static char name[254];

	if (!name[0]) {
		memset(name, 'a', 253);
		for (int i = 0; i < 230; i += 60)
			name[i + 58] = '.';
		memcpy(name + 253 - 8, ".covered", 8);
		name[253 - 9] = 'a';
	}
	return name;
}

static void set_up(void)
{
	static const char *const names[] = { "api.openai.com", "groq.com",
					     "covered", NULL };
	NAME_CONSTRAINTS *nc = permit(names);

	ca = ca_with(nc, cert_now() + 365 * 86400);
	pem_of(ca.cert, &ca_pem);
	key_pem_of(ca.key, &ca_key);
	NAME_CONSTRAINTS_free(nc);
}

static struct mint *mint_of(const char *crl_url)
{
	return mint_new(
		buf_slice(&ca_pem), buf_slice(&ca_key),
		&(struct mint_profile){ .leaf_days = 7, .crl_url = crl_url },
		why, sizeof(why));
}

static X509 *leaf_of(struct mint *mint, const char *host)
{
	struct buf der;
	X509 *leaf = NULL;

	buf_init(&der, 1 << 16);
	if (mint_leaf(mint, slice_str(host), &der) == 0) {
		const unsigned char *at = (void *)buf_slice(&der).at;
		leaf = d2i_X509(NULL, &at, (long)buf_len(&der));
	}
	buf_deinit(&der);
	return leaf;
}

static void a_leaf_has_what_clients_ask_for_and_no_more(void)
{
	struct mint *mint = mint_of("http://p:1/crl/inspection.crl");
	X509 *leaf = leaf_of(mint, "api.openai.com");
	int64_t from, to;
	char cn[80];

	OK(leaf && X509_get_version(leaf) == X509_VERSION_3);
	OK(X509_verify(leaf, ca.key) == 1);
	OK(ASN1_STRING_length(X509_get0_serialNumber(leaf)) == 20);
	X509_NAME_get_text_by_NID(X509_get_subject_name(leaf), NID_commonName,
				  cn, sizeof(cn));
	OK(strcmp(cn, "api.openai.com") == 0);
	OK(X509_get_ext_count(leaf) == 5);
	OK(X509_get_ext_by_NID(leaf, NID_subject_key_identifier, -1) < 0);
	OK(X509_get_ext_by_NID(leaf, NID_basic_constraints, -1) < 0);
	OK(X509_get_ext_by_NID(leaf, NID_crl_distribution_points, -1) >= 0);
	OK(X509_get_key_usage(leaf) == KU_DIGITAL_SIGNATURE);
	OK(X509_get_extended_key_usage(leaf) == XKU_SSL_SERVER);
	OK(ASN1_OCTET_STRING_cmp(X509_get0_authority_key_id(leaf),
				 X509_get0_subject_key_id(ca.cert)) == 0);
	GENERAL_NAMES *sans =
		X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
	OK(sk_GENERAL_NAME_num(sans) == 1);
	GENERAL_NAMES_free(sans);
	OK(impl_time(X509_get0_notBefore(leaf), &from) == 0);
	OK(impl_time(X509_get0_notAfter(leaf), &to) == 0);
	OK(to - from == 7 * 86400);
	OK(from <= cert_now() - 2 * 86400 && from > cert_now() - 2 * 86400 - 9);
	OK(EVP_PKEY_eq(X509_get0_pubkey(leaf), ca.key) != 1);
	OK(EVP_PKEY_get_bits(X509_get0_pubkey(leaf)) == 256);
	X509_free(leaf);
	mint_free(mint);
}

static void serials_differ_and_the_key_is_one(void)
{
	struct mint *mint = mint_of(NULL);
	X509 *a = leaf_of(mint, "api.openai.com");
	X509 *b = leaf_of(mint, "api.openai.com");

	OK(ASN1_INTEGER_cmp(X509_get0_serialNumber(a),
			    X509_get0_serialNumber(b)) != 0);
	OK(EVP_PKEY_eq(X509_get0_pubkey(a), X509_get0_pubkey(b)) == 1);
	OK(X509_get_ext_count(a) == 4);
	X509_free(a);
	X509_free(b);
	mint_free(mint);
}

static void a_long_name_stands_in_the_san_alone(void)
{
	struct mint *mint = mint_of(NULL);
	X509 *leaf = leaf_of(mint, longest());

	OK(strlen(longest()) == 253);
	OK(leaf && X509_NAME_entry_count(X509_get_subject_name(leaf)) == 0);
	int at = X509_get_ext_by_NID(leaf, NID_subject_alt_name, -1);
	OK(at >= 0 && X509_EXTENSION_get_critical(X509_get_ext(leaf, at)));
	OK(X509_check_host(leaf, longest(), 0, 0, NULL) == 1);
	X509_free(leaf);
	mint_free(mint);
}

static void what_is_no_host_or_not_permitted_gets_none(void)
{
	static const struct {
		const char *host;
		int err;
	} cases[] = {
		{ "api.openai.com", MG_OK },
		{ "x.api.openai.com", MG_OK },
		{ "groq.com", MG_OK },
		{ "a.b.groq.com", MG_OK },
		{ "openai.com", MG_ESTOP },
		{ "xapi.openai.com", MG_ESTOP },
		{ "evilgroq.com", MG_ESTOP },
		{ "groq.com.evil.test", MG_ESTOP },
		{ "com", MG_ESTOP },
		{ "", MG_EINVAL },
		{ ".groq.com", MG_EINVAL },
		{ "groq.com.", MG_EINVAL },
		{ "a..groq.com", MG_EINVAL },
		{ "*.groq.com", MG_EINVAL },
		{ "A.groq.com", MG_EINVAL },
		{ "a_b.groq.com", MG_EINVAL },
		{ "a b.groq.com", MG_EINVAL },
		{ "-a.groq.com", MG_EINVAL },
		{ "a-.groq.com", MG_EINVAL },
		{ "127.0.0.1", MG_EINVAL },
		{ "1", MG_EINVAL },
		{ "0x7f000001", MG_EINVAL },
		{ "::1", MG_EINVAL },
		{ "[::1]", MG_EINVAL },
		{ "groq.com/x", MG_EINVAL },
		{ "groq.com\n", MG_EINVAL },
		{ "caf\303\251.groq.com", MG_EINVAL },
	};
	struct mint *mint = mint_of(NULL);
	struct buf der;
	char big[400];

	buf_init(&der, 1 << 16);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		printf("# %s\n", cases[i].host);
		buf_clear(&der);
		OK(mint_leaf(mint, slice_str(cases[i].host), &der) ==
		   cases[i].err);
		OK((buf_len(&der) > 0) == (cases[i].err == MG_OK));
	}
	memset(big, 'a', sizeof(big));
	OK(mint_leaf(mint, slice(big, sizeof(big)), &der) == MG_EINVAL);
	OK(mint_leaf(mint, slice("groq.com\0x", 10), &der) == MG_EINVAL);
	buf_deinit(&der);
	mint_free(mint);
}

static void a_ca_that_is_none_makes_no_mint(void)
{
	struct pair open = ca_with(NULL, 0);
	struct pair leaf = pair_by(NULL, (struct cert_spec){ 0 });
	struct buf pem, key;
	struct mint_profile profile = { .leaf_days = 7 };

	pem_of(open.cert, &pem);
	key_pem_of(open.key, &key);
	OK(!mint_new(buf_slice(&pem), buf_slice(&key), &profile, why,
		     sizeof(why)));
	OK(strstr(why, "name constraints") != NULL);
	OK(!mint_new(buf_slice(&ca_pem), buf_slice(&key), &profile, why,
		     sizeof(why)));
	OK(strstr(why, "key") != NULL);
	buf_deinit(&pem);
	buf_deinit(&key);
	pem_of(leaf.cert, &pem);
	key_pem_of(leaf.key, &key);
	OK(!mint_new(buf_slice(&pem), buf_slice(&key), &profile, why,
		     sizeof(why)));
	OK(!mint_new(slice("", 0), slice("", 0), &profile, why, sizeof(why)));
	buf_deinit(&pem);
	buf_deinit(&key);
	pair_free(&open);
	pair_free(&leaf);
}

static void a_leaf_never_outlives_its_ca(void)
{
	static const char *const names[] = { "groq.com", NULL };
	NAME_CONSTRAINTS *nc = permit(names);
	struct pair brief = ca_with(nc, cert_now() + 3600);
	struct buf pem, key;
	struct mint_profile profile = { .leaf_days = 7 };
	int64_t to;

	pem_of(brief.cert, &pem);
	key_pem_of(brief.key, &key);
	struct mint *mint = mint_new(buf_slice(&pem), buf_slice(&key), &profile,
				     why, sizeof(why));
	X509 *leaf = leaf_of(mint, "groq.com");
	OK(impl_time(X509_get0_notAfter(leaf), &to) == 0);
	OK(to == mint_not_after(mint));
	X509_free(leaf);
	mint_free(mint);
	buf_deinit(&pem);
	buf_deinit(&key);
	NAME_CONSTRAINTS_free(nc);
	pair_free(&brief);
}

static void a_kit_fits_its_leaves(void)
{
	struct mint *mint = mint_of(NULL), *other = mint_of(NULL);
	struct buf key, chain, der;

	buf_init(&key, 1 << 16);
	buf_init(&chain, 1 << 16);
	buf_init(&der, 1 << 16);
	OK(mint_kit(mint, &key, &chain) == 0);
	struct leaf_kit *kit = leaf_kit_new(buf_slice(&key), buf_slice(&chain));
	OK(kit != NULL);
	mint_leaf(mint, slice_str("groq.com"), &der);
	struct leaf *leaf = leaf_new(kit, buf_slice(&der));
	OK(leaf != NULL && leaf_not_after(leaf) > cert_now());
	leaf_done(leaf);
	buf_clear(&der);
	mint_leaf(other, slice_str("groq.com"), &der);
	OK(leaf_new(kit, buf_slice(&der)) == NULL);
	OK(leaf_new(kit, slice_str("nonsense")) == NULL);
	OK(leaf_kit_new(slice_str("x"), buf_slice(&chain)) == NULL);
	OK(leaf_kit_new(buf_slice(&key), slice_str("x")) == NULL);
	leaf_kit_free(kit);
	buf_wipe(&key);
	buf_deinit(&chain);
	buf_deinit(&der);
	mint_free(mint);
	mint_free(other);
	ERR_clear_error();
}

int main(void)
{
	set_up();
	RUN(a_leaf_has_what_clients_ask_for_and_no_more);
	RUN(serials_differ_and_the_key_is_one);
	RUN(a_long_name_stands_in_the_san_alone);
	RUN(what_is_no_host_or_not_permitted_gets_none);
	RUN(a_ca_that_is_none_makes_no_mint);
	RUN(a_leaf_never_outlives_its_ca);
	RUN(a_kit_fits_its_leaves);
	pair_free(&ca);
	buf_deinit(&ca_pem);
	buf_wipe(&ca_key);
	return test_done();
}
