/* identity_world.c - numbers of people in Asia, Africa and Oceania. */
#include "detectors/pii/identity.h"

static int confirm_aadhaar(struct sight *s)
{
	return sure(s, s->id[0] >= '2' && check_verhoeff(s->id, 12));
}

static int confirm_pan(struct sight *s)
{
	for (uint32_t i = s->from; i < s->to; i++)
		if (islower((unsigned char)s->text[i]))
			return 0;
	return strchr("ABCFGHLJPTK", s->id[3]) ? 85 : 0;
}

static int confirm_gstin(struct sight *s)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	int sum = 0;

	if (check_two(s->id) < 1 || check_two(s->id) > 38 || s->id[13] != 'Z')
		return 0;
	for (int i = 0; i < 14; i++) {
		int v = (int)(strchr(alphabet, s->id[i]) - alphabet);

		v *= i % 2 ? 2 : 1;
		sum += v / 36 + v % 36;
	}
	return sure(s, alphabet[(36 - sum % 36) % 36] == s->id[14]);
}

static int confirm_cn_id(struct sight *s)
{
	return sure(s, check_digits(s->id, 17) && s->id[0] != '0' &&
			       check_date(check_two(s->id + 6) * 100 +
						  check_two(s->id + 8),
					  check_two(s->id + 10),
					  check_two(s->id + 12)) &&
			       check_mod11_2(s->id, 18));
}

static int confirm_hkid(struct sight *s)
{
	int sum = 0, weight = 9;
	uint32_t head = s->n - 7;

	if (head == 1)
		sum = 36 * weight--;
	else
		sum = (s->id[0] - 'A' + 10) * weight--;
	sum += (s->id[head - 1] - 'A' + 10) * weight--;
	for (uint32_t i = head; i < head + 6; i++)
		sum += digit_of(s->id[i]) * weight--;
	char last = s->id[s->n - 1];
	sum += last == 'A' ? 10 : digit_of(last);
	return sure(s, sum % 11 == 0);
}

/* The check digit in brackets stands outside the shape. */
static int confirm_hkid_brackets(struct sight *s)
{
	if (s->to + 2 >= s->len || s->text[s->to] != '(' ||
	    s->text[s->to + 2] != ')' || s->n > 8)
		return 0;
	s->id[s->n++] = s->text[s->to + 1];
	s->id[s->n] = '\0';
	if (digit_of(s->id[s->n - 1]) < 0 && s->id[s->n - 1] != 'A')
		return 0;
	s->to += 3;
	return confirm_hkid(s);
}

static int confirm_tw_id(struct sight *s)
{
	static const uint8_t area[26] = { 10, 11, 12, 13, 14, 15, 16, 17, 34,
					  18, 19, 20, 21, 22, 35, 23, 24, 25,
					  26, 27, 28, 29, 32, 30, 31, 33 };
	static const int8_t weight[9] = { 8, 7, 6, 5, 4, 3, 2, 1, 1 };
	int head = area[s->id[0] - 'A'];

	return sure(s, strchr("1289", s->id[1]) &&
			       (head / 10 + head % 10 * 9 +
				check_weighted(s->id + 1, weight, 9)) %
					       10 ==
				       0);
}

static int confirm_my_number(struct sight *s)
{
	static const int8_t weight[11] = { 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
	int rest = check_weighted(s->id, weight, 11) % 11;

	return sure(s, (rest < 2 ? 0 : 11 - rest) == digit_of(s->id[11]));
}

/* Since October 2020 the end is drawn by lot, so only the date is sure. */
static int confirm_rrn(struct sight *s)
{
	static const int8_t weight[12] = { 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5 };
	bool sum = (11 - check_weighted(s->id, weight, 12) % 11) % 10 ==
		   digit_of(s->id[12]);

	if (!is_yymmdd(s->id) || s->id[6] == '9' || s->id[6] == '0')
		return 0;
	return sum ? 92 : check_two(s->id) <= 30 ? 70 : 0;
}

static int confirm_nric(struct sight *s)
{
	static const int8_t weight[7] = { 2, 7, 6, 5, 4, 3, 2 };
	static const char st[] = "JZIHGFEDCBA", fg[] = "XWUTRQPNMLK";
	static const char m[] = "XWUTRQPNJLK";
	int sum = check_weighted(s->id + 1, weight, 7);

	if (!strchr("STFGM", s->id[0]))
		return 0;
	if (s->id[0] == 'T' || s->id[0] == 'G')
		sum += 4;
	if (s->id[0] == 'M')
		return sure(s, m[10 - (sum + 3) % 11] == s->id[8]);
	return sure(s,
		    (strchr("ST", s->id[0]) ? st : fg)[sum % 11] == s->id[8]);
}

static int confirm_mykad(struct sight *s)
{
	int place = check_two(s->id + 6);

	return sure(s, is_yymmdd(s->id) && place > 0 && place != 17 &&
			       place != 18 && place != 19 && place != 20 &&
			       place != 69 && place != 70);
}

static int confirm_thai(struct sight *s)
{
	static const int8_t weight[12] = { 13, 12, 11, 10, 9, 8,
					   7,  6,  5,  4,  3, 2 };

	return sure(s, s->id[0] != '0' &&
			       (11 - check_weighted(s->id, weight, 12) % 11) %
					       10 ==
				       digit_of(s->id[12]));
}

static int confirm_nik(struct sight *s)
{
	int day = check_two(s->id + 6);

	return sure(s, check_two(s->id) >= 11 && check_two(s->id) <= 96 &&
			       check_date(check_two(s->id + 10),
					  check_two(s->id + 8),
					  day > 40 ? day - 40 : day));
}

static int confirm_cnic(struct sight *s)
{
	return sure(s, s->id[0] >= '1' && s->id[0] <= '8');
}

static int confirm_luhn(struct sight *s)
{
	return sure(s, check_luhn(s->id, s->n));
}

static int confirm_za_id(struct sight *s)
{
	return sure(s, is_yymmdd(s->id) && s->id[10] <= '2' &&
			       check_luhn(s->id, 13));
}

static int confirm_emirates(struct sight *s)
{
	return sure(s, !memcmp(s->id, "784", 3) && check_two(s->id + 3) >= 19 &&
			       check_two(s->id + 3) <= 20);
}

static int confirm_tfn(struct sight *s)
{
	static const int8_t weight[9] = { 1, 4, 3, 7, 5, 8, 6, 9, 10 };

	return sure(s, check_weighted(s->id, weight, 9) % 11 == 0);
}

static int confirm_abn(struct sight *s)
{
	static const int8_t weight[11] = {
		10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19
	};

	return sure(s, (check_weighted(s->id, weight, 11) - 10) % 89 == 0);
}

static int confirm_au_medicare(struct sight *s)
{
	static const int8_t weight[8] = { 1, 3, 7, 9, 1, 3, 7, 9 };

	return sure(s, s->id[0] >= '2' && s->id[0] <= '6' &&
			       check_weighted(s->id, weight, 8) % 10 ==
				       digit_of(s->id[8]));
}

static int confirm_ird(struct sight *s)
{
	static const int8_t first[8] = { 3, 2, 7, 6, 5, 4, 3, 2 };
	static const int8_t second[8] = { 7, 4, 3, 2, 5, 2, 7, 6 };
	char id[10] = "0";

	memcpy(id + 9 - s->n, s->id, s->n);
	int check = (11 - check_weighted(id, first, 8) % 11) % 11;
	if (check == 10)
		check = (11 - check_weighted(id, second, 8) % 11) % 11;
	return sure(s, check == digit_of(id[8]));
}

static int confirm_melli(struct sight *s)
{
	static const int8_t weight[9] = { 10, 9, 8, 7, 6, 5, 4, 3, 2 };
	int rest = check_weighted(s->id, weight, 9) % 11;

	return sure(s, (rest < 2 ? rest : 11 - rest) == digit_of(s->id[9]));
}

static const struct row rows[] = {
	{ "pii.in_aadhaar", "Indian identity number (Aadhaar)", "pii.in pii.id",
	  .alias = "IN_AADHAAR aadhaar",
	  .shape = "9999 9999 9999|9999-9999-9999", .score = 45,
	  .confirm = confirm_aadhaar, .context = "aadhaar|uid|uidai|adhar",
	  .boost = 50,
	  .hit = { "UIDAI 2341 2341 2346", "Aadhaar 2341-2341-2346" },
	  .miss = { "2341 2341 2347", "1341 2341 2346" } },
	{ "pii.in_aadhaar", .shape = "9{12}", .flags = ROW_CONTEXT,
	  .confirm = confirm_aadhaar, .context = "aadhaar|uid|uidai|adhar",
	  .hit = { "Aadhaar: 234123412346", "UID 234123412346" },
	  .miss = { "234123412346", "Aadhaar: 234123412347" } },
	{ "pii.in_pan", "Indian tax number (PAN)", "pii.in pii.id",
	  .alias = "IN_PAN", .shape = "AAAAA9999A", .confirm = confirm_pan,
	  .hit = { "AAKFD7113K", "PAN: ACUPA7085R" },
	  .miss = { "AAKDD7113K", "aakfd7113k" } },
	{ "pii.in_gstin", "Indian tax number of a business (GSTIN)", "pii.in",
	  .alias = "IN_GSTIN", .shape = "x{15}", .confirm = confirm_gstin,
	  .hit = { "27AAPFU0939F1ZV", "GSTIN 27AAPFU0939F1ZV" },
	  .miss = { "27AAPFU0939F1ZO", "99AAPFU0939F1ZV" } },
	{ "pii.cn_resident_id", "Chinese resident identity number",
	  "pii.cn pii.id", .alias = "CN_RESIDENT_ID", .shape = "9{18}|9{17}A",
	  .confirm = confirm_cn_id, .score = 97,
	  .hit = { "120110198012010073", "11010519491231002X" },
	  .miss = { "120110198012010074", "120110198013010073" } },
	{ "pii.hk_hkid", "Hong Kong identity card", "pii.hk pii.id",
	  .alias = "HK_HKID", .shape = "A999999|AA999999", .score = 92,
	  .confirm = confirm_hkid_brackets,
	  .hit = { "A123456(3)", "HKID: AB987654(3)" },
	  .miss = { "A123456(4)", "A123456" } },
	{ "pii.hk_hkid", .shape = "A9999999|AA9999999|A999999A",
	  .flags = ROW_CONTEXT, .confirm = confirm_hkid, .context = "hkid",
	  .hit = { "HKID A1234563", "hkid AB9876543" },
	  .miss = { "A1234563", "HKID A1234564" } },
	{ "pii.tw_national_id", "Taiwanese identity number", "pii.tw pii.id",
	  .alias = "TW_NATIONAL_ID", .shape = "A9{9}", .score = 80,
	  .confirm = confirm_tw_id, .hit = { "A123456789", "id B142610160" },
	  .miss = { "A123456788", "A323456789" } },
	{ "pii.jp_my_number", "Japanese individual number (My Number)",
	  "pii.jp pii.id", .alias = "JP_MY_NUMBER",
	  .shape = "9{12}|9999 9999 9999|9999-9999-9999", .flags = ROW_CONTEXT,
	  .confirm = confirm_my_number,
	  .context = "my number|mynumber|individual number|マイナンバー|"
		     "個人番号",
	  .hit = { "My Number 6214 9832 0257", "マイナンバー: 621498320257" },
	  .miss = { "My Number 6214 9832 0258", "6214 9832 0257" } },
	{ "pii.kr_rrn", "South Korean resident number", "pii.kr pii.id",
	  .alias = "KR_RRN", .shape = "999999-9999999", .confirm = confirm_rrn,
	  .hit = { "751121-1356129", "751129-1803993" },
	  .miss = { "751321-1356129", "971013-0019902" } },
	{ "pii.sg_nric", "Singaporean identity number (NRIC, FIN)",
	  "pii.sg pii.id", .alias = "SG_NRIC_FIN", .shape = "A9999999A",
	  .confirm = confirm_nric, .score = 88,
	  .hit = { "S1234567D", "FIN G1234567X" },
	  .miss = { "S1234567E", "A1234567D" } },
	{ "pii.my_nric", "Malaysian identity number (MyKad)", "pii.my pii.id",
	  .alias = "MY_NRIC", .shape = "999999-99-9999",
	  .confirm = confirm_mykad, .score = 80,
	  .hit = { "810909-78-5542", "MyKad 770305-02-1234" },
	  .miss = { "770305-00-1234", "771305-02-1234" } },
	{ "pii.th_national_id", "Thai identity number", "pii.th pii.id",
	  .alias = "TH_NATIONAL_ID",
	  .shape = "9-9999-99999-99-9|"
		   "9 9999 99999 99 9",
	  .confirm = confirm_thai,
	  .hit = { "1-7399-00504-82-0", "1 1009 00359 65 7" },
	  .miss = { "1-7399-00504-82-1", "0-2345-45678-78-1" } },
	{ "pii.th_national_id", .shape = "9{13}", .flags = ROW_CONTEXT,
	  .confirm = confirm_thai,
	  .context = "thai|thailand|national id|citizen id|บัตรประชาชน",
	  .hit = { "Thai id 1100900359657", "national id: 1100900359657" },
	  .miss = { "1100900359657", "Thai id 1100900359658" } },
	{ "pii.my_nric", .shape = "9{12}", .flags = ROW_CONTEXT,
	  .confirm = confirm_mykad,
	  .context = "mykad|my kad|nric|kad pengenalan",
	  .hit = { "MyKad 810909785542", "NRIC 890131061224" },
	  .miss = { "810909785542", "MyKad 811309785542" } },
	{ "pii.id_nik", "Indonesian identity number (NIK)", "pii.id pii.idn",
	  .alias = "ID_NIK", .shape = "9{16}", .flags = ROW_CONTEXT,
	  .confirm = confirm_nik, .context = "nik|ktp|penduduk",
	  .hit = { "NIK 3171012902001234", "KTP 3171015708450001" },
	  .miss = { "NIK 3171013002001234", "3171012902001234" } },
	{ "pii.pk_cnic", "Pakistani identity number (CNIC)", "pii.pk pii.id",
	  .alias = "PK_CNIC", .shape = "99999-9999999-9",
	  .confirm = confirm_cnic,
	  .hit = { "42201-0397640-8", "CNIC 34201-0891231-8" },
	  .miss = { "94201-0891231-8", "42201-0397640" } },
	{ "pii.il_id", "Israeli identity number", "pii.il pii.id",
	  .alias = "IL_ID_NUMBER", .shape = "9{9}|99999999-9",
	  .flags = ROW_CONTEXT, .confirm = confirm_luhn,
	  .context = "teudat|zehut|israel|israeli|מספר|זהות",
	  .hit = { "Teudat Zehut 039337423", "Israel id 03933742-3" },
	  .miss = { "Israel id 039337424", "039337423" } },
	{ "pii.ae_emirates_id", "Emirates identity number", "pii.ae pii.id",
	  .alias = "AE_EMIRATES_ID", .shape = "999-9999-9999999-9|9{15}",
	  .confirm = confirm_emirates,
	  .hit = { "784-1984-1234567-9", "784198412345679" },
	  .miss = { "785-1984-1234567-9", "784-1884-1234567-9" } },
	{ "pii.sa_national_id", "Saudi identity number or Iqama",
	  "pii.sa pii.id", .alias = "SA_NATIONAL_ID", .shape = "9{10}",
	  .flags = ROW_CONTEXT, .confirm = confirm_luhn,
	  .context = "iqama|saudi|national id",
	  .hit = { "Iqama 1012345011", "Saudi national id 1012345011" },
	  .miss = { "Iqama 1012345012", "1012345011" } },
	{ "pii.ir_melli", "Iranian national code", "pii.ir pii.id",
	  .alias = "IR_MELLI_CODE", .shape = "9{10}", .flags = ROW_CONTEXT,
	  .confirm = confirm_melli, .context = "melli|kode melli|iran|ملی",
	  .hit = { "code melli 0499370899", "Iran 0790419904" },
	  .miss = { "code melli 0499370898", "0499370899" } },
	{ "pii.za_id", "South African identity number", "pii.za pii.id",
	  .alias = "ZA_ID_NUMBER", .shape = "9{13}|999999 9999 999",
	  .confirm = confirm_za_id, .score = 70,
	  .context = "id number|south africa|rsa|identity", .boost = 25,
	  .hit = { "6107165087088", "ID number 6602056061184" },
	  .miss = { "0099015077086", "6107165087089" } },
	{ "pii.au_tfn", "Australian tax file number", "pii.au pii.id",
	  .alias = "AU_TFN", .mask = "TFN", .shape = "9{9}|999 999 999",
	  .flags = ROW_CONTEXT, .confirm = confirm_tfn,
	  .context = "tfn|tax file|tax file number",
	  .hit = { "TFN 112 474 082", "tax file number 459599230" },
	  .miss = { "TFN 112 474 083", "112474082" } },
	{ "pii.au_abn", "Australian business number", "pii.au",
	  .alias = "AU_ABN", .shape = "99 999 999 999|9{11}",
	  .flags = ROW_CONTEXT, .confirm = confirm_abn, .context = "abn",
	  .hit = { "ABN 12 123 552 732", "abn 11574456001" },
	  .miss = { "ABN 12 123 552 733", "12 123 552 732" } },
	{ "pii.au_medicare", "Australian Medicare number", "pii.au pii.health",
	  .alias = "AU_MEDICARE",
	  .shape = "9999 99999 9|9{10,11}|9999 99999 9 9", .flags = ROW_CONTEXT,
	  .confirm = confirm_au_medicare, .context = "medicare|irn",
	  .hit = { "Medicare 2123 45670 1", "medicare card 2123456701" },
	  .miss = { "Medicare 2123 45671 1", "2123 45670 1" } },
	{ "pii.nz_ird", "New Zealand tax number (IRD)", "pii.nz pii.id",
	  .alias = "NZ_IRD", .shape = "9{8,9}|99-999-999|999-999-999",
	  .flags = ROW_CONTEXT, .confirm = confirm_ird,
	  .context = "ird|inland revenue",
	  .hit = { "IRD 136-410-132", "ird number 47-179-025" },
	  .miss = { "IRD 136-410-133", "136-410-132" } },
};

const struct family family_pii_world = {
	.name = "pii_world",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
