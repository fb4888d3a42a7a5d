/* fuzz_record.c - any bytes as a packed event. What unpacks must pack again and
 * unpack to the same bytes; nothing else may do more than say no. */
#include <stdlib.h>

#include "event/record.h"
#include "event/tell.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

static void again(const struct event *e, struct arena *a)
{
	struct buf once, twice;
	struct event got;

	buf_init(&once, EVENT_MAX);
	buf_init(&twice, EVENT_MAX);
	if (event_pack(e, &once) == MG_OK &&
	    event_unpack(&got, buf_slice(&once), a) == MG_OK) {
		if (event_pack(&got, &twice) < 0 ||
		    !slice_same(buf_slice(&once), buf_slice(&twice)))
			abort();
	} else if (buf_len(&once)) {
		abort(); /* packed, and not to be read */
	}
	buf_deinit(&once);
	buf_deinit(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct mg_slice packed = slice((const char *)at, len);
	struct event e;
	struct arena a;
	struct buf text;

	arena_init(&a);
	buf_init(&text, 1 << 20);
	if (event_unpack(&e, packed, &a) == MG_OK) {
		again(&e, &a);
		tell_line(&e, true, &text);
		tell_story(&e, false, &text);
		for (size_t i = 0; i < buf_len(&text); i++)
			if (text.at[i] == '\0' || text.at[i] == '\r')
				abort();
	}
	buf_clear(&text);
	event_json(packed, &text);
	buf_deinit(&text);
	arena_deinit(&a);
	return 0;
}
