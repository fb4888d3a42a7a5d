/* impl.h - the keys of a packed event, once: record_pack.c writes by this
 * table and record_unpack.c reads by it, so they cannot disagree. */
#pragma once
#include "event/record.h"

enum field_kind {
	FIELD_TEXT,      /* struct mg_slice; any UTF-8, bounded */
	FIELD_TOKEN,     /* struct mg_slice; letters, digits and ._:/@+- */
	FIELD_PATH,      /* struct mg_slice; cut at '?' and '#' */
	FIELD_WIDE,      /* uint64_t */
	FIELD_NUMBER,    /* uint32_t */
	FIELD_FLAG,      /* bool */
	FIELD_SURFACE,   /* uint32_t, by name */
	FIELD_ASSURANCE, /* uint32_t, by name */
};

struct event_field {
	const char *group; /* key of the inner map it stands in, NULL: none */
	const char *name;
	enum field_kind kind;
	size_t offset; /* in struct event */
};

/* Fields of one group stand together. Ends with a NULL name. */
extern const struct event_field event_fields[];

/* --- the files of a spool, shared by its writer and its reader -------------
 */

#include "event/spool.h"

enum record_state {
	RECORD_GOOD,
	RECORD_SHORT, /* what is there could be the beginning of one */
	RECORD_BAD,
};

/* Looks at the record at the start of `s`. */
enum record_state record_look(struct mg_slice s, struct spool_record *out);

/* Writes the head of the record whose payload already follows it. */
void record_seal(char *head, enum spool_class class, uint64_t sequence,
		 size_t len);

/* Where, after the first byte of `s`, a good record starts; s.len when there
 * is none. A record that could go on past the end counts for one only when
 * `more` may follow. */
size_t record_find(struct mg_slice s, bool more);

enum { SEGMENT_NAME = 24 };

/* "k-00000000000004d2.seg" */
void segment_name(enum spool_class class, uint64_t first,
		  char out[SEGMENT_NAME]);
/* The first sequence number in a segment's file name; false for other files. */
bool segment_parse(const char *name, enum spool_class *class, uint64_t *first);

struct segment_span {
	uint64_t oldest; /* first sequence numbers; 0: there is none */
	uint64_t newest;
	uint64_t after; /* the next newer than the one asked about */
	uint64_t bytes;
};

/* Looks through the directory for one class. 0 or MG_EIO. */
int segment_span(int dir, enum spool_class class, uint64_t than,
		 struct segment_span *out);

/* Of a cursor file: the next sequence number, then segment and offset for each
 * class. */
enum { CURSOR_WORDS = 1 + 2 * SPOOL_CLASSES };

/* False when the file is not there or not whole. */
bool cursor_read(int dir, const char *name, uint64_t out[CURSOR_WORDS]);

/* --- filters: filter.c parses, filter_match.c and filter_sql.c ask ---------
 */

#include "event/filter.h"

enum filter_kind {
	FILTER_TEXT,    /* slice at `offset` */
	FILTER_SURFACE, /* uint32_t at `offset`, by name */
	FILTER_ASSURED, /* uint32_t at `offset`, by name */
	FILTER_ID,      /* the event's id */
	FILTER_FAILURE, /* of the exchange, or else of a stage */
	FILTER_MODE,    /* observe or inline */
	FILTER_ACTION,  /* the stronger; ordered */
	FILTER_REQUEST, /* that stage's action, or none */
	FILTER_REPLY,
	FILTER_NUMBER,   /* uint32_t at `offset` */
	FILTER_BYTES,    /* both ways */
	FILTER_TOKENS,   /* both ways */
	FILTER_LATENCY,  /* uint64_t at `offset`, microseconds */
	FILTER_POLICIES, /* lists: one member must match */
	FILTER_FINDINGS,
	FILTER_TAGS,
	FILTER_GROUPS,
};

struct filter_field {
	const char *name;
	const char *alias; /* NULL: none */
	enum filter_kind kind;
	const char *column;
	size_t offset; /* in struct event, where the kind says so */
};

extern const struct filter_field filter_fields[]; /* ends with a NULL name */

enum filter_op {
	FILTER_IS,
	FILTER_IS_NOT,
	FILTER_HOLDS,
	FILTER_MORE,
	FILTER_MORE_OR_SAME,
	FILTER_LESS,
	FILTER_LESS_OR_SAME,
};

struct filter_value {
	struct mg_slice text;
	bool glob;      /* an unquoted text with an asterisk in it */
	int64_t number; /* of kinds that compare numbers */
};

enum filter_node_kind { NODE_ALL, NODE_ANY, NODE_NOT, NODE_TERM };

/* A binary tree; NODE_NOT has only `left`. */
struct filter_node {
	enum filter_node_kind kind;
	uint32_t left;
	uint32_t right;
	const struct filter_field *field; /* NODE_TERM */
	enum filter_op op;
	struct filter_value *values;
	uint32_t count;
	uint32_t cap;
};

struct filter {
	struct arena arena;
	struct filter_node node[FILTER_NODES];
	uint32_t nodes;
	uint32_t root; /* FILTER_NODES: everything matches */
	uint64_t since;
	uint64_t until; /* 0: open */
};

bool filter_is_number(enum filter_kind kind);
int64_t filter_number(const struct filter_field *f, const struct event *e);

/* `*` stands for any run of bytes, also for none. */
bool filter_is_like(struct mg_slice text, struct mg_slice glob);

/* "" when nothing failed. */
struct mg_slice event_failure(const struct event *e);
bool event_observed(const struct event *e);

/* -1 for a stage that was not judged. */
int stage_action(const struct event_verdict *v);
