/* fuzz_h1.c - one message, however it is cut, is one message; and what we send
 * on is read as what we read. */
#include <stdlib.h>

#include "http/h1.h"

/* Two forms of what came: as it would be sent on, and with joined bodies. */
struct notes {
	struct buf wire;
	struct buf joined;
	struct head *head;
	int ends;
};

static int note(void *arg, const struct part *part)
{
	struct notes *n = arg;

	if (part->kind == PART_HEAD)
		n->head = part->head;
	if (h1_write_part(&n->wire, n->head, part) < 0)
		abort();
	switch (part->kind) {
	case PART_HEAD:
		return h1_write_head(&n->joined, part->head);
	case PART_BODY:
		if (!part->body.len)
			abort();
		return buf_add(&n->joined, part->body);
	case PART_END:
		n->ends++;
		buf_add_str(&n->joined, "<end>");
		return h1_write_end(&n->joined, n->head, part->head);
	}
	abort();
}

struct run {
	struct h1_reader r;
	struct arena arena;
	struct notes notes;
	int err;
	size_t used;
};

static const struct h1_limits limits = { .line = 200,
					 .headers = 1000,
					 .fields = 20 };

static const char *const methods[] = { "GET", "HEAD", "CONNECT" };

static void run_all(struct run *run, const struct h1_limits *lim, unsigned mode,
		    const char *at, size_t len, size_t step)
{
	*run = (struct run){ 0 };
	arena_init(&run->arena);
	buf_init(&run->notes.wire, 1 << 24);
	buf_init(&run->notes.joined, 1 << 24);
	h1_reader_init(&run->r, mode & 1, lim);
	h1_reader_begin(&run->r, &run->arena);
	h1_reader_expect(&run->r, slice_str(methods[(mode >> 1) % 3]));
	while (run->used < len && run->err >= 0 &&
	       !h1_reader_is_done(&run->r)) {
		size_t n = len - run->used < step ? len - run->used : step;
		size_t used;
		char *piece = malloc(n);
		memcpy(piece, at + run->used, n);
		run->err = h1_reader_feed(&run->r, piece, n, &used, note,
					  &run->notes);
		free(piece);
		if (used > n ||
		    (run->err >= 0 && used < n && !h1_reader_is_done(&run->r)))
			abort();
		run->used += used;
	}
	if (run->err >= 0)
		run->err = h1_reader_eof(&run->r, note, &run->notes);
}

static void run_deinit(struct run *run)
{
	h1_reader_deinit(&run->r);
	arena_deinit(&run->arena);
	buf_deinit(&run->notes.wire);
	buf_deinit(&run->notes.joined);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct run whole, cut, again;

	if (size < 2)
		return 0;
	const char *at = (const char *)data + 2;
	size_t len = size - 2, step = 1 + data[1] % 7;

	run_all(&whole, &limits, data[0], at, len, len + 1);
	run_all(&cut, &limits, data[0], at, len, step);
	if (whole.err != cut.err || whole.r.status != cut.r.status ||
	    whole.r.why != cut.r.why || whole.notes.ends != cut.notes.ends ||
	    !slice_same(buf_slice(&whole.notes.joined),
			buf_slice(&cut.notes.joined)))
		abort();
	if (whole.err >= 0 && whole.notes.ends) {
		struct mg_slice wire = buf_slice(&whole.notes.wire);
		if (whole.used != cut.used)
			abort();
		/* "a:b" is sent as "a: b", so what we send may be longer. */
		run_all(&again, &h1_limits_default, data[0], wire.at, wire.len,
			wire.len);
		if (again.err < 0 || again.used != wire.len ||
		    !slice_same(wire, buf_slice(&again.notes.wire)))
			abort();
		run_deinit(&again);
	}
	run_deinit(&whole);
	run_deinit(&cut);
	return 0;
}
