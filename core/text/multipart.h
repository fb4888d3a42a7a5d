/* multipart.h - uploads: several named parts in one body (RFC 7578).
 *
 *   --b CRLF headers CRLF CRLF content CRLF --b ... --b--
 *
 * Each part is read as what it is: text, JSON, or unread. Names of files are
 * text as well.
 */
#pragma once
#include "text/segment.h"

/* True when the media type says so and the body begins with a boundary. */
bool multipart_is(struct mg_slice content_type, struct mg_slice body);

/* 0, MG_ETOOBIG, or MG_EPROTO when the parts do not fit together: then nothing
 * was added. */
int multipart_read(struct segments *segs, const struct mg_shape *shape,
		   struct mg_slice body);
