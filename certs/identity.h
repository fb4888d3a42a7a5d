/* identity.h - which integration is this, and is it welcome.
 *
 *   certificate (issuer, serial) --\
 *   name + token -------------------+--> identity + answer
 *   PAC id, name, network ---------/
 *
 * The table of integrations is one file, STATE/integrations, which the CLI and
 * the control process replace whole (certs/roster.h) and everybody else reads.
 * identity_refresh looks whether the file changed (one stat) and reads it
 * anew; so a revocation holds from the next refresh on, for live connections
 * and resumed sessions too, when the caller asks at every use. A file that
 * cannot be read changes nothing.
 */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

enum identity_status {
	IDENTITY_ACTIVE,
	IDENTITY_PAUSED,
	IDENTITY_REVOKED,
};

enum identity_mode {
	IDENTITY_INLINE,
	IDENTITY_OBSERVE,
};

/* A client certificate that was issued. */
struct identity_cert {
	struct mg_slice issuer; /* as tls_peer.issuer */
	struct mg_slice serial; /* as tls_peer.serial */
	struct mg_slice device; /* empty: the integration itself */
	int64_t until;          /* seconds since 1970: accepted no longer */
	int64_t revoked;        /* seconds since 1970, 0: not */
};

struct identity {
	struct mg_slice name;
	struct mg_slice id;      /* UUID */
	struct mg_slice created; /* "2026-08-21T10:14:03.221Z" */
	struct mg_slice pac;     /* unguessable part of the PAC URL */
	enum identity_status status;
	enum identity_mode mode;
	const struct mg_slice *tags;
	const struct mg_slice *groups;
	const struct identity_cert *certs;
	uint32_t tag_count;
	uint32_t group_count;
	uint32_t cert_count;
	bool has_token;
	unsigned char token[32]; /* SHA-256 */
};

enum identity_answer {
	IDENTITY_OK,
	IDENTITY_UNKNOWN,
	IDENTITY_IS_PAUSED,
	IDENTITY_IS_REVOKED, /* the integration or this certificate */
	IDENTITY_IS_EXPIRED, /* the certificate, or its CA's grace */
	IDENTITY_WRONG_TOKEN,
};

struct identity_table;

/* A missing file is an empty table. NULL with a sentence in `why` when there
 * is a file and it cannot be read. */
struct identity_table *identity_open(const char *path, char *why,
				     size_t why_len);
void identity_close(struct identity_table *t);

/* 1 when the table was read anew (every pointer from it is void), 0 when not,
 * or a negative mg_err: the old table stands, and it was logged, once. */
int identity_refresh(struct identity_table *t);

/* Grows with every change of the file. */
uint64_t identity_epoch(const struct identity_table *t);
uint32_t identity_count(const struct identity_table *t);

/* NULL when there is none. All pointers into the table are valid until the
 * next refresh that answers 1; identity_copy outlives it. */
const struct identity *identity_at(const struct identity_table *t, uint32_t i);
const struct identity *identity_by_name(const struct identity_table *t,
					struct mg_slice name);
const struct identity *identity_by_pac(const struct identity_table *t,
				       struct mg_slice pac);

/* *who (and *cert) are set whenever they are known, also when refused, and
 * NULL when not. A verified certificate is the caller's duty. */
enum identity_answer identity_by_serial(const struct identity_table *t,
					struct mg_slice issuer,
					struct mg_slice serial, int64_t now,
					const struct identity **who,
					const struct identity_cert **cert);

/* Constant in time for a given length of token. */
enum identity_answer identity_by_token(const struct identity_table *t,
				       struct mg_slice name,
				       struct mg_slice token,
				       const struct identity **who);

/* Active, paused or revoked: what it means for one who was found. */
enum identity_answer identity_answer_of(const struct identity *who);

/* A sentence for the person who is refused. Static. */
const char *identity_sentence(enum identity_answer answer);

/* Everything but the certificates, in `arena`. */
const struct identity *identity_copy(const struct identity *who,
				     struct arena *arena);
