/* fuzz_identity.c - the table of integrations: any bytes are read or refused,
 * and what is read and printed is read the same. */
#include <stdlib.h>
#include <string.h>

#include "certs/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

static void print(const struct roster *r, struct buf *out)
{
	buf_init(out, ROSTER_BYTES_MAX);
	if (roster_print(r, out) < 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static const char head[] = "moongate-integrations 1\n";
	struct buf text, once, twice;
	struct roster r, again;
	char why[256];

	/* Most of the interesting lies below the first line. */
	buf_init(&text, len + sizeof(head));
	if (len && at[0] & 1)
		buf_add_str(&text, head);
	buf_add_at(&text, at, len);
	roster_init(&r);
	if (roster_parse(&r, buf_slice(&text), why, sizeof(why)) == 0) {
		print(&r, &once);
		roster_init(&again);
		if (roster_parse(&again, buf_slice(&once), why, sizeof(why)) <
		    0)
			abort();
		print(&again, &twice);
		if (!slice_same(buf_slice(&once), buf_slice(&twice)))
			abort();
		buf_deinit(&once);
		buf_deinit(&twice);
		roster_deinit(&again);
	}
	roster_deinit(&r);
	buf_deinit(&text);
	return 0;
}
