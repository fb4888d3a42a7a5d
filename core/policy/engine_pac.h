/* engine_pac.h - the PAC file, rendered by pac-gen/pac.lua from the tables of
 * applications.
 *
 * A lua_State of its own, for the length of the call: whoever serves PAC files
 * needs no policies, no detectors and no generation.
 */
#pragma once
#include "base/buf.h"
#include "base/conf.h"

/* Appends the PAC file of these settings to `out`: for the TLS listeners, or
 * for the plain ones when `plain` is set (or when there are no others). 0, or
 * MG_EINVAL with sentences, one a line, in `why`. */
int engine_pac(const struct conf *conf, bool plain, struct buf *out, char *why,
	       size_t why_len);

/* Appends what that file answers for one host, or for several, one a line:
 * "DIRECT", "HTTPS p:8443". */
int engine_pac_ask(const struct conf *conf, bool plain, const char *hosts,
		   struct buf *out, char *why, size_t why_len);
