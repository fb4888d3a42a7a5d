/* log.c - see log.h */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

enum { LINE_MAX_BYTES = 1024 };

enum log_level log_limit = LOG_INFO;

static const char *speaker = "moongate";

static const char *const level_name[] = { "error", "warn", "info", "debug" };

static const char *const group_name[LOG_GROUPS] = {
	[LOG_IO] = "io",           [LOG_TLS] = "tls",
	[LOG_HTTP] = "http",       [LOG_TEXT] = "text",
	[LOG_FLOW] = "flow",       [LOG_POLICY] = "policy",
	[LOG_DETECT] = "detect",   [LOG_UPSTREAM] = "upstream",
	[LOG_CERTS] = "certs",     [LOG_EVENT] = "event",
	[LOG_CONTROL] = "control", [LOG_SURFACE] = "surface",
	[LOG_PROC] = "proc",
};

void log_open(enum log_level limit, const char *name)
{
	log_limit = limit;
	speaker = name;
}

void log_line(enum log_level level, enum log_group group, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES], now[32];
	va_list args;

	if (level > log_limit)
		return;

	clock_print(clock_now_us(), now);
	int len = snprintf(line, sizeof(line), "%s %s %s %s ", now,
			   level_name[level], group_name[group], speaker);
	va_start(args, fmt);
	len += vsnprintf(line + len, sizeof(line) - (size_t)len, fmt, args);
	va_end(args);
	if (len > LINE_MAX_BYTES - 1)
		len = LINE_MAX_BYTES - 1;

	/* A newline from outside would forge a second line. */
	for (int i = 0; i < len; i++)
		if ((unsigned char)line[i] < ' ')
			line[i] = ' ';
	line[len++] = '\n';

	/* One write: lines of several processes do not mix. */
	ssize_t put = write(STDERR_FILENO, line, (size_t)len);
	(void)put; /* there is nowhere left to complain */
}
