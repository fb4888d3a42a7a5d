/* h1_run.h - a reader, and a notebook for what it tells; for tests of h1. */
#pragma once
#include <stdlib.h>

#include "http/h1.h"

/* Writes down the parts that come: heads and trailers as they would be sent,
 * body bytes joined, so that all ways of splitting can be compared. */
struct notes {
	struct buf text;
	struct head *head;
	int heads, ends;
	size_t body;
};

static inline int note(void *arg, const struct part *part)
{
	struct notes *n = arg;

	switch (part->kind) {
	case PART_HEAD:
		n->heads++;
		n->head = part->head;
		return h1_write_head(&n->text, part->head);
	case PART_BODY:
		n->body += part->body.len;
		return buf_add(&n->text, part->body);
	case PART_END:
		n->ends++;
		buf_add_str(&n->text, "<end>");
		return part->head ? h1_write_end(&n->text, n->head, part->head)
				  : MG_OK;
	}
	return MG_EINVAL;
}

struct run {
	struct h1_reader r;
	struct arena arena;
	struct notes notes;
	size_t used;
	int err;
};

static inline void run_init(struct run *run, bool is_reply)
{
	*run = (struct run){ 0 };
	h1_reader_init(&run->r, is_reply, &h1_limits_default);
	arena_init(&run->arena);
	buf_init(&run->notes.text, 1 << 22);
	h1_reader_begin(&run->r, &run->arena);
}

static inline void run_deinit(struct run *run)
{
	h1_reader_deinit(&run->r);
	arena_deinit(&run->arena);
	buf_deinit(&run->notes.text);
}

static inline void run_feed(struct run *run, const char *at, size_t len)
{
	size_t used = 0;

	if (run->err < 0)
		return;
	run->err = h1_reader_feed(&run->r, at, len, &used, note, &run->notes);
	run->used += used;
}

static inline void feed_by(struct run *run, struct mg_slice s, size_t step)
{
	for (size_t i = 0;
	     i < s.len && run->err >= 0 && !h1_reader_is_done(&run->r);
	     i += step) {
		/* From memory of its own, so that reading past it is seen. */
		size_t len = s.len - i < step ? s.len - i : step;
		char *piece = malloc(len);
		memcpy(piece, s.at + i, len);
		run_feed(run, piece, len);
		free(piece);
	}
}
