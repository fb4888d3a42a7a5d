/* case.h - one stage of one exchange, as the judge sees it.
 *
 * A surface (or `moongate judge`) fills in what it knows, hands the case to
 * engine_judge and reads the verdict. Nothing here does I/O; nothing is
 * computed that no policy asks for.
 */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "policy/verdict.h"

struct mg_case {
	struct arena *arena;            /* borrows: the flow's */
	struct mg_slice attr[MG_ATTRS]; /* borrows */
	double number[MG_NUMS];
	const struct mg_slice *tags;   /* borrows */
	const struct mg_slice *groups; /* borrows */
	const struct mg_slice *tools;  /* borrows */
	uint32_t tag_count;
	uint32_t group_count;
	uint32_t tool_count;
	const struct mg_segment *segments; /* borrows */
	uint32_t segment_count;
	struct mg_scan *scan;              /* borrows the worker's */
	struct quota *quota;               /* borrows; NULL: no quotas kept */
	const struct verdict_table *table; /* borrows; set by the engine */
	/* Written while judging: */
	bool scanned;
	int scan_result; /* number of findings, or why there are none */
	const struct mg_finding *findings; /* in the arena */
	uint64_t detect_us;
	struct verdict *verdict; /* borrows; initialised by the caller */
};
