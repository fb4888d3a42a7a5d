/* identity.h - what the tables of national numbers share. */
#pragma once
#include <ctype.h>
#include <string.h>

#include "base/slice.h"
#include "detectors/check/check.h"
#include "detectors/list.h"

static inline bool is_letter_at(const struct sight *s, uint32_t i)
{
	return i < s->n && isalpha((unsigned char)s->id[i]);
}

/* Separators make a number likelier to be one. */
static inline int sure(const struct sight *s, bool right)
{
	if (!right || check_is_dull(s->id, s->n))
		return 0;
	return s->row->score ? s->row->score : 90;
}

/* The weighted sum of the first n - 1 digits, modulo `mod`, taken from it, is
 * the last digit; a ten counts as nought. */
static inline bool ends_mod(const char *id, const int8_t *weight, uint32_t n,
			    int mod)
{
	int sum = check_weighted(id, weight, n - 1);

	return sum >= 0 && (mod - sum % mod) % mod % 10 == digit_of(id[n - 1]);
}

/* YYMMDD, with `plus` allowed on the month. */
static inline bool is_yymmdd(const char *id)
{
	return check_date(check_two(id), check_two(id + 2), check_two(id + 4));
}

static inline bool is_ddmmyy(const char *id)
{
	return check_date(check_two(id + 4), check_two(id + 2), check_two(id));
}
