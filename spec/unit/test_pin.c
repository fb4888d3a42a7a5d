/* test_pin.c - who pinned is remembered for an hour, and not for ever. */
#include "surface/pin.h"
#include "test.h"

#define HOUR (3600 * 1000000ull)

static void a_host_is_remembered_for_an_hour(void)
{
	static struct pins pins;

	OK(!pins_have(&pins, slice_str("a.test"), 1));
	pins_add(&pins, slice_str("a.test"), 1);
	OK(pins_have(&pins, slice_str("a.test"), 2));
	OK(!pins_have(&pins, slice_str("b.test"), 2));
	OK(!pins_have(&pins, slice_str("a.test"), HOUR + 2));
}

static void the_oldest_gives_way(void)
{
	static struct pins pins;
	char name[32];

	for (unsigned i = 0; i <= PINS; i++) {
		snprintf(name, sizeof(name), "h%u.test", i);
		pins_add(&pins, slice_str(name), i + 1);
	}
	OK(!pins_have(&pins, slice_str("h0.test"), 100));
	OK(pins_have(&pins, slice_str("h1.test"), 100));
	OK(pins_have(&pins, slice_str("h64.test"), 100));
}

static void the_same_host_takes_one_place(void)
{
	static struct pins pins;

	pins_add(&pins, slice_str("keep.test"), 1);
	for (unsigned i = 0; i < 3 * PINS; i++)
		pins_add(&pins, slice_str("again.test"), i + 2);
	OK(pins_have(&pins, slice_str("keep.test"), 9));
}

int main(void)
{
	RUN(a_host_is_remembered_for_an_hour);
	RUN(the_oldest_gives_way);
	RUN(the_same_host_takes_one_place);
	return test_done();
}
