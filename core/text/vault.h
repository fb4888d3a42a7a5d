/* vault.h - reversible tokens of one exchange.
 *
 *   request  "write to ann@x.example"  -->  "write to [EMAIL_1]"
 *   reply    "Dear [EMAIL_1], ..."     -->  "Dear ann@x.example, ..."
 *
 * The same value has the same token; tokens of an entity are numbered in the
 * order in which their values first appear, so that a conversation that is sent
 * again with every turn gets the same tokens again. Only tokens made here are
 * undone: what the request already held literally is never handed out.
 *
 * Seam for a live window: vault_find() over joined text, and hold back
 * vault_reach() bytes, for a token may be cut anywhere.
 */
#pragma once
#include "base/arena.h"
#include "base/slice.h"
#include "text/edit.h"

struct vault;

/* Lives in the arena, with all it holds. */
struct vault *vault_new(struct arena *a);

/* Notes what looks like a token in a request, before tokens are made. */
void vault_avoid(struct vault *v, const struct mg_segment *segs,
		 uint32_t count);

/* The token for a value, "[WORD_1]". Valid as long as the vault. */
struct mg_slice vault_token(struct vault *v, struct mg_slice word,
			    struct mg_slice value);

/* How many tokens were made. */
uint32_t vault_count(const struct vault *v);

/* The longest token made, in bytes; 0 when there is none. */
size_t vault_reach(const struct vault *v);

/* The next token made here that stands in `text` at or after *from: then
 * [*from, *to) is its place. What it stands for; at == NULL when none is left.
 */
struct mg_slice vault_find(const struct vault *v, struct mg_slice text,
			   size_t *from, size_t *to);

/* Edits (in arena `a`, sorted, for edit_apply) that put the values back.
 * Segments that may not change are passed over. How many. */
uint32_t vault_restore(const struct vault *v, struct arena *a,
		       const struct mg_segment *segs, uint32_t count,
		       struct edit **edits);
