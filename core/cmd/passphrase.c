/* passphrase.c - see passphrase.h */
#include "cmd/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/hash.h"

static int fail(char *why, size_t len, const char *what, const char *because)
{
	snprintf(why, len, "%s: %s", what, because);
	return -1;
}

static int first_line(FILE *from, char out[PASSPHRASE_MAX])
{
	if (!fgets(out, PASSPHRASE_MAX, from))
		return -1;
	out[strcspn(out, "\r\n")] = '\0';
	return out[0] ? 0 : -1;
}

static int from_file(const char *file, char out[PASSPHRASE_MAX], char *why,
		     size_t len)
{
	FILE *from = fopen(file, "re");

	if (!from)
		return fail(why, len, file, strerror(errno));
	int err = first_line(from, out);
	fclose(from);
	return err < 0 ? fail(why, len, file, "holds no passphrase") : 0;
}

static int from_environment(char out[PASSPHRASE_MAX])
{
	const char *value = getenv("MOONGATE_ROOT_PASSPHRASE");

	if (!value || !*value || strlen(value) >= PASSPHRASE_MAX)
		return -1;
	strcpy(out, value);
	return 0;
}

static int from_terminal(char out[PASSPHRASE_MAX])
{
	struct termios before, silent;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	FILE *tty = fd < 0 ? NULL : fdopen(fd, "r+");

	if (!tty || tcgetattr(fd, &before) < 0) {
		if (tty)
			fclose(tty);
		return -1;
	}
	fputs("Passphrase of the root's key: ", tty);
	fflush(tty);
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(fd, TCSAFLUSH, &silent);
	int err = first_line(tty, out);
	tcsetattr(fd, TCSAFLUSH, &before);
	fputc('\n', tty);
	fclose(tty);
	return err;
}

int passphrase_get(const char *file, char out[PASSPHRASE_MAX], char *why,
		   size_t len)
{
	if (file)
		return from_file(file, out, why, len);
	if (from_environment(out) == 0 || from_terminal(out) == 0)
		return 0;
	return fail(why, len, "no passphrase for the root's key",
		    "give --passphrase-file, or set MOONGATE_ROOT_PASSPHRASE");
}

/* 120 bits, in groups that a person can copy by hand. */
static void make_up(char out[PASSPHRASE_MAX])
{
	static const char letter[] = "abcdefghjkmnpqrstuvwxyz23456789x";
	unsigned char random[24];
	size_t n = 0;

	hash_random(random, sizeof(random));
	for (size_t i = 0; i < sizeof(random); i++) {
		if (i && i % 6 == 0)
			out[n++] = '.';
		out[n++] = letter[random[i] & 31];
	}
	out[n] = '\0';
	explicit_bzero(random, sizeof(random));
}

int passphrase_get_or_make(const char *file, char out[PASSPHRASE_MAX],
			   char *why, size_t len)
{
	if (file)
		return from_file(file, out, why, len);
	if (from_environment(out) == 0)
		return 0;
	make_up(out);
	return 1;
}
