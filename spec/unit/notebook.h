/* notebook.h - a stage that writes down what reaches it, for tests of lanes:
 * h for a head, e for an end, bodies in brackets. */
#pragma once
#include <string.h>

#include "base/buf.h"
#include "base/slice.h"
#include "flow/lane.h"

struct notebook {
	struct stage stage;
	struct buf text;
	struct head *head;
	struct head *trailers;
	int refuse;     /* answered to every part, when < 0 */
	int refuse_end; /* answered to END, when < 0 */
	int closed;
};

static inline int notebook_take(struct stage *st, const struct part *part)
{
	struct notebook *nb = (struct notebook *)st;

	if (nb->refuse < 0)
		return nb->refuse;
	switch (part->kind) {
	case PART_HEAD:
		nb->head = part->head;
		return buf_add_str(&nb->text, "h");
	case PART_BODY:
		buf_add_str(&nb->text, "[");
		buf_add(&nb->text, part->body);
		return buf_add_str(&nb->text, "]");
	case PART_END:
		if (nb->refuse_end < 0)
			return nb->refuse_end;
		nb->trailers = part->head;
		return buf_add_str(&nb->text, "e");
	}
	return MG_EINVAL;
}

static inline void notebook_close(struct stage *st)
{
	((struct notebook *)st)->closed++;
}

static inline void notebook_init(struct notebook *nb)
{
	static const struct stage_ops ops = { .name = "notebook",
					      .take = notebook_take,
					      .close = notebook_close };

	*nb = (struct notebook){ .stage.ops = &ops };
	buf_init(&nb->text, 64 << 20);
}

static inline bool notebook_says(const struct notebook *nb, const char *text)
{
	return slice_is(buf_slice(&nb->text), text);
}

static inline int feed_head(struct lane *lane, struct head *head)
{
	return lane_feed(lane,
			 &(struct part){ .kind = PART_HEAD, .head = head });
}

static inline int feed_body(struct lane *lane, struct mg_slice body)
{
	return lane_feed(lane,
			 &(struct part){ .kind = PART_BODY, .body = body });
}

static inline int feed_end(struct lane *lane, struct head *trailers)
{
	return lane_feed(lane,
			 &(struct part){ .kind = PART_END, .head = trailers });
}
