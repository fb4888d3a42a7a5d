/* test_spool.c - what was flushed is read, in order, whatever happens to the
 * files and to the processes. */
#include "event/spool.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "event/record.h"
#include "test.h"

static char root[64];

static void remove_files(const char *dir)
{
	char path[400];
	DIR *list = opendir(dir);

	if (!list)
		return;
	for (struct dirent *d = readdir(list); d; d = readdir(list)) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, d->d_name);
		if (unlink(path) < 0) {
			remove_files(path);
			rmdir(path);
		}
	}
	closedir(list);
}

static void fresh(void)
{
	remove_files(root);
}

static struct spool_writer *writer(void)
{
	return spool_new(root, 1 << 30, 8 << 20);
}

/* kill -9: what was flushed is on disk, what is in memory is gone. */
static void kill_writer(struct spool_writer *sp)
{
	static struct spool_writer *killed[512];
	static int count;

	/* Stays reachable: the leak checker need not know of it. */
	killed[count] = sp;
	count = (count + 1) % 512;
	(void)killed[count];
}

static void add(struct spool_writer *sp, enum spool_class class, int n)
{
	char text[32];

	snprintf(text, sizeof(text), "event %d", n);
	spool_add(sp, class, slice_str(text));
}

static int number_of(const struct spool_record *rec)
{
	char text[32] = "";
	int n = -1;

	if (rec->payload.len < sizeof(text))
		memcpy(text, rec->payload.at, rec->payload.len);
	sscanf(text, "event %d", &n);
	return n;
}

/* Reads until two turns bring nothing. The numbers, ascending or -1. */
static int read_all(struct spool_reader *r, int *out, int max)
{
	struct spool_record rec;
	int n = 0;

	for (int turns = 0; turns < 3; turns++)
		while (spool_next(r, &rec) == 1) {
			if (n < max)
				out[n] = number_of(&rec);
			n++;
			turns = 0;
		}
	return n;
}

static int find_file(const char *prefix, char *path, size_t len)
{
	struct dirent **list;
	int found = 0, n = scandir(root, &list, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		if (strncmp(list[i]->d_name, prefix, strlen(prefix)) == 0 &&
		    !found++)
			snprintf(path, len, "%s/%s", root, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return found;
}

static size_t read_file(const char *path, char *out, size_t max)
{
	FILE *f = fopen(path, "r");
	size_t len = f ? fread(out, 1, max, f) : 0;

	if (f)
		fclose(f);
	return len;
}

static void write_file(const char *path, const char *at, size_t len)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(at, 1, len, f) != len)
		abort();
	fclose(f);
}

static void classes_are_merged_in_order(void)
{
	int got[16] = { 0 }, wrong = 0;

	fresh();
	struct spool_writer *sp = writer();
	for (int i = 0; i < 9; i++)
		add(sp, (enum spool_class)(i * 7 % 3), i);
	OK(spool_flush(sp) == MG_OK);
	OK(find_file("a-", (char[400]){ 0 }, 400) == 1);
	OK(find_file("k-", (char[400]){ 0 }, 400) == 1);

	struct spool_reader *r = spool_reader_new(root, "t");
	OK(read_all(r, got, 16) == 9);
	for (int i = 0; i < 9; i++)
		wrong += got[i] != i;
	OK(wrong == 0);
	OK(spool_read_counts(r)->missing == 0);
	spool_reader_free(r);
	spool_free(sp);
}

static void nothing_is_read_before_it_is_flushed(void)
{
	struct spool_record rec;

	fresh();
	struct spool_writer *sp = writer();
	struct spool_reader *r = spool_reader_new(root, "t");
	add(sp, SPOOL_LOG, 1);
	OK(spool_next(r, &rec) == 0);
	spool_flush(sp);
	OK(spool_next(r, &rec) == 1 && number_of(&rec) == 1);
	OK(spool_next(r, &rec) == 0);
	add(sp, SPOOL_ALLOW, 2);
	spool_flush(sp);
	OK(spool_next(r, &rec) == 1 && number_of(&rec) == 2);
	spool_reader_free(r);
	spool_free(sp);
}

static void a_cursor_outlives_its_reader(void)
{
	struct spool_record rec;
	int got[8];

	fresh();
	struct spool_writer *sp = writer();
	for (int i = 0; i < 6; i++)
		add(sp, (enum spool_class)(i % 3), i);
	spool_flush(sp);

	struct spool_reader *r = spool_reader_new(root, "t");
	for (int i = 0; i < 3; i++)
		spool_next(r, &rec);
	OK(spool_keep(r) == MG_OK);
	OK(spool_next(r, &rec) == 1 && number_of(&rec) == 3);
	/* Not kept: comes again, from this reader or from the next. */
	spool_rewind(r);
	OK(spool_next(r, &rec) == 1 && number_of(&rec) == 3);
	spool_reader_free(r);
	r = spool_reader_new(root, "t");
	OK(read_all(r, got, 8) == 3 && got[0] == 3 && got[2] == 5);
	spool_reader_free(r);
	/* Another sink has its own. */
	r = spool_reader_new(root, "u");
	OK(read_all(r, got, 8) == 6 && got[0] == 0);
	spool_reader_free(r);
	spool_free(sp);
}

static void a_damaged_cursor_means_from_the_start(void)
{
	struct spool_record rec;
	char path[400], text[256];
	int got[8];

	fresh();
	struct spool_writer *sp = writer();
	for (int i = 0; i < 3; i++)
		add(sp, SPOOL_LOG, i);
	spool_flush(sp);
	struct spool_reader *r = spool_reader_new(root, "t");
	spool_next(r, &rec);
	spool_keep(r);
	spool_reader_free(r);

	OK(find_file("cursor.t", path, sizeof(path)) == 1);
	size_t len = read_file(path, text, sizeof(text));
	text[len / 2] ^= 1;
	write_file(path, text, len);
	r = spool_reader_new(root, "t");
	OK(read_all(r, got, 8) == 3 && got[0] == 0);
	spool_reader_free(r);
	/* A cursor nobody can read keeps every segment. */
	OK(spool_retire(root) == 0);
	spool_free(sp);
}

/* The file is cut at every byte, as by a kill in the middle of a write. */
static void a_tail_torn_at_any_byte_loses_only_itself(void)
{
	char path[400], file[512];
	int got[8], wrong = 0, n;

	fresh();
	struct spool_writer *sp = writer();
	for (int i = 0; i < 4; i++)
		add(sp, SPOOL_LOG, i);
	spool_flush(sp);
	kill_writer(sp);
	find_file("l-", path, sizeof(path));
	size_t len = read_file(path, file, sizeof(file));
	size_t one = len / 4;

	for (size_t cut = 0; cut <= len; cut++) {
		int whole = (int)(cut / one);
		write_file(path, file, cut);
		struct spool_reader *early = spool_reader_new(root, "early");
		n = read_all(early, got, 8);
		wrong += n != whole;
		/* The writer comes back, and goes on behind what is whole. */
		sp = writer();
		add(sp, SPOOL_LOG, 77);
		spool_flush(sp);
		n = read_all(early, got, 8);
		wrong += n != 1 || got[0] != 77;
		struct spool_reader *late = spool_reader_new(root, "late");
		n = read_all(late, got, 8);
		wrong += n != whole + 1 || got[n - 1] != 77;
		wrong += spool_read_counts(late)->bad != 0;
		spool_reader_free(early);
		spool_reader_free(late);
		spool_free(sp);
	}
	OK(wrong == 0);
}

static void a_flipped_bit_costs_one_record(void)
{
	char path[400], file[512], whole[512];
	int got[8], wrong = 0;

	fresh();
	struct spool_writer *sp = writer();
	for (int i = 0; i < 4; i++)
		add(sp, SPOOL_LOG, i);
	spool_flush(sp);
	kill_writer(sp);
	find_file("l-", path, sizeof(path));
	size_t len = read_file(path, whole, sizeof(whole));

	for (size_t bit = 0; bit < len / 4 * 3 * 8; bit++) {
		memcpy(file, whole, len);
		file[bit / 8] ^= (char)(1 << bit % 8);
		write_file(path, file, len);
		struct spool_reader *r = spool_reader_new(root, "t");
		int n = read_all(r, got, 8);
		wrong += n != 3 || got[2] != 3;
		wrong += spool_read_counts(r)->bad != 1;
		spool_reader_free(r);
	}
	OK(wrong == 0);
	OK(find_file("quarantine", path, sizeof(path)) == 1);
}

static void numbers_go_on_after_a_restart(void)
{
	struct spool_record rec;
	uint64_t last = 0;
	int n = 0, wrong = 0;

	fresh();
	struct spool_reader *r = NULL;
	for (int life = 0; life < 20; life++) {
		struct spool_writer *sp = writer();
		for (int i = 0; i < 5; i++)
			add(sp, (enum spool_class)((i + life) % 3),
			    life * 5 + i);
		spool_flush(sp);
		add(sp, SPOOL_KEEP, 9999); /* never flushed */
		kill_writer(sp);
		if (!r)
			r = spool_reader_new(root, "t");
		while (spool_next(r, &rec) == 1) {
			wrong += number_of(&rec) != n++;
			wrong += rec.sequence <= last;
			last = rec.sequence;
		}
	}
	OK(n == 100 && wrong == 0);
	OK(spool_read_counts(r)->missing == 0);
	spool_reader_free(r);
}

static void a_number_that_never_comes_is_counted(void)
{
	char path[400];
	int got[8];

	fresh();
	struct spool_writer *sp = writer();
	add(sp, SPOOL_LOG, 0);
	add(sp, SPOOL_ALLOW, 1);
	add(sp, SPOOL_LOG, 2);
	spool_flush(sp);
	find_file("a-", path, sizeof(path));
	unlink(path);
	struct spool_reader *r = spool_reader_new(root, "t");
	OK(read_all(r, got, 8) == 2 && got[1] == 2);
	OK(spool_read_counts(r)->missing == 1);
	spool_reader_free(r);
	spool_free(sp);
}

static int count_class(const char *prefix)
{
	return find_file(prefix, (char[400]){ 0 }, 400);
}

static void fill(struct spool_writer *sp, enum spool_class class, int count)
{
	static char payload[1000];

	for (int i = 0; i < count; i++) {
		spool_add(sp, class, slice(payload, sizeof(payload)));
		if (i % 10 == 9)
			spool_flush(sp);
	}
	spool_flush(sp);
}

static void the_ceiling_drops_allow_then_log_never_the_rest(void)
{

	fresh();
	struct spool_writer *sp = spool_new(root, 1 << 20, 64 << 10);
	fill(sp, SPOOL_ALLOW, 600);
	fill(sp, SPOOL_LOG, 300);
	fill(sp, SPOOL_KEEP, 300);
	const struct spool_counts *c = spool_counts(sp);
	OK(c->added == 1200 && c->flushed == 1200);
	OK(c->dropped[SPOOL_ALLOW] > 100);
	OK(c->dropped[SPOOL_LOG] == 0);
	OK(c->bytes <= (1 << 20) + (64 << 10));

	fill(sp, SPOOL_KEEP, 600);
	OK(count_class("a-") == 1); /* the one in use */
	OK(c->dropped[SPOOL_LOG] > 100);
	OK(c->dropped[SPOOL_KEEP] == 0);

	/* Over the ceiling, and still nothing that was blocked is lost. */
	fill(sp, SPOOL_KEEP, 1000);
	OK(c->dropped[SPOOL_KEEP] == 0);
	OK(spool_size(root) > 1 << 20);
	struct spool_reader *r = spool_reader_new(root, "t");
	struct spool_record rec;
	int kept = 0;
	for (int turns = 0; turns < 2; turns++)
		while (spool_next(r, &rec) == 1)
			kept += rec.class == SPOOL_KEEP;
	OK(kept == 1900);
	uint64_t dropped = c->dropped[SPOOL_ALLOW] + c->dropped[SPOOL_LOG];
	OK(spool_read_counts(r)->read + dropped == c->flushed);
	spool_reader_free(r);
	spool_free(sp);
}

static void segments_go_when_every_sink_has_them(void)
{
	struct spool_record rec;

	fresh();
	struct spool_writer *sp = spool_new(root, 1 << 30, 64 << 10);
	fill(sp, SPOOL_LOG, 500);
	int files = count_class("l-");
	OK(files > 5);
	OK(spool_retire(root) == 0); /* nobody reads yet */

	struct spool_reader *fast = spool_reader_new(root, "fast");
	struct spool_reader *slow = spool_reader_new(root, "slow");
	while (spool_next(fast, &rec) == 1)
		;
	spool_keep(fast);
	spool_next(slow, &rec);
	spool_keep(slow);
	OK(spool_retire(root) == 0);
	while (spool_next(slow, &rec) == 1)
		;
	OK(spool_retire(root) == 0); /* read, but not kept */
	spool_keep(slow);
	OK(spool_retire(root) == files - 1);
	OK(count_class("l-") == 1);

	fill(sp, SPOOL_LOG, 3);
	int more = 0;
	while (spool_next(slow, &rec) == 1)
		more++;
	OK(more == 3 && spool_read_counts(slow)->missing == 0);
	spool_reader_free(fast);
	spool_reader_free(slow);
	spool_free(sp);
	/* The newest of a class tells the next life where to go on. */
	sp = writer();
	fill(sp, SPOOL_LOG, 1);
	slow = spool_reader_new(root, "slow");
	OK(spool_next(slow, &rec) == 1 && rec.sequence == 501);
	spool_reader_free(slow);
	spool_free(sp);
}

static void a_reader_follows_while_the_writer_rotates(void)
{
	struct spool_record rec;
	int got[64], n = 0, wrong = 0;

	fresh();
	struct spool_writer *sp = spool_new(root, 1 << 30, 100);
	struct spool_reader *r = spool_reader_new(root, "t");
	for (int i = 0; i < 60; i++) {
		add(sp, (enum spool_class)(i * 5 % 3), i);
		spool_flush(sp);
		while (spool_next(r, &rec) == 1)
			got[n++ % 64] = number_of(&rec);
		if (i % 7 == 0) {
			spool_keep(r);
			spool_retire(root);
		}
	}
	for (int i = 0; i < n; i++)
		wrong += got[i] != i;
	OK(n == 60 && wrong == 0);
	spool_reader_free(r);
	spool_free(sp);
}

static void a_record_too_big_is_refused(void)
{
	static char big[SPOOL_RECORD_MAX + 1];
	struct spool_record rec;

	fresh();
	struct spool_writer *sp = writer();
	OK(spool_add(sp, SPOOL_KEEP, slice(big, sizeof(big))) == MG_ETOOBIG);
	OK(spool_counts(sp)->dropped[SPOOL_KEEP] == 1);
	OK(spool_add(sp, SPOOL_KEEP, slice(big, SPOOL_RECORD_MAX)) == MG_OK);
	spool_flush(sp);
	struct spool_reader *r = spool_reader_new(root, "t");
	OK(spool_next(r, &rec) == 1 && rec.payload.len == SPOOL_RECORD_MAX);
	spool_reader_free(r);
	spool_free(sp);
}

static void an_event_is_filed_by_its_verdict(void)
{
	struct event e, got;
	struct spool_record rec;
	struct arena a;

	fresh();
	arena_init(&a);
	struct spool_writer *sp = writer();
	event_init(&e);
	OK(spool_add_event(sp, &e) == MG_OK);
	e.verdict[MG_REPLY] =
		(struct event_verdict){ .judged = true, .action = MG_LOG };
	spool_add_event(sp, &e);
	e.verdict[MG_REQUEST] =
		(struct event_verdict){ .judged = true, .action = MG_MASK };
	spool_add_event(sp, &e);
	event_init(&e);
	e.failure = slice_str("upstream");
	spool_add_event(sp, &e);
	spool_flush(sp);

	static const enum spool_class want[] = { SPOOL_ALLOW, SPOOL_LOG,
						 SPOOL_KEEP, SPOOL_KEEP };
	struct spool_reader *r = spool_reader_new(root, "t");
	for (int i = 0; i < 4; i++) {
		OK(spool_next(r, &rec) == 1 && rec.class == want[i]);
		OK(event_unpack(&got, rec.payload, &a) == MG_OK);
	}
	OK(strcmp(got.id, e.id) == 0 && slice_is(got.failure, "upstream"));
	spool_reader_free(r);
	spool_free(sp);
	arena_deinit(&a);
}

/* The disk refuses: events wait in memory, the weakest go first. */
static void a_full_disk_costs_the_weakest(void)
{
	static char payload[100000];

	fresh();
	struct spool_writer *sp = writer();
	rmdir(root); /* every new file fails from here on */
	for (int i = 0; i < 60; i++)
		spool_add(sp, SPOOL_ALLOW, slice(payload, sizeof(payload)));
	for (int i = 0; i < 60; i++)
		spool_add(sp, SPOOL_KEEP, slice(payload, sizeof(payload)));
	const struct spool_counts *c = spool_counts(sp);
	OK(c->errors > 0 && c->flushed == 0);
	OK(c->dropped[SPOOL_ALLOW] == 60);
	OK(c->dropped[SPOOL_KEEP] == 0 && c->added == 120);
	OK(spool_flush(sp) == MG_EIO);
	spool_free(sp);
	mkdir(root, 0700);
}

int main(void)
{
	snprintf(root, sizeof(root), "/tmp/moongate-spool-XXXXXX");
	if (!mkdtemp(root))
		return 1;
	/* The complaints that these tests provoke. */
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	RUN(classes_are_merged_in_order);
	RUN(nothing_is_read_before_it_is_flushed);
	RUN(a_cursor_outlives_its_reader);
	RUN(a_damaged_cursor_means_from_the_start);
	RUN(a_tail_torn_at_any_byte_loses_only_itself);
	RUN(a_flipped_bit_costs_one_record);
	RUN(numbers_go_on_after_a_restart);
	RUN(a_number_that_never_comes_is_counted);
	RUN(the_ceiling_drops_allow_then_log_never_the_rest);
	RUN(segments_go_when_every_sink_has_them);
	RUN(a_reader_follows_while_the_writer_rotates);
	RUN(a_record_too_big_is_refused);
	RUN(an_event_is_filed_by_its_verdict);
	RUN(a_full_disk_costs_the_weakest);
	fresh();
	rmdir(root);
	return test_done();
}
