/* test_ingest.c - every event gets from the spools to the sink, also when the
 * sink fails and when control is killed between any two steps. */
#include "control/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "event/spool.h"
#include "test.h"

/* Keeps what is committed, by id, and fails when told to. */
struct notebook {
	struct sink sink;
	char ids[512][37];
	int kept;
	int written; /* of them, since the last commit: beyond `kept` */
	int again;   /* events that were kept already */
	int fail_puts;
	int fail_commits;
};

static int put(struct sink *sink, const struct event *e, struct mg_slice packed)
{
	struct notebook *n = (struct notebook *)sink;

	(void)packed;
	if (n->fail_puts && n->fail_puts-- == 1)
		return MG_EIO;
	for (int i = 0; i < n->kept; i++)
		if (strcmp(n->ids[i], e->id) == 0) {
			n->again++;
			return MG_OK;
		}
	memcpy(n->ids[n->kept + n->written++], e->id, 37);
	return MG_OK;
}

static int commit(struct sink *sink)
{
	struct notebook *n = (struct notebook *)sink;

	if (n->fail_commits && n->fail_commits--) {
		n->written = 0;
		return MG_EIO;
	}
	n->kept += n->written;
	n->written = 0;
	return MG_OK;
}

static void rollback(struct sink *sink)
{
	((struct notebook *)sink)->written = 0;
}

static const struct sink_ops ops = {
	.name = "notebook",
	.put = put,
	.commit = commit,
	.rollback = rollback,
};

static char root[64];

static struct spool_writer *worker(int i)
{
	char dir[80];

	snprintf(dir, sizeof(dir), "%s/w%d", root, i);
	return spool_new(dir, 1 << 30, 4096);
}

static void fresh(struct notebook *n)
{
	char command[100];

	snprintf(command, sizeof(command), "rm -rf %s/w*", root);
	if (system(command))
		abort();
	memset(n, 0, sizeof(*n));
	n->sink.ops = &ops;
}

static void add(struct spool_writer *sp, int count)
{
	struct event e;

	for (int i = 0; i < count; i++) {
		event_init(&e);
		e.verdict[MG_REQUEST].judged = true;
		e.verdict[MG_REQUEST].action = (uint32_t)i % 4;
		spool_add_event(sp, &e);
	}
	spool_flush(sp);
}

/* Enough turns for everything to arrive. */
static int turn(struct ingest *in, uint64_t *now)
{
	int moved = 0, n;

	for (int i = 0; i < 4; i++) {
		*now += 2000000;
		n = ingest_turn(in, *now);
		if (n < 0)
			return n;
		moved += n;
	}
	return moved;
}

static void all_workers_are_read_also_new_ones(void)
{
	static struct notebook n;
	uint64_t now = 1000000;

	fresh(&n);
	struct spool_writer *a = worker(0);
	struct ingest *in = ingest_new(root, &n.sink, NULL);
	add(a, 10);
	OK(turn(in, &now) == 10 && n.kept == 10);
	struct spool_writer *b = worker(1);
	add(b, 7);
	add(a, 3);
	OK(turn(in, &now) == 10 && n.kept == 20 && n.again == 0);
	OK(ingest_counts(in)->stored == 20 && ingest_counts(in)->missing == 0);
	ingest_free(in);
	spool_free(a);
	spool_free(b);
}

static void a_sink_that_fails_gets_everything_later(void)
{
	static struct notebook n;
	uint64_t now = 1000000;

	fresh(&n);
	struct spool_writer *a = worker(0);
	struct ingest *in = ingest_new(root, &n.sink, NULL);
	add(a, 10);
	n.fail_puts = 6;
	OK(turn(in, &now) == MG_EIO && n.kept == 0);
	n.fail_commits = 1;
	OK(turn(in, &now) == MG_EIO && n.kept == 0);
	add(a, 5);
	OK(turn(in, &now) == 15 && n.kept == 15);
	OK(ingest_counts(in)->failures == 2);
	ingest_free(in);
	spool_free(a);
}

/* Killed after the commit and before the cursor: the batch comes twice and is
 * kept once. Killed before the commit: it comes once. */
static void a_kill_loses_and_doubles_nothing(void)
{
	static struct notebook n;
	uint64_t now = 1000000;

	fresh(&n);
	struct spool_writer *a = worker(0);
	for (int life = 0; life < 20; life++) {
		struct ingest *in = ingest_new(root, &n.sink, NULL);
		add(a, 10);
		ingest_turn(in, now += 2000000);
		add(a, 5);
		/* At the same moment: stored, and no cursor is written. */
		ingest_turn(in, now);
		n.written = 0; /* what was not committed dies with us */
		/* The process ends here; its memory is not our concern. */
		static struct ingest *killed[20];
		killed[life] = in;
		OK(killed[life] != NULL);
	}
	struct ingest *last = ingest_new(root, &n.sink, NULL);
	turn(last, &now);
	OK(n.kept == 300);
	OK(n.again > 0);
	ingest_free(last);
	spool_free(a);
}

static void what_is_no_event_is_counted_and_passed_over(void)
{
	static struct notebook n;
	uint64_t now = 1000000;

	fresh(&n);
	struct spool_writer *a = worker(0);
	struct ingest *in = ingest_new(root, &n.sink, NULL);
	add(a, 1);
	spool_add(a, SPOOL_LOG, slice_str("not a map"));
	add(a, 1);
	OK(turn(in, &now) == 3 && n.kept == 2);
	OK(ingest_counts(in)->refused == 1);
	ingest_free(in);
	spool_free(a);
}

static void segments_go_once_they_are_stored(void)
{
	static struct notebook n;
	uint64_t now = 1000000;
	char dir[80];

	fresh(&n);
	snprintf(dir, sizeof(dir), "%s/w0", root);
	struct spool_writer *a = worker(0);
	struct ingest *in = ingest_new(root, &n.sink, NULL);
	for (int i = 0; i < 40; i++)
		add(a, 10);
	uint64_t before = spool_size(dir);
	OK(turn(in, &now) == 400 && n.kept == 400);
	OK(spool_size(dir) < before / 2);
	ingest_free(in);
	spool_free(a);
}

int main(void)
{
	snprintf(root, sizeof(root), "/tmp/moongate-ingest-XXXXXX");
	if (!mkdtemp(root) || !freopen("/dev/null", "w", stderr))
		return 1;
	RUN(all_workers_are_read_also_new_ones);
	RUN(a_sink_that_fails_gets_everything_later);
	RUN(a_kill_loses_and_doubles_nothing);
	RUN(what_is_no_event_is_counted_and_passed_over);
	RUN(segments_go_once_they_are_stored);
	static struct notebook n;
	fresh(&n);
	rmdir(root);
	return test_done();
}
