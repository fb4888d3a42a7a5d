/* check.c - see check.h: the checks with numbers alone. */
#include "detectors/check/check.h"

#include <string.h>

bool check_digits(const char *id, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (digit_of(id[i]) < 0)
			return false;
	return n > 0;
}

bool check_is_dull(const char *id, uint32_t n)
{
	bool same = true, up = true, down = true;

	for (uint32_t i = 1; i < n; i++) {
		same &= id[i] == id[0];
		up &= (id[i] - id[i - 1] + 10) % 10 == 1;
		down &= (id[i - 1] - id[i] + 10) % 10 == 1;
	}
	return same || up || down;
}

bool check_luhn(const char *id, uint32_t n)
{
	int sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		int d = digit_of(id[n - 1 - i]);

		if (d < 0)
			return false;
		if (i % 2)
			d = d < 5 ? 2 * d : 2 * d - 9;
		sum += d;
	}
	return n > 1 && sum % 10 == 0;
}

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	return digit_of(c);
}

bool check_luhn_letters(const char *id, uint32_t n)
{
	char digits[64];
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++) {
		int v = value_of(id[i]);

		if (v < 0 || k + 2 > sizeof(digits))
			return false;
		if (v >= 10)
			digits[k++] = (char)('0' + v / 10);
		digits[k++] = (char)('0' + v % 10);
	}
	return check_luhn(digits, k);
}

uint32_t check_mod97(const char *id, uint32_t n)
{
	uint32_t rest = 0;

	for (uint32_t i = 0; i < n; i++) {
		int v = value_of(id[i]);

		if (v < 0)
			return 0;
		rest = (rest * (v < 10 ? 10 : 100) + (uint32_t)v) % 97;
	}
	return rest;
}

bool check_iban(const char *id, uint32_t n)
{
	char turned[64];

	if (n < 5 || n > sizeof(turned))
		return false;
	memcpy(turned, id + 4, n - 4);
	memcpy(turned + n - 4, id, 4);
	return check_mod97(turned, n) == 1;
}

bool check_mod11_10(const char *id, uint32_t n)
{
	int rest = 10;

	for (uint32_t i = 0; i + 1 < n; i++) {
		int d = digit_of(id[i]);

		if (d < 0)
			return false;
		rest = (rest + d) % 10;
		rest = (rest ? rest : 10) * 2 % 11;
	}
	return n > 1 && (11 - rest) % 10 == digit_of(id[n - 1]);
}

bool check_mod11_2(const char *id, uint32_t n)
{
	int rest = 0;

	for (uint32_t i = 0; i + 1 < n; i++) {
		int d = digit_of(id[i]);

		if (d < 0)
			return false;
		rest = (rest + d) * 2 % 11;
	}
	if (n < 2)
		return false;
	int last = id[n - 1] == 'X' ? 10 : digit_of(id[n - 1]);
	return last >= 0 && (rest + last) % 11 == 1;
}

bool check_verhoeff(const char *id, uint32_t n)
{
	int c = 0;

	for (uint32_t i = 0; i < n; i++) {
		int d = digit_of(id[n - 1 - i]);

		if (d < 0)
			return false;
		/* The permutation (1 5 8 9 4 2 7 0)(3 6), i times. */
		for (uint32_t k = 0; k < i % 8; k++) {
			static const uint8_t next[10] = { 1, 5, 7, 6, 2,
							  8, 3, 0, 9, 4 };
			d = next[d];
		}
		/* The dihedral group of a pentagon: turns 0..4, flips 5..9. */
		if (c < 5)
			c = d < 5 ? (c + d) % 5 : 5 + (c + d - 5) % 5;
		else
			c = d < 5 ? 5 + (c - 5 - d + 5) % 5 : (c - d + 5) % 5;
	}
	return n > 1 && c == 0;
}

int check_weighted(const char *id, const int8_t *weight, uint32_t count)
{
	int sum = 0;

	for (uint32_t i = 0; i < count; i++) {
		int d = digit_of(id[i]);

		if (d < 0)
			return -1;
		sum += d * weight[i];
	}
	return sum;
}

uint32_t check_mod(const char *id, uint32_t n, uint32_t m)
{
	uint64_t rest = 0;

	for (uint32_t i = 0; i < n; i++)
		rest = (rest * 10 + (uint64_t)(id[i] - '0')) % m;
	return (uint32_t)rest;
}

int check_two(const char *at)
{
	int a = digit_of(at[0]), b = digit_of(at[1]);

	return a < 0 || b < 0 ? -1 : a * 10 + b;
}

bool check_date(int year, int month, int day)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };

	if (year < 0 || month < 1 || month > 12 || day < 1 ||
	    day > days[month - 1])
		return false;
	if (month != 2 || day < 29 || year < 100)
		return true;
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
