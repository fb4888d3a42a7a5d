/* record.h - the record of one exchange and its verdicts; never the text.
 *
 *   struct event -> event_pack -> one MessagePack map -> event_unpack -> struct
 *
 * What is found is named, counted and placed; of its text only a sample is
 * kept: the first and last two characters and a keyed hash, so that the same
 * secret is recognised again and nobody can read it. event_pack is the last
 * gate: it bounds every text, cuts queries off paths, and hides the parts of a
 * JSON path that a peer could have filled with a value.
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "policy/verdict.h"

enum {
	EVENT_KEY = 32,      /* bytes of the sample key */
	EVENT_PLACES = 16,   /* places named for one entity; `count` has all */
	EVENT_MAX = 1 << 20, /* bytes of one packed event */
};

struct event_place {
	struct mg_slice path; /* of the segment */
	uint32_t from;
	uint32_t to;
};

struct event_finding {
	struct mg_slice detector;
	struct mg_slice entity;
	uint32_t count;
	uint32_t max_score; /* 1..100 */
	struct event_place *places;
	uint32_t place_count;
	struct mg_slice sample; /* from event_sample */
};

struct event_policy {
	struct mg_slice id;
	uint64_t revision;
	uint32_t action; /* mg_action */
	bool determining;
};

struct event_verdict {
	bool judged;     /* this stage was put before the judge */
	uint32_t action; /* mg_action */
	bool observed;   /* something stronger was wanted, and not done */
	bool alert;      /* somebody wants to be told */
	enum failure failure;
	struct mg_slice reason;
	struct event_policy *policies;
	uint32_t policy_count;
	struct event_finding *findings;
	uint32_t finding_count;
};

/* All slices are borrowed. Empty text and zero mean unknown and are not
 * packed. */
struct event {
	char id[37];   /* UUIDv7 */
	uint64_t time; /* microseconds since 1970, UTC: the request's start */
	struct mg_slice org;
	uint32_t surface; /* mg_surface */
	struct mg_slice integration;
	struct mg_slice device;
	struct mg_slice user;
	struct mg_slice *groups;
	struct mg_slice *tags;
	uint32_t group_count;
	uint32_t tag_count;
	uint32_t assurance; /* 0 none, 1 network, 2 token, 3 mtls */
	struct mg_slice application;
	struct mg_slice host;
	struct mg_slice method;
	struct mg_slice path; /* a query, should there be one, is cut off */
	struct mg_slice model;
	bool stream;
	struct event_verdict verdict[2]; /* by mg_stage */
	uint64_t request_bytes;          /* as received */
	uint64_t reply_bytes;
	uint64_t request_tokens;
	uint64_t reply_tokens;
	uint32_t status; /* as the client saw it */
	uint64_t total_us;
	uint64_t upstream_us;
	uint64_t detect_us;
	uint64_t policy_us;
	uint64_t gateway_us;     /* total - upstream */
	struct mg_slice failure; /* failure_name(), or a short word */
	struct mg_slice trace_id;
	uint64_t generation;
	struct mg_slice client_address;
	struct mg_slice client_product; /* from event_product */
	struct mg_slice tls_outer;      /* "TLSv1.3" */
	struct mg_slice tls_inner;
	struct mg_slice tls_upstream;
};

/* Everything empty, with a fresh id and the time of now. */
void event_init(struct event *e);

/* The stronger of the two stages' actions. */
uint32_t event_action(const struct event *e);

/* Appends the packed event. MG_ETOOBIG when it would pass EVENT_MAX or the
 * buffer's own ceiling; `out` is then unchanged. */
int event_pack(const struct event *e, struct buf *out);

/* Slices borrow from `packed`, lists come from `a`. MG_EPROTO for bytes that
 * are no event; unknown keys are passed over. */
int event_unpack(struct event *e, struct mg_slice packed, struct arena *a);

/* The packed event as one line of JSON, without the newline. */
int event_json(struct mg_slice packed, struct buf *out);

/* "AK..LE#5fa1c09be213": what may be kept of a found text. Nothing but the
 * hash for texts shorter than eight characters. */
struct mg_slice event_sample(struct arena *a, const unsigned char *key,
			     struct mg_slice text);

/* The product's name in a User-Agent ("OpenAI", "curl"), at most 32 letters;
 * borrowed. Empty when the field does not begin with one. */
struct mg_slice event_product(struct mg_slice user_agent);

const char *surface_name(uint32_t surface); /* "" when unknown */
const char *assurance_name(uint32_t assurance);
