/* bench_scan.c - what scanning costs on text in which nothing is found.
 *
 *   build/spec/bench/bench_scan [FILE...]      default: this repository's own
 *                                              licence (prose) and C (code)
 *
 * Prints, for each file and block size, MB/s and microseconds a block, with
 * everything needed and with what a usual set of policies needs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "abi/mg.h"

enum { ROUNDS = 7, MIN_BYTES = 1 << 20 };

/* CPU time of this thread: neighbours on the machine do not count. */
static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static char *slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *at = malloc(64 << 20);

	if (!f || !at)
		exit(2);
	*len = fread(at, 1, 32 << 20, f);
	fclose(f);
	while (*len && *len < MIN_BYTES) {
		memcpy(at + *len, at, *len);
		*len *= 2;
	}
	return at;
}

/* Needs of policies that name groups; NULL needs everything. */
static struct mg_catalogue *catalogue(const char *const *groups)
{
	struct mg_catalogue *cat = mg_catalogue_new();

	if (!groups)
		for (uint32_t i = 0; i < mg_catalogue_count(cat); i++)
			mg_catalogue_need(cat, i);
	for (; groups && *groups; groups++)
		for (uint32_t i = 0;; i++) {
			int e = mg_catalogue_group(cat, *groups,
						   strlen(*groups), i);
			if (e < 0)
				break;
			mg_catalogue_need(cat, (uint32_t)e);
		}
	double from = now();
	if (mg_catalogue_compile(cat, NULL) < 0) {
		fprintf(stderr, "%s\n", mg_catalogue_error(cat));
		exit(1);
	}
	printf("compile %.0f ms\n", (now() - from) * 1e3);
	return cat;
}

static void run(struct mg_scan *scan, const char *name, const char *at,
		size_t len, size_t block)
{
	double best = 1e9;
	long found = 0;
	size_t blocks = len / block;

	for (int r = 0; r < ROUNDS; r++) {
		double from = now();

		found = 0;
		for (size_t i = 0; i < blocks; i++) {
			int n = mg_scan_text(scan, at + i * block, block);
			found += n > 0 ? n : 0;
		}
		if (now() - from < best)
			best = now() - from;
	}
	printf("  %-28.28s %6zu B  %7.0f MB/s  %8.2f us  %ld found\n", name,
	       block, (double)(blocks * block) / best / 1e6,
	       best / (double)blocks * 1e6, found);
}

/* Thirty turns of two hundred bytes: a usual conversation. */
static void run_turns(struct mg_scan *scan, const char *at, size_t len)
{
	struct mg_segment turn[30] = { 0 };
	double best = 1e9;
	size_t n = len / 6000;

	for (int r = 0; r < ROUNDS; r++) {
		double from = now();

		for (size_t i = 0; i < n; i++) {
			for (size_t k = 0; k < 30; k++)
				turn[k] = (struct mg_segment){
					.role = MG_ROLE_USER,
					.text = { at + i * 6000 + k * 200,
						  200 },
				};
			mg_scan_segments(scan, turn, 30);
		}
		if (now() - from < best)
			best = now() - from;
	}
	printf("  30 segments of 200 B              %8.2f us\n",
	       best / (double)n * 1e6);
}

int main(int argc, char **argv)
{
	static const char *own[] = { "LICENSE", "core/policy/engine.c" };
	static const char *const usual[] = { "pii", "secret", "injection",
					     "code", NULL };
	static const char *const none[] = { NULL };
	const char *const *needs[] = { NULL, usual, none };
	static const char *const title[] = { "everything", "usual policies",
					     "nothing" };

	for (int k = 0; k < 3; k++) {
		printf("%s: ", title[k]);
		struct mg_catalogue *cat = catalogue(needs[k]);
		struct mg_scan *scan = mg_scan_new(cat);

		for (int i = 0; i < (argc > 1 ? argc - 1 : 2); i++) {
			const char *path = argc > 1 ? argv[i + 1] : own[i];
			size_t len;
			char *at = slurp(path, &len);

			run(scan, path, at, len, 2048);
			run(scan, path, at, len, 65536);
			run_turns(scan, at, len);
			free(at);
		}
		mg_scan_free(scan);
		mg_catalogue_free(cat);
	}
	return 0;
}
