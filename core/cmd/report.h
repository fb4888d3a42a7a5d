/* report.h - how a subcommand speaks: sentences for people on stderr, JSON for
 * programs on stdout. */
#pragma once
#include <stdint.h>
#include <stdio.h>

/* "moongate ca init: what happened". Returns `code`. */
int report_fail(int code, const char *command, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The exit code for a mg_err: whose fault it was. */
int report_code(int err);

/* A JSON string, quotes and all. NULL is null. */
void report_json(FILE *out, const char *text);
void report_json_slice(FILE *out, const char *at, size_t len);

/* "2026-08-21T10:14:03Z" of seconds since 1970, in a static place. */
const char *report_date(int64_t when);
