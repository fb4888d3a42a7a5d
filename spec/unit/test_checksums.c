/* test_checksums.c - numbers that were issued, or printed by those who made
 * the rule, and what one wrong character makes of them. */
#include "test.h"

#include "base/slice.h"
#include "detectors/check/check.h"
#include "detectors/value.h"

struct number {
	const char *right;
	const char *wrong;
};

static void luhn_holds_for_cards_and_devices(void)
{
	static const struct number at[] = {
		{ "4111111111111111", "4111111111111112" },
		{ "378282246310005", "378282246310015" },
		{ "490154203237518", "490154203237581" },
		{ "79927398713", "79927398710" },
	};

	for (size_t i = 0; i < ARRAY_LEN(at); i++) {
		OK(check_luhn(at[i].right, (uint32_t)strlen(at[i].right)));
		OK(!check_luhn(at[i].wrong, (uint32_t)strlen(at[i].wrong)));
	}
	OK(!check_luhn("41111111x1111111", 16));
	OK(!check_luhn("0", 1));
	OK(check_luhn_letters("US0378331005", 12));
	OK(!check_luhn_letters("US0378331006", 12));
}

static void iban_is_mod_97_of_the_turned_text(void)
{
	OK(check_iban("DE89370400440532013000", 22));
	OK(check_iban("GB82WEST12345698765432", 22));
	OK(check_iban("NO9386011117947", 15));
	OK(!check_iban("DE89370400440532013001", 22));
	OK(!check_iban("DE98370400440532013000", 22));
	OK(!check_iban("DE8", 3));
}

static void the_iso_7064_family(void)
{
	OK(check_mod11_10("86095742719", 11));
	OK(check_mod11_10("33392005961", 11));
	OK(!check_mod11_10("33392005962", 11));
	OK(check_mod11_2("0000000218250097", 16));
	OK(check_mod11_2("000000021694233X", 16));
	OK(!check_mod11_2("0000000218250098", 16));
}

static void verhoeff_sees_every_swap(void)
{
	char id[] = "234123412346";
	int missed = 0;

	OK(check_verhoeff(id, 12));
	OK(check_verhoeff("12340", 5) && check_verhoeff("123451", 6));
	for (int i = 0; i + 1 < 12; i++) {
		char c = id[i];

		if (id[i] == id[i + 1])
			continue;
		id[i] = id[i + 1];
		id[i + 1] = c;
		missed += check_verhoeff(id, 12);
		id[i + 1] = id[i];
		id[i] = c;
	}
	OK(missed == 0);
}

static void verhoeff_sees_every_single_error(void)
{
	char id[] = "234123412346";
	int missed = 0;

	for (int i = 0; i < 12; i++)
		for (char d = '0'; d <= '9'; d++) {
			char c = id[i];

			if (d == c)
				continue;
			id[i] = d;
			missed += check_verhoeff(id, 12);
			id[i] = c;
		}
	OK(missed == 0);
}

static void base58_and_bech32_carry_their_own_proof(void)
{
	const char *genesis = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
	const char *segwit = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
	const char *taproot = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q"
			      "4k9hcz7vqzk5jj0";
	unsigned char version = 1;

	OK(check_base58(genesis, 34, &version) == 21 && version == 0);
	OK(check_base58("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", 34, &version) <
	   0);
	OK(check_base58("0OIl", 4, &version) < 0);
	OK(check_bech32(segwit, 42, "bc") == 1);
	OK(check_bech32(taproot, 62, "bc") == 2);
	OK(check_bech32(segwit, 42, "tb") == 0);
	OK(check_bech32("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", 42,
			"bc") == 0);
}

static void ether_addresses_mix_their_cases_by_keccak(void)
{
	OK(check_eip55("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
	OK(check_eip55("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"));
	OK(!check_eip55("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5D359"));
}

static void small_arithmetic(void)
{
	static const int8_t weight[3] = { 1, 2, 3 };

	OK(check_weighted("123", weight, 3) == 14);
	OK(check_weighted("1x3", weight, 3) == -1);
	OK(check_mod("123456789012345678901234567890", 30, 97) == 52);
	OK(check_two("07") == 7 && check_two("7x") == -1);
	OK(check_crc32("123456789", 9) == 0xcbf43926u);
	OK(check_is_dull("1111111", 7) && check_is_dull("1234567890", 10));
	OK(check_is_dull("987654", 6) && !check_is_dull("123465", 6));
	OK(check_digits("0123", 4) && !check_digits("01a3", 4));
	OK(!check_digits("", 0));
}

static void dates_are_of_the_calendar(void)
{
	OK(check_date(2024, 2, 29) && !check_date(2023, 2, 29));
	OK(!check_date(1900, 2, 29) && check_date(2000, 2, 29));
	OK(check_date(24, 2, 29)); /* of any century */
	OK(!check_date(2024, 4, 31) && !check_date(2024, 13, 1));
	OK(!check_date(2024, 0, 1) && !check_date(2024, 1, 0));
}

static void placeholders_are_no_secrets(void)
{
	static const char *const fake[] = {
		"changeme",
		"<password>",
		"${DB_PASSWORD}",
		"xxxxxxxxxxxx",
		"YOUR_API_KEY",
		"your-token-here",
		"AKIAIOSFODNN7EXAMPLE",
		"aaaaaaaaaaaa",
		"****************",
		"password",
		"null",
		"{{ secret }}",
	};
	static const char *const real[] = { "tr0ub4dor&3", "Zk9-vQ2_pLx7",
					    "correct horse" };

	for (size_t i = 0; i < ARRAY_LEN(fake); i++)
		OK(value_is_placeholder(slice_str(fake[i])));
	for (size_t i = 0; i < ARRAY_LEN(real); i++)
		OK(!value_is_placeholder(slice_str(real[i])));
	OK(value_entropy(slice_str("aaaa")) == 0);
	OK(value_entropy(slice_str("abcd")) == 20);
	OK(value_entropy(slice_str("0123456789abcdef")) == 40);
	OK(!value_is_secret(slice_str("aabbccddaabbccdd"), 35, false));
}

int main(void)
{
	RUN(luhn_holds_for_cards_and_devices);
	RUN(iban_is_mod_97_of_the_turned_text);
	RUN(the_iso_7064_family);
	RUN(verhoeff_sees_every_swap);
	RUN(verhoeff_sees_every_single_error);
	RUN(base58_and_bech32_carry_their_own_proof);
	RUN(ether_addresses_mix_their_cases_by_keccak);
	RUN(small_arithmetic);
	RUN(dates_are_of_the_calendar);
	RUN(placeholders_are_no_secrets);
	return test_done();
}
