/* hello.h - the name in a ClientHello, read without answering it.
 *
 * For tunnels that pass unread: a device may CONNECT to an address, or to a
 * host that is not covered, and ask for a covered name inside. RFC 8446 4.1.2,
 * RFC 6066 3. The message may lie in any number of records.
 */
#pragma once
#include "base/slice.h"

enum { HELLO_MAX = 16 << 10, HELLO_NAME_MAX = 255 };

/* 0: *name_len bytes of `name` (lower case) are the SNI, 0 when there is none.
 * MG_EAGAIN: more bytes are needed. MG_EPROTO: this is no TLS ClientHello.
 * MG_ETOOBIG: it is larger than anybody honest sends. */
int hello_name(struct mg_slice bytes, char name[HELLO_NAME_MAX + 1],
	       size_t *name_len);
