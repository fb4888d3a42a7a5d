/* conf.h - every setting of moongate.lua, once.
 *
 * One X-list row per setting: its dotted name, its C kind, its default as text,
 * the choices (NULL: free), and a sentence. The list makes the struct, the
 * parser, `moongate schema` and the documentation, so they cannot disagree.
 * Reading the Lua file is policy/engine's work: it hands (name, text) pairs to
 * conf_set.
 *
 * The dot in a name is an underscore in the struct: limits.body is
 * conf->limits_body. Durations are milliseconds, choices indices.
 */
#pragma once
#include <stdbool.h>

#include "base/slice.h"

/* Owned strings. A map is a list of "key=value". */
struct conf_list {
	char **at;
	uint32_t count;
};

/* kind      in C, and how it is written
 * text      char *, anything
 * path      char *; a relative one starts where moongate.lua lies
 * number    uint64_t, decimal
 * bytes     uint64_t: 4096, "64KiB", "32MiB", "1GiB"
 * duration  uint64_t milliseconds: "250ms", "10s", "5m", "2h", "7d"
 * flag      bool
 * choice    uint32_t, index into the choices
 * list, map struct conf_list
 *
 * `choices` of a number, bytes or duration is the range "least..most". */

/* The choices that code asks for, in the order of their rows. */
enum conf_mode { CONF_INLINE, CONF_OBSERVE };
enum conf_unread { CONF_TUNNEL, CONF_REFUSE };

/* X(field, name, kind, default, choices, about) */
#define CONF_SETTINGS(X)                                                       \
	X(state, "state", path, "state", NULL,                                 \
	  "Directory of everything kept.")                                     \
	X(policies, "policies", path, "policies", NULL,                        \
	  "Directory of policy files.")                                        \
	X(applications, "applications", path, "", NULL,                        \
	  "Directory of your own application tables; empty for none.")         \
	X(user, "user", text, "", NULL,                                        \
	  "Account to run as when started by root; empty keeps the account.")  \
	X(workers, "workers", number, "0", "0..1024",                          \
	  "Worker processes; 0 is one per core.")                              \
	X(mode, "mode", choice, "inline", "inline|observe",                    \
	  "observe records every decision and changes nothing.")               \
	X(org, "org", text, "default", NULL, "Name of the organisation.")      \
	X(log, "log", choice, "info", "error|warn|info|debug",                 \
	  "Operator log level.")                                               \
	X(listen_tls, "listen.tls", list, "127.0.0.1:8443", NULL,              \
	  "TLS proxy listeners (client certificates).")                        \
	X(listen_plain, "listen.plain", list, "127.0.0.1:8080", NULL,          \
	  "Plain proxy listeners (tokens).")                                   \
	X(listen_control, "listen.control", text, "127.0.0.1:8790", NULL,      \
	  "Where PAC files, CRLs and health are served.")                      \
	X(proxy_name, "proxy.name", text, "localhost", NULL,                   \
	  "Host name by which devices reach the TLS listener.")                \
	X(proxy_uncovered, "proxy.uncovered", choice, "tunnel",                \
	  "tunnel|refuse",                                                     \
	  "What happens to CONNECT for hosts that are not covered.")           \
	X(proxy_pinned, "proxy.pinned", choice, "refuse", "tunnel|refuse",     \
	  "What happens to hosts whose client rejects our certificate.")       \
	X(proxy_networks, "proxy.networks", map, "", NULL,                     \
	  "Source ranges that name an integration: 10.1.0.0/16=laptops.")      \
	X(proxy_anonymous, "proxy.anonymous", text, "", NULL,                  \
	  "Integration for clients without identity; empty refuses them.")     \
	X(pac_failure, "pac.failure", choice, "closed", "closed|open",         \
	  "open adds DIRECT to the PAC's answers.")                            \
	X(hosts_ai, "hosts.ai", list, "", NULL,                                \
	  "AI domains, intercepted by patterns.")                              \
	X(hosts_chatty, "hosts.chatty", list, "", NULL,                        \
	  "Domains never captured.")                                           \
	X(hosts_bypass, "hosts.bypass", list, "", NULL,                        \
	  "Hosts never intercepted.")                                          \
	X(upstream_ca, "upstream.ca", path, "", NULL,                          \
	  "PEM file of upstream roots; empty is the system's.")                \
	X(upstream_crl, "upstream.crl", path, "", NULL,                        \
	  "PEM file of revocation lists of upstream issuers; empty: none.")    \
	X(upstream_connect, "upstream.connect", map, "", NULL,                 \
	  "Fixed addresses: api.openai.com=127.0.0.1:9443. Never DNS.")        \
	X(upstream_private, "upstream.private", flag, "false", NULL,           \
	  "Allow upstream names that resolve to private addresses.")           \
	X(upstream_idle, "upstream.idle", duration, "60s", "0s..1d",           \
	  "Pooled connections live.")                                          \
	X(upstream_per_host, "upstream.per_host", number, "64", "1..65536",    \
	  "Pooled connections a host.")                                        \
	X(limits_headers, "limits.headers", bytes, "64KiB", "1KiB..1MiB",      \
	  "All header fields.")                                                \
	X(limits_fields, "limits.fields", number, "200", "1..10000",           \
	  "Header fields.")                                                    \
	X(limits_line, "limits.line", bytes, "16KiB", "256..1MiB",             \
	  "Request line.")                                                     \
	X(limits_body, "limits.body", bytes, "32MiB", "1KiB..2GiB",            \
	  "Gathered body.")                                                    \
	X(limits_ratio, "limits.ratio", number, "200", "2..100000",            \
	  "Decoded to encoded size.")                                          \
	X(limits_decoded, "limits.decoded", bytes, "256MiB", "1KiB..2GiB",     \
	  "Decoded body.")                                                     \
	X(limits_depth, "limits.depth", number, "256", "8..1000",              \
	  "JSON nesting.")                                                     \
	X(limits_segments, "limits.segments", number, "100000", "1..10000000", \
	  "Segments a body.")                                                  \
	X(limits_findings, "limits.findings", number, "10000", "1..10000000",  \
	  "Findings a body.")                                                  \
	X(limits_connections, "limits.connections", number, "10000",           \
	  "1..10000000", "Device connections an integration.")                 \
	X(limits_memory, "limits.memory", bytes, "512MiB", "1MiB..1024GiB",    \
	  "Bodies held by a worker.")                                          \
	X(timeouts_idle, "timeouts.idle", duration, "120s", "1s..7d",          \
	  "Silence on a connection.")                                          \
	X(timeouts_handshake, "timeouts.handshake", duration, "10s",           \
	  "100ms..10m", "TLS handshakes.")                                     \
	X(timeouts_header, "timeouts.header", duration, "15s", "100ms..10m",   \
	  "A request's header.")                                               \
	X(timeouts_reply, "timeouts.reply", duration, "10m", "1s..7d",         \
	  "Silence of a service, before its reply or within it.")              \
	X(timeouts_connect, "timeouts.connect", duration, "10s", "100ms..10m", \
	  "Upstream connect.")                                                 \
	X(timeouts_drain, "timeouts.drain", duration, "30s", "0s..1d",         \
	  "SIGTERM to exit, at most.")                                         \
	X(failure_detector, "failure.detector", choice, "block",               \
	  "block|allow_with_alert|log",                                        \
	  "A detector or a policy failed, or spent its budget.")               \
	X(failure_too_big, "failure.too_big", choice, "block",                 \
	  "block|allow_with_alert|log", "A body is over its ceiling.")         \
	X(failure_encoding, "failure.encoding", choice, "block",               \
	  "block|allow_with_alert|log",                                        \
	  "A Content-Encoding is unknown, broken or a bomb.")                  \
	X(failure_unread, "failure.unread", choice, "log",                     \
	  "block|allow_with_alert|log", "No reader knows the type of a body.") \
	X(failure_unmaskable, "failure.unmaskable", choice, "block",           \
	  "block|allow_with_alert|log",                                        \
	  "A mask falls where nothing can be written.")                        \
	X(spool_max, "spool.max", bytes, "1GiB", "1MiB..16384GiB",             \
	  "Events kept for slow sinks.")                                       \
	X(spool_segment, "spool.segment", bytes, "8MiB", "64KiB..1GiB",        \
	  "Size of one spool file.")                                           \
	X(events_days, "events.days", number, "30", "1..36500",                \
	  "Days that events are kept.")                                        \
	X(ca_leaf_days, "ca.leaf_days", number, "7", "1..7",                   \
	  "Validity of leaves, at most 7.")                                    \
	X(ca_grace, "ca.grace", duration, "7d", "0s..3650d",                   \
	  "An old CA stays accepted.")

/* What each kind is in C. */
#define CONF_C_path     char *
#define CONF_C_text     char *
#define CONF_C_number   uint64_t
#define CONF_C_bytes    uint64_t
#define CONF_C_duration uint64_t
#define CONF_C_flag     bool
#define CONF_C_choice   uint32_t
#define CONF_C_list     struct conf_list
#define CONF_C_map      struct conf_list

enum conf_id {
#define CONF_ID(field, ...) CONF_ID_##field,
	CONF_SETTINGS(CONF_ID)
#undef CONF_ID
		CONF_IDS /* how many; must be last */
};

struct conf {
#define CONF_FIELD(field, name, kind, initial, choices, about)                 \
	CONF_C_##kind field;
	CONF_SETTINGS(CONF_FIELD)
#undef CONF_FIELD
	bool given[CONF_IDS]; /* by conf_set; the rest are defaults */
};

/* All defaults. Owned by the caller. */
struct conf *conf_new(void);
void conf_free(struct conf *conf);

/* Sets one setting from text. Lists and maps: one call an element; the first
 * call replaces the default, an empty value empties. 0; MG_EINVAL with a
 * sentence in `why` (for the operator, with what is allowed) when the name or
 * the value is wrong. */
int conf_set(struct conf *conf, const char *name, const char *value, char *why,
	     size_t why_len);

/* Puts `dir` before every relative path. */
void conf_root(struct conf *conf, const char *dir);

/* The value for `key` in a map setting, NULL when there is none. */
const char *conf_map_get(const struct conf_list *map, struct mg_slice key);
