/* views.c - builds the views of a scan and maps their spans back. */
#include "detectors/views.h"

#include <stdlib.h>
#include <string.h>

void views_init(struct views *v)
{
	memset(v, 0, sizeof(*v));
	view_init(&v->view);
}

void views_deinit(struct views *v)
{
	view_deinit(&v->view);
	free(v->segments);
	free(v->origins);
}

static void add(struct views *v, uint32_t n, const struct mg_segment *seg,
		uint32_t segment, uint32_t from, uint32_t to)
{
	if (n == v->cap) {
		v->cap = v->cap ? v->cap * 2 : 16;
		v->segments =
			realloc(v->segments, v->cap * sizeof(*v->segments));
		v->origins = realloc(v->origins, v->cap * sizeof(*v->origins));
		if (!v->segments || !v->origins)
			abort();
	}
	v->segments[n] = (struct mg_segment){ .role = seg->role };
	v->segments[n].text.len = to - from;
	v->origins[n] = (struct views_origin){ segment, from };
}

int views_build(struct views *v, const struct mg_segment *seg, uint32_t count)
{
	uint32_t n = 0;

	v->view.len = 0;
	for (uint32_t i = 0; i < count; i++) {
		struct view_part part;
		int rc = view_add(&v->view, seg[i].text.at,
				  (uint32_t)seg[i].text.len, &part);

		if (rc < 0)
			return rc;
		if (part.plain_to > part.plain_from)
			add(v, n++, &seg[i], i, part.plain_from, part.plain_to);
		if (part.payload_to > part.payload_from)
			add(v, n++, &seg[i], i, part.payload_from,
			    part.payload_to);
	}
	/* Only now does the text stay where it is. */
	for (uint32_t i = 0; i < n; i++)
		v->segments[i].text.at = v->view.text + v->origins[i].from;
	return (int)n;
}

uint32_t views_place(const struct views *v, uint32_t i, uint32_t *from,
		     uint32_t *to)
{
	const struct views_origin *o = &v->origins[i];
	uint32_t first = o->from + *from, last = o->from + *to - 1;
	const struct view *w = &v->view;

	/* Pieces of one payload need not lie in the order of the text. */
	*from = w->from[first] < w->from[last] ? w->from[first] : w->from[last];
	*to = w->to[first] > w->to[last] ? w->to[first] : w->to[last];
	return o->segment;
}
