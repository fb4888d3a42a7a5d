/* observe.h - the stage that passes everything at once and reads along.
 *
 *   HEAD BODY BODY END  ------------------------->  HEAD BODY BODY END
 *                           \-> decoded copy -> judge, after END
 *
 * For streams that are judged after they end, and for bodies that are only
 * recorded. Nothing it finds can stop what has left.
 */
#pragma once
#include "flow/body.h"
#include "flow/budget.h"
#include "flow/lane.h"
#include "http/encoding.h"

/* What was seen. `plain` is empty unless `state` is BODY_WHOLE or BODY_CUT: a
 * copy that did not fit is no copy. It stays until the stage is closed. */
struct observed {
	struct head *head;
	struct mg_slice plain;
	uint64_t bytes; /* of body, as they came */
	enum body_state state;
};

/* Called once for a message of which a HEAD came: after END went on, or when
 * the lane is closed without one (BODY_CUT). */
typedef void (*observe_judge)(void *arg, const struct observed *what);

/* Borrows all it names until the stage is closed. */
struct observe_rules {
	size_t max; /* bytes of the decoded copy */
	const struct decode_limits *decode;
	struct budget *budget; /* NULL: none */
};

struct stage *observe_new(const struct observe_rules *rules,
			  observe_judge judge, void *arg);
