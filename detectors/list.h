/* list.h - every family of detectors, once. To add one: write its file, which
 * defines `const struct family family_NAME`, and add its line. */
#pragma once
#include "detectors/detector.h"

#define FAMILIES(X)                                                            \
	X(pii_contact)                                                         \
	X(pii_network)                                                         \
	X(pii_financial)                                                       \
	X(pii_us)                                                              \
	X(pii_iberia)                                                          \
	X(pii_europe)                                                          \
	X(pii_world)                                                           \
	X(pii_address)                                                         \
	X(pii_person)                                                          \
	X(secrets_ai)                                                          \
	X(secrets_cloud)                                                       \
	X(secrets_scm)                                                         \
	X(secrets_pay)                                                         \
	X(secrets_msg)                                                         \
	X(secrets_obs)                                                         \
	X(secrets_dev)                                                         \
	X(secrets_dev_more)                                                    \
	X(secrets_generic)                                                     \
	X(injection)                                                           \
	X(code)                                                                \
	X(unicode)                                                             \
	X(appsec_database)                                                     \
	X(appsec_system)                                                       \
	X(toxicity)

#define X(name) extern const struct family family_##name;
FAMILIES(X)
#undef X
