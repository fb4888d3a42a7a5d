/* permit.c - see permit.h */
#include "certs/permit.h"

#include <stdlib.h>

#include "certs/hierarchy.h"
#include "certs/impl.h"
#include "tls/mint.h"

struct mg_slice hierarchy_permit(const char *pattern, struct arena *arena)
{
	struct mg_slice p = slice_trim(slice_str(pattern));
	struct mg_slice none = slice("", 0);

	if (slice_starts(p, "*."))
		p = slice(p.at + 2, p.len - 2);
	else if (slice_starts(p, "."))
		p = slice(p.at + 1, p.len - 1);
	if (p.len == 0 || p.len > MINT_HOST_MAX || !memchr(p.at, '.', p.len))
		return none;
	char *name = arena_str(arena, p.at, p.len);
	for (size_t i = 0; i < p.len; i++)
		if (name[i] >= 'A' && name[i] <= 'Z')
			name[i] = (char)(name[i] | 0x20);
	p = slice(name, p.len);
	return mint_is_host(p) ? p : none;
}

static bool is_below(struct mg_slice host, struct mg_slice name)
{
	if (host.len < name.len)
		return false;
	size_t before = host.len - name.len;
	return slice_same(slice(host.at + before, name.len), name) &&
	       (before == 0 || host.at[before - 1] == '.');
}

/* Under another one of the list, or the same as an earlier one. */
static bool is_covered(const struct mg_slice *names, uint32_t count, uint32_t i)
{
	for (uint32_t k = 0; k < count; k++)
		if (k != i && is_below(names[i], names[k]) &&
		    (names[k].len < names[i].len || k < i))
			return true;
	return false;
}

static STACK_OF(GENERAL_SUBTREE) * trees(NAME_CONSTRAINTS *nc, bool permitted)
{
	STACK_OF(GENERAL_SUBTREE) **list =
		permitted ? &nc->permittedSubtrees : &nc->excludedSubtrees;

	if (!*list && !(*list = sk_GENERAL_SUBTREE_new_null()))
		abort();
	return *list;
}

static void add(NAME_CONSTRAINTS *nc, bool permitted, int type,
		struct mg_slice value)
{
	GENERAL_SUBTREE *tree = GENERAL_SUBTREE_new();
	ASN1_STRING *text = ASN1_STRING_type_new(
		type == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);

	if (!tree || !text ||
	    !ASN1_STRING_set(text, value.at, (int)value.len) ||
	    !sk_GENERAL_SUBTREE_push(trees(nc, permitted), tree))
		abort();
	GENERAL_NAME_set0_value(tree->base, type, text);
}

/* An address and its mask, both zero: every address. */
static void exclude_addresses(NAME_CONSTRAINTS *nc)
{
	static const char zero[32];

	add(nc, false, GEN_IPADD, slice(zero, 8));
	add(nc, false, GEN_IPADD, slice(zero, 32));
}

/* Names collected, ours first. */
struct names {
	struct arena *arena;
	struct mg_slice *at;
	uint32_t count;
	uint32_t cap;
};

static void names_add(struct names *n, struct mg_slice name)
{
	n->at = arena_grow(n->arena, n->at, n->count, &n->cap, sizeof(*n->at));
	n->at[n->count++] = name;
}

/* "*-aiplatform.googleapis.com" has no constraint of its own, and its parent
 * would permit all of Google's interfaces: the regions are named one by one. */
static bool add_regions(struct names *n, const char *pattern)
{
	if (strncmp(pattern, "*-", 2) != 0)
		return false;
	for (const char *const *r = permit_regions; *r; r++) {
		const char *host = arena_fmt(n->arena, "%s%s", *r, pattern + 1);
		struct mg_slice name = hierarchy_permit(host, n->arena);
		if (name.len == 0)
			return false;
		names_add(n, name);
	}
	return true;
}

static int gather(const char *proxy, const char *const *hosts, uint32_t count,
		  struct names *n, char *why, size_t len)
{
	struct mg_slice own = slice_str(proxy ? proxy : "");

	/* Our own name may be a single word: localhost. */
	if (!mint_is_host(own))
		return impl_fail(why, len, MG_EINVAL,
				 "proxy name '%s' is not a host name in lower "
				 "case; addresses cannot be certified",
				 proxy ? proxy : "");
	names_add(n, own);
	for (uint32_t i = 0; i < count; i++) {
		struct mg_slice name = hierarchy_permit(hosts[i], n->arena);
		if (name.len)
			names_add(n, name);
		else if (!add_regions(n, hosts[i]))
			return impl_fail(why, len, MG_EINVAL,
					 "host '%s' cannot be permitted: it "
					 "must be a name such as api.x.com, "
					 ".x.com or *.x.com",
					 hosts[i]);
	}
	return MG_OK;
}

int permit_build(const char *proxy, const char *const *hosts, uint32_t count,
		 NAME_CONSTRAINTS **out, char *why, size_t len)
{
	struct arena arena;

	if (count == 0 || count > HIERARCHY_HOSTS_MAX)
		return impl_fail(why, len, MG_EINVAL,
				 "%u hosts: there must be between 1 and %u",
				 count, (unsigned)HIERARCHY_HOSTS_MAX);
	arena_init(&arena);
	struct names names = { .arena = &arena };
	int err = gather(proxy, hosts, count, &names, why, len);
	if (err >= 0) {
		NAME_CONSTRAINTS *nc = NAME_CONSTRAINTS_new();
		if (!nc)
			abort();
		for (uint32_t i = 0; i < names.count; i++)
			if (!is_covered(names.at, names.count, i))
				add(nc, true, GEN_DNS, names.at[i]);
		exclude_addresses(nc);
		*out = nc;
	}
	arena_deinit(&arena);
	return err;
}

int permit_check(const char *proxy, const char *const *hosts, uint32_t count,
		 char *why, size_t len)
{
	NAME_CONSTRAINTS *nc = NULL;
	int err = permit_build(proxy, hosts, count, &nc, why, len);

	NAME_CONSTRAINTS_free(nc);
	return err;
}

static struct mg_slice permitted(const NAME_CONSTRAINTS *nc, int i)
{
	const GENERAL_SUBTREE *tree =
		sk_GENERAL_SUBTREE_value(nc->permittedSubtrees, i);

	if (tree->base->type != GEN_DNS)
		return slice("", 0);
	const ASN1_IA5STRING *name = tree->base->d.dNSName;
	return slice((const char *)ASN1_STRING_get0_data(name),
		     (size_t)ASN1_STRING_length(name));
}

bool permit_allows(X509 *ca, const char *host)
{
	NAME_CONSTRAINTS *nc =
		X509_get_ext_d2i(ca, NID_name_constraints, NULL, NULL);
	bool allowed = false;

	for (int i = 0; nc && i < sk_GENERAL_SUBTREE_num(nc->permittedSubtrees);
	     i++) {
		struct mg_slice name = permitted(nc, i);
		allowed |= name.len && is_below(slice_str(host), name);
	}
	NAME_CONSTRAINTS_free(nc);
	return allowed;
}

int hierarchy_permitted(const char *dir, struct arena *arena,
			struct mg_slice **out)
{
	char path[4096];

	if (impl_path(path, sizeof(path), dir, "inspection.crt") < 0)
		return MG_ETOOBIG;
	X509 *ca = cert_read(path, 0);
	NAME_CONSTRAINTS *nc =
		ca ? X509_get_ext_d2i(ca, NID_name_constraints, NULL, NULL)
		   : NULL;
	int n = nc ? sk_GENERAL_SUBTREE_num(nc->permittedSubtrees) : 0;
	if (n > 0)
		*out = arena_alloc(arena, (size_t)n * sizeof(**out));
	for (int i = 0; i < n; i++)
		(*out)[i] = arena_slice(arena, permitted(nc, i));
	NAME_CONSTRAINTS_free(nc);
	X509_free(ca);
	cert_why();
	return nc ? n : MG_EIO;
}
