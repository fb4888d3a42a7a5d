/* financial.c - cards, accounts, securities and wallets. */
#include <ctype.h>
#include <string.h>

#include "base/slice.h"
#include "detectors/check/check.h"
#include "detectors/list.h"

/* Who issues cards that begin so, and how long they are. */
struct issuer {
	uint16_t from; /* first four digits */
	uint16_t to;
	uint8_t min;
	uint8_t max;
};

static const struct issuer issuers[] = {
	{ 4000, 4999, 13, 19 }, /* Visa */
	{ 5100, 5599, 16, 16 }, /* Mastercard */
	{ 2221, 2720, 16, 16 }, /* Mastercard */
	{ 3400, 3499, 15, 15 }, /* American Express */
	{ 3700, 3799, 15, 15 }, /* American Express */
	{ 6011, 6011, 16, 19 }, /* Discover */
	{ 6440, 6599, 16, 19 }, /* Discover */
	{ 3528, 3589, 16, 19 }, /* JCB */
	{ 3000, 3059, 14, 19 }, /* Diners */
	{ 3600, 3699, 14, 19 }, /* Diners */
	{ 3800, 3999, 14, 19 }, /* Diners */
	{ 6200, 6299, 16, 19 }, /* UnionPay */
	{ 2200, 2204, 16, 19 }, /* Mir */
	{ 5000, 5099, 12, 19 }, /* Maestro, Verve, RuPay */
	{ 5600, 5999, 12, 19 }, /* Maestro */
	{ 6000, 6999, 12, 19 }, /* Maestro, RuPay */
	{ 9792, 9792, 16, 16 }, /* Troy */
};

static bool is_issued(const char *id, uint32_t n)
{
	uint32_t head = (uint32_t)(check_two(id) * 100 + check_two(id + 2));

	for (size_t i = 0; i < ARRAY_LEN(issuers); i++)
		if (head >= issuers[i].from && head <= issuers[i].to &&
		    n >= issuers[i].min && n <= issuers[i].max)
			return true;
	return false;
}

static int confirm_card(struct sight *s)
{
	if (!is_issued(s->id, s->n) || !check_luhn(s->id, s->n) ||
	    check_is_dull(s->id, s->n))
		return 0;
	/* Eleven digits that repeat to the end are a filler. */
	if (check_is_dull(s->id + 4, s->n - 5) && s->id[0] != '4')
		return 0;
	if (s->to - s->from > s->n)
		return 95;
	return s->n >= 15 ? 85 : 60;
}

struct country {
	char code[3];
	uint8_t len;
};

/* The IBAN registry: how long an account number of each country is. */
static const struct country ibans[] = {
	{ "AD", 24 }, { "AE", 23 }, { "AL", 28 }, { "AT", 20 }, { "AZ", 28 },
	{ "BA", 20 }, { "BE", 16 }, { "BG", 22 }, { "BH", 22 }, { "BI", 27 },
	{ "BR", 29 }, { "BY", 28 }, { "CH", 21 }, { "CR", 22 }, { "CY", 28 },
	{ "CZ", 24 }, { "DE", 22 }, { "DJ", 27 }, { "DK", 18 }, { "DO", 28 },
	{ "EE", 20 }, { "EG", 29 }, { "ES", 24 }, { "FI", 18 }, { "FK", 18 },
	{ "FO", 18 }, { "FR", 27 }, { "GB", 22 }, { "GE", 22 }, { "GI", 23 },
	{ "GL", 18 }, { "GR", 27 }, { "GT", 28 }, { "HR", 21 }, { "HU", 28 },
	{ "IE", 22 }, { "IL", 23 }, { "IQ", 23 }, { "IS", 26 }, { "IT", 27 },
	{ "JO", 30 }, { "KW", 30 }, { "KZ", 20 }, { "LB", 28 }, { "LC", 32 },
	{ "LI", 21 }, { "LT", 20 }, { "LU", 20 }, { "LV", 21 }, { "LY", 25 },
	{ "MC", 27 }, { "MD", 24 }, { "ME", 22 }, { "MK", 19 }, { "MN", 20 },
	{ "MR", 27 }, { "MT", 31 }, { "MU", 30 }, { "NI", 28 }, { "NL", 18 },
	{ "NO", 15 }, { "OM", 23 }, { "PK", 24 }, { "PL", 28 }, { "PS", 29 },
	{ "PT", 25 }, { "QA", 29 }, { "RO", 24 }, { "RS", 22 }, { "RU", 33 },
	{ "SA", 24 }, { "SC", 31 }, { "SD", 18 }, { "SE", 24 }, { "SI", 19 },
	{ "SK", 24 }, { "SM", 27 }, { "SO", 23 }, { "ST", 25 }, { "SV", 28 },
	{ "TL", 23 }, { "TN", 24 }, { "TR", 26 }, { "UA", 29 }, { "VA", 22 },
	{ "VG", 24 }, { "XK", 20 }, { "YE", 30 },
};

static int confirm_iban(struct sight *s)
{
	if (!isalpha((unsigned char)s->id[0]) ||
	    !isalpha((unsigned char)s->id[1]) || check_two(s->id + 2) < 2)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(ibans); i++)
		if (!memcmp(ibans[i].code, s->id, 2))
			return s->n == ibans[i].len && check_iban(s->id, s->n)
				       ? 98
				       : 0;
	return 0;
}

static int confirm_iban_es(struct sight *s)
{
	return memcmp(s->id, "ES", 2) ? 0 : confirm_iban(s);
}

static int confirm_isin(struct sight *s)
{
	if (!isalpha((unsigned char)s->id[0]) ||
	    !isalpha((unsigned char)s->id[1]) || digit_of(s->id[11]) < 0 ||
	    !check_luhn_letters(s->id, 12))
		return 0;
	for (uint32_t i = s->from; i < s->to; i++)
		if (islower((unsigned char)s->text[i]))
			return 0;
	return 75;
}

static int confirm_routing(struct sight *s)
{
	static const int8_t weight[9] = { 3, 7, 1, 3, 7, 1, 3, 7, 1 };
	int head = check_two(s->id);

	if (!(head <= 12 || (head >= 21 && head <= 32) ||
	      (head >= 61 && head <= 72) || head == 80))
		return 0;
	return check_weighted(s->id, weight, 9) % 10 == 0 &&
			       !check_is_dull(s->id, 9)
		       ? 65
		       : 0;
}

/* Base58 addresses by the version byte that begins them. */
static int confirm_base58(struct sight *s)
{
	static const unsigned char known[] = { 0x00, 0x05, 0x30, 0x32,
					       0x1e, 0x16, 0x41, 0x4c };
	unsigned char version;

	if (check_base58(s->text + s->from, s->to - s->from, &version) != 21)
		return 0;
	return memchr(known, version, sizeof(known)) ? 99 : 0;
}

static int confirm_bech32(struct sight *s)
{
	const char *at = s->text + s->from;
	uint32_t n = s->to - s->from;

	/* Twenty bytes or thirty-two, nothing else is in use. */
	uint32_t program = n - (at[0] == 'l' ? 4 : 3);
	if (program != 39 && program != 59)
		return 0;
	return check_bech32(at, n, "bc") || check_bech32(at, n, "ltc") ||
			       check_bech32(at, n, "tb")
		       ? 99
		       : 0;
}

static int confirm_eth(struct sight *s)
{
	const char *at = s->text + s->from;
	bool upper = false, lower = false;

	for (int i = 2; i < 42; i++) {
		upper |= isupper((unsigned char)at[i]) != 0;
		lower |= islower((unsigned char)at[i]) != 0;
	}
	if (upper && lower)
		return check_eip55(at) ? 99 : 0;
	return 75;
}

static int confirm_clabe(struct sight *s)
{
	int sum = 0;

	for (int i = 0; i < 17; i++)
		sum += digit_of(s->id[i]) *
		       (i % 3 == 0   ? 3
			: i % 3 == 1 ? 7
				     : 1) %
		       10;
	return (10 - sum % 10) % 10 == digit_of(s->id[17]) &&
			       !check_is_dull(s->id, 18)
		       ? 75
		       : 0;
}

#define CARD_WORDS                                                             \
	"card|cards|credit card|visa|mastercard|amex|american express|cc|"     \
	"pan|debit|tarjeta|carte|kreditkarte|karte|carta|cartão|cvv|payment"
#define NOT_CARD                                                               \
	"order|order number|tracking|isbn|ean|timestamp|invoice|ticket|imei|"  \
	"serial|build|transaction"
#define IBAN_SHAPE                                                             \
	"x{15,34}|x{4}~x{4}~x{4}~x{3,4}|x{4}~x{4}~x{4}~x{4}~x{1,4}|"           \
	"x{4}~x{4}~x{4}~x{4}~x{4}~x{1,4}|"                                     \
	"x{4}~x{4}~x{4}~x{4}~x{4}~x{4}~x{1,4}|"                                \
	"x{4}~x{4}~x{4}~x{4}~x{4}~x{4}~x{4}~x{1,4}|"                           \
	"x{4}~x{4}~x{4}~x{4}~x{4}~x{4}~x{4}~x{4}~xx?"

static const struct row rows[] = {
	{ "pii.credit_card", "Payment card number", "pii.financial",
	  .alias = "credit_card CREDIT_CARD card pii.card", .mask = "CARD",
	  .shape = "9{12,19}|9999~9999~9999~9999|9999~999999~99999|"
		   "9999~999999~9999|9999~9999~9999~9999~9{1,3}",
	  .confirm = confirm_card, .context = CARD_WORDS, .boost = 14,
	  .unless = NOT_CARD,
	  .hit = { "card 4111 1111 1111 1111 exp 12/29", "378282246310005" },
	  .miss = { "4111 1111 1111 1112", "order number 5555555555554444" } },
	{ "pii.cvv", "Card verification code", "pii.financial",
	  "cvv|cvc|security code",
	  "(?i)(?:cvv2?|cvc2?|security code)(?: (?:is|code|number))?"
	  "[\"']?\\s{0,3}[:=#(]?\\s{0,3}[\"']?([0-9]{3,4})(?![0-9.,/-])",
	  .alias = "cvv CARD_CVV", .tier = 1, .flags = ROW_CASELESS, .max = 48,
	  .hit = { "CVV: 123", "the security code is 4321" },
	  .miss = { "CVV: 12", "cvc 12345" } },
	{ "pii.card_expiry", "Card expiry date", "- pii.financial", "exp[i .:]",
	  "(?i)exp(?:iry|iration|ires|\\.)?(?: date)?[\"']?[\\s:=]{1,4}[\"']?"
	  "((?:0[1-9]|1[0-2])\\s?/\\s?(?:20)?[2-4][0-9])(?![0-9/])",
	  .alias = "CARD_EXPIRY", .flags = ROW_CASELESS, .score = 80, .max = 48,
	  .hit = { "exp 12/29", "Expiry date: 01/2031" },
	  .miss = { "exp 13/29", "expect 12/29" } },
	{ "pii.iban", "International bank account number", "pii.financial",
	  .alias = "iban IBAN", .shape = IBAN_SHAPE, .confirm = confirm_iban,
	  .hit = { "DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432" },
	  .miss = { "DE89 3704 0044 0532 0130 01", "DE893704004405320130" } },
	{ "pii.es_iban", "Spanish bank account number (IBAN)", "- pii.es",
	  .alias = "spanish_iban", .mask = "ES_IBAN", .shape = IBAN_SHAPE,
	  .confirm = confirm_iban_es,
	  .hit = { "ES91 2100 0418 4502 0005 1332",
		   "ES9121000418450200051332" },
	  .miss = { "DE89 3704 0044 0532 0130 00",
		    "ES92 2100 0418 4502 0005 1332" } },
	{ "pii.swift_bic", "Bank identifier code (SWIFT, BIC)", "pii.financial",
	  "swift|bic|bic/swift",
	  "(?i)(?:swift|bic)(?:[ /-]?(?:bic|swift))?(?:[ -]?code)?"
	  "(?: is)?[\"']?\\s{0,3}[:=#]?\\s{0,3}[\"']?"
	  "((?-i:[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?))(?![A-Za-z0-9])",
	  .alias = "swift_bic SWIFT_BIC bic", .mask = "BIC",
	  .flags = ROW_CASELESS, .max = 48,
	  .hit = { "SWIFT: DEUTDEFF500", "BIC code CHASUS33" },
	  .miss = { "SWIFT: DEUTDE", "swift language" } },
	{ "pii.routing_number", "US bank routing number",
	  "pii.financial pii.us", .alias = "routing_number US_ABA_ROUTING",
	  .mask = "ROUTING", .tier = 3, .shape = "9{9}", .flags = ROW_CONTEXT,
	  .confirm = confirm_routing,
	  .context = "routing|aba|rtn|transit|wire|bank",
	  .hit = { "routing number 021000021", "ABA: 111000025" },
	  .miss = { "routing number 021000022", "021000021" } },
	{ "pii.bank_account", "Bank account number", "pii.financial",
	  "account|acct",
	  "(?i)(?:account|acct\\.?)[ _-]?(?:number|no\\.?|num|nr|#)[\"']?"
	  "(?: is)?\\s{0,3}[:=#]?\\s{0,3}[\"']?([0-9][0-9 -]{4,18}[0-9])"
	  "(?![0-9A-Za-z])",
	  .alias = "bank_account BANK_ACCOUNT", .mask = "ACCOUNT", .tier = 3,
	  .score = 80, .flags = ROW_CASELESS, .max = 64,
	  .hit = { "account number: 000123456789", "Acct no. 4432 8876 12" },
	  .miss = { "account number: 123", "account 000123456789" } },
	{ "pii.mx_clabe", "Mexican bank account (CLABE)",
	  "pii.financial pii.mx", .alias = "MX_CLABE",
	  .shape = "9{18}|999 999 9{11} 9", .flags = ROW_CONTEXT,
	  .confirm = confirm_clabe, .context = "clabe|cuenta|banco|bank",
	  .hit = { "CLABE 032180000118359719", "cuenta 002010077777777771" },
	  .miss = { "CLABE 032180000118359718", "032180000118359719" } },
	{ "pii.isin", "Security number (ISIN)", "- pii.financial",
	  .alias = "isin ISIN", .tier = 3, .shape = "x{12}",
	  .confirm = confirm_isin,
	  .context = "isin|security|bond|fund|stock|share",
	  .hit = { "US0378331005", "ISIN DE000BAY0017" },
	  .miss = { "US0378331006", "us0378331005" } },
	{ "pii.crypto_wallet",
	  "Cryptocurrency address (Bitcoin, Litecoin, Dogecoin, Tron, Ether)",
	  "pii.financial pii.crypto",
	  .alias = "crypto_wallet CRYPTO_BTC_BASE58 CRYPTO_ETH",
	  .mask = "WALLET", .tier = 1, .shape = "x{26,35}",
	  .confirm = confirm_base58,
	  .hit = { "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
		   "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy" },
	  .miss = { "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
		    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3" } },
	{ "pii.crypto_wallet", NULL, NULL,
	  "bc1[ac-hj-np-z02-9]{8}|ltc1[ac-hj-np-z02-9]{8}",
	  "(?:bc|ltc)1[ac-hj-np-z02-9]{11,71}", .max = 90,
	  .confirm = confirm_bech32,
	  .hit = { "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
		   "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5"
		   "jj0" },
	  .miss = { "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
		    "bc1qw508d6qejxtdg" } },
	{ "pii.crypto_wallet", NULL, NULL, "0x[0-9A-Fa-f]{40}",
	  "0x[0-9A-Fa-f]{40}", .confirm = confirm_eth, .max = 42,
	  .context = "eth|ethereum|wallet|address|crypto", .boost = 20,
	  .hit = { "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
		   "0xde709f2102306220921060314715629080e2fb77" },
	  .miss = { "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
		    "0xde709f21023062209210603147156290" } },
};

const struct family family_pii_financial = {
	.name = "pii_financial",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
