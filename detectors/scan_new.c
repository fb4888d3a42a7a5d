/* scan_new.c - a scan's birth, settings and end. What it does is in scan.c. */
#include <stdlib.h>

#include "detectors/impl.h"
#include "detectors/scan.h"

struct mg_scan *mg_scan_new(const struct mg_catalogue *cat)
{
	if (!cat->compiled)
		return NULL;

	struct mg_scan *scan = calloc(1, sizeof(*scan));
	if (!scan)
		abort();
	scan->cat = cat;
	scan->max = FINDINGS_MAX;
	if (cat->scratch &&
	    hs_clone_scratch(cat->scratch, &scan->scratch) != HS_SUCCESS)
		abort();
	own_init(&scan->tools);
	views_init(&scan->views);
	scan->join = malloc(JOIN_MAX);
	scan->cap = 256;
	scan->found = malloc(scan->cap * sizeof(*scan->found));
	scan->noted_cap = 256;
	scan->noted = malloc(scan->noted_cap * sizeof(*scan->noted));
	scan->passed = calloc(cat->count + 1, sizeof(*scan->passed));
	scan->asked = calloc(cat->count / 64 + 1, sizeof(*scan->asked));
	if (!scan->join || !scan->found || !scan->noted || !scan->asked ||
	    !scan->passed)
		abort();
	return scan;
}

void mg_scan_free(struct mg_scan *scan)
{
	if (!scan)
		return;
	hs_free_scratch(scan->scratch);
	own_deinit(&scan->tools);
	views_deinit(&scan->views);
	explicit_bzero(scan->join, JOIN_MAX);
	free(scan->join);
	free(scan->found);
	free(scan->noted);
	free(scan->mentions.at);
	free(scan->asked);
	free(scan->passed);
	free(scan);
}

void scan_want_scores(struct mg_scan *scan)
{
	scan->scores_wanted = true;
}

const struct scores *scan_scores(const struct mg_scan *scan)
{
	return scan->scores_wanted ? &scan->scores : NULL;
}

void scan_limit(struct mg_scan *scan, uint32_t max)
{
	scan->max = max;
}
