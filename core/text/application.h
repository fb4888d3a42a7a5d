/* application.h - which host is which AI service, and what its bodies mean.
 *
 *   host --labels--> coverage + application
 *                    application --method, path--> endpoint --> shapes
 *
 * Filled at load from tables (lua/moongate/apps/), read-only after. A host is
 * looked up by hashing it and each of its parents, a path by hashing it first
 * and by the application's few patterns then: the number of applications and
 * hosts does not matter.
 */
#pragma once
#include "base/buf.h"
#include "base/slice.h"
#include "text/segment.h"

struct app_endpoint {
	struct mg_slice name; /* "chat.completions" */
	const struct mg_shape *request;
	const struct mg_shape *reply;
	enum mg_stream stream;        /* how it streams, if asked to */
	const struct mg_shape *event; /* one event of the stream */
};

/* A host pattern, as it was added. */
struct app_host {
	struct mg_slice pattern;
	uint32_t app; /* APPS_NONE for a list that has none */
	enum mg_host_list list;
};

enum { APPS_NONE = UINT32_MAX };

/* As mg_apps_cover. The strongest list counts: bypass, chatty, application, AI
 * domain; among applications the most specific pattern. Case, a trailing dot
 * and what no host name holds do not matter. */
enum mg_coverage apps_cover(const struct mg_apps *apps, struct mg_slice host,
			    uint32_t *app);

/* NULL when no table names it, then the body is read with no shape; or the
 * endpoint of the application "generic", where there is one. A query in `path`
 * is left out. */
const struct app_endpoint *apps_endpoint(const struct mg_apps *apps,
					 uint32_t app, struct mg_slice method,
					 struct mg_slice path);

/* Reads a body the way its endpoint (NULL: none) and stage (an mg_stage) say.
 * Replies that are streams are joined, see stream.h. As segments_of_body. */
int apps_read(const struct app_endpoint *ep, uint32_t stage,
	      struct mg_slice content_type, struct mg_slice body,
	      struct segments *segs);

/* The model's name where the path holds it ("/v1beta/models/NAME:verb"), else
 * empty. Borrows. */
struct mg_slice apps_model(struct mg_slice path);

uint32_t apps_count(const struct mg_apps *apps);
/* Empty past the end. Valid as long as `apps`. */
struct mg_slice apps_id(const struct mg_apps *apps, uint32_t app);
/* APPS_NONE when there is none. */
uint32_t apps_find(const struct mg_apps *apps, struct mg_slice id);

/* The block answer of an application (APPS_NONE: the common one): returns its
 * status - `status` when that is not 0 - and appends the JSON body, in which
 * `reason` is what a person reads. MG_ETOOBIG when `out` is full. */
int apps_block(const struct mg_apps *apps, uint32_t app, struct mg_slice reason,
	       uint32_t status, struct buf *out);

/* Every pattern, in the order added; NULL past the end. For leaves to warm,
 * name constraints and PAC files. */
const struct app_host *apps_host_at(const struct mg_apps *apps, uint32_t i);
