/* decision.h - the path from a body to a verdict, and from a verdict to the
 * bytes that may go on. No network: surfaces and `moongate judge` share it.
 *
 *   body -> text (segments) -> case -> engine (votes) -> verdict -> edits
 */
#pragma once
#include "base/buf.h"
#include "http/head.h"
#include "policy/case.h"
#include "policy/engine.h"
#include "text/application.h"
#include "text/segment.h"

struct vault; /* text/vault.h: reversible tokens of one exchange */

/* Fill in the first part; decision_make writes the second. */
struct decision {
	struct arena *arena; /* borrows: the flow's */
	uint32_t surface;    /* mg_surface */
	uint32_t stage;      /* mg_stage */
	int app;             /* index into the generation's apps, -1 none */
	const struct app_endpoint *endpoint; /* NULL: generic shape */
	struct mg_slice attr[MG_ATTRS];
	const struct mg_slice *tags;
	const struct mg_slice *groups;
	uint32_t tag_count;
	uint32_t group_count;
	uint32_t assurance;   /* 0 none, 1 network, 2 token, 3 mtls */
	bool observe;         /* this integration or deployment observes */
	struct mg_slice body; /* decoded: no Content-Encoding left */
	struct mg_slice content_type;
	uint64_t wire_bytes;      /* as received */
	enum failure failure;     /* already known, e.g. FAILURE_ENCODING */
	bool streamed;            /* reply: `body` is a whole event stream */
	struct quota *quota;      /* borrows; NULL: no quotas are kept */
	struct vault *vault;      /* tokens made (request), undone (reply) */
	struct mg_slice mask_key; /* of hashed masks; borrows */

	struct verdict verdict;
	struct segments segments;
	const struct mg_finding *findings;
	uint32_t finding_count;
	uint64_t detect_us;
	uint64_t policy_us;
};

/* True when some loaded policy could want to look at this stage at all; false
 * lets the bytes pass unread (attributes only, no body). Cheap: a table. */
bool decision_wanted(struct generation *gen, const struct decision *d);

/* Never fails: a failure becomes a verdict by the table. */
void decision_make(struct generation *gen, struct decision *d);

/* The body with masks (request, reply) or restored tokens (reply) spliced in,
 * appended to `out`. 1 when it differs from d->body, 0 when not (and `out` is
 * untouched), or a negative mg_err. */
int decision_apply(struct generation *gen, struct decision *d, struct buf *out);

/* The block answer: status, and its JSON body in the application's own shape,
 * appended to `out`. */
int decision_block(struct generation *gen, const struct decision *d,
		   struct buf *out, const char **content_type);

/* For people: a made decision judged again, as a tree of policies with what
 * they looked at. Appended to `out`. */
int decision_explain(struct generation *gen, const struct decision *d,
		     struct buf *out);
