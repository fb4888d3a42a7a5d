/* encoded.h - text inside text: base64, hex, and escapes of four kinds. */
#pragma once
#include "detectors/unicode/view.h"

/* A text, and where each of its bytes came from; NULL: from where it is. */
struct source {
	const char *text;
	uint32_t len;
	const uint32_t *from;
	const uint32_t *to;
};

/* Is there anything? Two sweeps, and nothing is written. */
bool encoded_may_be(const char *text, uint32_t len);

/* Appends what is held by the source, a line each; `v` has room for it. */
void encoded_add(struct view *v, const struct source *s);

/* Appends one byte. */
static inline void view_put(struct view *v, char c, uint32_t from, uint32_t to)
{
	if (v->len == v->cap) {
		v->full = true;
		return;
	}
	v->text[v->len] = c;
	v->from[v->len] = from;
	v->to[v->len++] = to;
}
