/* relay.h - the stage that passes everything on and counts body bytes. */
#pragma once
#include "flow/lane.h"

/* Adds to *bytes, which it borrows until closed. */
struct stage *relay_new(uint64_t *bytes);
