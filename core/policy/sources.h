/* sources.h - the bytes of every *.lua in a directory, read once, in order. */
#pragma once
#include "base/arena.h"
#include "base/slice.h"

struct source {
	const char *path; /* for people: "policies/x.lua" */
	const char *stem; /* "x" */
	struct mg_slice text;
};

struct sources {
	struct source *at;
	uint32_t count;
	uint32_t cap;
};

enum {
	SOURCES_MAX = 100000,
	SOURCE_MAX = 1 << 20, /* bytes; a policy is a sentence */
};

/* Everything in the arena, sorted by name. Hidden files and sub-directories are
 * left out. The number of files; MG_EIO or MG_ETOOBIG with a sentence in `why`.
 * A directory that is not there is an error unless `may_lack`. */
int sources_read(struct sources *files, struct arena *a, const char *dir,
		 bool may_lack, char *why, size_t why_len);

/* One file. */
int source_read(struct arena *a, const char *path, struct mg_slice *text,
		char *why, size_t why_len);
