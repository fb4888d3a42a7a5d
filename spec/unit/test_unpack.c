/* test_unpack.c - every form of MessagePack, and every lie. */
#include "event/unpack.h"

#include "base/hash.h"
#include "test.h"

struct row {
	const char *bytes;
	size_t len;
	int kind; /* or -1: refused */
	uint64_t number;
};

#define ROW(bytes, kind, number)                                               \
	{                                                                      \
		bytes, sizeof(bytes) - 1, kind, number                         \
	}

static const struct row rows[] = {
	ROW("\x00", UNPACK_NUMBER, 0),
	ROW("\x7f", UNPACK_NUMBER, 127),
	ROW("\xe0", UNPACK_SIGNED, (uint64_t)-32),
	ROW("\xc0", UNPACK_NIL, 0),
	ROW("\xc1", -1, 0),
	ROW("\xc2", UNPACK_BOOL, 0),
	ROW("\xc3", UNPACK_BOOL, 1),
	ROW("\xcc\xff", UNPACK_NUMBER, 255),
	ROW("\xcd\x01\x02", UNPACK_NUMBER, 258),
	ROW("\xce\xff\xff\xff\xff", UNPACK_NUMBER, UINT32_MAX),
	ROW("\xcf\xff\xff\xff\xff\xff\xff\xff\xff", UNPACK_NUMBER, UINT64_MAX),
	ROW("\xd0\xff", UNPACK_SIGNED, (uint64_t)-1),
	ROW("\xd0\x05", UNPACK_NUMBER, 5),
	ROW("\xd1\x80\x00", UNPACK_SIGNED, (uint64_t)-32768),
	ROW("\xd2\xff\xff\xff\xfe", UNPACK_SIGNED, (uint64_t)-2),
	ROW("\xd3\x80\0\0\0\0\0\0\0", UNPACK_SIGNED, 1ull << 63),
	ROW("\xca\x3f\x80\0\0", UNPACK_FLOAT, 0),
	ROW("\xcb\x3f\xf0\0\0\0\0\0\0", UNPACK_FLOAT, 0),
	ROW("\xa3"
	    "abc",
	    UNPACK_TEXT, 3),
	ROW("\xd9\x01"
	    "a",
	    UNPACK_TEXT, 1),
	ROW("\xda\0\x01"
	    "a",
	    UNPACK_TEXT, 1),
	ROW("\xdb\0\0\0\x01"
	    "a",
	    UNPACK_TEXT, 1),
	ROW("\xa3"
	    "ab",
	    -1, 0),
	ROW("\xdb\xff\xff\xff\xff"
	    "a",
	    -1, 0),
	ROW("\xc4\x01"
	    "a",
	    UNPACK_BYTES, 1),
	ROW("\xd4\x01"
	    "a",
	    UNPACK_BYTES, 2),
	ROW("\xc7\x01\x05"
	    "a",
	    UNPACK_BYTES, 2),
	ROW("\x90", UNPACK_ARRAY, 0),
	ROW("\x91\xc0", UNPACK_ARRAY, 1),
	ROW("\x92\xc0", -1, 0),
	ROW("\xdc\0\x01\xc0", UNPACK_ARRAY, 1),
	ROW("\xdd\0\0\0\x01\xc0", UNPACK_ARRAY, 1),
	ROW("\x81\xc0\xc0", UNPACK_MAP, 1),
	ROW("\x81\xc0", -1, 0),
	ROW("\xde\0\x01\xc0\xc0", UNPACK_MAP, 1),
	ROW("\xdf\x80\0\0\x01\xc0\xc0", -1, 0),
	ROW("\xcd\x01", -1, 0),
	ROW("", -1, 0),
};

static void every_form_is_known(void)
{
	struct item item;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct unpack u =
			unpack_from(slice(rows[i].bytes, rows[i].len));
		int err = unpack_next(&u, &item);
		bool right = rows[i].kind < 0
				     ? err == MG_EPROTO
				     : err == MG_OK &&
					       (int)item.kind == rows[i].kind &&
					       item.number == rows[i].number;
		OK(right);
		if (!right)
			printf("# row %zu\n", i);
	}
}

static void skipping_takes_one_value_whatever_its_depth(void)
{
	char deep[100000];
	struct unpack u;
	struct item item;

	u = unpack_from(slice("\x92\x81\xa1"
			      "a\x91\x01\x02\x07",
			      8));
	OK(unpack_skip(&u) == MG_OK);
	OK(unpack_next(&u, &item) == MG_OK && item.number == 7);
	OK(unpack_skip(&u) == MG_EPROTO);

	memset(deep, '\x91', sizeof(deep));
	u = unpack_from(slice(deep, sizeof(deep)));
	OK(unpack_skip(&u) == MG_EPROTO);
	deep[sizeof(deep) - 1] = '\x01';
	u = unpack_from(slice(deep, sizeof(deep)));
	OK(unpack_skip(&u) == MG_OK && u.at == u.end);
}

static void the_sum_is_castagnolis(void)
{
	/* RFC 3720, B.4. */
	char bytes[32] = { 0 };

	OK(hash_crc32c(0, bytes, 32) == 0x8a9136aa);
	for (int i = 0; i < 32; i++)
		bytes[i] = (char)i;
	OK(hash_crc32c(0, bytes, 32) == 0x46dd794e);
	OK(hash_crc32c(hash_crc32c(0, bytes, 13), bytes + 13, 19) ==
	   0x46dd794e);
	OK(hash_crc32c(0, "123456789", 9) == 0xe3069283);
}

int main(void)
{
	RUN(every_form_is_known);
	RUN(skipping_takes_one_value_whatever_its_depth);
	RUN(the_sum_is_castagnolis);
	return test_done();
}
