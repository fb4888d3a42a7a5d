/* bench_linear.c - what the statistical tier costs, all heads at once.
 *
 *   build/bench/bench_linear [FILE...]    default: this repository's licence
 *                                         (prose) and a file of C (code)
 *
 * JSON on stdout: microseconds a KB, for blocks of several sizes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "detectors/linear/linear.h"

enum { ROUNDS = 9, BYTES = 1 << 20 };

/* CPU time of this thread: neighbours on the machine do not count. */
static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The file again and again, to BYTES. */
static char *fill(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *at = malloc(BYTES);
	size_t len;

	if (!f || !at || !(len = fread(at, 1, BYTES, f)))
		exit(2);
	fclose(f);
	for (size_t i = len; i < BYTES; i++)
		at[i] = at[i - len];
	return at;
}

static double cost(const char *at, uint32_t block)
{
	const struct linear_model *m = linear_built_in();
	struct linear_text t;
	double best = 1e9;

	for (int r = 0; r < ROUNDS; r++) {
		double from = now();

		for (uint32_t i = 0; i + block <= BYTES; i += block)
			linear_judge(m, at + i, block, &t);
		if (now() - from < best)
			best = now() - from;
	}
	return best * 1e6 / (BYTES / 1024.0);
}

int main(int argc, char **argv)
{
	static const char *own[] = { "LICENSE", "core/policy/engine.c" };
	static const uint32_t block[] = { 256, 1024, 4096, 65536, BYTES };
	int n = argc > 1 ? argc - 1 : 2;

	printf("{");
	for (int i = 0; i < n; i++) {
		const char *path = argc > 1 ? argv[i + 1] : own[i];
		char *at = fill(path);

		printf("%s\"%s\":{", i ? "," : "", path);
		for (size_t k = 0; k < sizeof(block) / sizeof(*block); k++)
			printf("%s\"%u\":%.2f", k ? "," : "", block[k],
			       cost(at, block[k]));
		printf("}");
		free(at);
	}
	printf("}\n");
	return 0;
}
