/* check.h - check digits: the arithmetic that tells a number from a number.
 *
 * All take what a sight holds as `id`: letters in upper case and digits,
 * without separators. What is not of the alphabet fails.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* A digit's value; -1 for anything else. */
static inline int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : -1;
}

bool check_digits(const char *id, uint32_t n);

/* All the same digit, or 1234567890 in turn: no number that was issued. */
bool check_is_dull(const char *id, uint32_t n);

/* Every second digit from the right doubled; sum divisible by ten. */
bool check_luhn(const char *id, uint32_t n);

/* As check_luhn, with letters worth 10..35 written out first (ISIN). */
bool check_luhn_letters(const char *id, uint32_t n);

/* ISO 7064 mod 97-10 over letters worth 10..35: 0..96. */
uint32_t check_mod97(const char *id, uint32_t n);

/* IBAN: the first four moved last, mod 97-10 is 1. */
bool check_iban(const char *id, uint32_t n);

/* ISO 7064 mod 11,10 (German tax id, Croatian OIB). */
bool check_mod11_10(const char *id, uint32_t n);

/* ISO 7064 mod 11-2, the last may be X (Chinese id, ORCID). */
bool check_mod11_2(const char *id, uint32_t n);

/* Verhoeff's dihedral check (Aadhaar). */
bool check_verhoeff(const char *id, uint32_t n);

/* The sum of the first `count` digits times their weights. -1 on a letter. */
int check_weighted(const char *id, const int8_t *weight, uint32_t count);

/* The number the digits write, modulo `m`. */
uint32_t check_mod(const char *id, uint32_t n, uint32_t m);

/* Day, month and year that were or will be. A year below 100 is of any century.
 */
bool check_date(int year, int month, int day);

/* The two digits at `at`, or -1. */
int check_two(const char *at);

/* Base58 with a double SHA-256: the payload's length, or -1. */
int check_base58(const char *text, uint32_t n, unsigned char *version);

/* Bech32 (1) or bech32m (2) with human-readable part `hrp`; 0 for neither. */
int check_bech32(const char *text, uint32_t n, const char *hrp);

/* Mixed-case Ethereum address, "0x" and 40 hex digits (EIP-55). */
bool check_eip55(const char *text);

/* CRC-32 (IEEE) as GitHub, npm and others end their tokens with. */
uint32_t check_crc32(const char *text, uint32_t n);
