/* record_unpack.c - MessagePack back to an event. See record.h. */
#include "event/impl.h"

#include "event/unpack.h"

enum { LIST_MAX = 4096 };

static int take_text(struct unpack *u, struct mg_slice *out)
{
	struct item item;

	if (unpack_next(u, &item) < 0 || item.kind != UNPACK_TEXT)
		return MG_EPROTO;
	*out = item.text;
	return MG_OK;
}

static int take_wide(struct unpack *u, uint64_t *out)
{
	struct item item;

	if (unpack_next(u, &item) < 0 || item.kind != UNPACK_NUMBER)
		return MG_EPROTO;
	*out = item.number;
	return MG_OK;
}

static int take_number(struct unpack *u, uint32_t *out)
{
	uint64_t n;

	if (take_wide(u, &n) < 0 || n > UINT32_MAX)
		return MG_EPROTO;
	*out = (uint32_t)n;
	return MG_OK;
}

static int take_flag(struct unpack *u, bool *out)
{
	struct item item;

	if (unpack_next(u, &item) < 0 || item.kind != UNPACK_BOOL)
		return MG_EPROTO;
	*out = item.number != 0;
	return MG_OK;
}

static int take_count(struct unpack *u, enum unpack_kind kind, uint32_t *out)
{
	struct item item;

	if (unpack_next(u, &item) < 0 || item.kind != kind ||
	    item.number > LIST_MAX)
		return MG_EPROTO;
	*out = (uint32_t)item.number;
	return MG_OK;
}

/* The number whose name is read; the names end with the first that is "". */
static int take_named(struct unpack *u, const char *(*name)(uint32_t),
		      const uint32_t *choices, uint32_t count, uint32_t *out)
{
	struct mg_slice text;

	if (take_text(u, &text) < 0)
		return MG_EPROTO;
	for (uint32_t i = 0; i < count; i++)
		if (slice_is(text, name(choices[i]))) {
			*out = choices[i];
			return MG_OK;
		}
	return MG_EPROTO;
}

static const char *name_of_action(uint32_t action)
{
	return action_name((enum mg_action)action);
}

static const char *name_of_failure(uint32_t failure)
{
	return failure_name((enum failure)failure);
}

static const uint32_t first_numbers[] = { 0, 1, 2,  3,  4,  5,  6,  7,
					  8, 9, 10, 11, 12, 13, 14, 15 };
_Static_assert(FAILURES <= ARRAY_LEN(first_numbers), "every failure is named");

static int take_action(struct unpack *u, uint32_t *out)
{
	return take_named(u, name_of_action, first_numbers, MG_BLOCK + 1, out);
}

static int take_place(struct unpack *u, struct event_place *place)
{
	uint32_t keys;
	struct mg_slice key;

	if (take_count(u, UNPACK_MAP, &keys) < 0)
		return MG_EPROTO;
	for (uint32_t i = 0; i < keys; i++) {
		int err = take_text(u, &key);
		if (err < 0)
			return err;
		if (slice_is(key, "path"))
			err = take_text(u, &place->path);
		else if (slice_is(key, "from"))
			err = take_number(u, &place->from);
		else if (slice_is(key, "to"))
			err = take_number(u, &place->to);
		else
			err = unpack_skip(u);
		if (err < 0)
			return err;
	}
	return MG_OK;
}

static int take_places(struct unpack *u, struct event_finding *f,
		       struct arena *a)
{
	uint32_t count;

	if (take_count(u, UNPACK_ARRAY, &count) < 0)
		return MG_EPROTO;
	f->places = arena_zalloc(a, count * sizeof(*f->places));
	f->place_count = count;
	for (uint32_t i = 0; i < count; i++)
		if (take_place(u, &f->places[i]) < 0)
			return MG_EPROTO;
	return MG_OK;
}

static int take_finding(struct unpack *u, struct event_finding *f,
			struct arena *a)
{
	uint32_t keys;
	struct mg_slice key;

	if (take_count(u, UNPACK_MAP, &keys) < 0)
		return MG_EPROTO;
	for (uint32_t i = 0; i < keys; i++) {
		int err = take_text(u, &key);
		if (err < 0)
			return err;
		if (slice_is(key, "detector"))
			err = take_text(u, &f->detector);
		else if (slice_is(key, "entity"))
			err = take_text(u, &f->entity);
		else if (slice_is(key, "count"))
			err = take_number(u, &f->count);
		else if (slice_is(key, "max_score"))
			err = take_number(u, &f->max_score);
		else if (slice_is(key, "places"))
			err = take_places(u, f, a);
		else if (slice_is(key, "sample"))
			err = take_text(u, &f->sample);
		else
			err = unpack_skip(u);
		if (err < 0)
			return err;
	}
	return MG_OK;
}

static int take_policy(struct unpack *u, struct event_policy *policy)
{
	uint32_t keys;
	struct mg_slice key;

	if (take_count(u, UNPACK_MAP, &keys) < 0)
		return MG_EPROTO;
	for (uint32_t i = 0; i < keys; i++) {
		int err = take_text(u, &key);
		if (err < 0)
			return err;
		if (slice_is(key, "id"))
			err = take_text(u, &policy->id);
		else if (slice_is(key, "revision"))
			err = take_wide(u, &policy->revision);
		else if (slice_is(key, "action"))
			err = take_action(u, &policy->action);
		else if (slice_is(key, "determining"))
			err = take_flag(u, &policy->determining);
		else
			err = unpack_skip(u);
		if (err < 0)
			return err;
	}
	return MG_OK;
}

static int take_policies(struct unpack *u, struct event_verdict *v,
			 struct arena *a)
{
	uint32_t count;

	if (take_count(u, UNPACK_ARRAY, &count) < 0)
		return MG_EPROTO;
	v->policies = arena_zalloc(a, count * sizeof(*v->policies));
	v->policy_count = count;
	for (uint32_t i = 0; i < count; i++)
		if (take_policy(u, &v->policies[i]) < 0)
			return MG_EPROTO;
	return MG_OK;
}

static int take_findings(struct unpack *u, struct event_verdict *v,
			 struct arena *a)
{
	uint32_t count;

	if (take_count(u, UNPACK_ARRAY, &count) < 0)
		return MG_EPROTO;
	v->findings = arena_zalloc(a, count * sizeof(*v->findings));
	v->finding_count = count;
	for (uint32_t i = 0; i < count; i++)
		if (take_finding(u, &v->findings[i], a) < 0)
			return MG_EPROTO;
	return MG_OK;
}

static int take_failure(struct unpack *u, struct event_verdict *v)
{
	uint32_t failure;
	int err = take_named(u, name_of_failure, first_numbers, FAILURES,
			     &failure);

	if (err == MG_OK)
		v->failure = (enum failure)failure;
	return err;
}

static int take_mode(struct unpack *u, struct event_verdict *v)
{
	struct mg_slice mode;

	if (take_text(u, &mode) < 0)
		return MG_EPROTO;
	v->observed = slice_is(mode, "observe");
	return MG_OK;
}

/* A stage without one was not judged; only a reason may be known. */
static int take_outcome(struct unpack *u, struct event_verdict *v)
{
	v->judged = true;
	return take_action(u, &v->action);
}

static int take_verdict(struct unpack *u, struct event_verdict *v,
			struct arena *a)
{
	uint32_t keys;
	struct mg_slice key;

	if (take_count(u, UNPACK_MAP, &keys) < 0)
		return MG_EPROTO;
	*v = (struct event_verdict){ 0 };
	for (uint32_t i = 0; i < keys; i++) {
		int err = take_text(u, &key);
		if (err < 0)
			return err;
		if (slice_is(key, "action"))
			err = take_outcome(u, v);
		else if (slice_is(key, "mode"))
			err = take_mode(u, v);
		else if (slice_is(key, "reason"))
			err = take_text(u, &v->reason);
		else if (slice_is(key, "failure"))
			err = take_failure(u, v);
		else if (slice_is(key, "alert"))
			err = take_flag(u, &v->alert);
		else if (slice_is(key, "policies"))
			err = take_policies(u, v, a);
		else if (slice_is(key, "findings"))
			err = take_findings(u, v, a);
		else
			err = unpack_skip(u);
		if (err < 0)
			return err;
	}
	return MG_OK;
}

static int take_field(struct unpack *u, const struct event_field *f, void *at)
{
	static const uint32_t surfaces[] = { MG_ENDPOINT, MG_GATEWAY, MG_API,
					     MG_BROWSER };

	switch (f->kind) {
	case FIELD_TEXT:
	case FIELD_TOKEN:
	case FIELD_PATH:
		return take_text(u, at);
	case FIELD_WIDE:
		return take_wide(u, at);
	case FIELD_NUMBER:
		return take_number(u, at);
	case FIELD_FLAG:
		return take_flag(u, at);
	case FIELD_SURFACE:
		return take_named(u, surface_name, surfaces,
				  ARRAY_LEN(surfaces), at);
	case FIELD_ASSURANCE:
		return take_named(u, assurance_name, first_numbers, 4, at);
	}
	return MG_EPROTO;
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* A plain key when `group` is NULL; MG_EAGAIN when the table has none. */
static int take_keyed(struct unpack *u, const char *group, struct mg_slice key,
		      struct event *e)
{
	for (const struct event_field *f = event_fields; f->name; f++)
		if (is_same(f->group, group) && slice_is(key, f->name))
			return take_field(u, f, (char *)e + f->offset);
	return MG_EAGAIN;
}

static const char *group_at(struct mg_slice key)
{
	for (const struct event_field *f = event_fields; f->name; f++)
		if (f->group && slice_is(key, f->group))
			return f->group;
	return NULL;
}

static int take_group(struct unpack *u, const char *group, struct event *e)
{
	uint32_t keys;
	struct mg_slice key;

	if (take_count(u, UNPACK_MAP, &keys) < 0)
		return MG_EPROTO;
	for (uint32_t i = 0; i < keys; i++) {
		int err = take_text(u, &key);
		if (err == MG_OK)
			err = take_keyed(u, group, key, e);
		if (err == MG_EAGAIN)
			err = unpack_skip(u);
		if (err < 0)
			return err;
	}
	return MG_OK;
}

static int take_list(struct unpack *u, struct mg_slice **list, uint32_t *count,
		     struct arena *a)
{
	uint32_t n;

	if (take_count(u, UNPACK_ARRAY, &n) < 0)
		return MG_EPROTO;
	*list = arena_zalloc(a, n * sizeof(**list));
	*count = n;
	for (uint32_t i = 0; i < n; i++)
		if (take_text(u, &(*list)[i]) < 0)
			return MG_EPROTO;
	return MG_OK;
}

static int take_id(struct unpack *u, struct event *e)
{
	struct mg_slice id;

	if (take_text(u, &id) < 0 || id.len != sizeof(e->id) - 1)
		return MG_EPROTO;
	for (size_t i = 0; i < id.len; i++)
		if (!strchr("0123456789abcdef-", id.at[i]) || !id.at[i])
			return MG_EPROTO;
	memcpy(e->id, id.at, id.len);
	return MG_OK;
}

static int take_other(struct unpack *u, struct mg_slice key, struct event *e,
		      struct arena *a)
{
	if (slice_is(key, "event_id"))
		return take_id(u, e);
	if (slice_is(key, "request"))
		return take_verdict(u, &e->verdict[MG_REQUEST], a);
	if (slice_is(key, "reply"))
		return take_verdict(u, &e->verdict[MG_REPLY], a);
	if (slice_is(key, "groups"))
		return take_list(u, &e->groups, &e->group_count, a);
	if (slice_is(key, "tags"))
		return take_list(u, &e->tags, &e->tag_count, a);

	const char *group = group_at(key);
	return group ? take_group(u, group, e) : unpack_skip(u);
}

int event_unpack(struct event *e, struct mg_slice packed, struct arena *a)
{
	struct unpack u = unpack_from(packed);
	struct event got = { 0 };
	uint32_t keys;
	struct mg_slice key;

	if (take_count(&u, UNPACK_MAP, &keys) < 0)
		return MG_EPROTO;
	for (uint32_t i = 0; i < keys; i++) {
		int err = take_text(&u, &key);
		if (err == MG_OK)
			err = take_keyed(&u, NULL, key, &got);
		if (err == MG_EAGAIN)
			err = take_other(&u, key, &got, a);
		if (err < 0)
			return err;
	}
	if (!got.id[0] || u.at != u.end)
		return MG_EPROTO;
	*e = got;
	return MG_OK;
}
