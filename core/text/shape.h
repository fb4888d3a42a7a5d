/* shape.h - which paths of a JSON body hold text, as one automaton.
 *
 *   "/messages/<star>/content" USER   \
 *   "/system/<star>/text" SYSTEM       >-- compile --> states, one per place
 *   "/model" MODEL                    /
 *
 * Patterns are added, then compiled once into a deterministic automaton over
 * keys: one step a nesting level, whatever the number of patterns. A pattern
 * is a JSON Pointer whose components may be '*' (any key or index) or '**' (any
 * number of them, none too). Where several patterns meet, the one with most
 * literal components rules; a pattern that reaches a place by name rules over
 * one that reaches it from above (DEEP, '**').
 *
 * State 0 is "nothing named from here on": nothing is looked up below it.
 */
#pragma once
#include "base/slice.h"

enum { SHAPE_NOWHERE = 0 };

struct shape_rule {
	uint32_t role;
	uint32_t flags; /* mg_rule_flag */
};

/* The state of the outermost value. NULL or uncompiled: SHAPE_NOWHERE. */
uint32_t shape_start(const struct mg_shape *shape);

/* One level down. */
uint32_t shape_key(const struct mg_shape *shape, uint32_t state,
		   struct mg_slice key);
uint32_t shape_index(const struct mg_shape *shape, uint32_t state,
		     uint32_t index);

/* What holds for the value here; NULL when no pattern names it. */
const struct shape_rule *shape_rule(const struct mg_shape *shape,
				    uint32_t state);
bool shape_compiled(const struct mg_shape *shape);
