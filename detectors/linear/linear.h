/* linear.h - the statistical tier: one pass over a text, every head at once.
 *
 *   text --> chunks of buckets --> one row a bucket, a seat a head --> sums
 *        \                                                              |
 *         where it was strongest <-- windows of one and two chunks <----+
 *
 * A model is a table of small integers, one row a bucket and one seat a head,
 * and for each head what its sums mean. A text is judged window by window, a
 * chunk alone and each two neighbours, and the strongest window speaks for it:
 * what is put around an attack does not thin it out.
 *
 * The file, little-endian, is laid out as it is used:
 *
 *   magic 8 | version 4 | bits 4 | heads 4 | size 4 | CRC-32C of the rest 4 |
 *   zero 4 | LINEAR_SEATS x head | 2^bits rows of LINEAR_SEATS bytes
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "abi/mg.h"

enum {
	LINEAR_VERSION = 1,
	LINEAR_SEATS = 16,
	LINEAR_POINTS = 4,
	LINEAR_ALONE = 48, /* features of a chunk that may speak alone */
	LINEAR_BITS_MIN = 8,
	LINEAR_BITS_MAX = 18, /* 4 MiB of rows */
};

/* The heads, in the order of their seats. */
enum linear_seat {
	SEAT_INJECTION,
	SEAT_INDIRECT,
	SEAT_TOXICITY,
	SEAT_HARASSMENT,
	SEAT_HATE,
	SEAT_ILLICIT,
	SEAT_SELF_HARM,
	SEAT_SEXUAL,
	SEAT_VIOLENCE,
	SEAT_CODE,
	SEATS_USED, /* must be last */
};

struct linear_head {
	char name[24];
	float bias;
	float scale;
	/* Margins that mean these scores: see linear_points. */
	float at[LINEAR_POINTS];
};

struct linear_file {
	char magic[8];
	uint32_t version;
	uint32_t bits;
	uint32_t heads;
	uint32_t size;
	uint32_t crc; /* of all that follows it */
	uint32_t zero;
	struct linear_head head[LINEAR_SEATS];
};

extern const float linear_points[LINEAR_POINTS];

struct linear_model {
	const struct linear_file *file; /* borrows */
	const int8_t (*rows)[LINEAR_SEATS];
};

/* What one head made of a text. */
struct linear_verdict {
	float margin;
	uint32_t from; /* the window that speaks for it */
	uint32_t to;
};

struct linear_text {
	struct linear_verdict of[LINEAR_SEATS];
	uint32_t windows; /* 0: nothing to judge */
};

/* Borrows `at`, aligned to 16. MG_EPROTO when it is no whole model of ours. */
int linear_open(struct linear_model *m, const void *at, size_t len);

/* The model in the binary; aborts when that is damaged. */
const struct linear_model *linear_built_in(void);

void linear_judge(const struct linear_model *m, const char *text, uint32_t len,
		  struct linear_text *out);

/* 0..1, rising with the margin; 0.3, 0.5, 0.8 are the levels of policies. */
float linear_score(const struct linear_model *m, uint32_t seat, float margin);

/* The same as 0..99; 0 when the text had no window. */
uint32_t linear_percent(const struct linear_model *m, uint32_t seat,
			const struct linear_text *t);

/* For whoever makes a model: what the sum over a window of `count` features is
 * multiplied with, and the checksum of a file. */
float linear_root(uint32_t count);
uint32_t linear_crc(const void *at, size_t len);
