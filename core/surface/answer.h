/* answer.h - what we say ourselves, instead of a service. */
#pragma once
#include "surface/device.h"

/* The answer to a CONNECT that is refused: text for people (browsers hide it,
 * command lines show it). 407 asks for a token. */
void answer_connect(struct device *d, uint16_t status, const char *why);

/* A whole reply, appended to `out`: JSON body, told never to be retried by the
 * SDKs that can be told. `close` says that the connection ends. */
int answer_write(struct buf *out, uint16_t status, const char *content_type,
		 struct mg_slice body, bool to_head, bool close,
		 uint32_t retry_after);

/* {"error":{"message":"...","type":...,"code":...}}: for faults that are not a
 * policy's, in the shape that every SDK reads. */
void answer_error_body(struct buf *out, uint16_t status, const char *type,
		       const char *message);
