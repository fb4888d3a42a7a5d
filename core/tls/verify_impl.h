/* verify_impl.h - the side of verify.h that context.c works with. */
#pragma once
#include "tls/impl.h"
#include "tls/verify.h"

/* What one upstream SSL is about, and how its certificate fared. */
struct verify_note {
	char host[254];
	char key[280];    /* of its session */
	int error;        /* X509_V_ERR */
	int depth;        /* 0: the host's own certificate */
	int sent;         /* certificates received */
	bool asked;       /* it wants a certificate of ours */
	int64_t from, to; /* validity of the certificate at fault */
};

struct verify *verify_new(bool revocation);
void verify_free(struct verify *v);

/* Makes every handshake of `ctx` ask `v`. */
void verify_watch(SSL_CTX *ctx, struct verify *v);

/* Gives `ssl` its note; owned by the SSL. */
struct verify_note *verify_note_new(SSL *ssl);
struct verify_note *verify_note_of(const SSL *ssl); /* NULL: none */
