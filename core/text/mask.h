/* mask.h - what stands where a found value stood.
 *
 *   PLACEHOLDER  [EMAIL]           the entity's word
 *   KEEP_LENGTH  ****************  a star for each character
 *   KEEP_LAST4   ****1111          when more is hidden than shown
 *   HASH         [EMAIL:9f86d081]  keyed: the same value, the same mask
 *   TOKEN        [EMAIL_1]         from the exchange's vault, undone in replies
 */
#pragma once
#include "base/arena.h"
#include "base/slice.h"
#include "text/vault.h"

struct masker {
	struct arena *arena; /* borrows: the flow's */
	struct mg_slice key; /* of HASH; borrows. Without one: a placeholder */
	struct vault *vault; /* of TOKEN; borrows. NULL: a placeholder */
};

/* `word` is the entity's, without brackets. Lives in the arena; plain text
 * without quotes, backslashes or control characters. */
struct mg_slice mask_render(const struct masker *m, enum mg_mask_style style,
			    struct mg_slice word, struct mg_slice value);
