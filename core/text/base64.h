/* base64.h - payloads inside text: both alphabets, with or without padding. */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"

/* True when all of `s` (not empty) is base64; white space is let through. */
bool base64_is(struct mg_slice s);

/* Decodes into the arena. MG_EPROTO when it is not base64. */
int base64_decode(struct arena *a, struct mg_slice s, struct mg_slice *out);

/* Appends, with padding, in the common alphabet. */
int base64_encode(struct mg_slice s, struct buf *out);
