/* suggest.h - "did you mean ...?" for names that a person typed. */
#pragma once

/* Single-letter edits (insert, delete, replace, swap neighbours) that make `b`
 * of `a`; at most `max`, else max + 1. Names over 63 bytes are never near. */
unsigned suggest_distance(const char *a, const char *b, unsigned max);

/* The nearest of many: offer each name in turn, then read `best`. */
struct suggest {
	const char *word; /* borrows */
	const char *best; /* borrows the offered name; NULL: none is near */
	unsigned distance;
};

void suggest_init(struct suggest *s, const char *word);
void suggest_offer(struct suggest *s, const char *name);
