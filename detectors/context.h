/* context.h - words that make a suspicion more likely.
 *
 * All context words of all needed rows lie in one table. The first row that
 * asks has the segment read once; after that a question is a look at the words
 * that stand near. So a page of numbers costs one reading, not one a number.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
	CONTEXT_BEFORE = 64, /* bytes looked at before a suspicion */
	CONTEXT_AFTER = 40,
	CONTEXT_CLOSE = 24, /* instead of both, where a row says so */
	CONTEXT_WORDS = 4,  /* words in one phrase, at most */
};

struct contexts;

/* A context phrase where it stands. */
struct mention {
	uint32_t from;
	uint32_t to;
	uint32_t phrase;
};

struct mentions {
	struct mention *at; /* owns */
	uint32_t count;
	uint32_t cap;
	bool read; /* this segment was read */
};

struct contexts *contexts_new(uint32_t rows);
void contexts_free(struct contexts *c);

/* `phrases` separated by '|', lower case; of row number `row`. */
void contexts_add(struct contexts *c, uint32_t row, const char *phrases);

/* The text that a suspicion stands in. */
struct setting {
	const char *text;
	uint32_t len;
	uint32_t from;
	uint32_t to;
	bool close; /* CONTEXT_CLOSE before it, and nothing after */
};

/* Is a phrase of `row` near? Reads the text when nobody has yet. */
bool contexts_near(const struct contexts *c, struct mentions *m, uint32_t row,
		   const struct setting *at);
