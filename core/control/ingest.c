/* ingest.c - see ingest.h */
#include "control/ingest.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "event/spool.h"

enum {
	SOURCES = 256,
	BATCH = 4000,
	KEEP_US = 500000, /* cursors are written this often, at most */
	LOOK_US = 1000000,
};

struct source {
	char dir[512];
	struct spool_reader *reader;
	bool read; /* since the last cursor */
};

struct ingest {
	char spools[400];
	struct sink *sink;
	struct tally *tally;
	struct source source[SOURCES];
	uint32_t sources;
	uint64_t looked; /* for new directories */
	uint64_t kept;
	struct arena arena;
	struct ingest_counts counts;
};

struct ingest *ingest_new(const char *spools, struct sink *sink,
			  struct tally *tally)
{
	struct ingest *in = calloc(1, sizeof(*in));

	if (!in)
		abort();
	snprintf(in->spools, sizeof(in->spools), "%s", spools);
	in->sink = sink;
	in->tally = tally;
	arena_init(&in->arena);
	return in;
}

static bool is_known(const struct ingest *in, const char *dir)
{
	for (uint32_t i = 0; i < in->sources; i++)
		if (strcmp(in->source[i].dir, dir) == 0)
			return true;
	return false;
}

static void look(struct ingest *in)
{
	DIR *list = opendir(in->spools);

	if (!list)
		return;
	for (struct dirent *d = readdir(list); d; d = readdir(list)) {
		struct source *s = &in->source[in->sources];
		char dir[sizeof(s->dir)];

		if (d->d_name[0] != 'w' || in->sources == SOURCES)
			continue;
		snprintf(dir, sizeof(dir), "%s/%.64s", in->spools, d->d_name);
		if (is_known(in, dir))
			continue;
		s->reader = spool_reader_new(dir, in->sink->ops->name);
		if (!s->reader)
			continue;
		snprintf(s->dir, sizeof(s->dir), "%s", dir);
		in->sources++;
	}
	closedir(list);
}

/* One record into the sink. What does not unpack is passed over: it will not
 * be better the next time. */
static int put(struct ingest *in, const struct spool_record *rec)
{
	struct event e;

	if (event_unpack(&e, rec->payload, &in->arena) < 0) {
		in->counts.refused++;
		return MG_OK;
	}
	if (e.time > in->counts.newest)
		in->counts.newest = e.time;
	if (in->tally)
		tally_add(in->tally, &e);
	return sink_put(in->sink, &e, rec->payload);
}

/* How many records came, or MG_EIO. */
static int drain(struct ingest *in, struct source *s, int max)
{
	struct spool_record rec;
	int n = 0, err = 1;

	while (n < max) {
		err = spool_next(s->reader, &rec);
		if (err <= 0)
			break;
		n++;
		err = put(in, &rec);
		if (err < 0)
			break;
	}
	s->read = s->read || n;
	return err < 0 ? err : n;
}

/* What was read since the last cursors comes again. */
static int fail(struct ingest *in)
{
	if (!in->counts.failures++)
		log_error(LOG_CONTROL, "%s takes no events; they wait in %s",
			  in->sink->ops->name, in->spools);
	sink_rollback(in->sink);
	for (uint32_t i = 0; i < in->sources; i++)
		spool_rewind(in->source[i].reader);
	return MG_EIO;
}

static void keep(struct ingest *in)
{
	for (uint32_t i = 0; i < in->sources; i++) {
		struct source *s = &in->source[i];
		if (!s->read)
			continue;
		if (spool_keep(s->reader) < 0) {
			log_error(LOG_CONTROL,
				  "no cursor in %s; check the disk", s->dir);
			continue;
		}
		s->read = false;
		spool_retire(s->dir);
	}
}

int ingest_turn(struct ingest *in, uint64_t now)
{
	int moved = 0;

	if (!in->looked || now - in->looked >= LOOK_US) {
		look(in);
		in->looked = now;
	}
	for (uint32_t i = 0; i < in->sources; i++) {
		int share = BATCH / (int)in->sources + 1;
		int n = drain(in, &in->source[i], share);
		if (n < 0)
			return fail(in);
		moved += n;
	}
	if (moved && sink_commit(in->sink) < 0)
		return fail(in);
	arena_deinit(&in->arena);
	in->counts.stored += (uint64_t)moved;
	if (now - in->kept >= KEEP_US) {
		keep(in);
		in->kept = now;
	}
	return moved;
}

void ingest_sync(struct ingest *in)
{
	for (uint32_t i = 0; i < in->sources; i++)
		spool_read_sync(in->source[i].reader);
}

const struct ingest_counts *ingest_counts(struct ingest *in)
{
	in->counts.missing = in->counts.bad = in->counts.spool_bytes = 0;
	for (uint32_t i = 0; i < in->sources; i++) {
		const struct spool_read_counts *c =
			spool_read_counts(in->source[i].reader);
		in->counts.missing += c->missing;
		in->counts.bad += c->bad;
		in->counts.spool_bytes += spool_size(in->source[i].dir);
	}
	return &in->counts;
}

void ingest_free(struct ingest *in)
{
	if (!in)
		return;
	if (sink_commit(in->sink) == MG_OK)
		keep(in);
	for (uint32_t i = 0; i < in->sources; i++)
		spool_reader_free(in->source[i].reader);
	arena_deinit(&in->arena);
	free(in);
}
