/* story.h - events from the store, for `events`, `tail` and `explain EVENT`. */
#pragma once
#include <stdbool.h>

#include "event/filter.h"
#include "event/sink_sqlite.h"

/* True when stdout shows colours: a terminal, and NO_COLOR is not set. */
bool story_has_colour(void);

/* The store of `state`; NULL when there is none yet. */
struct archive *story_open(const char *state);

/* What `--filter` says, or else the words of the command line, joined by
 * spaces. NULL after complaining on stderr. */
struct filter *story_filter(const char *const *words, int count,
			    const char *option);

/* One event on stdout: a line, or a line of JSON. */
void story_print(struct mg_slice packed, bool json);

/* True when `text` has the form of an event's id. */
bool story_is_id(const char *text);

/* The whole story of one event on stdout. An exit code of cmd.h. */
int story_explain(const char *state, const char *id, bool json);
