/* scan.h - what C callers may set and see beyond mg.h. */
#pragma once
#include "detectors/detector.h"
#include "detectors/linear/scores.h"

/* More findings than this fail a scan; limits.findings. */
void scan_limit(struct mg_scan *scan, uint32_t max);

/* From now on every scan asks the statistical tier, needed or not. */
void scan_want_scores(struct mg_scan *scan);

/* What it thought of the texts of the last scan; NULL unless wanted. Valid
 * until the next. */
const struct scores *scan_scores(const struct mg_scan *scan);

/* The built-in row behind an entity; NULL for an operator's own. */
const struct row *catalogue_row(const struct mg_catalogue *cat, uint32_t i);
