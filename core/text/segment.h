/* segment.h - the readable text of one body, as a list.
 *
 *   body --> [sniff] --> JSON, NDJSON, form, plain, UTF-16 --> segments
 *                    \-> binary: nothing to read, counted in `unread`
 *
 * One pass builds the list. Nothing readable is left out silently: strings that
 * no shape names are segments of role `other`, and what cannot be read is
 * counted. All memory is the arena's; slices point into the body or the arena
 * and are valid until either goes.
 */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

/* How the raw bytes of a segment became its text. A segment's `coding` holds
 * up to eight of these, four bits each, the outermost in the lowest bits: a
 * JSON string inside a form field is CODING_FORM | CODING_JSON << 4. */
enum coding {
	CODING_RAW = 0,       /* the bytes themselves */
	CODING_JSON = 1,      /* inside the quotes of a JSON string */
	CODING_FORM = 2,      /* application/x-www-form-urlencoded */
	CODING_PERCENT = 3,   /* as FORM, but '+' is a plus */
	CODING_BASE64 = 4,    /* either alphabet */
	CODING_UTF16LE = 5,   /* without its byte order mark */
	CODING_UTF16BE = 6,   /* the same, big end first */
	CODING_JSON_TEXT = 7, /* the text is JSON and has to stay JSON */
	CODING_NUMBER = 8,    /* a JSON number: replaced whole, by a string */
	CODING_JOINED = 9,    /* pieces of many events: cannot be edited */
};

enum body_form {
	BODY_EMPTY,
	BODY_JSON,
	BODY_NDJSON,
	BODY_FORM,
	BODY_MULTIPART,
	BODY_TEXT,
	BODY_BINARY,
	BODY_SSE,
	BODY_FORMS /* how many; must be last */
};

/* Names of tools a body may hold: agents offer hundreds, not thousands, and
 * each name is compared with those before it. */
enum { SEGMENTS_TOOLS = 4096 };

struct segments {
	struct arena *arena; /* borrows: the flow's */
	struct mg_segment *at;
	uint32_t count;
	uint32_t cap;
	uint32_t max;       /* more is MG_ETOOBIG */
	uint32_t max_depth; /* of JSON */
	enum body_form form;
	bool broken;           /* said to be, or looked like, JSON; is not */
	uint32_t unread;       /* attachments and bodies nobody could read */
	struct mg_slice model; /* empty when unknown */
	bool wants_stream;
	struct mg_slice *tools; /* names offered or called, each once */
	uint32_t tool_count;
	uint32_t tool_cap;
	uint64_t tokens_in; /* 0 when not said */
	uint64_t tokens_out;
};

/* Ceilings: 100,000 segments, JSON depth 256. Change them after. */
void segments_init(struct segments *segs, struct arena *a);

/* Room for one more, cleared; NULL past the ceiling. Valid until the next. */
struct mg_segment *segments_add(struct segments *segs);

/* Remembers a tool's name once. MG_ETOOBIG past SEGMENTS_TOOLS. */
int segments_add_tool(struct segments *segs, struct mg_slice name);

/* Reads a whole body (no Content-Encoding left). `shape` NULL: every string is
 * `other`. `content_type` is a hint only; the bytes decide. The number of
 * segments, or MG_ETOOBIG when a ceiling was passed: then the list is not
 * whole and must not be judged as if it were. */
int segments_of_body(struct segments *segs, const struct mg_shape *shape,
		     struct mg_slice content_type, struct mg_slice body);

/* "json", "form" ...: static, for the record. */
const char *body_form_name(enum body_form form);
