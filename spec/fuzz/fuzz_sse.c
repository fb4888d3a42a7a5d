/* fuzz_sse.c - any bytes as a stream: whole, cut and byte by byte alike. */
#include <stdlib.h>

#include "text/sse.h"
#include "text/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CEILING = 256 };

static int run(struct mg_slice bytes, size_t step, struct buf *seen)
{
	struct sse sse;
	int got = 0;

	sse_init(&sse, CEILING);
	for (size_t at = 0; got >= 0 && at < bytes.len; at += step) {
		struct mg_slice piece =
			slice(bytes.at + at,
			      bytes.len - at < step ? bytes.len - at : step);
		do {
			got = sse_feed(&sse, &piece);
			if (got > 0)
				buf_addf(seen, "%zu %zu %llu %llu\n",
					 sse_name(&sse).len, sse_data(&sse).len,
					 (unsigned long long)sse.from,
					 (unsigned long long)sse.to);
		} while (got > 0);
	}
	if (got >= 0 && sse_end(&sse) > 0)
		buf_addf(seen, "end %zu\n", sse_data(&sse).len);
	sse_deinit(&sse);
	return got;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, cut;
	struct segments segs;
	struct arena a;

	if (!size)
		return 0;
	struct mg_slice body = slice((const char *)data + 1, size - 1);
	buf_init(&whole, 1 << 24);
	buf_init(&cut, 1 << 24);
	int one = run(body, size, &whole);
	int two = run(body, *data % 7 + 1, &cut);
	if (one != two ||
	    (one >= 0 && !slice_same(buf_slice(&whole), buf_slice(&cut))))
		abort();
	buf_deinit(&whole);
	buf_deinit(&cut);

	arena_init(&a);
	segments_init(&segs, &a);
	segs.max = 64;
	segments_of_stream(&segs, NULL, MG_STREAM_SSE, body);
	arena_deinit(&a);
	return 0;
}
