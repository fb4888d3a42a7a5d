/* covered.h - the host patterns that the inspection CA is to permit: those of
 * the application tables and the AI domains of the configuration, or a file's.
 */
#pragma once
#include "base/arena.h"
#include "base/conf.h"

struct covered {
	const char **at; /* in the arena */
	uint32_t count;
	uint32_t cap;
};

/* Adds what conf and the application tables name. Policies are not read. */
int covered_by_conf(struct covered *list, struct arena *arena,
		    struct conf *conf, char *why, size_t why_len);

/* Adds a file's: one pattern a line, '#' begins a comment. */
int covered_by_file(struct covered *list, struct arena *arena, const char *path,
		    char *why, size_t why_len);

void covered_add(struct covered *list, struct arena *arena,
		 struct mg_slice pattern);
