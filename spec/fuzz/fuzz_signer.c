/* fuzz_signer.c - what the signer and its clients say to each other: any packet
 * is read or refused, and what is read is written the same. */
#include <stdlib.h>
#include <string.h>

#include "proc/signer_wire.h"
#include "tls/mint.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct mg_slice packet = slice((const char *)at, len);
	struct signer_message m;
	struct buf again;

	mint_is_host(packet);
	if (signer_wire_read(packet, &m) < 0)
		return 0;
	buf_init(&again, len + 16);
	if (signer_wire_write(&m, &again) < 0 ||
	    !slice_same(buf_slice(&again), packet))
		abort();
	buf_deinit(&again);
	return 0;
}
