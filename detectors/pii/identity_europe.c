/* identity_europe.c - numbers of people in Europe (Spain and Portugal have
 * their own file). */
#include "detectors/pii/identity.h"

/* --- Italy -------------------------------------------------------------------
 */

static int confirm_it_cf(struct sight *s)
{
	static const char odd[] = "BAKPLCQDREVOSFTGUHMINJWZYX";
	static const char plain[] = "AAAAAA99A99A999A";
	int sum = 0;

	for (int i = 0; i < 16; i++) {
		char c = s->id[i];
		bool letter = isalpha((unsigned char)c) != 0;

		if (plain[i] == 'A' && !letter)
			return 0;
		/* Digits may be written as letters when two people clash. */
		if (plain[i] == '9' && letter && !strchr("LMNPQRSTUV", c))
			return 0;
		int v = letter ? c - 'A' : c - '0';
		if (i == 15)
			break;
		sum += i % 2 ? v : (int)(strchr(odd, 'A' + v) - odd);
	}
	return strchr("ABCDEHLMPRST", s->id[8]) && 'A' + sum % 26 == s->id[15]
		       ? 98
		       : 0;
}

static int confirm_luhn(struct sight *s)
{
	return sure(s, check_luhn(s->id, s->n));
}

/* --- France ------------------------------------------------------------------
 */

static int confirm_fr_nir(struct sight *s)
{
	char digits[16];
	int month;

	if (!strchr("1234780", s->id[0]))
		return 0;
	memcpy(digits, s->id, 15);
	/* Corsica: 2A counts as 19, 2B as 18. */
	if (s->id[5] == '2' && (s->id[6] == 'A' || s->id[6] == 'B'))
		memcpy(digits + 5, s->id[6] == 'A' ? "19" : "18", 2);
	if (!check_digits(digits, 15))
		return 0;
	month = check_two(s->id + 3);
	if (!(month >= 1 && month <= 12) && !(month >= 20 && month <= 42) &&
	    month < 50)
		return 0;
	return sure(s, 97 - (int)check_mod(digits, 13, 97) ==
			       check_two(digits + 13));
}

/* --- Germany -----------------------------------------------------------------
 */

/* Of the first ten digits one stands twice or thrice, the others once. */
static int confirm_de_idnr(struct sight *s)
{
	int seen[10] = { 0 }, twice = 0, thrice = 0;

	for (int i = 0; i < 10; i++)
		seen[digit_of(s->id[i])]++;
	for (int d = 0; d < 10; d++) {
		twice += seen[d] == 2;
		thrice += seen[d] == 3;
		if (seen[d] > 3)
			return 0;
	}
	return sure(s, s->id[0] != '0' && twice + thrice == 1 &&
			       check_mod11_10(s->id, 11));
}

static int value_of(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : c - 'A' + 10;
}

static int confirm_de_id_card(struct sight *s)
{
	static const int8_t weight[3] = { 7, 3, 1 };
	int sum = 0;

	for (int i = 0; i < 9; i++) {
		if (isalpha((unsigned char)s->id[i]) &&
		    !strchr("CFGHJKLMNPRTVWXYZ", s->id[i]))
			return 0;
		sum += value_of(s->id[i]) * weight[i % 3];
	}
	return sure(s, isalpha((unsigned char)s->id[0]) &&
			       sum % 10 == digit_of(s->id[9]));
}

static int confirm_de_rvnr(struct sight *s)
{
	static const int8_t weight[12] = { 2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1 };
	char digits[13];
	int sum = 0;

	if (!is_letter_at(s, 8))
		return 0;
	memcpy(digits, s->id, 8);
	digits[8] = (char)('0' + (s->id[8] - 'A' + 1) / 10);
	digits[9] = (char)('0' + (s->id[8] - 'A' + 1) % 10);
	memcpy(digits + 10, s->id + 9, 3);
	for (int i = 0; i < 12; i++) {
		if (digit_of(digits[i]) < 0)
			return 0;
		int p = digit_of(digits[i]) * weight[i];
		sum += p / 10 + p % 10;
	}
	return sure(s, sum % 10 == digit_of(digits[12]));
}

/* --- United Kingdom, Ireland -------------------------------------------------
 */

static int confirm_nino(struct sight *s)
{
	static const char never[] = "BGGBNKKNTNNTZZ";

	if (strchr("DFIQUV", s->id[0]) || strchr("DFIOQUV", s->id[1]) ||
	    !strchr("ABCD", s->id[8]))
		return 0;
	for (int i = 0; never[i]; i += 2)
		if (!memcmp(never + i, s->id, 2))
			return 0;
	for (uint32_t i = s->from; i < s->to; i++)
		if (islower((unsigned char)s->text[i]))
			return 0;
	return 90;
}

static int confirm_nhs(struct sight *s)
{
	static const int8_t weight[9] = { 10, 9, 8, 7, 6, 5, 4, 3, 2 };
	int check = (11 - check_weighted(s->id, weight, 9) % 11) % 11;

	return sure(s, check == digit_of(s->id[9]));
}

static int confirm_ppsn(struct sight *s)
{
	static const int8_t weight[7] = { 8, 7, 6, 5, 4, 3, 2 };
	static const char letters[] = "WABCDEFGHIJKLMNOPQRSTUV";
	int sum = check_weighted(s->id, weight, 7);

	if (s->n == 9 && s->id[8] != 'W')
		sum += 9 * (s->id[8] - 'A' + 1);
	return sure(s, letters[sum % 23] == s->id[7]);
}

/* --- Benelux, Switzerland, Austria -------------------------------------------
 */

static int confirm_bsn(struct sight *s)
{
	static const int8_t weight[9] = { 9, 8, 7, 6, 5, 4, 3, 2, -1 };

	return sure(s, check_weighted(s->id, weight, 9) % 11 == 0);
}

static int confirm_be_nn(struct sight *s)
{
	char with_two[16] = "2";
	int check = check_two(s->id + 9);

	memcpy(with_two + 1, s->id, 9);
	return sure(
		s, (check_two(s->id + 2) <= 12 && check_two(s->id + 4) <= 31) &&
			   (97 - (int)check_mod(s->id, 9, 97) == check ||
			    97 - (int)check_mod(with_two, 10, 97) == check));
}

static int confirm_ahv(struct sight *s)
{
	int sum = 0;

	for (int i = 0; i < 12; i++)
		sum += digit_of(s->id[i]) * (i % 2 ? 3 : 1);
	return sure(s, !memcmp(s->id, "756", 3) &&
			       (10 - sum % 10) % 10 == digit_of(s->id[12]));
}

static int confirm_svnr(struct sight *s)
{
	static const int8_t weight[10] = { 3, 7, 9, 0, 5, 8, 4, 2, 1, 6 };

	return sure(s, s->id[0] != '0' && check_two(s->id + 4) <= 31 &&
			       check_weighted(s->id, weight, 10) % 11 ==
				       digit_of(s->id[3]));
}

/* --- North -------------------------------------------------------------------
 */

static int confirm_personnummer(struct sight *s)
{
	const char *d = s->n == 12 ? s->id + 2 : s->id;
	int day = check_two(d + 4);

	return sure(s, check_luhn(d, 10) &&
			       check_date(check_two(d), check_two(d + 2),
					  day > 60 ? day - 60 : day));
}

static int confirm_fodselsnummer(struct sight *s)
{
	static const int8_t first[11] = { 3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0 };
	static const int8_t second[11] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1 };
	int day = check_two(s->id) % 40, month = check_two(s->id + 2) % 40;

	return sure(s, day >= 1 && day <= 31 && month >= 1 && month <= 12 &&
			       check_weighted(s->id, first, 11) % 11 == 0 &&
			       check_weighted(s->id, second, 11) % 11 == 0);
}

static int confirm_cpr(struct sight *s)
{
	return sure(s, is_ddmmyy(s->id));
}

/* 131052-308T; the sign after the date tells the century. */
static int confirm_hetu(struct sight *s)
{
	static const char check[] = "0123456789ABCDEFHJKLMNPRSTUVWXY";
	char digits[9];

	memcpy(digits, s->id, 6);
	memcpy(digits + 6, s->id + s->n - 4, 3);
	for (int i = 0; i < 9; i++)
		if (digit_of(digits[i]) < 0)
			return 0;
	return sure(s, is_ddmmyy(s->id) && check[check_mod(digits, 9, 31)] ==
						   s->id[s->n - 1]);
}

/* Estonia and Lithuania share their rule. */
static int confirm_baltic(struct sight *s)
{
	static const int8_t first[10] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 1 };
	static const int8_t second[10] = { 3, 4, 5, 6, 7, 8, 9, 1, 2, 3 };
	int check = check_weighted(s->id, first, 10) % 11;

	if (check == 10)
		check = check_weighted(s->id, second, 10) % 11 % 10;
	/* The first digit is sex and century: 1, 2 are of the nineteenth. */
	int year = 1800 + (digit_of(s->id[0]) - 1) / 2 * 100;
	return sure(s, strchr("12345678", s->id[0]) &&
			       check_date(year + check_two(s->id + 1),
					  check_two(s->id + 3),
					  check_two(s->id + 5)) &&
			       check == digit_of(s->id[10]));
}

/* --- East and South ----------------------------------------------------------
 */

static int confirm_pesel(struct sight *s)
{
	static const int8_t weight[10] = { 1, 3, 7, 9, 1, 3, 7, 9, 1, 3 };

	return sure(s, check_date(check_two(s->id), check_two(s->id + 2) % 20,
				  check_two(s->id + 4)) &&
			       ends_mod(s->id, weight, 11, 10));
}

static int confirm_nip(struct sight *s)
{
	static const int8_t weight[9] = { 6, 5, 7, 2, 3, 4, 5, 6, 7 };

	return sure(s, check_weighted(s->id, weight, 9) % 11 ==
			       digit_of(s->id[9]));
}

static int confirm_rodne_cislo(struct sight *s)
{
	int month = check_two(s->id + 2);

	month = month > 70   ? month - 70
		: month > 50 ? month - 50
		: month > 20 ? month - 20
			     : month;
	return sure(
		s,
		check_date(check_two(s->id), month, check_two(s->id + 4)) &&
			(check_mod(s->id, 10, 11) == 0 ||
			 (check_mod(s->id, 9, 11) == 10 && s->id[9] == '0')));
}

static int confirm_cnp(struct sight *s)
{
	static const int8_t weight[12] = { 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9 };
	int check = check_weighted(s->id, weight, 12) % 11;

	return sure(s,
		    s->id[0] != '0' && is_yymmdd(s->id + 1) &&
			    (check == 10 ? 1 : check) == digit_of(s->id[12]));
}

static int confirm_egn(struct sight *s)
{
	static const int8_t weight[9] = { 2, 4, 8, 5, 10, 9, 7, 3, 6 };
	int month = check_two(s->id + 2);

	return sure(s, check_date(check_two(s->id),
				  month > 40   ? month - 40
				  : month > 20 ? month - 20
					       : month,
				  check_two(s->id + 4)) &&
			       check_weighted(s->id, weight, 9) % 11 % 10 ==
				       digit_of(s->id[9]));
}

static int confirm_oib(struct sight *s)
{
	return sure(s, check_mod11_10(s->id, 11));
}

static int confirm_afm(struct sight *s)
{
	static const int16_t weight[8] = { 256, 128, 64, 32, 16, 8, 4, 2 };
	int sum = 0;

	for (int i = 0; i < 8; i++)
		sum += digit_of(s->id[i]) * weight[i];
	return sure(s, sum % 11 % 10 == digit_of(s->id[8]));
}

static int confirm_jmbg(struct sight *s)
{
	static const int8_t weight[12] = { 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };

	return sure(s, check_date(0, check_two(s->id + 2), check_two(s->id)) &&
			       ends_mod(s->id, weight, 13, 11));
}

static int confirm_tckn(struct sight *s)
{
	int odd = 0, even = 0, all = 0;

	for (int i = 0; i < 9; i++)
		*(i % 2 ? &even : &odd) += digit_of(s->id[i]);
	int tenth = ((odd * 7 - even) % 10 + 10) % 10;
	for (int i = 0; i < 10; i++)
		all += digit_of(s->id[i]);
	return sure(s, s->id[0] != '0' && tenth == digit_of(s->id[9]) &&
			       all % 10 == digit_of(s->id[10]));
}

static int confirm_snils(struct sight *s)
{
	static const int8_t weight[9] = { 9, 8, 7, 6, 5, 4, 3, 2, 1 };

	return sure(s, check_weighted(s->id, weight, 9) % 101 % 100 ==
			       check_two(s->id + 9));
}

static const struct row rows[] = {
	{ "pii.it_codice_fiscale", "Italian person code (codice fiscale)",
	  "pii.it pii.id", .alias = "italian_cf IT_CODICE_FISCALE",
	  .mask = "IT_CF", .tier = 1, .shape = "x{16}|x{3} x{3} x{5} x{5}",
	  .confirm = confirm_it_cf,
	  .hit = { "NRGGSF53A18A944Q", "cf: PVRPZZ64M11D612B" },
	  .miss = { "NRGGSF53A18A944R", "NRGGSF53F18A944Q" } },
	{ "pii.it_partita_iva", "Italian VAT number (partita IVA)", "pii.it",
	  .alias = "IT_PARTITA_IVA", .shape = "9{11}|AA9{11}",
	  .flags = ROW_CONTEXT, .confirm = confirm_luhn,
	  .context = "partita iva|iva|p iva|piva|vat",
	  .hit = { "Partita IVA 56563140633", "P.IVA: 41006160158" },
	  .miss = { "Partita IVA 56563140634", "56563140633" } },
	{ "pii.fr_nir", "French social security number (NIR)", "pii.fr pii.id",
	  .alias = "french_nir FR_NIR", .mask = "FR_NIR", .tier = 1,
	  .confirm = confirm_fr_nir, .score = 92,
	  .shape = "x{15}|9 99 99 xx 999 999 99|9 99 99 99 999 999 99|"
		   "9 99 99 9A 999 999 99|x{13} 99|9{13} 99",
	  .hit = { "1 68 12 92 257 178 18", "253072A07300443" },
	  .miss = { "1 68 12 92 257 178 19", "168139225717818" } },
	{ "pii.fr_siret", "French company number (SIREN, SIRET)", "- pii.fr",
	  .alias = "FR_SIREN_SIRET",
	  .shape = "9{9}|9{14}|999 999 999|999 999 999 99999",
	  .flags = ROW_CONTEXT, .confirm = confirm_luhn,
	  .context = "siren|siret|rcs",
	  .hit = { "SIREN 443 121 975", "siret 73282932000074" },
	  .miss = { "SIREN 443 121 976", "443 121 975" } },
	{ "pii.de_tax_id", "German tax number (Steuer-ID)", "pii.de pii.id",
	  .alias = "german_id DE_STEUER_ID de_tax_id", .mask = "DE_ID",
	  .shape = "99 999 999 999", .confirm = confirm_de_idnr, .score = 88,
	  .hit = { "81 685 497 206", "IdNr. 50 379 428 647" },
	  .miss = { "81 685 497 207", "12 345 678 903" } },
	{ "pii.de_tax_id", .shape = "9{11}", .flags = ROW_CONTEXT,
	  .confirm = confirm_de_idnr,
	  .context = "steuer|steuerid|idnr|id nr|identifikationsnummer|tax|"
		     "steueridentifikationsnummer|tin",
	  .hit = { "Steuer-ID 81685497206", "IdNr 50379428647" },
	  .miss = { "81685497206", "Steuer-ID 81685497207" } },
	{ "pii.de_id_card", "German identity card number", "pii.de pii.id",
	  .alias = "DE_PERSONALAUSWEIS", .shape = "x{10}", .flags = ROW_CONTEXT,
	  .confirm = confirm_de_id_card,
	  .context = "personalausweis|ausweis|ausweisnummer|id card",
	  .hit = { "Personalausweis T220001293", "Ausweis: T220001293" },
	  .miss = { "Personalausweis T220001294", "T220001293" } },
	{ "pii.de_rvnr", "German pension number", "pii.de pii.id",
	  .alias = "DE_RVNR", .shape = "9{8}A999|99 9{6} A 999",
	  .confirm = confirm_de_rvnr, .score = 80,
	  .context = "rentenversicherung|rvnr|versicherungsnummer|sozial",
	  .hit = { "65180539W001", "RVNR 15 070649 C 103" },
	  .miss = { "65180539W002", "15070649C104" } },
	{ "pii.gb_nino", "UK national insurance number", "pii.gb pii.id",
	  .alias = "GB_NINO uk_nino", .mask = "NINO",
	  .shape = "AA999999A|AA 99 99 99 A|AA 999999 A",
	  .confirm = confirm_nino, .hit = { "AB123456C", "NI: JG 10 37 59 A" },
	  .miss = { "BG123456C", "AB123456E" } },
	{ "pii.gb_nhs", "UK health service number (NHS)", "pii.gb pii.health",
	  .alias = "GB_NHS_NUMBER uk_nhs", .mask = "NHS",
	  .shape = "999 999 9999|999-999-9999|9{10}", .flags = ROW_CONTEXT,
	  .confirm = confirm_nhs, .context = "nhs|patient|health",
	  .hit = { "NHS number 943 476 5919", "nhs: 9434765919" },
	  .miss = { "NHS number 943 476 5918", "943 476 5919" } },
	{ "pii.ie_ppsn", "Irish public service number (PPSN)", "pii.ie pii.id",
	  .alias = "IE_PPSN", .shape = "9{7}A|9{7}AA", .flags = ROW_CONTEXT,
	  .confirm = confirm_ppsn, .context = "pps|ppsn|ireland|revenue",
	  .hit = { "PPSN 1234567FA", "pps number 6433435F" },
	  .miss = { "PPSN 1234567GA", "6433435F" } },
	{ "pii.nl_bsn", "Dutch citizen number (BSN)", "pii.nl pii.id",
	  .alias = "NL_BSN", .shape = "9{9}|9999.99.999", .flags = ROW_CONTEXT,
	  .confirm = confirm_bsn,
	  .context = "bsn|burgerservicenummer|sofinummer|sofi",
	  .hit = { "BSN 815538923", "burgerservicenummer: 315399673" },
	  .miss = { "BSN 815538924", "815538923" } },
	{ "pii.be_national_number", "Belgian national number", "pii.be pii.id",
	  .alias = "BE_NATIONAL_REGISTER", .shape = "99.99.99-999.99",
	  .confirm = confirm_be_nn,
	  .hit = { "17.07.30-033.84", "85.07.30-033.28" },
	  .miss = { "17.07.30-033.85", "85.13.30-033.28" } },
	{ "pii.be_national_number", .shape = "9{11}|99 99 99 999 99",
	  .flags = ROW_CONTEXT, .confirm = confirm_be_nn,
	  .context = "rijksregister|rijksregisternummer|niss|insz|national|"
		     "registre",
	  .hit = { "NISS 17073003384", "rijksregister 85 07 30 033 28" },
	  .miss = { "17073003384", "NISS 17073003385" } },
	{ "pii.ch_ahv", "Swiss social insurance number (AHV, AVS)",
	  "pii.ch pii.id", .alias = "CH_AHV", .shape = "999.9999.9999.99|9{13}",
	  .confirm = confirm_ahv,
	  .hit = { "756.9217.0769.85", "7569217076985" },
	  .miss = { "756.9217.0769.84", "757.9217.0769.85" } },
	{ "pii.at_svnr", "Austrian social insurance number", "pii.at pii.id",
	  .alias = "AT_SVNR", .shape = "9999 999999|9{10}",
	  .flags = ROW_CONTEXT, .confirm = confirm_svnr,
	  .context = "svnr|sozialversicherung|sozialversicherungsnummer|sv",
	  .hit = { "SVNR 1237 010180", "SVNR: 1237010180" },
	  .miss = { "SVNR 2237 010180", "1237 010180" } },
	{ "pii.se_personnummer", "Swedish person number", "pii.se pii.id",
	  .alias = "SE_PERSONNUMMER", .shape = "999999-9999|99999999-9999",
	  .confirm = confirm_personnummer, .score = 80,
	  .context = "personnummer|samordningsnummer|sweden|pnr",
	  .hit = { "880320-0016", "personnummer 19880320-0016" },
	  .miss = { "880320-0018", "881320-0016" } },
	{ "pii.se_personnummer",
	  .shape = "9{10}|9{12}|9999-99-9999|9999-99-99-9999",
	  .flags = ROW_CONTEXT, .confirm = confirm_personnummer,
	  .context = "personnummer|samordningsnummer",
	  .hit = { "personnummer 8803200016", "personnummer: 198803200016" },
	  .miss = { "8803200016", "personnummer 8803200018" } },
	{ "pii.no_fodselsnummer", "Norwegian birth number", "pii.no pii.id",
	  .alias = "NO_FODSELSNUMMER", .shape = "9{11}|999999 99999",
	  .confirm = confirm_fodselsnummer, .score = 70,
	  .context = "fødselsnummer|personnummer|fnr|norway|norge",
	  .hit = { "15108695088", "fnr 151086 95088" },
	  .miss = { "15108695077", "45138695088" } },
	{ "pii.dk_cpr", "Danish person number (CPR)", "pii.dk pii.id",
	  .alias = "DK_CPR", .shape = "999999-9999|9{10}", .flags = ROW_CONTEXT,
	  .confirm = confirm_cpr, .context = "cpr|personnummer|denmark|danmark",
	  .hit = { "CPR 211062-0629", "cpr: 2110620629" },
	  .miss = { "CPR 211362-0629", "211062-0629" } },
	{ "pii.fi_hetu", "Finnish person number (HETU)", "pii.fi pii.id",
	  .alias = "FI_HETU", .shape = "999999-999A|999999-9999|999999A999A",
	  .confirm = confirm_hetu, .hit = { "131052-308T", "HETU 131052A308T" },
	  .miss = { "131052-308U", "133052-308T" } },
	{ "pii.ee_lt_code", "Estonian or Lithuanian person code",
	  "pii.ee pii.lt pii.id", .alias = "EE_ISIKUKOOD", .shape = "9{11}",
	  .flags = ROW_CONTEXT, .confirm = confirm_baltic,
	  .context = "isikukood|asmens kodas|asmens|estonia|lithuania",
	  .hit = { "isikukood 34508136020", "asmens kodas 36805280109" },
	  .miss = { "isikukood 34508136021", "34508136020" } },
	{ "pii.pl_pesel", "Polish person number (PESEL)", "pii.pl pii.id",
	  .alias = "PL_PESEL", .shape = "9{11}", .flags = ROW_CONTEXT,
	  .confirm = confirm_pesel, .context = "pesel|poland|polska",
	  .hit = { "PESEL 44051401359", "pesel: 02211307589" },
	  .miss = { "PESEL 44051401358", "44051401359" } },
	{ "pii.pl_nip", "Polish tax number (NIP)", "pii.pl", .alias = "PL_NIP",
	  .shape = "999-999-99-99|999-99-99-999", .confirm = confirm_nip,
	  .score = 80, .context = "nip|podatkowy",
	  .hit = { "331-182-44-66", "NIP 360-463-95-88" },
	  .miss = { "331-182-44-67", "331-182-4466" } },
	{ "pii.pl_nip", .shape = "9{10}|AA9{10}", .flags = ROW_CONTEXT,
	  .confirm = confirm_nip, .context = "nip",
	  .hit = { "NIP 8567346215", "nip: 3311824466" },
	  .miss = { "NIP 8567346216", "8567346215" } },
	{ "pii.cz_rodne_cislo", "Czech or Slovak birth number",
	  "pii.cz pii.sk pii.id", .alias = "CZ_RODNE_CISLO",
	  .shape = "999999/9999", .confirm = confirm_rodne_cislo,
	  .hit = { "710319/2745", "r.c. 710319/2745" },
	  .miss = { "710319/2746", "713319/2745" } },
	{ "pii.ro_cnp", "Romanian person code (CNP)", "pii.ro pii.id",
	  .alias = "RO_CNP", .shape = "9{13}", .confirm = confirm_cnp,
	  .score = 75, .context = "cnp|cod numeric|romania", .boost = 20,
	  .hit = { "1800427226133", "CNP 1910612400455" },
	  .miss = { "1800427226134", "1801327226133" } },
	{ "pii.bg_egn", "Bulgarian person number (EGN)", "pii.bg pii.id",
	  .alias = "BG_EGN", .shape = "9{10}", .flags = ROW_CONTEXT,
	  .confirm = confirm_egn, .context = "egn|егн|ЕГН|bulgaria",
	  .hit = { "EGN 7523169263", "ЕГН 7523169263" },
	  .miss = { "EGN 7523169264", "7523169263" } },
	{ "pii.hr_oib", "Croatian person number (OIB)", "pii.hr pii.id",
	  .alias = "HR_OIB", .shape = "9{11}|AA9{11}", .flags = ROW_CONTEXT,
	  .confirm = confirm_oib, .context = "oib|croatia|hrvatska|porezni",
	  .hit = { "OIB 25019711008", "oib: 05239975738" },
	  .miss = { "OIB 25019711009", "25019711008" } },
	{ "pii.gr_afm", "Greek tax number (AFM)", "pii.gr pii.id",
	  .alias = "GR_AFM", .shape = "9{9}", .flags = ROW_CONTEXT,
	  .confirm = confirm_afm, .context = "afm|αφμ|ΑΦΜ|tax|greece",
	  .hit = { "AFM 094259216", "ΑΦΜ 094259216" },
	  .miss = { "AFM 094259217", "094259216" } },
	{ "pii.yu_jmbg", "Person number of Serbia, Bosnia, Slovenia (JMBG)",
	  "pii.rs pii.ba pii.si pii.id", .alias = "RS_JMBG SI_EMSO",
	  .shape = "9{13}", .flags = ROW_CONTEXT, .confirm = confirm_jmbg,
	  .context = "jmbg|emso|emšo|matični|maticni",
	  .hit = { "JMBG 1211981500126", "EMSO 1508995500237" },
	  .miss = { "JMBG 1211981500127", "1211981500126" } },
	{ "pii.tr_tckn", "Turkish identity number", "pii.tr pii.id",
	  .alias = "TR_TCKN", .shape = "9{11}", .flags = ROW_CONTEXT,
	  .confirm = confirm_tckn,
	  .context = "tc|tckn|kimlik|tc kimlik|turkey|türkiye",
	  .hit = { "TC Kimlik 10036951702", "TCKN: 10328097460" },
	  .miss = { "TCKN: 10328097461", "10036951702" } },
	{ "pii.ru_snils", "Russian insurance number (SNILS)", "pii.ru pii.id",
	  .alias = "RU_SNILS", .shape = "999-999-999 99|999-999-999-99",
	  .confirm = confirm_snils,
	  .hit = { "112-233-445 95", "SNILS 087-654-303 00" },
	  .miss = { "112-233-445 96", "112-233-445" } },
};

const struct family family_pii_europe = {
	.name = "pii_europe",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
