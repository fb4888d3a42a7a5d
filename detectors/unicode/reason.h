/* reason.h - whether a run of what cannot be seen has a good reason. */
#pragma once
#include "detectors/unicode/rune.h"

/* The rows of the family, in their order. */
enum kind {
	BIDI,
	ZERO_WIDTH,
	TAGS,
	SELECTOR,
	FILLER,
	CONTROL,
	HOMOGLYPH,
	STACK,
};

/* What is known of a whole segment before it is walked. */
struct facts {
	bool known;
	bool rtl;      /* letters written from right to left */
	bool cyrillic; /* letters that pass for no Latin one */
	bool greek;
	bool han;
	bool phonetic;
	bool latin; /* ASCII letters */
};

/* A run of one kind, with what can be seen on both sides of it. */
struct run {
	enum kind kind;
	uint32_t from;
	uint32_t to;
	uint32_t count;
	uint32_t rune; /* the first */
	uint32_t before;
	uint32_t after; /* 0 at the end of the text */
};

enum kind reason_kind(enum script s);

void reason_learn(struct facts *f, const char *text, uint32_t len);

/* The run of one kind that begins with the hidden rune at `i`; `before` is the
 * last rune that can be seen. */
struct run reason_run(const char *text, uint32_t len, uint32_t i,
		      uint32_t before);

/* How sure it is, 1..100, that there is none; 0 when there is one. */
uint32_t reason_weigh(const struct facts *f, const char *text,
		      const struct run *r);
