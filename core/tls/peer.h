/* peer.h - reads a device's certificate once per session.
 *
 * What matters of the certificate is written into the TLS session itself when
 * the chain is verified, so a resumed connection, in whatever worker, need not
 * parse a certificate to know who is there.
 */
#pragma once
#include "tls/impl.h"

/* Lets any certificate through the handshake and notes whether it is good. */
void peer_watch(SSL_CTX *ctx);

void peer_read(SSL *ssl, struct tls_peer *peer);
