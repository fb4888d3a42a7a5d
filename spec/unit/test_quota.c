/* test_quota.c - a quota of n admits n, whoever counts and however many. */
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policy/quota.h"
#include "test.h"

enum { SIZE = 1 << 20, NOON = 1000000000 };

static void *shared(size_t len)
{
	void *at = mmap(NULL, len, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		abort();
	return at;
}

static void n_pass_and_the_next_waits(void)
{
	void *at = shared(SIZE);
	struct quota *q = quota_init(at, SIZE);
	uint64_t now = 60000ull * NOON; /* a window begins */
	int admitted = 0;

	for (int i = 0; i < 100; i++)
		admitted += quota_take(q, 7, 60, 60, 1, now) == 0;
	OK(admitted == 60);
	OK(quota_take(q, 7, 60, 60, 1, now) == 61);
	OK(quota_take(q, 7, 60, 60, 1, now + 30000) == 31);
	OK(quota_take(q, 8, 60, 60, 1, now) == 0);
	munmap(at, SIZE);
}

static void the_wait_is_what_it_takes(void)
{
	void *at = shared(SIZE);
	struct quota *q = quota_init(at, SIZE);
	uint64_t now = 60000ull * NOON;

	for (uint64_t k = 1; k < 2000; k++) {
		uint32_t max = 1 + rand() % 50, seconds = 1 + rand() % 100;
		uint64_t t = now + rand() % 1000000;
		uint32_t wait = 0;

		while (!wait)
			wait = quota_take(q, k << 32, max, seconds, 1, t);
		if (wait > 1 && !quota_take(q, k << 32, max, seconds, 1,
					    t + (wait - 1) * 1000ull - 1000)) {
			OK(!"it was let in before its time");
			break;
		}
		if (quota_take(q, k << 32, max, seconds, 1, t + wait * 1000)) {
			OK(!"it was not let in at its time");
			break;
		}
	}
	OK(1);
	munmap(at, SIZE);
}

static void a_window_slides(void)
{
	void *at = shared(SIZE);
	struct quota *q = quota_init(at, SIZE);
	uint64_t now = 60000ull * NOON + 59999;
	int admitted = 0;

	for (int i = 0; i < 60; i++)
		quota_take(q, 7, 60, 60, 1, now);
	for (int i = 0; i < 60; i++)
		admitted += quota_take(q, 7, 60, 60, 1, now + 2) == 0;
	OK(admitted == 0);
	for (int i = 0; i < 60; i++)
		admitted += quota_take(q, 7, 60, 60, 1, now + 30001) == 0;
	OK(admitted == 30);
	OK(quota_take(q, 7, 60, 60, 1, now + 300000) == 0);
	munmap(at, SIZE);
}

static void large_amounts_are_kept_in_larger_units(void)
{
	void *at = shared(SIZE);
	struct quota *q = quota_init(at, SIZE);
	uint64_t now = 86400000ull * 20000;
	uint64_t taken = 0;

	while (!quota_take(q, 9, 1000000000, 86400, 1000000, now))
		taken += 1000000;
	OK(taken <= 1000000000 && taken >= 990000000);
	quota_charge(q, 10, 100, 60, 100, now);
	OK(quota_take(q, 10, 100, 60, 1, now) > 0);
	OK(quota_take(q, 11, 100, 60, 101, now) == 120);
	munmap(at, SIZE);
}

static void a_full_table_admits_nobody_new(void)
{
	void *at = shared(1024);
	struct quota *q = quota_init(at, 1024);
	uint64_t now = 60000ull * NOON;
	int refused = 0;

	for (uint64_t k = 1; k <= 1000; k++)
		refused += quota_take(q, quota_key(q, k, slice_str("x")), 5, 60,
				      1, now) != 0;
	OK(refused > 900);
	OK(quota_take(q, quota_key(q, 5000, slice_str("x")), 5, 60, 1,
		      now + 600000) == 0);
	munmap(at, 1024);
}

static void keys_depend_on_both_parts(void)
{
	void *at = shared(SIZE);
	struct quota *q = quota_init(at, SIZE);

	OK(quota_key(q, 1, slice_str("ana")) ==
	   quota_key(q, 1, slice_str("ana")));
	OK(quota_key(q, 1, slice_str("ana")) !=
	   quota_key(q, 2, slice_str("ana")));
	OK(quota_key(q, 1, slice_str("ana")) !=
	   quota_key(q, 1, slice_str("anb")));
	OK(quota_key(q, 1, slice_str("")) != quota_key(q, 1, slice("\0", 1)));
	munmap(at, SIZE);
}

static void racing_processes_admit_exactly_n(void)
{
	enum { CHILDREN = 4, TRIES = 20000, MAX = 30000 };
	void *at = shared(SIZE);
	struct quota *q = quota_init(at, SIZE);
	_Atomic uint32_t *admitted = shared(4096);

	for (int c = 0; c < CHILDREN; c++) {
		if (fork() == 0) {
			for (int i = 0; i < TRIES; i++)
				if (!quota_take(q, 7, MAX, 3600, 1,
						3600000ull * 500000 + i / 100))
					atomic_fetch_add(admitted, 1);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	OK(atomic_load(admitted) == MAX);
	munmap((void *)admitted, 4096);
	munmap(at, SIZE);
}

int main(void)
{
	RUN(n_pass_and_the_next_waits);
	RUN(the_wait_is_what_it_takes);
	RUN(a_window_slides);
	RUN(large_amounts_are_kept_in_larger_units);
	RUN(a_full_table_admits_nobody_new);
	RUN(keys_depend_on_both_parts);
	RUN(racing_processes_admit_exactly_n);
	return test_done();
}
