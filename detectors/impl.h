/* impl.h - what the files of the engine share. Nobody else includes it.
 *
 *   catalogue.c   names, groups, operators' own entities, needs
 *   compile.c     needs -> one database, shapes, context words (with cache.c)
 *   scan.c        the pass: segments -> suspicions -> findings
 *   sieve.c       stops at digits and asks the shapes
 *   own.c         operators' regexes; words.c their lists of words
 *   resolve.c     overlaps
 */
#pragma once
#include <hs/hs.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/arena.h"
#include "base/slice.h"
#include "detectors/context.h"
#include "detectors/linear/scores.h"
#include "detectors/list.h"
#include "detectors/names.h"
#include "detectors/shape.h"
#include "detectors/views.h"

enum {
	THINGS_MAX = 60000,   /* rows and operators' entities together */
	FINDINGS_MAX = 10000, /* the default of limits.findings */
	JOIN_MAX = 65536,     /* short segments are scanned together */
	JOIN_SEGMENTS = 1024, /* at most so many at once */
	SPAN_MAX = 1u << 30,  /* longest text: offsets stay in 32 bits */
};

struct urls;
struct words;

/* One entry of the catalogue: a built-in row, or an operator's own. */
struct thing {
	struct mg_entity entity;
	const struct row *row;       /* NULL: an operator's own */
	const struct family *family; /* NULL: an operator's own */
	uint32_t in_family;          /* index of the row in it */
	uint32_t reported;           /* the first thing of this name */
	bool needed;
	uint32_t max;           /* longest match */
	pcre2_code *code;       /* owns; of the pattern */
	struct mg_slice source; /* operator's: what was given */
	uint32_t source_flags;  /* mg_word_flag */
	struct words *words;    /* owns; operator's list */
	struct urls *urls;      /* owns; operator's list of domains */
	bool unfiltered;        /* the database cannot look for it */
};

/* One expression of the database and who is told when it is seen. */
struct anchor {
	const char *text;
	uint32_t flags; /* of Vectorscan */
	uint32_t width; /* of what it matches; 0: an operator's regex */
	uint32_t first; /* into `watchers` */
	uint32_t count;
};

struct watcher {
	uint32_t anchor; /* only while collecting */
	uint32_t thing;
};

struct mg_catalogue {
	struct arena arena;
	struct thing *things;
	uint32_t count;
	uint32_t cap;
	uint32_t built_in;
	struct names names; /* of built-in rows */
	struct names aliases;
	struct names groups;
	char error[512];
	/* Made by compile: */
	bool frozen;   /* nothing may be added any more */
	bool compiled; /* and it can be scanned with */
	uint32_t reach;
	hs_database_t *db;     /* NULL when no expression is needed */
	hs_scratch_t *scratch; /* prototype, cloned by each scan */
	struct anchor *anchors;
	uint32_t anchor_count;
	struct watcher *watchers;
	uint32_t watcher_count;
	struct shapes shapes;
	uint16_t *hooked[HOOKS]; /* row numbers, end at SHAPE_END */
	bool sieved;             /* a shape or a hook is needed at all */
	struct contexts *contexts;
	uint32_t *regexes; /* things with an operator's regex */
	uint32_t regex_count;
	uint32_t *lists; /* things with words or domains */
	uint32_t list_count;
	const struct family **judges;
	uint32_t *judge_base; /* thing index of the family's row 0 */
	uint32_t judge_count;
	bool plain;  /* something needed is looked for undisguised */
	bool linear; /* something needed is ROW_LINEAR */
};

/* --- catalogue.c ------------------------------------------------------------
 */

/* Is what this detector finds looked for in undisguised text too? */
bool catalogue_plain(const char *detector);

/* --- cache.c ----------------------------------------------------------------
 */

/* A database for exactly these expressions from `dir`, or NULL. */
hs_database_t *cache_take(const char *dir, const unsigned char key[32]);

/* Writes it there whole or not at all; failure costs only time. */
void cache_keep(const char *dir, const unsigned char key[32],
		const hs_database_t *db);

/* --- scan.c ------------------------------------------------------------------
 */

/* Puts [from, to) of the segment in hand before a row's confirm and the tests
 * after it; `id` may be NULL. 0, or MG_ETOOBIG. */
int scan_suspect(struct mg_scan *scan, uint32_t thing, uint32_t from,
		 uint32_t to, const char *id, uint32_t id_len);

/* Takes a finding as it is. 0, or MG_ETOOBIG. */
int scan_found(struct mg_scan *scan, uint32_t thing, uint32_t from, uint32_t to,
	       uint32_t score);

/* --- sieve.c -----------------------------------------------------------------
 */

int sieve_run(struct mg_scan *scan, const struct mg_catalogue *cat,
	      const char *text, uint32_t len);

/* --- own.c, words.c ----------------------------------------------------------
 */

struct own_tools {
	pcre2_match_data *match;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

void own_init(struct own_tools *t);
void own_deinit(struct own_tools *t);
/* PCRE2 code for an operator's regex; NULL with a sentence in `why`. */
pcre2_code *own_compile(struct mg_slice pattern, uint32_t flags, char *why,
			size_t why_len);
int own_run(struct mg_scan *scan, const struct own_tools *t,
	    const struct mg_catalogue *cat, uint32_t thing, const char *text,
	    uint32_t len);
bool own_is_utf8(const char *text, uint32_t len);

/* NULL when the list is empty. `*longest` is the longest term in bytes. */
struct words *words_new(struct mg_slice list, uint32_t flags,
			uint32_t *longest);
void words_free(struct words *w);
int words_run(struct mg_scan *scan, const struct words *w, uint32_t thing,
	      const char *text, uint32_t len);

/* --- resolve.c ---------------------------------------------------------------
 */

/* Sorts by segment and place; of overlapping findings of one entity keeps the
 * longest, then the surest. Returns how many are left. */
uint32_t resolve(const struct mg_catalogue *cat, struct mg_finding *at,
		 uint32_t count);

/* --- scan_new.c, scan.c -------------------------------------------------- */

enum {
	RAW_FACTOR = 8,   /* findings before overlaps are resolved */
	JOIN_ONE = 16384, /* longer segments are scanned where they are */
};

/* A mark with the family it is for. */
struct noted {
	uint32_t segment;
	uint32_t thing;
	struct mark mark;
};

/* Where a row's last finding in the segment in hand ends. */
struct passed {
	uint64_t turn;
	uint32_t to;
};

struct mg_scan {
	const struct mg_catalogue *cat; /* borrows */
	hs_scratch_t *scratch;
	struct own_tools tools;
	uint32_t max;
	int failure; /* why the pass was ended from inside */
	struct mg_finding *found;
	uint32_t count;
	uint32_t cap;
	struct noted *noted;
	uint32_t noted_count;
	uint32_t noted_cap;
	struct mentions mentions;
	struct views views;
	bool in_views;         /* the segments are those of the views */
	struct passed *passed; /* by thing */
	uint64_t turn;         /* counts segments taken in hand */
	uint64_t *asked;       /* bit set: regexes seen in the block in hand */
	bool scores_wanted;
	struct scores scores;
	struct linear_text linear; /* of the segment in hand */
	/* The segments being scanned, and the one in hand: */
	const struct mg_segment *segments;
	uint32_t segment;
	const char *text;
	uint32_t len;
	/* The block in hand: where its segments begin. */
	char *join;
	uint32_t block_first;
	uint32_t block_count;
	uint32_t block_from[JOIN_SEGMENTS + 1];
};
