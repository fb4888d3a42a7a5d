/* test_encoding.c - encodings come off and go on, whole or not at all. */
#include "http/encoding.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/slice.h"
#include "test.h"

static const struct decode_limits *const limits = &decode_limits_default;

static const char *const lists[] = {
	"gzip",   "deflate",  "br",      "zstd",
	"x-gzip", "gzip, br", "br,zstd", "deflate, gzip, br, zstd",
	"",       "identity", " GZip ",  "identity, gzip,",
};

static void fill(struct buf *b, size_t len)
{
	unsigned seed = 7;

	buf_init(b, 64 << 20);
	for (size_t i = 0; i < len; i++) {
		seed = seed * 1103515245 + 12345;
		buf_add_at(b, &"etaoin shrdlu\n{}\"\\"[(seed >> 16) % 18], 1);
	}
}

static size_t expected; /* told to encoders */

static void encode(const char *list, struct mg_slice plain, struct buf *out)
{
	int err;
	struct encoder *e = encoder_new(slice_str(list), expected, &err);

	buf_init(out, 64 << 20);
	encoder_feed(e, plain, out);
	encoder_end(e, out);
	encoder_free(e);
}

/* Feeds `step` bytes at a time, each from memory of its own. */
static int decode(const char *list, struct mg_slice in, size_t step,
		  const struct decode_limits *lim, struct buf *out)
{
	int err;
	struct decoder *d = decoder_new(slice_str(list), lim, &err);

	buf_init(out, 64 << 20);
	for (size_t i = 0; i < in.len && err >= 0; i += step) {
		size_t len = in.len - i < step ? in.len - i : step;
		char *piece = malloc(len);
		memcpy(piece, in.at + i, len);
		err = decoder_feed(d, slice(piece, len), out);
		free(piece);
	}
	if (d && err >= 0)
		err = decoder_end(d);
	decoder_free(d);
	return err;
}

static int decode_only(const char *list, struct mg_slice in)
{
	struct buf out;
	int err = decode(list, in, in.len ? in.len : 1, limits, &out);

	buf_deinit(&out);
	return err;
}

static void what_goes_on_comes_off(void)
{
	static const size_t sizes[] = { 1, 2, 100, 16 << 10, 300000 };
	static const size_t steps[] = { 1, 12, 4096, 1 << 20 };

	for (size_t l = 0; l < ARRAY_LEN(lists); l++) {
		int wrong = 0;
		for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
			struct buf plain, sent, out;
			fill(&plain, sizes[s]);
			encode(lists[l], buf_slice(&plain), &sent);
			for (size_t k = 0; k < ARRAY_LEN(steps); k++) {
				int err = decode(lists[l], buf_slice(&sent),
						 steps[k], limits, &out);
				wrong += err < 0 ||
					 !slice_same(buf_slice(&out),
						     buf_slice(&plain));
				buf_deinit(&out);
			}
			buf_deinit(&plain);
			buf_deinit(&sent);
		}
		OK(wrong == 0);
	}
}

/* Every proper prefix is an error, whatever it decodes to. */
static void half_a_body_is_broken(void)
{
	for (size_t l = 0; l < 8; l++) {
		struct buf plain, sent;
		int wrong = 0;
		fill(&plain, 500);
		encode(lists[l], buf_slice(&plain), &sent);
		for (size_t len = 1; len < buf_len(&sent); len++)
			wrong += decode_only(lists[l], slice(sent.at, len)) !=
				 MG_EPROTO;
		OK(wrong == 0);
		OK(decode_only(lists[l], buf_slice(&sent)) == 0);
		buf_deinit(&plain);
		buf_deinit(&sent);
	}
}

static void nothing_decodes_to_nothing(void)
{
	for (size_t l = 0; l < ARRAY_LEN(lists); l++)
		OK(decode_only(lists[l], slice("", 0)) == 0);
}

static void a_plain_body_that_claims_to_be_encoded_is_broken(void)
{
	static const char *const bodies[] = {
		"{\"model\":\"gpt-4o\",\"messages\":[]}",
		"hello",
		"{",
	};

	for (size_t l = 0; l < 8; l++)
		for (size_t b = 0; b < ARRAY_LEN(bodies); b++)
			OK(decode_only(lists[l], slice_str(bodies[b])) ==
			   MG_EPROTO);
}

static void what_follows_the_end_is_refused(void)
{
	static const char *const codings[] = { "gzip", "deflate", "br",
					       "zstd" };

	for (size_t i = 0; i < ARRAY_LEN(codings); i++) {
		struct buf plain, sent;
		fill(&plain, 100);
		encode(codings[i], buf_slice(&plain), &sent);
		buf_add_str(&sent, "garbage");
		OK(decode_only(codings[i], buf_slice(&sent)) == MG_EPROTO);
		buf_deinit(&plain);
		buf_deinit(&sent);
	}
}

static void members_and_frames_add_up(void)
{
	static const char *const codings[] = { "gzip", "zstd" };

	for (size_t i = 0; i < ARRAY_LEN(codings); i++) {
		struct buf one, two, out;
		encode(codings[i], slice_str("one, "), &one);
		encode(codings[i], slice_str("two"), &two);
		buf_add(&one, buf_slice(&two));
		for (size_t step = 1; step < 40; step += 11) {
			OK(decode(codings[i], buf_slice(&one), step, limits,
				  &out) == 0);
			OK(slice_is(buf_slice(&out), "one, two"));
			buf_deinit(&out);
		}
		OK(decode_only(codings[i], slice(one.at, buf_len(&one) - 1)) ==
		   MG_EPROTO);
		buf_deinit(&one);
		buf_deinit(&two);
	}
}

static void both_kinds_of_deflate_are_read(void)
{
	static const char text[] = "text text text text text";

	for (int window = -15; window <= 15; window += 30) {
		unsigned char bytes[128];
		z_stream z = { .next_in = (unsigned char *)text,
			       .avail_in = sizeof(text) - 1,
			       .next_out = bytes,
			       .avail_out = sizeof(bytes) };
		deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
		deflate(&z, Z_FINISH);
		for (size_t step = 1; step < 40; step += 13) {
			struct buf out;
			OK(decode("deflate", slice((char *)bytes, z.total_out),
				  step, limits, &out) == 0);
			OK(slice_is(buf_slice(&out), text));
			buf_deinit(&out);
		}
		deflateEnd(&z);
	}
}

static void bombs_go_off_outside(void)
{
	struct buf zeros, once, out;

	buf_init(&zeros, 64 << 20);
	memset(buf_room(&zeros, 32 << 20), 0, 32 << 20);
	buf_grow(&zeros, 32 << 20);
	for (size_t l = 0; l < 8; l++) {
		encode(lists[l], buf_slice(&zeros), &once);
		OK(decode(lists[l], buf_slice(&once), 4096, limits, &out) ==
		   MG_ETOOBIG);
		OK(buf_len(&out) <= 8 << 20);
		buf_deinit(&out);
		buf_deinit(&once);
	}
	buf_deinit(&zeros);
}

/* A bomb wrapped once more looks harmless from outside. */
static void a_bomb_within_is_found(void)
{
	struct buf zeros, once, twice;

	buf_init(&zeros, 64 << 20);
	memset(buf_room(&zeros, 48 << 20), 0, 48 << 20);
	buf_grow(&zeros, 48 << 20);
	encode("gzip, gzip, gzip", buf_slice(&zeros), &once);
	encode("gzip", buf_slice(&once), &twice);
	OK(buf_len(&twice) < 1024);
	OK(decode_only("gzip, gzip, gzip, gzip", buf_slice(&twice)) ==
	   MG_ETOOBIG);
	buf_deinit(&zeros);
	buf_deinit(&once);
	buf_deinit(&twice);
}

static void the_ceiling_is_exact(void)
{
	struct decode_limits lim = { .max = 1000, .ratio = 200 };
	struct buf plain, sent, out;

	fill(&plain, 1001);
	encode("br", slice(plain.at, 1000), &sent);
	OK(decode("br", buf_slice(&sent), 7, &lim, &out) == 0);
	buf_deinit(&out);
	buf_deinit(&sent);
	encode("br", buf_slice(&plain), &sent);
	OK(decode("br", buf_slice(&sent), 7, &lim, &out) == MG_ETOOBIG);
	buf_deinit(&out);
	buf_deinit(&sent);
	buf_deinit(&plain);
}

/* Small and repetitive is what honest JSON looks like. */
static void small_bodies_may_shrink_a_lot(void)
{
	struct buf zeros, sent;

	buf_init(&zeros, 1 << 20);
	memset(buf_room(&zeros, 1 << 19), ' ', 1 << 19);
	buf_grow(&zeros, 1 << 19);
	encode("br", buf_slice(&zeros), &sent);
	OK(buf_len(&sent) * 200 < 1 << 19);
	OK(decode_only("br", buf_slice(&sent)) == 0);
	buf_deinit(&zeros);
	buf_deinit(&sent);
}

static void large_windows_are_refused(void)
{
	struct buf plain;
	char sent[4096];
	ZSTD_CCtx *c = ZSTD_createCCtx();
	ZSTD_inBuffer in;
	ZSTD_outBuffer out = { sent, sizeof(sent), 0 };

	/* A frame that does not tell its size shows its window. */
	fill(&plain, 1000);
	in = (ZSTD_inBuffer){ plain.at, 1000, 0 };
	ZSTD_CCtx_setParameter(c, ZSTD_c_windowLog, 27);
	ZSTD_compressStream2(c, &out, &in, ZSTD_e_flush);
	ZSTD_compressStream2(c, &out, &in, ZSTD_e_end);
	OK(decode_only("zstd", slice(sent, out.pos)) == MG_ETOOBIG);
	ZSTD_freeCCtx(c);
	buf_deinit(&plain);
}

/* Legacy zstd (0.7), and a frame to skip before a real one. */
static void zstd_is_zstd_of_today(void)
{
	static const char old[] = "\x27\xb5\x2f\xfd\x20\4\x40\0\4text\xc0\0\0";
	struct buf sent, all, out;

	for (size_t step = 1; step < sizeof(old); step++) {
		OK(decode("zstd", slice(old, sizeof(old) - 1), step, limits,
			  &out) == MG_EPROTO);
		buf_deinit(&out);
	}
	encode("zstd", slice_str("text"), &sent);
	buf_init(&all, 1000);
	buf_add_at(&all, "\x5a\x2a\x4d\x18\3\0\0\0abc", 11);
	buf_add(&all, buf_slice(&sent));
	for (size_t step = 1; step < 30; step += 7) {
		OK(decode("zstd", buf_slice(&all), step, limits, &out) == 0);
		OK(slice_is(buf_slice(&out), "text"));
		buf_deinit(&out);
	}
	buf_deinit(&all);
	buf_deinit(&sent);
}

static void unknown_lists_are_refused(void)
{
	static const char *const bad[] = { "compress", "gzip, lz4", "gzip;q=1",
					   "\"gzip\"", "gzip br",   "*" };
	enum encoding coding[ENCODING_CHAIN];
	int err;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		OK(decoder_new(slice_str(bad[i]), limits, &err) == NULL);
		OK(err == MG_EPROTO);
		OK(encoder_new(slice_str(bad[i]), 0, &err) == NULL);
	}
	OK(encoding_read(slice_str("gzip,gzip,gzip,gzip,gzip"), coding) ==
	   MG_ETOOBIG);
	OK(encoding_read(slice_str("br, gzip"), coding) == 2);
	OK(coding[0] == ENCODING_BR && coding[1] == ENCODING_GZIP);
	OK(encoding_read(slice(NULL, 0), coding) == 0);
}

/* Inside, eight megabytes of empty members, which decode to nothing. */
static void a_bomb_between_links_is_found(void)
{
	struct buf one, many, sent;

	encode("gzip", slice("", 0), &one);
	buf_init(&many, 64 << 20);
	while (buf_len(&many) < 8 << 20)
		buf_add(&many, buf_slice(&one));
	encode("br", buf_slice(&many), &sent);
	OK(buf_len(&sent) * 200 < 8 << 20);
	OK(decode_only("gzip", buf_slice(&many)) == 0);
	OK(decode_only("gzip, br", buf_slice(&sent)) == MG_ETOOBIG);
	buf_deinit(&one);
	buf_deinit(&many);
	buf_deinit(&sent);
}

static void a_failure_stays(void)
{
	int err;
	struct buf out;
	struct decoder *d = decoder_new(slice_str("identity"), limits, &err);

	buf_init(&out, 5);
	OK(decoder_feed(d, slice_str("too long"), &out) == MG_ETOOBIG);
	OK(decoder_feed(d, slice_str("x"), &out) == MG_ETOOBIG);
	OK(decoder_end(d) == MG_ETOOBIG && buf_len(&out) == 0);
	decoder_free(d);
	d = decoder_new(slice_str("gzip"), limits, &err);
	OK(decoder_feed(d, slice_str("not gzip at all"), &out) == MG_EPROTO);
	OK(decoder_feed(d, slice_str("\x1f\x8b"), &out) == MG_EPROTO);
	OK(decoder_end(d) == MG_EPROTO);
	decoder_free(d);
	buf_deinit(&out);
}

static void what_was_flushed_can_be_read(void)
{
	static const char *const events[] = { "data: one\n\n", "data: two\n\n",
					      "data: [DONE]\n\n" };

	for (size_t l = 0; l < 8; l++) {
		int err, wrong = 0;
		struct buf sent, out;
		struct encoder *e = encoder_new(slice_str(lists[l]), 9, &err);
		struct decoder *d =
			decoder_new(slice_str(lists[l]), limits, &err);
		buf_init(&sent, 1 << 16);
		buf_init(&out, 1 << 16);
		for (size_t i = 0; i < ARRAY_LEN(events); i++) {
			encoder_feed(e, slice_str(events[i]), &sent);
			encoder_flush(e, &sent);
			decoder_feed(d, buf_slice(&sent), &out);
			wrong += !slice_is(buf_slice(&out), events[i]);
			buf_clear(&sent);
			buf_clear(&out);
		}
		encoder_end(e, &sent);
		wrong += decoder_feed(d, buf_slice(&sent), &out) < 0;
		wrong += decoder_end(d) < 0 || buf_len(&out);
		OK(wrong == 0);
		encoder_free(e);
		decoder_free(d);
		buf_deinit(&sent);
		buf_deinit(&out);
	}
}

static void a_full_buffer_is_an_error(void)
{
	struct buf plain, sent, out;
	int err;

	fill(&plain, 5000);
	encode("gzip", buf_slice(&plain), &sent);
	struct decoder *d = decoder_new(slice_str("gzip"), limits, &err);
	buf_init(&out, 4999);
	OK(decoder_feed(d, buf_slice(&sent), &out) == MG_ETOOBIG);
	decoder_free(d);
	buf_deinit(&out);

	struct encoder *e = encoder_new(slice_str("gzip"), 0, &err);
	buf_init(&out, 10);
	encoder_feed(e, buf_slice(&plain), &out);
	OK(encoder_end(e, &out) == MG_ETOOBIG);
	encoder_free(e);
	buf_deinit(&out);
	buf_deinit(&plain);
	buf_deinit(&sent);
}

int main(void)
{
	RUN(what_goes_on_comes_off);
	expected = 100; /* true, too small and too large */
	RUN(what_goes_on_comes_off);
	expected = 1 << 20;
	RUN(what_goes_on_comes_off);
	expected = 0;
	RUN(half_a_body_is_broken);
	RUN(nothing_decodes_to_nothing);
	RUN(a_plain_body_that_claims_to_be_encoded_is_broken);
	RUN(what_follows_the_end_is_refused);
	RUN(members_and_frames_add_up);
	RUN(both_kinds_of_deflate_are_read);
	RUN(bombs_go_off_outside);
	RUN(a_bomb_within_is_found);
	RUN(a_bomb_between_links_is_found);
	RUN(the_ceiling_is_exact);
	RUN(small_bodies_may_shrink_a_lot);
	RUN(large_windows_are_refused);
	RUN(zstd_is_zstd_of_today);
	RUN(unknown_lists_are_refused);
	RUN(a_failure_stays);
	RUN(what_was_flushed_can_be_read);
	RUN(a_full_buffer_is_an_error);
	return test_done();
}
