/* identity_us.c - numbers of people in the United States and Canada. */
#include "detectors/pii/identity.h"

/* Numbers printed on specimen cards and in advertisements. */
static bool is_specimen(const char *id)
{
	return !memcmp(id, "078051120", 9) || !memcmp(id, "219099999", 9) ||
	       !memcmp(id, "457555462", 9);
}

static int confirm_ssn(struct sight *s)
{
	const char *d = s->id;

	if (d[0] == '9' || !memcmp(d, "000", 3) || !memcmp(d, "666", 3) ||
	    !memcmp(d + 3, "00", 2) || !memcmp(d + 5, "0000", 4))
		return 0;
	return sure(s, !is_specimen(d));
}

static int confirm_itin(struct sight *s)
{
	int group = check_two(s->id + 3);

	return sure(s, s->id[0] == '9' && group >= 50 && group <= 99 &&
			       group != 66 && group != 67 && group != 68 &&
			       group != 69 && group != 89 && group != 93);
}

static int confirm_ein(struct sight *s)
{
	static const char never[] = "00070809171819282949697078798996";
	int head = check_two(s->id);

	for (size_t i = 0; never[i]; i += 2)
		if (check_two(never + i) == head)
			return 0;
	return sure(s, true);
}

/* Classes by place: digit 1-9, letter, letter or digit, digit ... */
static int confirm_mbi(struct sight *s)
{
	static const char class[] = "CAXDAXDAADD";

	for (int i = 0; i < 11; i++) {
		char c = s->id[i];
		bool digit = isdigit((unsigned char)c) != 0;
		bool letter = !digit && !strchr("SLOIBZ", c);

		if ((class[i] == 'C' && (!digit || c == '0')) ||
		    (class[i] == 'D' && !digit) ||
		    (class[i] == 'A' && !letter) ||
		    (class[i] == 'X' && !digit && !letter))
			return 0;
	}
	for (uint32_t i = s->from; i < s->to; i++)
		if (islower((unsigned char)s->text[i]))
			return 0;
	return 85;
}

static int confirm_npi(struct sight *s)
{
	char with_prefix[16] = "80840";

	memcpy(with_prefix + 5, s->id, 10);
	return sure(s, (s->id[0] == '1' || s->id[0] == '2') &&
			       check_luhn(with_prefix, 15));
}

static int confirm_dea(struct sight *s)
{
	const char *d = s->id + 2;
	int sum = digit_of(d[0]) + digit_of(d[2]) + digit_of(d[4]) +
		  2 * (digit_of(d[1]) + digit_of(d[3]) + digit_of(d[5]));

	return strchr("ABCDEFGHJKLMPRSTUX", s->id[0]) &&
			       sum % 10 == digit_of(d[6])
		       ? 80
		       : 0;
}

static int confirm_sin(struct sight *s)
{
	return sure(s,
		    s->id[0] != '0' && s->id[0] != '8' && check_luhn(s->id, 9));
}

static int confirm_shape(struct sight *s)
{
	return sure(s, true);
}

#define SSN_WORDS                                                              \
	"ssn|social security|social security number|social|ss number|taxpayer"

static const struct row rows[] = {
	{ "pii.us_ssn", "US Social Security number", "pii.us pii.id",
	  .alias = "ssn US_SSN", .mask = "SSN", .shape = "999-99-9999",
	  .score = 85, .confirm = confirm_ssn, .context = SSN_WORDS,
	  .boost = 14, .unless = "part number|part|sku|order|serial",
	  .hit = { "SSN 295-16-3118", "219-09-1234" },
	  .miss = { "666-12-3456", "078-05-1120" } },
	{ "pii.us_ssn", .shape = "9{9}|999 99 9999|999.99.9999", .score = 60,
	  .flags = ROW_CONTEXT, .confirm = confirm_ssn, .context = SSN_WORDS,
	  .hit = { "social security: 295163118", "SSN 295 16 3118" },
	  .miss = { "295163118", "SSN 000163118" } },
	{ "pii.us_itin", "US individual taxpayer number (ITIN)",
	  "pii.us pii.id", .alias = "tax_id US_ITIN", .mask = "TAX_ID",
	  .shape = "999-99-9999|9{9}|999 99 9999", .flags = ROW_CONTEXT,
	  .confirm = confirm_itin, .context = "itin|taxpayer|tax id|tin|tax",
	  .hit = { "ITIN 912-70-1234", "taxpayer 912851234" },
	  .miss = { "ITIN 912-93-1234", "912-70-1234" } },
	{ "pii.us_ein", "US employer identification number", "pii.us pii.id",
	  .alias = "US_EIN", .mask = "TAX_ID", .tier = 3, .shape = "99-9999999",
	  .flags = ROW_CONTEXT, .confirm = confirm_ein,
	  .context = "ein|fein|employer|tax id|tin|irs",
	  .hit = { "EIN 91-1144442", "tax id: 12-3456780" },
	  .miss = { "EIN 07-1144442", "91-1144442" } },
	{ "pii.us_medicare", "US Medicare beneficiary number (MBI)",
	  "pii.us pii.health", .alias = "us_medicare US_MBI medicare",
	  .mask = "MEDICARE", .shape = "x{11}|xxxx-xxx-xxxx|xxxx xxx xxxx",
	  .confirm = confirm_mbi, .context = "medicare|mbi|beneficiary|member",
	  .boost = 14, .hit = { "1EG4-TE5-MK73", "medicare 1EG4TE5MK73" },
	  .miss = { "0EG4-TE5-MK73", "1SG4-TE5-MK73" } },
	{ "pii.us_npi", "US provider number (NPI)", "pii.us pii.health",
	  .alias = "US_NPI", .tier = 3, .shape = "9{10}", .flags = ROW_CONTEXT,
	  .confirm = confirm_npi,
	  .context = "npi|provider|physician|prescriber",
	  .hit = { "NPI 1929958795", "provider: 2384880854" },
	  .miss = { "NPI 1929958796", "1929958795" } },
	{ "pii.us_dea", "US prescriber number (DEA)", "pii.us pii.health",
	  .alias = "US_DEA_NUMBER", .shape = "AA9999999", .flags = ROW_CONTEXT,
	  .confirm = confirm_dea,
	  .context = "dea|prescriber|prescription|registration",
	  .hit = { "DEA AI9881118", "dea number: FK1930595" },
	  .miss = { "DEA AI9881119", "AI9881118" } },
	{ "pii.us_passport", "US passport number", "pii.us pii.id",
	  .alias = "US_PASSPORT", .mask = "PASSPORT", .tier = 3, .score = 60,
	  .shape = "A99999999|9{9}", .flags = ROW_CONTEXT,
	  .confirm = confirm_shape,
	  .context = "passport|passport number|travel document",
	  .hit = { "passport C26193186", "Passport no. 533167902" },
	  .miss = { "C26193186", "passport C2619318" } },
	{ "pii.passport", "Passport number, of any country, beside its name",
	  "pii.id", "passport|passeport|pasaporte|reisepass|passaporto",
	  "(?i)(?:passport|passeport|pasaporte|reisepass|passaporto)"
	  "(?:e?[ -]?(?:number|no\\.?|nr\\.?|num(?:e|é)ro|n(?:u|ú)mero|#|id))?"
	  "(?: is)?[\"']?\\s{0,3}[:=#]?\\s{0,3}[\"']?"
	  "((?-i:[A-Z]{1,3}[0-9]{5,8}|[0-9]{2}[A-Z]{2}[0-9]{5}|"
	  "[CFGHJK][0-9CFGHJKLMNPRTVWXYZ]{8}))(?![A-Za-z0-9])",
	  .alias = "passport PASSPORT", .tier = 3, .score = 85, .max = 64,
	  .flags = ROW_CASELESS,
	  .hit = { "Passport: AB1234567", "pasaporte n\xc3\xbamero PAA123456" },
	  .miss = { "passport office", "passport: 12" } },
	{ "pii.drivers_license", "Driving licence, beside its name", "pii.id",
	  "licen|permis|f\\xc3\\xbchrerschein|carnet de",
	  "(?i)licen[sc]e[ -]?(?:number|no\\.?|num|#|id)"
	  "(?: is)?[\"']?\\s{0,3}[:=#]?\\s{0,3}[\"']?"
	  "((?-i:(?=[A-Z0-9 -]{0,8}[0-9])[A-Z0-9](?:[ -]?[A-Z0-9]){5,18}))"
	  "(?![A-Za-z0-9])",
	  .alias = "drivers_license DRIVER_LICENSE US_DRIVER_LICENSE",
	  .mask = "LICENSE", .tier = 3, .score = 75, .max = 64,
	  .flags = ROW_CASELESS,
	  .hit = { "driver's license number: D1234567",
		   "Licence no. MORGA657054SM9IJ" },
	  .miss = { "license: MIT", "license number pending" } },
	{ "pii.ca_sin", "Canadian social insurance number", "pii.ca pii.id",
	  .alias = "CA_SIN", .mask = "SIN",
	  .shape = "999-999-999|999 999 999|9{9}", .flags = ROW_CONTEXT,
	  .confirm = confirm_sin, .context = "sin|social insurance|canada|nas",
	  .hit = { "SIN 130 692 544", "social insurance: 130692544" },
	  .miss = { "SIN 130 692 545", "130692544" } },
};

const struct family family_pii_us = {
	.name = "pii_us",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
