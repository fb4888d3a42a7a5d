/* leaf.c - see leaf.h */
#include "tls/leaf.h"

#include <openssl/x509.h>
#include <stdlib.h>

#include "tls/impl.h"

enum { CHAIN_MAX = 4 };

struct leaf_kit {
	EVP_PKEY *key;
	STACK_OF(X509) * chain;
};

static STACK_OF(X509) * read_chain(struct mg_slice der)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	const unsigned char *at = (const unsigned char *)der.at;
	const unsigned char *end = at + der.len;

	while (chain && at < end) {
		X509 *cert = d2i_X509(NULL, &at, end - at);
		if (!cert || sk_X509_num(chain) == CHAIN_MAX ||
		    !sk_X509_push(chain, cert)) {
			X509_free(cert);
			sk_X509_pop_free(chain, X509_free);
			return NULL;
		}
	}
	return chain;
}

struct leaf_kit *leaf_kit_new(struct mg_slice key, struct mg_slice chain)
{
	const unsigned char *at = (const unsigned char *)key.at;
	struct leaf_kit *kit = calloc(1, sizeof(*kit));

	if (!kit)
		abort();
	kit->key = d2i_AutoPrivateKey(NULL, &at, (long)key.len);
	kit->chain = read_chain(chain);
	if (!kit->key || !kit->chain || !sk_X509_num(kit->chain)) {
		leaf_kit_free(kit);
		return NULL;
	}
	return kit;
}

void leaf_kit_free(struct leaf_kit *kit)
{
	if (!kit)
		return;
	EVP_PKEY_free(kit->key);
	sk_X509_pop_free(kit->chain, X509_free);
	free(kit);
}

struct leaf *leaf_new(const struct leaf_kit *kit, struct mg_slice der)
{
	const unsigned char *at = (const unsigned char *)der.at;
	X509 *cert = d2i_X509(NULL, &at, (long)der.len);
	int64_t not_after;

	if (!cert || !X509_check_private_key(cert, kit->key) ||
	    impl_time(X509_get0_notAfter(cert), &not_after) < 0) {
		X509_free(cert);
		return NULL;
	}
	struct leaf *leaf = calloc(1, sizeof(*leaf));
	if (!leaf)
		abort();
	leaf->cert = cert;
	leaf->chain = X509_chain_up_ref(kit->chain);
	leaf->key = kit->key;
	EVP_PKEY_up_ref(leaf->key);
	leaf->not_after = not_after;
	leaf->holders = 1;
	return leaf;
}

struct leaf *leaf_use(struct leaf *leaf)
{
	leaf->holders++;
	return leaf;
}

void leaf_done(struct leaf *leaf)
{
	if (!leaf || --leaf->holders)
		return;
	X509_free(leaf->cert);
	sk_X509_pop_free(leaf->chain, X509_free);
	EVP_PKEY_free(leaf->key);
	free(leaf);
}

int64_t leaf_not_after(const struct leaf *leaf)
{
	return leaf->not_after;
}
