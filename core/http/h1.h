/* h1.h - HTTP/1.1 between bytes and parts.
 *
 *   bytes --> h1_reader --> HEAD, BODY..., END --> h1_write_* --> bytes
 *
 * A reader is strict: what two implementations might read in two ways is
 * refused, however common, for a request that the upstream reads differently
 * was not judged. A message gives the same parts however its bytes are split
 * (BODY parts may be cut elsewhere, their bytes are the same).
 *
 * The writer sends fields with the names, values and order that they came
 * with, and frames the body again.
 */
#pragma once
#include "base/buf.h"
#include "http/part.h"

/* From the configuration; outlives its readers. */
struct h1_limits {
	size_t line;     /* bytes of the start line */
	size_t headers;  /* bytes of all header or trailer fields */
	uint32_t fields; /* how many */
};

extern const struct h1_limits h1_limits_default;

enum h1_state {
	H1_IDLE,       /* between messages */
	H1_HEAD,       /* the head is not whole yet */
	H1_LENGTH,     /* `left` bytes of body to come */
	H1_CHUNK_SIZE, /* a chunk-size line is not whole yet */
	H1_CHUNK_DATA, /* `left` bytes of this chunk to come */
	H1_CHUNK_CR,   /* the line end behind a chunk */
	H1_CHUNK_LF,
	H1_TRAILERS,    /* the trailer section is not whole yet */
	H1_UNTIL_CLOSE, /* a reply whose body ends with the connection */
	H1_LAST,        /* all was read; END is still to be told */
	H1_DONE,        /* END was told */
	H1_BROKEN,      /* refused; stays so */
	H1_STATES       /* how many; must be last */
};

/* Embed it. `status` and `why` are for an answer to a broken request. */
struct h1_reader {
	enum h1_state state;
	bool is_reply;
	bool to_head;    /* the reply answers HEAD */
	bool to_connect; /* the reply answers CONNECT */
	bool blank;      /* an empty line before the request was skipped */
	uint8_t interims;
	int answer;      /* why we are broken */
	uint16_t status; /* 400, 413, 414, 417, 431, 501 or 505 */
	const char *why; /* static; never holds peer bytes */
	const struct h1_limits *limits; /* borrows */
	struct arena *arena;            /* borrows: the flow's */
	struct head *head;              /* in the arena */
	struct head *trailers;          /* in the arena; NULL when none */
	struct buf raw; /* a head, line or trailer section not yet whole */
	size_t seen;    /* of `raw`: searched so far */
	size_t line;    /* of `raw`: where the line being read starts */
	uint32_t lines; /* whole lines so far */
	uint64_t left;
};

typedef int (*h1_on_part)(void *arg, const struct part *part);

void h1_reader_init(struct h1_reader *r, bool is_reply,
		    const struct h1_limits *limits);
void h1_reader_deinit(struct h1_reader *r);

/* Expects the next message, whose head and trailers go to `arena`. Before it,
 * and after END, feeding takes no byte. */
void h1_reader_begin(struct h1_reader *r, struct arena *arena);

/* Says which method the coming reply answers; after h1_reader_begin. */
void h1_reader_expect(struct h1_reader *r, struct mg_slice method);

/* Reads on. Parts go to `on_part`; feeding stops right behind END, so that
 * what follows (another request, or what an upgrade or CONNECT was granted
 * for) stays with the caller: `*used` tells how many bytes were taken.
 *
 * 0: all is well; see h1_reader_is_done. MG_EPROTO, MG_ETOOBIG: refused, see
 * `status` and `why`. A negative answer of `on_part` stops the reading behind
 * that part and is returned; the reader is intact, so that MG_EAGAIN may mean
 * "taken, but no more for now".
 *
 * An interim reply (100, 103) is told as a HEAD of its own, without END. */
int h1_reader_feed(struct h1_reader *r, const char *at, size_t len,
		   size_t *used, h1_on_part on_part, void *arg);

/* The peer will send no more. Tells END when that is how the body ends. 0, or
 * MG_EPROTO when it left in the middle of a message. */
int h1_reader_eof(struct h1_reader *r, h1_on_part on_part, void *arg);

static inline bool h1_reader_is_done(const struct h1_reader *r)
{
	return r->state == H1_DONE;
}

/* True when a message has begun to arrive and is not complete. */
static inline bool h1_reader_is_busy(const struct h1_reader *r)
{
	return r->state > H1_HEAD ? r->state < H1_DONE
				  : r->state == H1_HEAD && buf_len(&r->raw);
}

/* Each appends to `out`: 0, or MG_ETOOBIG with `out` as it was. Nothing may be
 * written after the end of a message but the next head. */
int h1_write_head(struct buf *out, const struct head *h);
int h1_write_body(struct buf *out, const struct head *h, struct mg_slice body);
int h1_write_end(struct buf *out, const struct head *h,
		 const struct head *trailers);
int h1_write_part(struct buf *out, const struct head *h,
		  const struct part *part);

/* For bodies sent without a copy: what goes before a chunk of `len` bytes, in
 * at most H1_CHUNK_OPEN bytes; H1_CHUNK_CLOSE goes behind. */
enum { H1_CHUNK_OPEN = 18 };
#define H1_CHUNK_CLOSE "\r\n"
size_t h1_chunk_open(char *out, uint64_t len);
