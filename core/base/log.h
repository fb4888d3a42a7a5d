/* log.h - the operator log: one line per thing a person may have to act on.
 *
 *   2026-08-21T10:14:03.221Z warn tls conn=41 no leaf for host=api.openai.com:
 *   clock is before notBefore; check NTP
 *
 * Levels: error = someone must act, warn = we coped, info = a human changed
 * something, debug = off in production and free when off. Never payload, header
 * values or query strings, at any level.
 */
#pragma once
#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* One per layer. */
enum log_group {
	LOG_IO,
	LOG_TLS,
	LOG_HTTP,
	LOG_TEXT,
	LOG_FLOW,
	LOG_POLICY,
	LOG_DETECT,
	LOG_UPSTREAM,
	LOG_CERTS,
	LOG_EVENT,
	LOG_CONTROL,
	LOG_SURFACE,
	LOG_PROC,
	LOG_GROUPS /* how many; must be last */
};

extern enum log_level log_limit; /* set once, before the first fork */

/* Lines go to stderr, written whole; `name` says which process speaks. */
void log_open(enum log_level limit, const char *name);
void log_line(enum log_level level, enum log_group group, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#define log_error(group, ...) log_line(LOG_ERROR, group, __VA_ARGS__)
#define log_warn(group, ...)  log_line(LOG_WARN, group, __VA_ARGS__)
#define log_info(group, ...)  log_line(LOG_INFO, group, __VA_ARGS__)
#define log_debug(group, ...)                                                  \
	do {                                                                   \
		if (log_limit >= LOG_DEBUG)                                    \
			log_line(LOG_DEBUG, group, __VA_ARGS__);               \
	} while (0)
