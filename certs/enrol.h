/* enrol.h - gives integrations and their devices what they prove themselves
 * with, and takes it back.
 *
 *   create --> certificate + key + PKCS#12, token, PAC id: delivered once
 *   rotate --> new certificate and key; the old one ends now, or after a grace
 *   revoke --> ends for good; pause, resume --> ends for a while
 *
 * The key is made here, handed out and forgotten: the state directory keeps
 * serial numbers and the token's hash. Whoever lost a key rotates.
 *
 * A certificate names its owner in its one URI:
 *   urn:moongate:org:<organisation>:endpoint:<integration>[:device:<device>]
 */
#pragma once
#include "base/buf.h"
#include "certs/identity.h"

enum { ENROL_TOKEN_MAX = 64 };

/* What is wanted; strings are borrowed, lists end with NULL (or are NULL). */
struct enrol_wish {
	const char *state; /* the state directory */
	const char *name;
	const char *device; /* NULL: the integration itself */
	const char *const *tags;
	const char *const *groups;
	enum identity_mode mode;
	uint32_t days;        /* validity of the certificate */
	int64_t grace;        /* rotate: seconds that the old one still works */
	bool legacy;          /* PKCS#12 for importers of before 2019 */
	const char *password; /* of the PKCS#12 */
};

/* What was made. Wipe it with enrol_done. */
struct enrol_gift {
	struct buf cert; /* PEM */
	struct buf key;  /* PEM, open */
	struct buf p12;
	char id[37];
	char pac[33];
	char token[ENROL_TOKEN_MAX]; /* empty when none was made */
	char serial[41];
	char urn[224];
	int64_t not_after; /* seconds since 1970 */
};

void enrol_done(struct enrol_gift *gift);

/* All of these: 0, or a negative mg_err with a sentence in `why`: MG_EINVAL
 * when the wish is at fault. */

/* A new integration; or, where there is one already, a device more of it. */
int enrol_create(const struct enrol_wish *wish, struct enrol_gift *gift,
		 char *why, size_t len);
int enrol_rotate(const struct enrol_wish *wish, struct enrol_gift *gift,
		 char *why, size_t len);
/* A new token; the old one ends now. */
int enrol_token(const char *state, const char *name,
		char token[ENROL_TOKEN_MAX], char *why, size_t len);
/* The whole integration for good, or (device not NULL) one device. */
int enrol_revoke(const char *state, const char *name, const char *device,
		 char *why, size_t len);
/* IDENTITY_PAUSED or IDENTITY_ACTIVE; a revoked one stays revoked. */
int enrol_pause(const char *state, const char *name,
		enum identity_status status, char *why, size_t len);
int enrol_set_mode(const char *state, const char *name, enum identity_mode mode,
		   char *why, size_t len);

/* After a rotation of the client CA: what `issuer` signed is accepted until
 * `until` and no longer. How many certificates that concerns. */
int enrol_end_issuer(const char *state, const char *issuer, int64_t until,
		     char *why, size_t len);
