/* clock.c - see clock.h */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

uint64_t clock_now_us(void)
{
	return read_clock(CLOCK_REALTIME);
}

uint64_t clock_mono_us(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

void clock_print(uint64_t us, char *out)
{
	time_t sec = (time_t)(us / 1000000);
	struct tm tm;

	gmtime_r(&sec, &tm);
	size_t len = strftime(out, 24, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + len, 8, ".%03uZ", (unsigned)(us / 1000 % 1000));
}

/* Eight bytes that nobody can guess. Asked of the kernel many at a time; a
 * child must not go on with its parent's. */
static void draw(unsigned char out[8])
{
	static unsigned char pool[512];
	static size_t left;
	static pid_t owner;
	pid_t self = getpid();

	if (!left || owner != self) {
		hash_random(pool, sizeof(pool));
		left = sizeof(pool);
		owner = self;
	}
	left -= 8;
	memcpy(out, pool + left, 8);
}

void clock_uuid7(char out[37])
{
	static uint64_t last;
	unsigned char id[16];
	char hex[33];
	uint64_t us = clock_now_us();

	/* Strictly growing, also when the clock stands still or steps back. */
	if (us <= last)
		us = last + 1;
	last = us;

	uint64_t ms = us / 1000;
	unsigned sub = (unsigned)(us % 1000) * 4; /* 12 bits, RFC 9562 6.2 */
	draw(id + 8);
	for (int i = 0; i < 6; i++)
		id[i] = (unsigned char)(ms >> (40 - 8 * i));
	id[6] = (unsigned char)(0x70 | sub >> 8);
	id[7] = (unsigned char)sub;
	id[8] = (unsigned char)(0x80 | (id[8] & 0x3f));

	hash_hex(id, sizeof(id), hex);
	snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
		 hex + 16, hex + 20);
}
