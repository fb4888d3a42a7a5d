/* report.c - see report.h */
#include "cmd/report.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "abi/mg.h"
#include "cmd/cmd.h"

int report_fail(int code, const char *command, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "moongate %s: ", command);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return code;
}

int report_code(int err)
{
	return err == MG_EINVAL ? CMD_NEGATIVE : CMD_CANNOT;
}

void report_json_slice(FILE *out, const char *at, size_t len)
{
	fputc('"', out);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)at[i];
		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < ' ')
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

void report_json(FILE *out, const char *text)
{
	if (text)
		report_json_slice(out, text, strlen(text));
	else
		fputs("null", out);
}

const char *report_date(int64_t when)
{
	static char text[32];
	time_t t = (time_t)when;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(text, sizeof(text), "%FT%TZ", &tm))
		return "?";
	return text;
}
