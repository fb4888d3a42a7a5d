/* conf.h - every setting of moongate.lua, once.
 *
 * One X-list row per setting: its dotted name, its C kind, its default as text,
 * the choices (NULL: free), and a sentence. The list makes the struct, the
 * parser, `moongate schema` and the documentation, so they cannot disagree.
 * Reading the Lua file is policy/engine's work: it hands (name, text) pairs to
 * conf_set.
 *
 * A dot in a name becomes an underscore in the struct: limits.body is
 * conf->limits_body.
 */
#pragma once
#include <stdbool.h>

#include "base/slice.h"

/* Owned strings. A map is a list of "key=value". */
struct conf_list {
	char **at;
	uint32_t count;
};

/* KIND: text (char *), number (uint64_t), bytes (uint64_t, "32MiB"),
 * duration (uint64_t milliseconds, "10s"), flag (bool), choice (uint32_t, index
 * into the choices), list, map (struct conf_list). */
#define CONF_SETTINGS(X)                                                       \
	X(state, text, "state", NULL, "Directory of everything kept.")         \
	X(policies, text, "policies", NULL, "Directory of policy files.")      \
	X(applications, text, "", NULL,                                        \
	  "Directory of your own application tables; empty for none.")         \
	X(user, text, "", NULL,                                                \
	  "Account to run as when started by root; empty keeps the account.")  \
	X(workers, number, "0", NULL, "Worker processes; 0 is one per core.")  \
	X(mode, choice, "inline", "inline|observe",                            \
	  "observe records every decision and changes nothing.")               \
	X(org, text, "default", NULL, "Name of the organisation.")             \
	X(log, choice, "info", "error|warn|info|debug", "Operator log level.") \
	X(listen.tls, list, "127.0.0.1:8443", NULL,                            \
	  "TLS proxy listeners (client certificates).")                        \
	X(listen.plain, list, "127.0.0.1:8080", NULL,                          \
	  "Plain proxy listeners (tokens).")                                   \
	X(listen.control, text, "127.0.0.1:8790", NULL,                        \
	  "Where PAC files, CRLs and health are served.")                      \
	X(proxy.name, text, "localhost", NULL,                                 \
	  "Host name by which devices reach the TLS listener.")                \
	X(proxy.uncovered, choice, "tunnel", "tunnel|refuse",                  \
	  "What happens to CONNECT for hosts that are not covered.")           \
	X(proxy.pinned, choice, "refuse", "tunnel|refuse",                     \
	  "What happens to hosts whose client rejects our certificate.")       \
	X(proxy.networks, map, "", NULL,                                       \
	  "Source ranges that name an integration: 10.1.0.0/16=laptops.")      \
	X(proxy.anonymous, text, "", NULL,                                     \
	  "Integration for clients without identity; empty refuses them.")     \
	X(pac.failure, choice, "closed", "closed|open",                        \
	  "open adds DIRECT to the PAC's answers.")                            \
	X(hosts.ai, list, "", NULL, "AI domains, intercepted by patterns.")    \
	X(hosts.chatty, list, "", NULL, "Domains never captured.")             \
	X(hosts.bypass, list, "", NULL, "Hosts never intercepted.")            \
	X(upstream.ca, text, "", NULL,                                         \
	  "PEM file of upstream roots; empty is the system's.")                \
	X(upstream.connect, map, "", NULL,                                     \
	  "Fixed addresses: api.openai.com=127.0.0.1:9443. Never DNS.")        \
	X(upstream.private, flag, "false", NULL,                               \
	  "Allow upstream names that resolve to private addresses.")           \
	X(upstream.idle, duration, "60s", NULL, "Pooled connections live.")    \
	X(upstream.per_host, number, "64", NULL, "Pooled connections a host.") \
	X(limits.headers, bytes, "64KiB", NULL, "All header fields.")          \
	X(limits.fields, number, "200", NULL, "Header fields.")                \
	X(limits.line, bytes, "16KiB", NULL, "Request line.")                  \
	X(limits.body, bytes, "32MiB", NULL, "Gathered body.")                 \
	X(limits.ratio, number, "200", NULL, "Decoded to encoded size.")       \
	X(limits.decoded, bytes, "256MiB", NULL, "Decoded body.")              \
	X(limits.depth, number, "256", NULL, "JSON nesting.")                  \
	X(limits.segments, number, "100000", NULL, "Segments a body.")         \
	X(limits.findings, number, "10000", NULL, "Findings a body.")          \
	X(limits.connections, number, "10000", NULL,                           \
	  "Device connections an integration.")                                \
	X(limits.memory, bytes, "512MiB", NULL, "Bodies held by a worker.")    \
	X(timeouts.idle, duration, "120s", NULL, "Silence on a connection.")   \
	X(timeouts.handshake, duration, "10s", NULL, "TLS handshakes.")        \
	X(timeouts.header, duration, "15s", NULL, "A request's header.")       \
	X(timeouts.connect, duration, "10s", NULL, "Upstream connect.")        \
	X(timeouts.drain, duration, "30s", NULL, "SIGTERM to exit, at most.")  \
	X(failure.detector, choice, "block", "block|allow_with_alert|log",     \
	  "A detector or a policy failed, or spent its budget.")               \
	X(failure.too_big, choice, "block", "block|allow_with_alert|log",      \
	  "A body is over its ceiling.")                                       \
	X(failure.encoding, choice, "block", "block|allow_with_alert|log",     \
	  "A Content-Encoding is unknown, broken or a bomb.")                  \
	X(failure.unread, choice, "log", "block|allow_with_alert|log",         \
	  "No reader knows the type of a body.")                               \
	X(spool.max, bytes, "1GiB", NULL, "Events kept for slow sinks.")       \
	X(spool.segment, bytes, "8MiB", NULL, "Size of one spool file.")       \
	X(events.days, number, "30", NULL, "Days that events are kept.")       \
	X(ca.leaf_days, number, "7", NULL, "Validity of leaves, at most 7.")   \
	X(ca.grace, duration, "7d", NULL, "An old CA stays accepted.")

struct conf;

/* All defaults. Owned by the caller. */
struct conf *conf_new(void);
void conf_free(struct conf *conf);

/* Sets one setting from text. Lists and maps: one call an element; the first
 * call replaces the default. 0; MG_EINVAL with a sentence in `why` (for the
 * operator, with what is allowed) when the name or the value is wrong. */
int conf_set(struct conf *conf, const char *name, const char *value, char *why,
	     size_t why_len);

/* The value for `key` in a map setting, NULL when there is none. */
const char *conf_map_get(const struct conf_list *map, struct mg_slice key);
