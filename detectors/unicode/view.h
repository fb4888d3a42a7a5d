/* view.h - a text as it reads once its disguise is off.
 *
 *   text --> sweep: nothing to do, for nearly all
 *        --> plain:   hidden runes out, letters in disguise folded
 *        --> payload: what tags, selectors and zero widths carry, what base64,
 *                     hex and escapes hold, a line each; and once more of that
 *
 * Every byte of a view knows which bytes of the text it came from, so that what
 * is found in the view is masked in the text. Nothing grows when its disguise
 * is taken off: plain and payload together are at most three times the text.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct view {
	char *text;     /* owns, as the two below */
	uint32_t *from; /* byte i stands for [from[i], to[i]) of its text */
	uint32_t *to;
	uint32_t len;
	uint32_t cap;
	bool full; /* something did not fit */
};

/* Half-open ranges of a view; empty when there is none. */
struct view_part {
	uint32_t plain_from;
	uint32_t plain_to;
	uint32_t payload_from;
	uint32_t payload_to;
};

void view_init(struct view *v);
void view_deinit(struct view *v);

/* Appends what there is to see in `text`: mostly nothing. MG_ETOOBIG when that
 * outgrows its room. */
int view_add(struct view *v, const char *text, uint32_t len,
	     struct view_part *part);
