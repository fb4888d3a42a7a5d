/* record_json.c - a packed event as one line of JSON. See record.h. */
#include "event/record.h"

#include <inttypes.h>

#include "event/unpack.h"

enum { DEEPEST = 8 };

struct level {
	bool is_map;
	uint64_t left;
	bool first;
};

static bool is_bare(unsigned char c)
{
	return c >= ' ' && c != '"' && c != '\\' && c != 0x7f;
}

static int put_text(struct mg_slice s, struct buf *out)
{
	int err = buf_add_str(out, "\"");

	while (s.len && err == MG_OK) {
		size_t n = 0;
		while (n < s.len && is_bare((unsigned char)s.at[n]))
			n++;
		err = buf_add_at(out, s.at, n);
		if (n < s.len && err == MG_OK)
			err = buf_addf(out, "\\u%04x",
				       (unsigned char)s.at[n++]);
		s = slice(s.at + n, s.len - n);
	}
	return err == MG_OK ? buf_add_str(out, "\"") : err;
}

static int put_scalar(const struct item *item, struct buf *out)
{
	switch (item->kind) {
	case UNPACK_NIL:
	case UNPACK_BYTES: /* an event has none */
		return buf_add_str(out, "null");
	case UNPACK_BOOL:
		return buf_add_str(out, item->number ? "true" : "false");
	case UNPACK_NUMBER:
		return buf_addf(out, "%" PRIu64, item->number);
	case UNPACK_SIGNED:
		return buf_addf(out, "%" PRId64, (int64_t)item->number);
	case UNPACK_FLOAT: /* JSON has no words for these */
		if (item->real != item->real || item->real > 1e300 ||
		    item->real < -1e300)
			return buf_add_str(out, "null");
		return buf_addf(out, "%.17g", item->real);
	case UNPACK_TEXT:
		return put_text(item->text, out);
	case UNPACK_ARRAY:
	case UNPACK_MAP:
		break;
	}
	return MG_EPROTO;
}

/* Closes what is complete. The number of levels that stay open. */
static int close_levels(struct level *at, int depth, struct buf *out)
{
	while (depth && !at[depth - 1].left) {
		depth--;
		if (buf_add_str(out, at[depth].is_map ? "}" : "]") < 0)
			return MG_ETOOBIG;
	}
	return depth;
}

static int put_key(struct unpack *u, struct level *level, struct buf *out)
{
	struct item key;

	if (!level->first && buf_add_str(out, ",") < 0)
		return MG_ETOOBIG;
	level->first = false;
	level->left--;
	if (!level->is_map)
		return MG_OK;
	if (unpack_next(u, &key) < 0 || key.kind != UNPACK_TEXT)
		return MG_EPROTO;
	int err = put_text(key.text, out);
	return err == MG_OK ? buf_add_str(out, ":") : err;
}

int event_json(struct mg_slice packed, struct buf *out)
{
	struct unpack u = unpack_from(packed);
	struct level at[DEEPEST];
	struct item item;
	int depth = 0;

	do {
		int err = depth ? put_key(&u, &at[depth - 1], out) : MG_OK;
		if (err < 0)
			return err;
		err = unpack_next(&u, &item);
		if (err < 0)
			return err;
		if (item.kind == UNPACK_MAP || item.kind == UNPACK_ARRAY) {
			if (depth == DEEPEST)
				return MG_EPROTO;
			bool is_map = item.kind == UNPACK_MAP;
			at[depth++] =
				(struct level){ is_map, item.number, true };
			err = buf_add_str(out, is_map ? "{" : "[");
		} else {
			err = put_scalar(&item, out);
		}
		if (err < 0)
			return err;
		depth = close_levels(at, depth, out);
	} while (depth > 0);
	return depth;
}
