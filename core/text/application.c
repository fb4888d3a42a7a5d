/* application.c - see application.h */
#include "text/application.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "text/hosts.h"
#include "text/json.h"
#include "text/shape.h"
#include "text/stream.h"

struct endpoint {
	struct app_endpoint pub;
	struct mg_slice method;
	struct mg_slice path; /* pattern */
	uint32_t next;        /* with the same hash; index + 1 */
	bool literal;
};

struct app {
	struct mg_slice id;
	struct mg_slice block;
	uint32_t block_status;
	struct endpoint *endpoints;
	uint32_t count;
	uint32_t cap;
	uint32_t *slots; /* literal paths by hash: index + 1, chained */
	uint32_t slot_mask;
};

struct mg_apps {
	struct arena arena;
	struct app *apps;
	uint32_t count;
	uint32_t cap;
	uint32_t generic; /* index, or APPS_NONE */
	struct hosts names;
	struct app_host *hosts;
	uint32_t host_count;
	uint32_t host_cap;
	struct mg_shape **shapes; /* owned */
	uint32_t shape_count;
	uint32_t shape_cap;
};

static const char COMMON_BLOCK[] =
	"{\"type\":\"error\",\"error\":{\"message\":\"@MESSAGE@\","
	"\"type\":\"blocked\",\"param\":null,\"code\":@STATUS@,"
	"\"status\":\"PERMISSION_DENIED\"}}";

struct mg_apps *mg_apps_new(void)
{
	struct mg_apps *apps = calloc(1, sizeof(*apps));

	if (!apps)
		abort();
	apps->generic = APPS_NONE;
	hosts_init(&apps->names, &apps->arena);
	return apps;
}

void mg_apps_free(struct mg_apps *apps)
{
	if (!apps)
		return;
	for (uint32_t i = 0; i < apps->shape_count; i++)
		mg_shape_free(apps->shapes[i]);
	hosts_deinit(&apps->names);
	arena_deinit(&apps->arena);
	free(apps);
}

int mg_apps_add(struct mg_apps *apps, const char *id, size_t id_len,
		uint32_t block_status, const char *block, size_t block_len)
{
	struct app app = {
		.id = arena_slice(&apps->arena, slice(id, id_len)),
		.block = arena_slice(&apps->arena, slice(block, block_len)),
		.block_status = block_status ? block_status : 403,
	};

	if (!id_len || apps_find(apps, app.id) != APPS_NONE)
		return MG_EINVAL;
	if (slice_is(app.id, "generic"))
		apps->generic = apps->count;
	apps->apps = arena_grow(&apps->arena, apps->apps, apps->count,
				&apps->cap, sizeof(app));
	apps->apps[apps->count] = app;
	return (int)apps->count++;
}

uint32_t apps_count(const struct mg_apps *apps)
{
	return apps->count;
}

struct mg_slice apps_id(const struct mg_apps *apps, uint32_t app)
{
	return app < apps->count ? apps->apps[app].id : slice("", 0);
}

uint32_t apps_find(const struct mg_apps *apps, struct mg_slice id)
{
	for (uint32_t i = 0; i < apps->count; i++)
		if (slice_same(apps->apps[i].id, id))
			return i;
	return APPS_NONE;
}

/* --- hosts -----------------------------------------------------------------
 */

/* Lists have no owner of their own. */
enum { NOBODY = UINT32_MAX };

int mg_apps_add_host(struct mg_apps *apps, uint32_t app, uint32_t list,
		     const char *pattern, size_t len)
{
	struct mg_slice text = slice(pattern, len);
	bool owned = app < apps->count;

	if (list == MG_HOSTS_APP && !owned)
		return MG_EINVAL;
	int err = hosts_add(&apps->names, list, text, owned ? app + 1 : NOBODY);
	if (err < 0)
		return err;
	apps->hosts = arena_grow(&apps->arena, apps->hosts, apps->host_count,
				 &apps->host_cap, sizeof(*apps->hosts));
	apps->hosts[apps->host_count++] = (struct app_host){
		.pattern = arena_slice(&apps->arena, text),
		.app = owned ? app : APPS_NONE,
		.list = (enum mg_host_list)list,
	};
	return MG_OK;
}

const struct app_host *apps_host_at(const struct mg_apps *apps, uint32_t i)
{
	return i < apps->host_count ? &apps->hosts[i] : NULL;
}

enum mg_coverage apps_cover(const struct mg_apps *apps, struct mg_slice host,
			    uint32_t *app)
{
	uint32_t owner[HOSTS_LISTS];

	hosts_ask(&apps->names, host, owner);
	if (owner[MG_HOSTS_BYPASS])
		return MG_BYPASSED;
	if (owner[MG_HOSTS_CHATTY])
		return MG_CHATTY;
	if (owner[MG_HOSTS_APP])
		*app = owner[MG_HOSTS_APP] - 1;
	else if (owner[MG_HOSTS_AI])
		*app = apps->generic;
	else
		return MG_UNCOVERED;
	return MG_COVERED;
}

int mg_apps_cover(const struct mg_apps *apps, const char *host, size_t len,
		  uint32_t *app)
{
	return (int)apps_cover(apps, slice(host, len), app);
}

/* --- endpoints ---------------------------------------------------------------
 */

/* One path segment against one part of a pattern with at most one star. */
static bool part_fits(struct mg_slice part, struct mg_slice text)
{
	const char *star = part.len ? memchr(part.at, '*', part.len) : NULL;

	if (!star)
		return slice_same(part, text);
	size_t head = (size_t)(star - part.at), tail = part.len - head - 1;
	return text.len > head + tail && memcmp(text.at, part.at, head) == 0 &&
	       memcmp(text.at + text.len - tail, star + 1, tail) == 0;
}

static bool path_fits(struct mg_slice pattern, struct mg_slice path)
{
	struct mg_slice part, text;

	while (slice_cut(&pattern, '/', &part)) {
		if (slice_is(part, "**"))
			return path.at != NULL;
		if (!slice_cut(&path, '/', &text) || !part_fits(part, text))
			return false;
	}
	return path.at == NULL;
}

static bool method_fits(struct mg_slice pattern, struct mg_slice method)
{
	return slice_is(pattern, "*") || slice_same(pattern, method);
}

static void own(struct mg_apps *apps, struct mg_shape *shape)
{
	for (uint32_t i = 0; i < apps->shape_count; i++)
		if (apps->shapes[i] == shape)
			return;
	apps->shapes = arena_grow(&apps->arena, apps->shapes, apps->shape_count,
				  &apps->shape_cap, sizeof(*apps->shapes));
	apps->shapes[apps->shape_count++] = shape;
}

static void rehash(struct mg_apps *apps, struct app *app)
{
	uint32_t slots = 8;

	while (slots < app->count)
		slots *= 2;
	app->slots = arena_zalloc(&apps->arena, slots * sizeof(*app->slots));
	app->slot_mask = slots - 1;
	/* Backwards, so that a chain is in the order of adding. */
	for (uint32_t i = app->count; i-- > 0;) {
		struct endpoint *ep = &app->endpoints[i];
		uint32_t *slot =
			&app->slots[hash_table(ep->path) & app->slot_mask];
		if (!ep->literal)
			continue;
		ep->next = *slot;
		*slot = i + 1;
	}
}

int mg_apps_add_endpoint(struct mg_apps *apps, uint32_t app, const char *name,
			 size_t name_len, const char *method, size_t method_len,
			 const char *path, size_t path_len,
			 struct mg_shape *request, struct mg_shape *reply,
			 uint32_t stream, struct mg_shape *event)
{
	struct mg_shape *shapes[] = { request, reply, event };

	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		if (!shapes[i])
			continue;
		own(apps, shapes[i]);
		int err = mg_shape_compile(shapes[i]);
		if (err < 0)
			return err;
	}
	if (app >= apps->count || stream > MG_STREAM_JSON_ARRAY || !path_len ||
	    *path != '/')
		return MG_EINVAL;

	struct app *a = &apps->apps[app];
	struct endpoint ep = {
		.method = arena_slice(&apps->arena, slice(method, method_len)),
		.path = arena_slice(&apps->arena, slice(path, path_len)),
		.literal = !memchr(path, '*', path_len),
		.pub = {
			.name = arena_slice(&apps->arena,
					    slice(name, name_len)),
			.request = request,
			.reply = reply,
			.stream = (enum mg_stream)stream,
			.event = event,
		},
	};
	a->endpoints = arena_grow(&apps->arena, a->endpoints, a->count, &a->cap,
				  sizeof(ep));
	a->endpoints[a->count++] = ep;
	rehash(apps, a);
	return MG_OK;
}

static const struct app_endpoint *
find(const struct app *app, struct mg_slice method, struct mg_slice path)
{
	const struct endpoint *ep;

	if (!app->count)
		return NULL;
	uint32_t i = app->slots[hash_table(path) & app->slot_mask];
	for (; i; i = ep->next) {
		ep = &app->endpoints[i - 1];
		if (slice_same(ep->path, path) &&
		    method_fits(ep->method, method))
			return &ep->pub;
	}
	for (ep = app->endpoints; ep < app->endpoints + app->count; ep++)
		if (!ep->literal && method_fits(ep->method, method) &&
		    path_fits(ep->path, path))
			return &ep->pub;
	return NULL;
}

const struct app_endpoint *apps_endpoint(const struct mg_apps *apps,
					 uint32_t app, struct mg_slice method,
					 struct mg_slice path)
{
	const struct app_endpoint *ep = NULL;
	const char *query = path.len ? memchr(path.at, '?', path.len) : NULL;

	if (query)
		path.len = (size_t)(query - path.at);
	if (app < apps->count)
		ep = find(&apps->apps[app], method, path);
	if (!ep && apps->generic != APPS_NONE)
		ep = find(&apps->apps[apps->generic], method, path);
	return ep;
}

struct mg_slice apps_model(struct mg_slice path)
{
	static const char *const kinds[] = { "/models/", "/tunedModels/" };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		size_t len = strlen(kinds[i]);
		const char *at =
			path.len ? memmem(path.at, path.len, kinds[i], len)
				 : NULL;
		if (!at)
			continue;
		struct mg_slice rest = slice(
			at + len, path.len - (size_t)(at - path.at) - len);
		size_t n = 0;
		while (n < rest.len && !strchr(":/?", rest.at[n]))
			n++;
		if (n < rest.len && rest.at[n] == ':')
			return slice(rest.at, n);
	}
	return slice("", 0);
}

int apps_read(const struct app_endpoint *ep, uint32_t stage,
	      struct mg_slice content_type, struct mg_slice body,
	      struct segments *segs)
{
	static const struct app_endpoint none;

	if (!ep)
		ep = &none;
	if (stage == MG_REQUEST)
		return segments_of_body(segs, ep->request, content_type, body);
	if (stream_is_sse(content_type, body))
		return segments_of_stream(segs, ep->event, MG_STREAM_SSE, body);
	if (ep->stream == MG_STREAM_JSON_ARRAY && body.len && *body.at == '[')
		return segments_of_stream(segs, ep->event, MG_STREAM_JSON_ARRAY,
					  body);
	return segments_of_body(segs, ep->reply, content_type, body);
}

/* --- block answers
 * ------------------------------------------------------------ */

static int add_escaped(struct buf *out, struct mg_slice text)
{
	char *room = buf_room(out, json_escape(text, NULL));

	if (!room)
		return MG_ETOOBIG;
	buf_grow(out, json_escape(text, room));
	return MG_OK;
}

static int fill_in(struct mg_slice word, struct mg_slice reason,
		   uint32_t status, struct buf *out)
{
	int err;

	if (slice_is(word, "STATUS"))
		return buf_addf(out, "%u", status);
	if (slice_is(word, "REASON"))
		return add_escaped(out, reason);
	if (!slice_is(word, "MESSAGE"))
		return MG_EINVAL;
	err = buf_add_str(out, "Request blocked by Moongate: ");
	return err < 0 ? err : add_escaped(out, reason);
}

int apps_block(const struct mg_apps *apps, uint32_t app, struct mg_slice reason,
	       uint32_t status, struct buf *out)
{
	struct mg_slice rest = slice_str(COMMON_BLOCK), piece, word;
	int err = MG_OK;

	if (app < apps->count && apps->apps[app].block.len)
		rest = apps->apps[app].block;
	if (!status)
		status = app < apps->count ? apps->apps[app].block_status : 403;
	while (err >= 0 && slice_cut(&rest, '@', &piece)) {
		err = buf_add(out, piece);
		struct mg_slice after = rest;
		if (err < 0 || !rest.at)
			continue;
		/* "@WORD@", or a sign like any other. */
		err = MG_EINVAL;
		if (slice_cut(&after, '@', &word) && after.at)
			err = fill_in(word, reason, status, out);
		if (err == MG_EINVAL)
			err = buf_add_str(out, "@");
		else
			rest = after;
	}
	return err < 0 ? err : (int)status;
}
