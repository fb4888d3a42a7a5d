/* slice.h - small questions about borrowed bytes. */
#pragma once
#include <stdbool.h>
#include <string.h>

#include "abi/mg.h"

#define BIT(n)       (1u << (n))
#define ARRAY_LEN(a) (sizeof(a) / sizeof(*(a)))
#define container_of(ptr, type, member)                                        \
	((type *)((char *)(ptr)-offsetof(type, member)))

static inline struct mg_slice slice(const char *at, size_t len)
{
	return (struct mg_slice){ at, len };
}

static inline struct mg_slice slice_str(const char *str)
{
	return (struct mg_slice){ str, strlen(str) };
}

static inline bool slice_is(struct mg_slice s, const char *str)
{
	size_t len = strlen(str);

	return s.len == len && memcmp(s.at, str, len) == 0;
}

static inline bool slice_same(struct mg_slice a, struct mg_slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* ASCII case only: for host names, header names and tokens. */
bool slice_is_caseless(struct mg_slice s, const char *str);
bool slice_starts(struct mg_slice s, const char *str);
bool slice_ends(struct mg_slice s, const char *str);

/* Without spaces and tabs at either end. */
struct mg_slice slice_trim(struct mg_slice s);

/* Takes what stands before `sep` (or all) off the front of `*rest`. False once
 * nothing is left. */
bool slice_cut(struct mg_slice *rest, char sep, struct mg_slice *piece);

/* Decimal digits only, no sign, no space. 0, or MG_EINVAL / MG_ETOOBIG. */
int slice_number(struct mg_slice s, uint64_t *out);
