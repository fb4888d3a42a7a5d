/* bench_encoding.c - what a Content-Encoding costs: microseconds to decode and
 * to encode one body, set-up and clean-up included.
 *
 *   build/bench/bench_encoding [ROUNDS]
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/slice.h"
#include "http/encoding.h"

static int rounds = 200;

/* JSON that looks like a conversation: repetitive, not too much so. */
static void fill(struct buf *b, size_t len)
{
	static const char *const words[] = { "policy ", "moon ",  "gate ",
					     "stream ", "token ", "answer ",
					     "prompt ", "key " };
	unsigned seed = 7;

	buf_init(b, 8 << 20);
	buf_add_str(b, "{\"messages\":[{\"role\":\"user\",\"content\":\"");
	while (buf_len(b) < len) {
		seed = seed * 1103515245 + 12345;
		buf_addf(b, "%s%u", words[(seed >> 16) % 8], seed >> 24);
	}
	buf_add_str(b, "\"}]}");
}

static void encode(const char *list, struct mg_slice plain, struct buf *out)
{
	int err;
	struct encoder *e = encoder_new(slice_str(list), plain.len, &err);

	buf_clear(out);
	if (encoder_feed(e, plain, out) < 0 || encoder_end(e, out) < 0)
		abort();
	encoder_free(e);
}

static void decode(const char *list, struct mg_slice sent, struct buf *out)
{
	int err;
	struct decoder *d =
		decoder_new(slice_str(list), &decode_limits_default, &err);

	buf_clear(out);
	if (decoder_feed(d, sent, out) < 0 || decoder_end(d) < 0)
		abort();
	decoder_free(d);
}

static void measure(const char *list, size_t len)
{
	struct buf plain, sent, back;
	double best[2] = { 1e9, 1e9 };

	fill(&plain, len);
	buf_init(&sent, 8 << 20);
	buf_init(&back, 8 << 20);
	for (int batch = 0; batch < 5; batch++) {
		uint64_t from = clock_mono_us();
		for (int i = 0; i < rounds; i++)
			encode(list, buf_slice(&plain), &sent);
		uint64_t mid = clock_mono_us();
		for (int i = 0; i < rounds; i++)
			decode(list, buf_slice(&sent), &back);
		double took[2] = { (double)(mid - from) / rounds,
				   (double)(clock_mono_us() - mid) / rounds };
		for (int i = 0; i < 2; i++)
			if (took[i] < best[i])
				best[i] = took[i];
	}
	printf("%-8s %7zu bytes  encode %8.1f us  decode %8.1f us\n", list,
	       buf_len(&plain), best[0], best[1]);
	buf_deinit(&plain);
	buf_deinit(&sent);
	buf_deinit(&back);
}

int main(int argc, char **argv)
{
	static const char *const lists[] = { "gzip", "deflate", "br", "zstd" };

	if (argc > 1)
		rounds = atoi(argv[1]);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		measure(lists[i], 2 << 10);
		measure(lists[i], 64 << 10);
	}
	return 0;
}
