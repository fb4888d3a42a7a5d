/* views.h - the undisguised texts of a scan, as segments of their own. */
#pragma once
#include "abi/mg.h"
#include "detectors/unicode/view.h"

struct views {
	struct view view;
	struct mg_segment *segments; /* owns; of the views */
	struct views_origin *origins;
	uint32_t cap;
};

/* Which segment a view is of, and where it lies in the text of all views. */
struct views_origin {
	uint32_t segment;
	uint32_t from;
};

void views_init(struct views *v);
void views_deinit(struct views *v);

/* How many views there are of these segments, in `v->segments`; 0 for nearly
 * all texts. MG_ETOOBIG when they outgrow what view.h allows. */
int views_build(struct views *v, const struct mg_segment *seg, uint32_t count);

/* From a span of view `i` to that of the segment it is of, which is returned.
 */
uint32_t views_place(const struct views *v, uint32_t i, uint32_t *from,
		     uint32_t *to);
