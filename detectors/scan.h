/* scan.h - what C callers may set and see beyond mg.h. */
#pragma once
#include "detectors/detector.h"

/* More findings than this fail a scan; limits.findings. */
void scan_limit(struct mg_scan *scan, uint32_t max);

/* The built-in row behind an entity; NULL for an operator's own. */
const struct row *catalogue_row(const struct mg_catalogue *cat, uint32_t i);
