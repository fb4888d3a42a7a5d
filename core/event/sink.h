/* sink.h - where events end up: SQLite now; Kafka, syslog and the rest have the
 * same form.
 *
 *   put put put ... commit      a batch is taken whole, or not at all
 *                 \ rollback
 *
 * A sink may see an event twice (after a crash between its commit and the
 * cursor); it keeps one, by event_id.
 */
#pragma once
#include "event/record.h"

struct sink;

struct sink_ops {
	const char *name; /* also of its cursors: letters and digits */
	/* `packed` is what `e` was unpacked from. */
	int (*put)(struct sink *sink, const struct event *e,
		   struct mg_slice packed);
	/* 0 once everything put is durable; MG_EIO keeps nothing. */
	int (*commit)(struct sink *sink);
	void (*rollback)(struct sink *sink);
	/* A bounded piece of housekeeping. Returns 1 when more is to be done.
	 */
	int (*tidy)(struct sink *sink, uint64_t now);
	void (*free)(struct sink *sink);
};

/* Embed as the first member. */
struct sink {
	const struct sink_ops *ops;
};

static inline int sink_put(struct sink *s, const struct event *e,
			   struct mg_slice packed)
{
	return s->ops->put(s, e, packed);
}

static inline int sink_commit(struct sink *s)
{
	return s->ops->commit(s);
}

static inline void sink_rollback(struct sink *s)
{
	s->ops->rollback(s);
}

static inline int sink_tidy(struct sink *s, uint64_t now)
{
	return s->ops->tidy(s, now);
}

static inline void sink_free(struct sink *s)
{
	if (s)
		s->ops->free(s);
}
