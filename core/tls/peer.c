/* peer.c - see peer.h */
#include "tls/peer.h"

#include <openssl/x509v3.h>
#include <string.h>

#include "base/hash.h"

static void read_serial(const X509 *cert, struct tls_peer *peer)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
	const unsigned char *at = ASN1_STRING_get0_data(serial);
	size_t len = (size_t)ASN1_STRING_length(serial);

	while (len > 1 && *at == 0) {
		at++;
		len--;
	}
	/* RFC 5280: at most 20 bytes. A longer one is nobody's. */
	if (len <= 20)
		hash_hex(at, len, peer->serial);
	const char *digit = peer->serial;
	if (digit[0] == '0' && digit[1])
		memmove(peer->serial, digit + 1, strlen(digit));
}

static void read_urn(X509 *cert, struct tls_peer *peer)
{
	GENERAL_NAMES *names =
		X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_URI)
			continue;
		const ASN1_IA5STRING *uri = name->d.uniformResourceIdentifier;
		size_t len = (size_t)ASN1_STRING_length(uri);
		const unsigned char *at = ASN1_STRING_get0_data(uri);
		if (len < sizeof(peer->urn) && !memchr(at, 0, len))
			memcpy(peer->urn, at, len);
		break;
	}
	GENERAL_NAMES_free(names);
}

static void read_cert(X509 *cert, struct tls_peer *peer)
{
	peer->has_cert = true;
	if (impl_time(X509_get0_notAfter(cert), &peer->not_after) < 0)
		peer->not_after = 0;
	read_serial(cert, peer);
	read_urn(cert, peer);
}

/* Never fails the handshake: a client that is told why at CONNECT can say so;
 * one that meets an alert cannot. */
static int on_chain(X509_STORE_CTX *store, void *arg)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(
		store, SSL_get_ex_data_X509_STORE_CTX_idx());
	X509 *cert = X509_STORE_CTX_get0_cert(store);
	struct tls_peer peer;
	(void)arg;

	memset(&peer, 0, sizeof(peer));
	int ok = X509_verify_cert(store);
	int error = X509_STORE_CTX_get_error(store);
	peer.verified = ok == 1 && error == X509_V_OK;
	peer.error = ok == 1 ? error : error ? error : X509_V_ERR_UNSPECIFIED;
	if (cert)
		read_cert(cert, &peer);
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(store);
	if (peer.verified && sk_X509_num(chain) > 1 &&
	    impl_fingerprint(sk_X509_value(chain, 1), peer.issuer) < 0)
		peer.verified = false;

	X509_STORE_CTX_set_error(store, peer.error);
	SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), &peer,
					sizeof(peer));
	return 1;
}

void peer_watch(SSL_CTX *ctx)
{
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(ctx, on_chain, NULL);
}

void peer_read(SSL *ssl, struct tls_peer *peer)
{
	SSL_SESSION *session = SSL_get_session(ssl);
	void *at;
	size_t len;

	memset(peer, 0, sizeof(*peer));
	if (session &&
	    SSL_SESSION_get0_ticket_appdata(session, &at, &len) == 1 && at &&
	    len == sizeof(*peer))
		memcpy(peer, at, len);
	peer->resumed = SSL_session_reused(ssl) == 1;
}
