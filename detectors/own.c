/* own.c - operators' regexes: PCRE2 under limits.
 *
 * A pattern may be foolish and a text may be hostile, so every start of a match
 * has a bounded number of steps. One that runs out fails the scan: an answer
 * that was not reached is not "nothing found".
 */
#include <stdio.h>
#include <stdlib.h>

#include "detectors/impl.h"

enum {
	STEPS = 20000,         /* of one start, at most */
	STEPS_MIN = 500,       /* in a long text, at least */
	STEPS_ALL = 200000000, /* of one text, about */
	HEAP_KIB = 4096,
	STACK_MAX = 1 << 20,
	PATTERN_MAX = 16384,
};

void own_init(struct own_tools *t)
{
	t->match = pcre2_match_data_create(16, NULL);
	t->context = pcre2_match_context_create(NULL);
	t->stack = pcre2_jit_stack_create(32768, STACK_MAX, NULL);
	if (!t->match || !t->context || !t->stack)
		abort();
	pcre2_jit_stack_assign(t->context, NULL, t->stack);
	pcre2_set_match_limit(t->context, STEPS);
	pcre2_set_depth_limit(t->context, STEPS);
	pcre2_set_heap_limit(t->context, HEAP_KIB);
}

void own_deinit(struct own_tools *t)
{
	pcre2_match_data_free(t->match);
	pcre2_match_context_free(t->context);
	pcre2_jit_stack_free(t->stack);
}

pcre2_code *own_compile(struct mg_slice pattern, uint32_t flags, char *why,
			size_t why_len)
{
	uint32_t options =
		PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
	PCRE2_SIZE at = 0;
	int code = 0;

	if (pattern.len == 0 || pattern.len > PATTERN_MAX) {
		snprintf(why, why_len, "the pattern is empty or too long");
		return NULL;
	}
	if (flags & MG_WORD_CASELESS)
		options |= PCRE2_CASELESS;
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	if (!context)
		abort();
	if (flags & MG_WORD_WHOLE)
		pcre2_set_compile_extra_options(context,
						PCRE2_EXTRA_MATCH_WORD);
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)pattern.at, pattern.len,
				       options, &code, &at, context);
	pcre2_compile_context_free(context);
	if (!re) {
		char text[160];

		pcre2_get_error_message(code, (PCRE2_UCHAR *)text,
					sizeof(text));
		snprintf(why, why_len, "at byte %zu: %s", at, text);
		return NULL;
	}
	pcre2_jit_compile(re, PCRE2_JIT_COMPLETE);
	return re;
}

bool own_is_utf8(const char *text, uint32_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t i = 0;

	while (i < len) {
		uint64_t word;

		if (i + 8 <= len) {
			memcpy(&word, p + i, 8);
			if (!(word & 0x8080808080808080u)) {
				i += 8;
				continue;
			}
		}
		unsigned c = p[i], more = c < 0x80   ? 0
					  : c < 0xc2 ? 9
					  : c < 0xe0 ? 1
					  : c < 0xf0 ? 2
					  : c < 0xf5 ? 3
						     : 9;
		if (more == 9 || i + more >= len + (more == 0))
			return false;
		for (unsigned k = 1; k <= more; k++)
			if ((p[i + k] & 0xc0) != 0x80)
				return false;
		if ((c == 0xe0 && p[i + 1] < 0xa0) ||
		    (c == 0xed && p[i + 1] > 0x9f) ||
		    (c == 0xf0 && p[i + 1] < 0x90) ||
		    (c == 0xf4 && p[i + 1] > 0x8f))
			return false;
		i += more + 1;
	}
	return true;
}

int own_run(struct mg_scan *scan, const struct own_tools *t,
	    const struct mg_catalogue *cat, uint32_t thing, const char *text,
	    uint32_t len)
{
	const pcre2_code *re = cat->things[thing].code;
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(t->match);
	uint32_t steps = len > STEPS_ALL / STEPS ? STEPS_ALL / len : STEPS;
	PCRE2_SIZE from = 0;
	int rc = 0;

	pcre2_set_match_limit(t->context,
			      steps < STEPS_MIN ? STEPS_MIN : steps);
	while (from < len) {
		int n = pcre2_match(re, (PCRE2_SPTR)text, len, from,
				    PCRE2_NOTEMPTY, t->match, t->context);

		if (n == PCRE2_ERROR_NOMATCH)
			break;
		if (n < 0) {
			rc = MG_ETOOBIG;
			break;
		}
		/* \K may put the start past the end; then nothing is held. */
		rc = at[0] < at[1] ? scan_found(scan, thing, (uint32_t)at[0],
						(uint32_t)at[1],
						cat->things[thing].entity.score)
				   : 0;
		if (rc < 0)
			break;
		from = at[1] > from ? at[1] : from + 1;
	}
	pcre2_set_match_limit(t->context, STEPS);
	return rc;
}
