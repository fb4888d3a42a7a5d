/* roster.h - the file behind identity.h: read, printed, replaced.
 *
 *   moongate-integrations 1
 *   epoch 12
 *
 *   integration laptops
 *   id 0197f3c2-...            created 2026-08-21T10:14:03.221Z
 *   mode inline                status active
 *   tag finance                group engineering
 *   token <SHA-256>            pac <32 hex digits>
 *   cert <issuer> <serial> <until> <revoked, 0 when not> <device or ->
 *
 * (one `key value` a line.) A change is: lock, read, change, print beside,
 * fsync, rename. Readers see the old file or the new one, never half of one;
 * a line nobody knows makes the whole file unreadable rather than half read.
 */
#pragma once
#include "base/buf.h"
#include "certs/identity.h"

enum {
	ROSTER_BYTES_MAX = 64 << 20,
	ROSTER_MAX = 100000, /* integrations */
	ROSTER_CERTS_MAX = 10000,
	ROSTER_LIST_MAX = 64, /* tags, groups */
	ROSTER_WORD_MAX = 128,
};

/* All integrations of a file, in `arena`. */
struct roster {
	struct arena arena;
	struct identity *at;
	uint32_t count;
	uint32_t cap;
	uint64_t epoch;
};

void roster_init(struct roster *r);
void roster_deinit(struct roster *r);

/* MG_EPROTO with "line 7: what" in `why`. */
int roster_parse(struct roster *r, struct mg_slice text, char *why,
		 size_t why_len);
int roster_print(const struct roster *r, struct buf *out);

/* The file as it is; a missing one is empty. */
int roster_read(struct roster *r, const char *path, char *why, size_t why_len);

/* Takes the lock (PATH.lock), reads, lets `change` work, writes with the next
 * epoch. What `change` answers below zero is returned, and nothing written. */
typedef int roster_change(struct roster *r, void *arg);
int roster_edit(const char *path, roster_change *change, void *arg, char *why,
		size_t why_len);

/* Lower case letters, digits, '.', '_' and '-'; 64 at most. */
bool roster_is_name(struct mg_slice name);
/* A tag, a group or a device: no spaces, no control characters. */
bool roster_is_word(struct mg_slice word);

struct identity *roster_find(struct roster *r, struct mg_slice name);
struct identity *roster_add(struct roster *r, struct mg_slice name);
int roster_add_cert(struct roster *r, struct identity *who,
		    const struct identity_cert *cert);
int roster_add_tag(struct roster *r, struct identity *who, struct mg_slice tag);
int roster_add_group(struct roster *r, struct identity *who,
		     struct mg_slice group);
