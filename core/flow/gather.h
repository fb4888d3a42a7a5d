/* gather.h - the stage that reads a message before it may leave.
 *
 *   HEAD BODY BODY END  -->  [ held, decoded, judged ]  -->  HEAD BODY END
 *
 * Not one byte reaches the next stage before the judge has answered. What it
 * lets go is sent on as it came, byte for byte, encoded as it was; what it
 * replaces is encoded again in the same way, and its length is corrected.
 */
#pragma once
#include "flow/body.h"
#include "flow/budget.h"
#include "flow/lane.h"
#include "http/encoding.h"

/* What the judge looks at. All of it stays where it is until the stage is
 * closed. `plain` is empty unless `state` is BODY_WHOLE; without a
 * Content-Encoding it is `raw`. When a body is over its ceiling the judge is
 * asked at once, and `raw` is what had come so far. */
struct gathered {
	struct head *head;
	struct mg_slice raw;
	struct mg_slice plain;
	enum body_state state;
};

enum gather_answer {
	GATHER_ALLOW = 0,
	GATHER_REPLACE = 1, /* by what was put into `out`, decoded */
};

/* Asked exactly once a message. A gather_answer, or a negative mg_err (MG_ESTOP
 * for a block) that stops the lane. May alter fields of the head. Only a whole
 * body can be replaced. */
typedef int (*gather_judge)(void *arg, const struct gathered *what,
			    struct buf *out);

/* Borrows all it names until the stage is closed. */
struct gather_rules {
	size_t max; /* bytes held, as they come */
	const struct decode_limits *decode;
	struct budget *budget; /* NULL: none */
};

struct stage *gather_new(const struct gather_rules *rules, gather_judge judge,
			 void *arg);
