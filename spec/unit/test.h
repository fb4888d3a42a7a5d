/* test.h - the whole C test framework. Output is TAP, for prove. */
#pragma once
#include <stdio.h>
#include <string.h>

static int test_count, test_failed;

#define OK(expr)                                                               \
	do {                                                                   \
		int ok_ = !!(expr);                                            \
		test_failed += !ok_;                                           \
		printf("%sok %d - %s\n", ok_ ? "" : "not ", ++test_count,      \
		       #expr);                                                 \
		if (!ok_)                                                      \
			printf("# %s:%d in %s\n", __FILE__, __LINE__,          \
			       __func__);                                      \
	} while (0)

#define RUN(test)                                                              \
	do {                                                                   \
		printf("# %s\n", #test);                                       \
		test();                                                        \
	} while (0)

static inline int test_done(void)
{
	printf("1..%d\n", test_count);
	return test_failed != 0;
}
