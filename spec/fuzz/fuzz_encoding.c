/* fuzz_encoding.c - broken and hostile encodings: bounded, and the same however
 * the bytes are cut. */
#include <stdlib.h>

#include "base/slice.h"
#include "http/encoding.h"

enum { MAX = 1 << 20 };

static const struct decode_limits limits = { .max = MAX, .ratio = 200 };

static const char *const lists[] = { "gzip",     "deflate",  "br",
				     "zstd",     "gzip, br", "zstd, deflate",
				     "br, zstd", "identity" };

static int decode(struct mg_slice list, const char *at, size_t len, size_t step,
		  struct buf *out)
{
	int err;
	struct decoder *d = decoder_new(list, &limits, &err);

	buf_init(out, MAX);
	for (size_t i = 0; i < len && err >= 0; i += step) {
		size_t n = len - i < step ? len - i : step;
		char *piece = malloc(n);
		memcpy(piece, at + i, n);
		err = decoder_feed(d, slice(piece, n), out);
		free(piece);
	}
	if (err >= 0)
		err = decoder_end(d);
	decoder_free(d);
	return err;
}

static void check_splits(struct mg_slice list, const char *at, size_t len,
			 size_t step)
{
	struct buf whole, cut;
	int err = decode(list, at, len, len + 1, &whole);
	int err2 = decode(list, at, len, step, &cut);

	if ((err < 0) != (err2 < 0))
		abort();
	if (err >= 0 && !slice_same(buf_slice(&whole), buf_slice(&cut)))
		abort();
	buf_wipe(&whole);
	buf_wipe(&cut);
}

static void check_round_trip(struct mg_slice list, struct mg_slice plain,
			     size_t step)
{
	int err;
	struct buf sent, back;
	struct encoder *e =
		encoder_new(list, plain.len % 2 ? plain.len : 0, &err);

	buf_init(&sent, MAX);
	if (encoder_feed(e, plain, &sent) < 0 || encoder_flush(e, &sent) < 0 ||
	    encoder_end(e, &sent) < 0)
		abort();
	encoder_free(e);
	if (decode(list, buf_slice(&sent).at, buf_len(&sent), step, &back) < 0)
		abort();
	if (!slice_same(buf_slice(&back), plain))
		abort();
	buf_deinit(&sent);
	buf_deinit(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	const char *at = (const char *)data + 2;
	size_t len = size - 2, step = 1 + data[1] % 31;
	struct mg_slice list = slice_str(lists[data[0] % ARRAY_LEN(lists)]);

	check_splits(list, at, len, step);
	if (data[0] & 128)
		check_round_trip(list, slice(at, len), 64);

	/* The rest as the name of the encoding. */
	int err;
	struct decoder *d = decoder_new(slice(at, len), &limits, &err);
	if (!d != (err < 0))
		abort();
	decoder_free(d);
	return 0;
}
