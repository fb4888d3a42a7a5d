/* detector.h - what a detector is: a table of rows, and at most one judge.
 *
 *   text --> sieve ----> shapes --\
 *        \                         > confirm -> context -> findings
 *         -> Vectorscan -> anchors /                  \
 *                                                      > judge -> findings
 *                            rows marked ROW_MARK ----/
 *
 * A row is one thing that can be found. It is seen by one of three eyes:
 *
 *  anchor + pattern   Vectorscan looks for the anchor (short, rare, of fixed
 *                     width), PCRE2 matches the pattern from where it began.
 *  shape              The sieve stops at digits and compares the layout of what
 *                     stands there with every shape at once, by one hash.
 *  hook               The sieve stops at a byte that no shape can describe
 *                     ('@', '+', ':') and asks a function.
 *
 * Then `confirm` decides (a checksum, a range), context words near by raise the
 * score, and entropy and placeholder tests drop what is no secret. Everything
 * is pure: no I/O, no allocation, no globals, no clock.
 *
 * To add a thing: add its row to a family, with its two true and two false
 * examples. To add a family: write its file, add its line to list.h.
 */
#pragma once
#include <stdbool.h>

#include "abi/mg.h"

enum {
	SIGHT_ID = 64,   /* longest compact form of a shape */
	ROW_MAX = 4096,  /* longest match unless a row says so */
	MARKS_MAX = 256, /* marks a judge is shown of one segment */
	EXAMPLES = 2,
};

enum row_flag {
	ROW_CASELESS = 1,     /* the anchor ignores case */
	ROW_CONTEXT = 2,      /* nothing without a context word near */
	ROW_INSIDE = 4,       /* may begin or end inside a word */
	ROW_EXAMPLES_TOO = 8, /* placeholders count as well */
	ROW_YIELDS = 16,      /* gives way to any surer finding over it */
	ROW_MARK = 32,        /* shown to the family's judge, never reported */
	ROW_GLUED = 64,       /* a shape that may continue past its ends */
	ROW_TIGHT = 128,      /* not after '-', '_' or '.' either */
	ROW_SECRET = 256,     /* drop placeholders and low entropy */
	ROW_CLOSE = 512,      /* context words only just before it */
	ROW_LINEAR = 1024,    /* reported from statistical scores */
};

struct linear_text; /* detectors/linear/linear.h */
struct row;

/* A suspicion, put before confirm, which may narrow [from, to). */
struct sight {
	const char *text; /* borrows: the whole segment */
	uint32_t len;
	uint32_t from;
	uint32_t to;
	const struct row *row;
	uint32_t n;        /* shapes: how long `id` is */
	char id[SIGHT_ID]; /* shapes: letters and digits alone, upper case */
};

struct row {
	const char *name;    /* "pii.email"; what precedes the dot is the
			      * detector. A further row of the same name is
			      * another look of the same entity. */
	const char *about;   /* a sentence, or the name of the thing */
	const char *groups;  /* further groups, separated by spaces */
	const char *anchor;  /* alternatives separated by '|' */
	const char *pattern; /* PCRE2; group 1 is the span when there is one */
	const char *alias;   /* other names, separated by spaces */
	const char *mask;    /* word in the placeholder; NULL: from the name */
	const char *shape;   /* alternatives separated by '|': see shape.h */
	const char *context; /* words, separated by '|' */
	const char *unless;  /* words that speak against it, as above */
	/* Score 1..100 of a suspicion, 0 to drop it. NULL: the row's score. */
	int (*confirm)(struct sight *s);
	uint16_t flags;  /* row_flag */
	uint16_t max;    /* longest match in bytes; 0: ROW_MAX or the shape's */
	uint8_t tier;    /* 0: 1 for secrets, 2 for the rest */
	uint8_t score;   /* without context; 0: 90 */
	uint8_t boost;   /* what a context word adds; 0: 30 */
	uint8_t back;    /* the match begins so many bytes before the anchor */
	uint8_t entropy; /* tenths of a bit per byte, at least */
	uint8_t hook;    /* a byte: see enum hook */
	const char *hit[EXAMPLES];
	const char *miss[EXAMPLES];
};

/* Where the sieve stops besides digits; a row with a hook is asked there. The
 * sight's [from, to) is the byte or token that made it stop. */
enum hook {
	HOOK_NONE,
	HOOK_AT,    /* '@' between word characters */
	HOOK_PLUS,  /* '+' before a digit */
	HOOK_PAREN, /* '(' before a digit */
	HOOK_COLON, /* a token of hex digits beside a colon */
	HOOKS       /* how many; must be last */
};

/* What a family's marked rows found, in order of place. */
struct mark {
	uint32_t row;    /* index in the family */
	uint32_t entity; /* index of the row of that name that is reported */
	uint32_t from;
	uint32_t to;
	uint32_t score;
};

/* A whole segment, put before a judge. */
struct exhibit {
	const char *text; /* borrows */
	uint32_t len;
	uint32_t role;            /* mg_role bit */
	const struct mark *marks; /* borrows; at most MARKS_MAX */
	uint32_t mark_count;
	void *memo; /* JUDGE_AGAIN: JUDGE_MEMO bytes, zero at first, kept
		     * from call to call for one segment */
	/* What the statistical tier made of the text; NULL when nothing
	 * needed is marked ROW_LINEAR. Borrows. */
	const struct linear_text *linear;
};

/* What a judge needs before it is worth calling. */
enum judge_needs {
	JUDGE_MARKS = 1, /* at least one mark */
	JUDGE_TEXT = 2,  /* any text at all */
	JUDGE_AGAIN = 4, /* to be called on while it fills the rulings */
};

enum { JUDGE_MEMO = 256 };

struct ruling {
	uint32_t row; /* index in the family: which entity */
	uint32_t from;
	uint32_t to;
	uint32_t score;
};

enum { RULINGS_MAX = 16 };

struct family {
	const char *name;
	const struct row *rows;
	uint32_t count;
	uint32_t needs; /* judge_needs */
	/* Sees each segment whole; writes at most RULINGS_MAX rulings and
	 * returns how many. NULL when rows alone decide. */
	uint32_t (*judge)(const struct exhibit *x,
			  struct ruling out[RULINGS_MAX]);
};
