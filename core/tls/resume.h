/* resume.h - sessions that upstreams gave us, by host.
 *
 * A few per host, taken out when used (a TLS 1.3 ticket is good for one use),
 * the least recently used host forgotten first. Only sessions of verified
 * handshakes get here.
 */
#pragma once
#include <openssl/ssl.h>

#include "base/slice.h"

struct resume;

struct resume *resume_new(uint32_t hosts);
void resume_free(struct resume *r);

/* Owns `session` from now on. */
void resume_put(struct resume *r, struct mg_slice key, SSL_SESSION *session);

/* NULL when there is none; else the caller's. */
SSL_SESSION *resume_take(struct resume *r, struct mg_slice key);

void resume_purge(struct resume *r);
