/* encoding.h - Content-Encoding, undone and done again, as bytes come.
 *
 *   list "gzip, br":   plain --gzip--> --br--> wire      (encoder)
 *                      plain <-gzip--- <-br--- wire      (decoder)
 *
 * Known: gzip, deflate (with or without the zlib wrapper), br, zstd, identity;
 * x-gzip is gzip. A decoder believes nobody: what it makes is bounded, in
 * bytes and in proportion to what came in, and an end in the middle of a
 * frame is not an end.
 */
#pragma once
#include "base/buf.h"

/* More than this many codings one over another is nobody's honest body. */
enum { ENCODING_CHAIN = 4 };

enum encoding { ENCODING_GZIP, ENCODING_DEFLATE, ENCODING_BR, ENCODING_ZSTD };

/* Reads a Content-Encoding value, identity and blanks left out. How many
 * codings, MG_EPROTO when one is unknown, MG_ETOOBIG when there are too many.
 */
int encoding_read(struct mg_slice list, enum encoding out[ENCODING_CHAIN]);

struct decode_limits {
	uint64_t max;   /* decoded bytes, at most */
	uint32_t ratio; /* decoded to encoded, once past 1 MiB */
};

extern const struct decode_limits decode_limits_default;

struct decoder;

/* Owned by the caller; borrows `limits`. NULL, with the reason in *err, for a
 * list that encoding_read refuses. */
struct decoder *decoder_new(struct mg_slice list,
			    const struct decode_limits *limits, int *err);
void decoder_free(struct decoder *d);

/* Appends what `in` decodes to. MG_EPROTO: broken, or not encoded at all;
 * MG_ETOOBIG: a limit (also that of `out`). Stays failed. */
int decoder_feed(struct decoder *d, struct mg_slice in, struct buf *out);

/* No more comes: MG_EPROTO when that cuts a frame short. */
int decoder_end(struct decoder *d);

/* True when it failed by its own limits (a bomb), not for want of room. */
bool decoder_is_over(const struct decoder *d);

struct encoder;

/* `expected` bytes will be fed, about: small bodies then take little memory. 0
 * when nobody knows. Owned by the caller; errors as for decoder_new. */
struct encoder *encoder_new(struct mg_slice list, size_t expected, int *err);
void encoder_free(struct encoder *e);

/* Each appends to `out`; MG_ETOOBIG when it does not fit there. Flushing makes
 * all that was fed readable at the other end, for event streams. */
int encoder_feed(struct encoder *e, struct mg_slice in, struct buf *out);
int encoder_flush(struct encoder *e, struct buf *out);
int encoder_end(struct encoder *e, struct buf *out);
