/* attachment.h - payloads inside strings: data: URLs and base64.
 *
 *   "data:text/csv;base64,bmFtZQ==" --> a document segment, decoded
 *   "data:image/png;base64,iVBO..." --> an unread one: no reader opens it
 *
 * The bytes decide what a payload is, not its media type.
 */
#pragma once
#include "text/segment.h"

enum attachment {
	ATTACHMENT_NONE,   /* plain text, or a link: read it as it stands */
	ATTACHMENT_READ,   /* `text` holds it, decoded */
	ATTACHMENT_UNREAD, /* recognised, and nobody reads it */
};

struct payload {
	size_t from;        /* where in the value the payload begins */
	enum coding coding; /* BASE64, PERCENT or RAW */
	struct mg_slice text;
};

/* True for "data:..." with a comma where it belongs. */
bool attachment_is_data_url(struct mg_slice value);

/* `bare`: base64 without a data: URL is expected here, too. */
enum attachment attachment_open(struct arena *a, struct mg_slice value,
				bool bare, struct payload *out);
