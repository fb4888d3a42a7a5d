/* record_pack.c - an event as MessagePack. See record.h.
 *
 * A map's head is written with room for its count and filled in when the map
 * ends, so that what is empty can be left out in one pass.
 */
#include "event/impl.h"

#include <msgpack.h>

enum { TEXT_MAX = 256, PATH_MAX_BYTES = 512, PLACE_MAX = 192, PART_MAX = 32 };

struct packing {
	struct buf *out;
	msgpack_packer pk;
	bool full;
};

struct open_map {
	size_t at; /* of the head, counted from buf.from */
	uint32_t count;
};

static int on_write(void *arg, const char *at, size_t len)
{
	struct packing *p = arg;

	if (buf_add_at(p->out, at, len) == MG_OK)
		return 0;
	p->full = true;
	return -1;
}

static struct open_map map_open(struct packing *p)
{
	struct open_map map = { .at = buf_len(p->out) };

	on_write(p, "\xde\0\0", 3); /* map 16 */
	return map;
}

static void map_close(struct packing *p, const struct open_map *map)
{
	if (p->full)
		return;

	char *head = p->out->at + p->out->from + map->at;
	head[1] = (char)(map->count >> 8);
	head[2] = (char)map->count;
}

static void put_str(struct packing *p, struct mg_slice s)
{
	msgpack_pack_str(&p->pk, s.len);
	msgpack_pack_str_body(&p->pk, s.at, s.len);
}

static void put_key(struct packing *p, struct open_map *map, const char *name)
{
	map->count++;
	put_str(p, slice_str(name));
}

static void put_number(struct packing *p, struct open_map *map,
		       const char *name, uint64_t n)
{
	if (!n)
		return;
	put_key(p, map, name);
	msgpack_pack_uint64(&p->pk, n);
}

static bool is_token(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || strchr("._:/@+-", c) != NULL;
}

/* How many bytes the UTF-8 character at `s` has; 0 when it is broken. */
static size_t utf8_len(struct mg_slice s)
{
	unsigned char c = (unsigned char)*s.at;
	size_t len = c < 0x80   ? 1
		     : c < 0xc2 ? 0
		     : c < 0xe0 ? 2
		     : c < 0xf0 ? 3
		     : c < 0xf5 ? 4
				: 0;

	if (len > s.len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if (((unsigned char)s.at[i] & 0xc0) != 0x80)
			return 0;
	/* U+0080 .. U+009F steer terminals, as control characters do. */
	if (c == 0xc2 && (unsigned char)s.at[1] < 0xa0)
		return 0;
	return len;
}

/* At most `max` bytes; a text that was cut ends with '~'. Broken UTF-8 and
 * control characters become '_': the record is read by many programs. */
static size_t clean(struct mg_slice s, enum field_kind kind, char *out,
		    size_t max)
{
	size_t n = 0;

	while (s.len) {
		unsigned char c = (unsigned char)*s.at;
		size_t len = utf8_len(s), step = len ? len : 1;

		if (n + step > max - 1) {
			out[n++] = '~';
			break;
		}
		if (kind == FIELD_TOKEN && !is_token(c)) {
			out[n++] = '_';
		} else if (!len || c < ' ' || c == 0x7f) {
			out[n++] = '_';
		} else {
			memcpy(out + n, s.at, len);
			n += len;
		}
		s = slice(s.at + step, s.len - step);
	}
	return n;
}

static struct mg_slice without_query(struct mg_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == '?' || s.at[i] == '#')
			return slice(s.at, i);
	return s;
}

static bool is_plain(struct mg_slice s, enum field_kind kind, size_t max)
{
	if (s.len > max)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c < ' ' || c >= 0x7f ||
		    (kind == FIELD_TOKEN && !is_token(c)))
			return false;
	}
	return true;
}

static void put_value(struct packing *p, struct mg_slice s,
		      enum field_kind kind)
{
	char copy[PATH_MAX_BYTES];
	size_t max = kind == FIELD_PATH ? PATH_MAX_BYTES : TEXT_MAX;

	if (kind == FIELD_PATH)
		s = without_query(s);
	if (!is_plain(s, kind, max))
		s = slice(copy, clean(s, kind, copy, max));
	put_str(p, s);
}

static void put_text(struct packing *p, struct open_map *map, const char *name,
		     struct mg_slice s, enum field_kind kind)
{
	if (!s.len)
		return;
	put_key(p, map, name);
	put_value(p, s, kind);
}

/* A part of a JSON path that a peer may have filled with a value - an address
 * or a number used as a key - is not shown. */
static bool is_part(struct mg_slice part)
{
	unsigned digits = 0, other = 0;

	if (part.len > PART_MAX)
		return false;
	for (size_t i = 0; i < part.len; i++) {
		char c = part.at[i];
		if (c >= '0' && c <= '9')
			digits++;
		else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			 c == '_' || c == '-' || c == '$')
			other++;
		else
			return false;
	}
	return other ? digits <= 2 : digits <= 6;
}

static void put_place_path(struct packing *p, struct mg_slice path)
{
	char out[PLACE_MAX];
	size_t n = 0;
	struct mg_slice part;

	for (bool first = true; slice_cut(&path, '/', &part); first = false) {
		if (!is_part(part))
			part = slice_str("*");
		if (n + part.len + 2 > sizeof(out)) {
			out[n++] = '~';
			break;
		}
		if (!first)
			out[n++] = '/';
		memcpy(out + n, part.at, part.len);
		n += part.len;
	}
	put_str(p, slice(out, n));
}

static void put_place(struct packing *p, const struct event_place *place)
{
	struct open_map map = map_open(p);

	if (place->path.len) {
		put_key(p, &map, "path");
		put_place_path(p, place->path);
	}
	put_key(p, &map, "from");
	msgpack_pack_uint32(&p->pk, place->from);
	put_key(p, &map, "to");
	msgpack_pack_uint32(&p->pk, place->to);
	map_close(p, &map);
}

static void put_finding(struct packing *p, const struct event_finding *f)
{
	struct open_map map = map_open(p);
	uint32_t places =
		f->place_count < EVENT_PLACES ? f->place_count : EVENT_PLACES;

	put_text(p, &map, "detector", f->detector, FIELD_TOKEN);
	put_text(p, &map, "entity", f->entity, FIELD_TOKEN);
	put_number(p, &map, "count", f->count);
	put_number(p, &map, "max_score", f->max_score);
	if (places) {
		put_key(p, &map, "places");
		msgpack_pack_array(&p->pk, places);
		for (uint32_t i = 0; i < places; i++)
			put_place(p, &f->places[i]);
	}
	put_text(p, &map, "sample", f->sample, FIELD_TEXT);
	map_close(p, &map);
}

static void put_policy(struct packing *p, const struct event_policy *policy)
{
	struct open_map map = map_open(p);

	put_text(p, &map, "id", policy->id, FIELD_TEXT);
	put_number(p, &map, "revision", policy->revision);
	put_text(p, &map, "action",
		 slice_str(action_name((enum mg_action)policy->action)),
		 FIELD_TOKEN);
	if (policy->determining) {
		put_key(p, &map, "determining");
		msgpack_pack_true(&p->pk);
	}
	map_close(p, &map);
}

static void put_verdict(struct packing *p, struct open_map *outer,
			const char *name, const struct event_verdict *v)
{
	if (!v->judged && !v->reason.len && !v->failure)
		return;
	put_key(p, outer, name);

	struct open_map map = map_open(p);
	if (v->judged) {
		put_text(p, &map, "action",
			 slice_str(action_name((enum mg_action)v->action)),
			 FIELD_TOKEN);
		put_text(p, &map, "mode",
			 slice_str(v->observed ? "observe" : "inline"),
			 FIELD_TOKEN);
	}
	put_text(p, &map, "reason", v->reason, FIELD_TEXT);
	if (v->failure != FAILURE_NONE)
		put_text(p, &map, "failure",
			 slice_str(failure_name(v->failure)), FIELD_TOKEN);
	if (v->alert) {
		put_key(p, &map, "alert");
		msgpack_pack_true(&p->pk);
	}
	if (v->policy_count) {
		put_key(p, &map, "policies");
		msgpack_pack_array(&p->pk, v->policy_count);
		for (uint32_t i = 0; i < v->policy_count; i++)
			put_policy(p, &v->policies[i]);
	}
	if (v->finding_count) {
		put_key(p, &map, "findings");
		msgpack_pack_array(&p->pk, v->finding_count);
		for (uint32_t i = 0; i < v->finding_count; i++)
			put_finding(p, &v->findings[i]);
	}
	map_close(p, &map);
}

static void put_list(struct packing *p, struct open_map *map, const char *name,
		     const struct mg_slice *list, uint32_t count)
{
	if (!count)
		return;
	put_key(p, map, name);
	msgpack_pack_array(&p->pk, count);
	for (uint32_t i = 0; i < count; i++)
		put_value(p, list[i], FIELD_TEXT);
}

/* False when the field is empty and need not be written. */
static bool is_filled(const struct event_field *f, const void *at)
{
	switch (f->kind) {
	case FIELD_TEXT:
	case FIELD_TOKEN:
		return ((const struct mg_slice *)at)->len > 0;
	case FIELD_PATH:
		return without_query(*(const struct mg_slice *)at).len > 0;
	case FIELD_WIDE:
		return *(const uint64_t *)at != 0;
	case FIELD_FLAG:
		return *(const bool *)at;
	case FIELD_NUMBER:
		return *(const uint32_t *)at != 0;
	case FIELD_SURFACE:
		return *surface_name(*(const uint32_t *)at) != '\0';
	case FIELD_ASSURANCE:
		return *assurance_name(*(const uint32_t *)at) != '\0';
	}
	return false;
}

static void put_field(struct packing *p, struct open_map *map,
		      const struct event_field *f, const void *at)
{
	put_key(p, map, f->name);
	switch (f->kind) {
	case FIELD_TEXT:
	case FIELD_TOKEN:
	case FIELD_PATH:
		put_value(p, *(const struct mg_slice *)at, f->kind);
		break;
	case FIELD_WIDE:
		msgpack_pack_uint64(&p->pk, *(const uint64_t *)at);
		break;
	case FIELD_NUMBER:
		msgpack_pack_uint32(&p->pk, *(const uint32_t *)at);
		break;
	case FIELD_FLAG:
		msgpack_pack_true(&p->pk);
		break;
	case FIELD_SURFACE:
		put_str(p, slice_str(surface_name(*(const uint32_t *)at)));
		break;
	case FIELD_ASSURANCE:
		put_str(p, slice_str(assurance_name(*(const uint32_t *)at)));
		break;
	}
}

/* One group, or all that stand in none. Returns the row after the last. */
static const struct event_field *put_group(struct packing *p,
					   struct open_map *outer,
					   const struct event_field *f,
					   const struct event *e)
{
	const char *group = f->group;
	struct open_map inner = { 0 };
	bool opened = false;

	for (; f->name && f->group == group; f++) {
		const void *at = (const char *)e + f->offset;
		if (!is_filled(f, at))
			continue;
		if (group && !opened) {
			put_key(p, outer, group);
			inner = map_open(p);
			opened = true;
		}
		put_field(p, group ? &inner : outer, f, at);
	}
	if (opened)
		map_close(p, &inner);
	return f;
}

int event_pack(const struct event *e, struct buf *out)
{
	struct packing p = { .out = out };
	size_t before = buf_len(out);

	msgpack_packer_init(&p.pk, &p, on_write);
	struct open_map map = map_open(&p);
	put_text(&p, &map, "event_id", slice_str(e->id), FIELD_TOKEN);
	for (const struct event_field *f = event_fields; f->name;)
		f = put_group(&p, &map, f, e);
	put_list(&p, &map, "groups", e->groups, e->group_count);
	put_list(&p, &map, "tags", e->tags, e->tag_count);
	put_verdict(&p, &map, "request", &e->verdict[MG_REQUEST]);
	put_verdict(&p, &map, "reply", &e->verdict[MG_REPLY]);
	map_close(&p, &map);

	if (p.full || buf_len(out) - before > EVENT_MAX) {
		out->to = out->from + before;
		return MG_ETOOBIG;
	}
	return MG_OK;
}
