/* impl.h - what files of core/text share and nobody else sees. */
#pragma once
#include "text/segment.h"

/* A named piece of a body that is not JSON as a whole: a form field, a part. */
struct body_field {
	struct mg_slice name;
	struct mg_slice raw;
	uint32_t base; /* offset of `raw` in the body */
	enum coding coding;
};

/* Adds its segments: of JSON by shape, of text as one, else unread. The role
 * is what the shape says of "/NAME". */
int body_field(struct segments *segs, const struct mg_shape *shape,
	       const struct body_field *field);
