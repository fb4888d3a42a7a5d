/* hosts.c - see hosts.h */
#include "text/hosts.h"

#include <stdlib.h>

#include "base/hash.h"

enum { LONGEST_HOST = 253, FIRST_SLOTS = 64 };

enum kind { EXACT, TREE, BELOW, KINDS };

struct hosts_name {
	struct mg_slice text; /* at == NULL: slot is free */
	uint64_t hash;
	uint32_t owner[HOSTS_LISTS][KINDS]; /* 0 none */
};

void hosts_init(struct hosts *h, struct arena *a)
{
	*h = (struct hosts){ .arena = a };
}

void hosts_deinit(struct hosts *h)
{
	free(h->names);
	hosts_init(h, h->arena);
}

static bool is_host_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '.' || c == '_';
}

/* Lower case, without a trailing dot; empty when it is no host name. `star`: it
 * may begin with "*-". */
static struct mg_slice normal(struct mg_slice host, bool star, char *out)
{
	struct mg_slice none = { out, 0 };

	if (host.len && host.at[host.len - 1] == '.')
		host.len--;
	if (!host.len || host.len > LONGEST_HOST)
		return none;
	for (size_t i = 0; i < host.len; i++) {
		char c = host.at[i];
		if (c >= 'A' && c <= 'Z')
			c |= 32;
		out[i] = c;
		if (star && !i && c == '*' && host.len > 2 && host.at[1] == '-')
			continue;
		if (!is_host_byte(c) ||
		    (c == '.' && (!i || host.at[i - 1] == '.')))
			return none;
	}
	return slice(out, host.len);
}

/* --- filling ----------------------------------------------------------------
 */

static struct hosts_name *slot(const struct hosts *h, struct mg_slice text,
			       uint64_t hash)
{
	uint32_t i = (uint32_t)hash & h->mask;

	while (h->names[i].text.at && !slice_same(h->names[i].text, text))
		i = (i + 1) & h->mask;
	return &h->names[i];
}

static void more_slots(struct hosts *h)
{
	struct hosts_name *old = h->names;
	uint32_t slots = old ? h->mask + 1 : 0;

	h->mask = slots ? slots * 2 - 1 : FIRST_SLOTS - 1;
	h->names = calloc(h->mask + 1, sizeof(*h->names));
	if (!h->names)
		abort();
	for (uint32_t i = 0; i < slots; i++)
		if (old[i].text.at)
			*slot(h, old[i].text, old[i].hash) = old[i];
	free(old);
}

int hosts_add(struct hosts *h, uint32_t list, struct mg_slice pattern,
	      uint32_t owner)
{
	char lower[LONGEST_HOST];
	enum kind kind = EXACT;

	if (slice_starts(pattern, "*."))
		kind = BELOW;
	else if (slice_starts(pattern, "."))
		kind = TREE;
	if (kind != EXACT) {
		size_t mark = kind == BELOW ? 2 : 1;
		pattern = slice(pattern.at + mark, pattern.len - mark);
	}
	struct mg_slice text = normal(pattern, kind == EXACT, lower);
	if (list >= HOSTS_LISTS || !text.len)
		return MG_EINVAL;
	if (*text.at == '*' && !memchr(text.at, '.', text.len))
		return MG_EINVAL;

	if (2 * h->count >= h->mask)
		more_slots(h);
	uint64_t hash = hash_table(text);
	struct hosts_name *name = slot(h, text, hash);
	if (!name->text.at) {
		name->text = arena_slice(h->arena, text);
		name->hash = hash;
		h->count++;
	}
	name->owner[list][kind] = owner;
	return MG_OK;
}

/* --- asking -----------------------------------------------------------------
 */

/* What one name says about the host; the first name that speaks is kept. */
static void ask(const struct hosts *h, struct mg_slice text, bool itself,
		uint32_t found[HOSTS_LISTS])
{
	const struct hosts_name *name = slot(h, text, hash_table(text));

	if (!name->text.at)
		return;
	for (int list = 0; list < HOSTS_LISTS; list++) {
		const uint32_t *owner = name->owner[list];
		uint32_t hit = owner[itself ? EXACT : BELOW];
		if (!found[list])
			found[list] = hit ? hit : owner[TREE];
	}
}

/* "eu-west1-api.x" asks for "*-west1-api.x", then for "*-api.x". */
static void ask_dashes(const struct hosts *h, char *host, size_t len,
		       uint32_t found[HOSTS_LISTS])
{
	for (size_t i = 1; i < len && host[i] != '.'; i++) {
		if (host[i] != '-')
			continue;
		char kept = host[i - 1];
		host[i - 1] = '*';
		ask(h, slice(host + i - 1, len - i + 1), true, found);
		host[i - 1] = kept;
	}
}

void hosts_ask(const struct hosts *h, struct mg_slice host,
	       uint32_t owner[HOSTS_LISTS])
{
	char lower[LONGEST_HOST];
	struct mg_slice text = normal(host, false, lower);

	memset(owner, 0, HOSTS_LISTS * sizeof(*owner));
	if (!h->names || !text.len)
		return;
	ask(h, text, true, owner);
	ask_dashes(h, lower, text.len, owner);
	for (size_t i = 1; i < text.len; i++)
		if (lower[i - 1] == '.')
			ask(h, slice(lower + i, text.len - i), false, owner);
}
