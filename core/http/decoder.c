/* decoder.c - takes Content-Encodings off; see encoding.h
 *
 * Each link of the chain turns a piece into pieces of at most PIECE bytes and
 * hands each on before it makes the next, so that a bomb is noticed while it is
 * small, at any depth of the chain.
 *
 *             bytes                frame ends
 *   BETWEEN ---------> WITHIN -------------------> BETWEEN  (gzip, zstd)
 *                         +----------------------> OVER     (deflate, br)
 *
 * The body may end BETWEEN and OVER; bytes that follow OVER are refused.
 */
#include <brotli/decode.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#define ZSTD_STATIC_LINKING_ONLY /* for ZSTD_customMem */
#include <zstd.h>
#include <zstd_errors.h>

#include "base/slice.h"
#include "http/encoding.h"
#include "http/wiped.h"

enum {
	PIECE = 16 << 10,
	RATIO_FLOOR = 1 << 20, /* small bodies of one letter are honest */
	ZSTD_WINDOW_LOG = 23,  /* 8 MiB: what RFC 9659 lets a peer ask for */
};

enum place { BETWEEN, WITHIN, OVER };

struct link {
	enum encoding coding;
	enum place place;
	unsigned char lead[4]; /* first bytes, until they tell the format */
	uint8_t led;           /* how many */
	bool inflating;        /* `z` is in use */
	z_stream z;
	BrotliDecoderState *br;
	ZSTD_DStream *zstd;
};

struct decoder {
	const struct decode_limits *limits; /* borrows */
	struct link link[ENCODING_CHAIN];   /* outermost coding first */
	int links;
	int answer; /* why it has failed */
	bool over;  /* it was for `limits` */
	uint64_t taken;
	uint64_t made;
};

const struct decode_limits decode_limits_default = {
	.max = 256u << 20,
	.ratio = 200,
};

static const ZSTD_customMem memory = { wiped_alloc, wiped_free, NULL };

/* --- one link --------------------------------------------------------------
 */

static int inflate_start(struct link *l, int window)
{
	l->z.zalloc = wiped_alloc_items;
	l->z.zfree = wiped_free;
	if (inflateInit2(&l->z, window) != Z_OK)
		abort();
	l->inflating = true;
	return MG_OK;
}

static void link_init(struct link *l, enum encoding coding)
{
	l->coding = coding;
	switch (coding) {
	case ENCODING_GZIP:
		inflate_start(l, 16 + MAX_WBITS);
		break;
	case ENCODING_DEFLATE:
		break;
	case ENCODING_BR:
		l->br = BrotliDecoderCreateInstance(wiped_alloc, wiped_free,
						    NULL);
		if (!l->br)
			abort();
		break;
	case ENCODING_ZSTD:
		l->zstd = ZSTD_createDCtx_advanced(memory);
		if (!l->zstd)
			abort();
		ZSTD_DCtx_setParameter(l->zstd, ZSTD_d_windowLogMax,
				       ZSTD_WINDOW_LOG);
		break;
	}
}

static void link_deinit(struct link *l)
{
	if (l->inflating)
		inflateEnd(&l->z);
	if (l->br)
		BrotliDecoderDestroyInstance(l->br);
	ZSTD_freeDStream(l->zstd);
}

/* Each _step reads from the front of `*in`, writes at most `room` bytes and
 * says how many in `*n`. */

static int inflate_step(struct link *l, struct mg_slice *in, char *to,
			size_t room, size_t *n)
{
	/* A piece of input is never near 4 GiB: bodies have a ceiling. */
	l->z.next_in = (unsigned char *)in->at;
	l->z.avail_in = (unsigned)in->len;
	l->z.next_out = (unsigned char *)to;
	l->z.avail_out = (unsigned)room;
	int result = inflate(&l->z, Z_NO_FLUSH);
	*n = room - l->z.avail_out;
	*in = slice(in->at + (in->len - l->z.avail_in), l->z.avail_in);

	if (result == Z_STREAM_END) {
		l->place = l->coding == ENCODING_GZIP ? BETWEEN : OVER;
		if (l->place == BETWEEN && inflateReset(&l->z) != Z_OK)
			abort();
		return MG_OK;
	}
	return result == Z_OK || result == Z_BUF_ERROR ? MG_OK : MG_EPROTO;
}

/* Collects the first `need` bytes; true once they are there. */
static bool take_lead(struct link *l, struct mg_slice *in, uint8_t need)
{
	while (in->len && l->led < need) {
		l->lead[l->led++] = (unsigned char)*in->at;
		*in = slice(in->at + 1, in->len - 1);
	}
	return l->led == need;
}

/* Both forms are called deflate; two bytes tell them apart (RFC 1950). */
static bool is_wrapped(const unsigned char lead[2])
{
	return (lead[0] & 15) == 8 && (lead[0] << 8 | lead[1]) % 31 == 0;
}

static int deflate_step(struct link *l, struct mg_slice *in, char *to,
			size_t room, size_t *n)
{
	if (l->inflating)
		return inflate_step(l, in, to, room, n);

	*n = 0;
	if (!take_lead(l, in, 2))
		return MG_OK;
	inflate_start(l, is_wrapped(l->lead) ? MAX_WBITS : -MAX_WBITS);
	struct mg_slice lead = slice((const char *)l->lead, 2);
	int err = inflate_step(l, &lead, to, room, n);
	return err >= 0 && lead.len ? MG_EPROTO : err;
}

static int br_step(struct link *l, struct mg_slice *in, char *to, size_t room,
		   size_t *n)
{
	const uint8_t *from = (const uint8_t *)in->at;
	uint8_t *end = (uint8_t *)to;
	size_t len = in->len, left = room;
	BrotliDecoderResult result = BrotliDecoderDecompressStream(
		l->br, &len, &from, &left, &end, NULL);

	*n = room - left;
	*in = slice((const char *)from, len);
	if (result == BROTLI_DECODER_RESULT_SUCCESS)
		l->place = OVER;
	return result == BROTLI_DECODER_RESULT_ERROR ? MG_EPROTO : MG_OK;
}

static int zstd_read(struct link *l, struct mg_slice *in, char *to, size_t room,
		     size_t *n)
{
	ZSTD_inBuffer from = { in->at, in->len, 0 };
	ZSTD_outBuffer into = { to, room, 0 };
	size_t result = ZSTD_decompressStream(l->zstd, &into, &from);

	if (ZSTD_getErrorCode(result) ==
	    ZSTD_error_frameParameter_windowTooLarge)
		return MG_ETOOBIG;
	if (ZSTD_isError(result))
		return MG_EPROTO;
	*n = into.pos;
	*in = slice(in->at + from.pos, in->len - from.pos);
	if (result == 0 && (from.pos || into.pos)) {
		l->place = BETWEEN;
		l->led = 0;
	}
	return MG_OK;
}

/* A frame, or one to be skipped. The library would also read the formats of
 * before 2016, with code of that age; they are nobody's Content-Encoding. */
static bool is_frame(const unsigned char lead[4])
{
	return memcmp(lead, "\x28\xb5\x2f\xfd", 4) == 0 ||
	       ((lead[0] & 0xf0) == 0x50 &&
		memcmp(lead + 1, "\x2a\x4d\x18", 3) == 0);
}

static int zstd_step(struct link *l, struct mg_slice *in, char *to, size_t room,
		     size_t *n)
{
	if (l->led == 4 || !in->len)
		return zstd_read(l, in, to, room, n);

	*n = 0;
	if (!take_lead(l, in, 4))
		return MG_OK;
	if (!is_frame(l->lead))
		return MG_EPROTO;
	struct mg_slice lead = slice((const char *)l->lead, 4);
	int err = zstd_read(l, &lead, to, room, n);
	return err >= 0 && lead.len ? MG_EPROTO : err;
}

static int link_step(struct link *l, struct mg_slice *in, char *to, size_t room,
		     size_t *n)
{
	if (in->len) {
		if (l->place == OVER)
			return MG_EPROTO;
		l->place = WITHIN;
	}
	switch (l->coding) {
	case ENCODING_GZIP:
		return inflate_step(l, in, to, room, n);
	case ENCODING_DEFLATE:
		return deflate_step(l, in, to, room, n);
	case ENCODING_BR:
		return br_step(l, in, to, room, n);
	case ENCODING_ZSTD:
		return zstd_step(l, in, to, room, n);
	}
	abort(); /* unreachable: the switch names every coding */
}

/* --- the chain -------------------------------------------------------------
 */

static int check_made(struct decoder *d, size_t n)
{
	d->made += n;
	d->over = d->made > d->limits->max ||
		  (d->made > RATIO_FLOOR &&
		   d->made / d->limits->ratio > d->taken);
	return d->over ? MG_ETOOBIG : MG_OK;
}

/* Runs link `i` dry, and all behind it. What is made inside the chain counts
 * as well: a bomb may go off at any depth. */
static int run(struct decoder *d, int i, struct mg_slice in, struct buf *out)
{
	char piece[PIECE];
	size_t n, most = 0;
	int err;

	if (i == d->links)
		return buf_add(out, in);
	do {
		size_t before = in.len;
		n = 0;
		err = link_step(&d->link[i], &in, piece, PIECE, &n);
		if (n > most)
			most = n;
		if (err >= 0)
			err = check_made(d, n);
		if (err >= 0 && n)
			err = run(d, i + 1, slice(piece, n), out);
		if (err >= 0 && !n && in.len && in.len == before)
			err = MG_EPROTO;
	} while (err >= 0 && (in.len || n == PIECE));
	explicit_bzero(piece, most);
	return err;
}

struct decoder *decoder_new(struct mg_slice list,
			    const struct decode_limits *limits, int *err)
{
	enum encoding coding[ENCODING_CHAIN];
	int n = encoding_read(list, coding);

	*err = n < 0 ? n : MG_OK;
	if (n < 0)
		return NULL;
	struct decoder *d = calloc(1, sizeof(*d));
	if (!d)
		abort();
	d->limits = limits;
	d->links = n;
	for (int i = 0; i < n; i++)
		link_init(&d->link[i], coding[n - 1 - i]);
	return d;
}

void decoder_free(struct decoder *d)
{
	if (!d)
		return;
	for (int i = 0; i < d->links; i++)
		link_deinit(&d->link[i]);
	free(d);
}

int decoder_feed(struct decoder *d, struct mg_slice in, struct buf *out)
{
	if (d->answer < 0 || !in.len)
		return d->answer;
	d->taken += in.len;
	d->answer = run(d, 0, in, out);
	return d->answer;
}

bool decoder_is_over(const struct decoder *d)
{
	return d->over;
}

int decoder_end(struct decoder *d)
{
	if (d->answer < 0)
		return d->answer;
	for (int i = 0; i < d->links; i++)
		if (d->link[i].place == WITHIN)
			return d->answer = MG_EPROTO;
	return MG_OK;
}
