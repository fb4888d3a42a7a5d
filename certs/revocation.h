/* revocation.h - the lists of what is no longer good.
 *
 * Moongate itself never reads them: it asks identity.h, which is immediate.
 * They are for others: clients that check the leaves they are shown (Schannel
 * insists on finding a list, even an empty one), and tools that check clients.
 *
 *   crl/root.crl        inspection CAs given up; signed when the root is here
 *   crl/inspection.crl  leaves; empty, they live for days
 *   crl/client.crl      revoked integrations and devices
 */
#pragma once
#include "certs/roster.h"

/* Signs client.crl and inspection.crl anew from the table. */
int revocation_publish(const char *ca_dir, const struct roster *roster,
		       uint32_t days, char *why, size_t why_len);
