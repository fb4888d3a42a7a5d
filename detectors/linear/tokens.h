/* tokens.h - what a text is made of, as numbers: features of one chunk at once.
 *
 *   text --> words, marks, line ends --> hashes --> buckets of one chunk
 *
 * A chunk is WORDS words or less. Its features are single words, pairs and
 * triples of words, four letters in a row inside a word, and three to six
 * shapes in a row (a lower word, a capital, a digit, a mark, the start of a
 * line): the last are what programs are known by, whatever their language, and
 * noise too. One bucket counts once a chunk, so that saying a thing often says
 * it once.
 *
 * Scripts without spaces count each character as a word. The trainer and the
 * judge read texts with this file: what was learned is what is seen.
 */
#pragma once
#include <stdbool.h>

#include "abi/mg.h"

enum {
	CHUNK_WORDS = 64,
	CHUNK_SHAPES = 256, /* for what has few words: data, drawings */
	CHUNK_FEATURES = 2048,
	TOKEN_LONGEST = 24, /* a longer run of letters is several words */
};

struct tokens {
	const char *text; /* borrows */
	uint32_t len;
	uint32_t at;
	uint32_t bits;    /* buckets: 2^bits */
	uint32_t word[2]; /* the two words before */
	uint32_t shapes;  /* the four shapes before, a byte each */
	uint32_t coarse;  /* the six before from afar, five bits each */
};

struct chunk {
	uint32_t from; /* bytes of the text */
	uint32_t to;
	uint32_t count;
	uint32_t seen[2048]; /* buckets met, by their low bits */
	uint32_t feature[CHUNK_FEATURES];
};

void tokens_init(struct tokens *t, const char *text, uint32_t len,
		 uint32_t bits);

/* Takes the next chunk. False when the text is at its end. */
bool tokens_chunk(struct tokens *t, struct chunk *c);
