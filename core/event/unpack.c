/* unpack.c - see unpack.h */
#include "event/unpack.h"

static size_t left(const struct unpack *u)
{
	return (size_t)(u->end - u->at);
}

static int take_number(struct unpack *u, size_t len, uint64_t *out)
{
	uint64_t n = 0;

	if (left(u) < len)
		return MG_EPROTO;
	for (size_t i = 0; i < len; i++)
		n = n << 8 | u->at[i];
	u->at += len;
	*out = n;
	return MG_OK;
}

static int take_text(struct unpack *u, struct item *item, enum unpack_kind kind,
		     uint64_t len)
{
	if (len > left(u))
		return MG_EPROTO;
	item->kind = kind;
	item->number = len;
	item->text = slice((const char *)u->at, (size_t)len);
	u->at += len;
	return MG_OK;
}

static int take_sized(struct unpack *u, struct item *item,
		      enum unpack_kind kind, size_t width, size_t extra)
{
	uint64_t len;

	if (take_number(u, width, &len) < 0)
		return MG_EPROTO;
	return take_text(u, item, kind, len + extra);
}

/* Every value takes a byte at least. */
static int take_count(struct unpack *u, struct item *item,
		      enum unpack_kind kind, uint64_t count)
{
	uint64_t values = kind == UNPACK_MAP ? count * 2 : count;

	if (values > left(u))
		return MG_EPROTO;
	item->kind = kind;
	item->number = count;
	return MG_OK;
}

static int take_container(struct unpack *u, struct item *item,
			  enum unpack_kind kind, size_t width)
{
	uint64_t count;

	if (take_number(u, width, &count) < 0)
		return MG_EPROTO;
	return take_count(u, item, kind, count);
}

static int take_unsigned(struct unpack *u, struct item *item, size_t width)
{
	item->kind = UNPACK_NUMBER;
	return take_number(u, width, &item->number);
}

static int take_signed(struct unpack *u, struct item *item, size_t width)
{
	unsigned shift = (unsigned)(64 - 8 * width);

	if (take_number(u, width, &item->number) < 0)
		return MG_EPROTO;
	int64_t n = (int64_t)(item->number << shift) >> shift;
	item->number = (uint64_t)n;
	item->kind = n < 0 ? UNPACK_SIGNED : UNPACK_NUMBER;
	return MG_OK;
}

static int take_float(struct unpack *u, struct item *item, size_t width)
{
	uint64_t bits;

	if (take_number(u, width, &bits) < 0)
		return MG_EPROTO;
	item->kind = UNPACK_FLOAT;
	if (width == 8) {
		memcpy(&item->real, &bits, 8);
	} else {
		uint32_t half = (uint32_t)bits;
		float f;
		memcpy(&f, &half, 4);
		item->real = f;
	}
	return MG_OK;
}

/* The bytes 0xc0 .. 0xdf, in order. */
static int take_marked(struct unpack *u, struct item *item, unsigned mark)
{
	switch (mark) {
	case 0xc0:
		item->kind = UNPACK_NIL;
		return MG_OK;
	case 0xc2:
	case 0xc3:
		item->kind = UNPACK_BOOL;
		item->number = mark & 1;
		return MG_OK;
	case 0xc4:
	case 0xc5:
	case 0xc6:
		return take_sized(u, item, UNPACK_BYTES, 1u << (mark - 0xc4),
				  0);
	case 0xc7:
	case 0xc8:
	case 0xc9: /* ext: a length, then a type byte */
		return take_sized(u, item, UNPACK_BYTES, 1u << (mark - 0xc7),
				  1);
	case 0xca:
		return take_float(u, item, 4);
	case 0xcb:
		return take_float(u, item, 8);
	case 0xcc:
	case 0xcd:
	case 0xce:
	case 0xcf:
		return take_unsigned(u, item, 1u << (mark - 0xcc));
	case 0xd0:
	case 0xd1:
	case 0xd2:
	case 0xd3:
		return take_signed(u, item, 1u << (mark - 0xd0));
	case 0xd4:
	case 0xd5:
	case 0xd6:
	case 0xd7:
	case 0xd8: /* fixext: a type byte, then 1 .. 16 bytes */
		return take_text(u, item, UNPACK_BYTES,
				 1 + (1u << (mark - 0xd4)));
	case 0xd9:
	case 0xda:
	case 0xdb:
		return take_sized(u, item, UNPACK_TEXT, 1u << (mark - 0xd9), 0);
	case 0xdc:
	case 0xdd:
		return take_container(u, item, UNPACK_ARRAY,
				      2u << (mark - 0xdc));
	case 0xde:
	case 0xdf:
		return take_container(u, item, UNPACK_MAP, 2u << (mark - 0xde));
	}
	return MG_EPROTO; /* 0xc1 is never used */
}

int unpack_next(struct unpack *u, struct item *item)
{
	if (!left(u))
		return MG_EPROTO;

	unsigned mark = *u->at++;
	*item = (struct item){ 0 };
	if (mark < 0x80) {
		item->kind = UNPACK_NUMBER;
		item->number = mark;
		return MG_OK;
	}
	if (mark < 0x90)
		return take_count(u, item, UNPACK_MAP, mark & 15);
	if (mark < 0xa0)
		return take_count(u, item, UNPACK_ARRAY, mark & 15);
	if (mark < 0xc0)
		return take_text(u, item, UNPACK_TEXT, mark & 31);
	if (mark < 0xe0)
		return take_marked(u, item, mark);
	item->kind = UNPACK_SIGNED;
	item->number = (uint64_t)(int64_t)(int8_t)mark;
	return MG_OK;
}

int unpack_skip(struct unpack *u)
{
	struct item item;

	for (uint64_t owed = 1; owed; owed--) {
		if (owed > left(u) || unpack_next(u, &item) < 0)
			return MG_EPROTO;
		if (item.kind == UNPACK_ARRAY)
			owed += item.number;
		else if (item.kind == UNPACK_MAP)
			owed += item.number * 2;
	}
	return MG_OK;
}
