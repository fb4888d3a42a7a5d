/* walk.h - from JSON to segments, along a shape.
 *
 *   json tokens --> [a frame a level: shape state, role, key] --> segments
 *
 * Roles that stand in a `role` key are settled when its object ends, so the
 * key may come before or after the text it belongs to, and the nearest object
 * that has one decides.
 */
#pragma once
#include "text/segment.h"

/* Streams: by segment, where it goes on. See stream.h. */
struct walk_channels {
	uint64_t *at;
	uint32_t cap;
};

/* Where the JSON lies in the body. All zero: it is the body. */
struct walk_origin {
	uint32_t base;        /* offset in the body of its first raw byte */
	uint32_t coding;      /* the layers around it */
	struct mg_slice raw;  /* what it was decoded from, when coding */
	struct mg_slice path; /* put before every path */
	struct walk_channels *channels; /* filled in; NULL: not wanted */
	bool lenient;                   /* invalid UTF-8 is read as it stands */
	bool events; /* an array whose elements are what `shape` means */
};

/* Adds the segments of `text`. How many values stood in it in a row, or
 * MG_EPROTO (not JSON; *bad_utf8 when only UTF-8 was wrong) or MG_ETOOBIG.
 * After an error segments may have been added that the caller has to drop. */
int walk_json(struct segments *segs, const struct mg_shape *shape,
	      const struct walk_origin *origin, struct mg_slice text,
	      bool *bad_utf8);
