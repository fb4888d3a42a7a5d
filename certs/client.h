/* client.h - the client CA at work: certificates for integrations and devices,
 * wrapped for those who import them. */
#pragma once
#include <openssl/x509.h>

#include "certs/enrol.h"

enum { CLIENT_ORG_MAX = 32 };

struct client_ca {
	X509 *cert;
	EVP_PKEY *key;
	char issuer[33]; /* as tls_peer.issuer */
	char org[128];
	char urn_org[CLIENT_ORG_MAX + 1];
	char crl[1024];
};

/* Close it even when this fails. */
int client_open(struct client_ca *ca, const char *state, char *why, size_t len);
void client_close(struct client_ca *ca);

/* Fills in the gift's certificate, key, PKCS#12, serial, URN and end. */
int client_make(const struct client_ca *ca, const struct enrol_wish *wish,
		struct enrol_gift *gift, char *why, size_t len);
