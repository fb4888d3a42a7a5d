/* role.h - words that say whose a text is. */
#pragma once
#include "base/slice.h"

/* The mg_role of a `role` key's value, 0 when nobody knows the word. */
uint32_t role_of_word(struct mg_slice word);

/* Events of OpenAI's Responses API say by their `type` whose delta they carry;
 * 0 when this one does not. */
uint32_t role_of_event(struct mg_slice type);
