/* signer_wire.h - what the signer and its clients say to each other.
 *
 *   hello   H                                     worker: the kit, please
 *   leaf?   L host                                worker
 *   kit     K revision key_len key chain          signer: leaf key, issuers
 *   leaf    C revision host_len host certificate  signer
 *   no      R host_len host                       signer: never for this host
 *   reload  N                                     supervisor, two descriptors
 *   done    O                                     signer: in use from now on
 *   failed  E sentence                            signer: the old one stays
 *
 * One message is one packet; numbers are 32 bits in network order, host_len is
 * one byte. A leaf names the revision of the kit it belongs to, so one that
 * overtakes a rotation is not mixed with another key.
 */
#pragma once
#include "base/buf.h"
#include "base/slice.h"

enum signer_kind {
	SIGNER_HELLO = 'H',
	SIGNER_ASK = 'L',
	SIGNER_KIT = 'K',
	SIGNER_LEAF = 'C',
	SIGNER_NO = 'R',
	SIGNER_RELOAD = 'N',
	SIGNER_DONE = 'O',
	SIGNER_FAILED = 'E',
};

/* Borrows from the packet it was read from. Unused fields are empty. */
struct signer_message {
	enum signer_kind kind;
	uint32_t revision;
	struct mg_slice host;
	struct mg_slice key;
	struct mg_slice body; /* chain, certificate or sentence */
};

/* MG_EPROTO when it is none, or holds a byte too many or too few. */
int signer_wire_read(struct mg_slice packet, struct signer_message *out);

/* Appends one message. */
int signer_wire_write(const struct signer_message *m, struct buf *out);
