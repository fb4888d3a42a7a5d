/* encoder.c - puts Content-Encodings on; see encoding.h
 *
 * Levels are the cheap ones: an encoder runs only for bodies that a mask has
 * changed, on the path of a request.
 */
#include <brotli/encode.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#define ZSTD_STATIC_LINKING_ONLY /* for ZSTD_customMem */
#include <zstd.h>

#include "base/slice.h"
#include "http/encoding.h"
#include "http/wiped.h"

enum {
	PIECE = 16 << 10,
	GZIP_LEVEL = 2,
	BR_QUALITY = 2,
	BR_WINDOW = 19,
	ZSTD_LEVEL = 3,
};

enum push { FEED, FLUSH, END };

struct link {
	enum encoding coding;
	z_stream z;
	BrotliEncoderState *br;
	ZSTD_CStream *zstd;
};

struct encoder {
	struct link link[ENCODING_CHAIN]; /* innermost coding first */
	int links;
};

static const ZSTD_customMem memory = { wiped_alloc, wiped_free, NULL };

/* The smallest window that spans `expected` bytes: memory has to be found and
 * wiped for every body, and most are small. */
static int window_for(size_t expected, int least, int most)
{
	int bits = least;

	while (bits < most && (!expected || (size_t)1 << bits < expected))
		bits++;
	return bits;
}

static void deflate_start(struct link *l, size_t expected)
{
	int window = window_for(expected, 10, MAX_WBITS);
	int wrapper = l->coding == ENCODING_GZIP ? 16 : 0;

	l->z.zalloc = wiped_alloc_items;
	l->z.zfree = wiped_free;
	if (deflateInit2(&l->z, GZIP_LEVEL, Z_DEFLATED, wrapper + window,
			 window - 7, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
}

static void br_start(struct link *l, size_t expected)
{
	uint32_t hint = expected < UINT32_MAX ? (uint32_t)expected : 0;
	int window = window_for(expected, BROTLI_MIN_WINDOW_BITS, BR_WINDOW);

	l->br = BrotliEncoderCreateInstance(wiped_alloc, wiped_free, NULL);
	if (!l->br)
		abort();
	BrotliEncoderSetParameter(l->br, BROTLI_PARAM_QUALITY, BR_QUALITY);
	BrotliEncoderSetParameter(l->br, BROTLI_PARAM_LGWIN, (uint32_t)window);
	BrotliEncoderSetParameter(l->br, BROTLI_PARAM_SIZE_HINT, hint);
}

static void zstd_start(struct link *l, size_t expected)
{
	int hint = expected < INT32_MAX ? (int)expected : 0;

	l->zstd = ZSTD_createCCtx_advanced(memory);
	if (!l->zstd)
		abort();
	ZSTD_CCtx_setParameter(l->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
	ZSTD_CCtx_setParameter(l->zstd, ZSTD_c_srcSizeHint, hint);
}

static void link_init(struct link *l, enum encoding coding, size_t expected)
{
	l->coding = coding;
	switch (coding) {
	case ENCODING_GZIP:
	case ENCODING_DEFLATE:
		deflate_start(l, expected);
		break;
	case ENCODING_BR:
		br_start(l, expected);
		break;
	case ENCODING_ZSTD:
		zstd_start(l, expected);
		break;
	}
}

static void link_deinit(struct link *l)
{
	switch (l->coding) {
	case ENCODING_GZIP:
	case ENCODING_DEFLATE:
		deflateEnd(&l->z);
		break;
	case ENCODING_BR:
		BrotliEncoderDestroyInstance(l->br);
		break;
	case ENCODING_ZSTD:
		ZSTD_freeCStream(l->zstd);
		break;
	}
}

/* Each _step reads from the front of `*in`, writes at most PIECE bytes, and
 * returns how many. `*more` when it has to be called again. */

static size_t deflate_step(struct link *l, struct mg_slice *in, enum push push,
			   char *to, bool *more)
{
	static const int modes[] = {
		[FEED] = Z_NO_FLUSH, [FLUSH] = Z_SYNC_FLUSH, [END] = Z_FINISH
	};

	l->z.next_in = (unsigned char *)in->at;
	l->z.avail_in = (unsigned)in->len;
	l->z.next_out = (unsigned char *)to;
	l->z.avail_out = PIECE;
	if (deflate(&l->z, modes[push]) == Z_STREAM_ERROR)
		abort();
	*in = slice(in->at + (in->len - l->z.avail_in), l->z.avail_in);
	*more = l->z.avail_out == 0;
	return PIECE - l->z.avail_out;
}

static size_t br_step(struct link *l, struct mg_slice *in, enum push push,
		      char *to, bool *more)
{
	static const BrotliEncoderOperation modes[] = {
		[FEED] = BROTLI_OPERATION_PROCESS,
		[FLUSH] = BROTLI_OPERATION_FLUSH,
		[END] = BROTLI_OPERATION_FINISH,
	};
	const uint8_t *from = (const uint8_t *)in->at;
	uint8_t *end = (uint8_t *)to;
	size_t len = in->len, left = PIECE;

	if (!BrotliEncoderCompressStream(l->br, modes[push], &len, &from, &left,
					 &end, NULL))
		abort();
	*in = slice((const char *)from, len);
	*more = len || BrotliEncoderHasMoreOutput(l->br);
	return PIECE - left;
}

static size_t zstd_step(struct link *l, struct mg_slice *in, enum push push,
			char *to, bool *more)
{
	static const ZSTD_EndDirective modes[] = {
		[FEED] = ZSTD_e_continue,
		[FLUSH] = ZSTD_e_flush,
		[END] = ZSTD_e_end,
	};
	ZSTD_inBuffer from = { in->at, in->len, 0 };
	ZSTD_outBuffer into = { to, PIECE, 0 };
	size_t left = ZSTD_compressStream2(l->zstd, &into, &from, modes[push]);

	if (ZSTD_isError(left))
		abort();
	*in = slice(in->at + from.pos, in->len - from.pos);
	*more = in->len || (push != FEED && left);
	return into.pos;
}

static size_t link_step(struct link *l, struct mg_slice *in, enum push push,
			char *to, bool *more)
{
	switch (l->coding) {
	case ENCODING_GZIP:
	case ENCODING_DEFLATE:
		return deflate_step(l, in, push, to, more);
	case ENCODING_BR:
		return br_step(l, in, push, to, more);
	case ENCODING_ZSTD:
		return zstd_step(l, in, push, to, more);
	}
	abort(); /* unreachable: the switch names every coding */
}

static int run(struct encoder *e, int i, struct mg_slice in, enum push push,
	       struct buf *out)
{
	char piece[PIECE];
	bool more = true;
	int err = MG_OK;

	if (i == e->links)
		return buf_add(out, in);
	while (more && err >= 0) {
		size_t n = link_step(&e->link[i], &in, push, piece, &more);
		if (n)
			err = run(e, i + 1, slice(piece, n), FEED, out);
	}
	if (err >= 0 && push != FEED)
		err = run(e, i + 1, slice("", 0), push, out);
	return err;
}

struct encoder *encoder_new(struct mg_slice list, size_t expected, int *err)
{
	enum encoding coding[ENCODING_CHAIN];
	int n = encoding_read(list, coding);

	*err = n < 0 ? n : MG_OK;
	if (n < 0)
		return NULL;
	struct encoder *e = calloc(1, sizeof(*e));
	if (!e)
		abort();
	e->links = n;
	for (int i = 0; i < n; i++)
		link_init(&e->link[i], coding[i], expected);
	return e;
}

void encoder_free(struct encoder *e)
{
	if (!e)
		return;
	for (int i = 0; i < e->links; i++)
		link_deinit(&e->link[i]);
	free(e);
}

int encoder_feed(struct encoder *e, struct mg_slice in, struct buf *out)
{
	return in.len ? run(e, 0, in, FEED, out) : MG_OK;
}

int encoder_flush(struct encoder *e, struct buf *out)
{
	return run(e, 0, slice("", 0), FLUSH, out);
}

int encoder_end(struct encoder *e, struct buf *out)
{
	return run(e, 0, slice("", 0), END, out);
}
