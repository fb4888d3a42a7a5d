/* identity_iberia.c - numbers of people and firms in Spain, Portugal and Latin
 * America. */
#include "detectors/pii/identity.h"

static const char dni_letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";

static int confirm_dni(struct sight *s)
{
	return sure(s, s->n == 9 && dni_letters[check_mod(s->id, 8, 23)] ==
					    s->id[8]);
}

static int confirm_nie(struct sight *s)
{
	char digits[8];

	if (s->id[0] < 'X' || s->id[0] > 'Z')
		return 0;
	memcpy(digits, s->id, 8);
	digits[0] = (char)('0' + s->id[0] - 'X');
	return sure(s, dni_letters[check_mod(digits, 8, 23)] == s->id[8]);
}

static int confirm_cif(struct sight *s)
{
	static const char letters[] = "JABCDEFGHI";
	int sum = 0;

	if (!strchr("ABCDEFGHJNPQRSUVW", s->id[0]))
		return 0;
	for (int i = 1; i < 8; i++) {
		int d = digit_of(s->id[i]);

		if (i % 2)
			d = d < 5 ? 2 * d : 2 * d - 9;
		sum += d;
	}
	int check = (10 - sum % 10) % 10;
	bool digit = s->id[8] == '0' + check,
	     letter = s->id[8] == letters[check];
	if (strchr("PQRSNW", s->id[0]))
		digit = false;
	if (strchr("ABEH", s->id[0]))
		letter = false;
	return sure(s, digit || letter);
}

static int confirm_es_nss(struct sight *s)
{
	char joined[16];
	uint32_t n = 10;

	/* A serial below ten million is written without its leading nought. */
	memcpy(joined, s->id, 10);
	if (s->id[2] == '0') {
		memmove(joined + 2, joined + 3, 7);
		n = 9;
	}
	return sure(s, check_two(s->id) >= 1 && check_two(s->id) <= 66 &&
			       (int)check_mod(joined, n, 97) ==
				       check_two(s->id + 10));
}

static int confirm_pt_nif(struct sight *s)
{
	static const int8_t weight[8] = { 9, 8, 7, 6, 5, 4, 3, 2 };

	return sure(s, strchr("1235689", s->id[0]) &&
			       ends_mod(s->id, weight, 9, 11));
}

/* Two check digits, each over all before it. */
static bool has_two_checks(const char *id, uint32_t n, int top)
{
	for (uint32_t k = n - 2; k < n; k++) {
		int sum = 0, weight = 2;

		for (uint32_t i = k; i-- > 0;) {
			sum += (id[i] - '0') * weight;
			weight = weight == top ? 2 : weight + 1;
		}
		int check = sum % 11 < 2 ? 0 : 11 - sum % 11;
		if (check != digit_of(id[k]))
			return false;
	}
	return true;
}

static int confirm_cpf(struct sight *s)
{
	return sure(s, has_two_checks(s->id, 11, 12));
}

/* Roots may hold letters since 2026; they count by their ASCII value. */
static int confirm_cnpj(struct sight *s)
{
	return sure(s, digit_of(s->id[12]) >= 0 && digit_of(s->id[13]) >= 0 &&
			       has_two_checks(s->id, 14, 9));
}

static int confirm_curp(struct sight *s)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMN?OPQRSTUVWXYZ";
	int sum = 0;

	for (int i = 0; i < 4; i++)
		if (!is_letter_at(s, (uint32_t)i))
			return 0;
	for (int i = 4; i < 10; i++)
		if (digit_of(s->id[i]) < 0)
			return 0;
	if (!strchr("HMX", s->id[10]) || !is_letter_at(s, 11) ||
	    !is_yymmdd(s->id + 4))
		return 0;
	for (int i = 0; i < 17; i++) {
		const char *at = strchr(alphabet, s->id[i]);

		sum += (int)(at - alphabet) * (18 - i);
	}
	return (10 - sum % 10) % 10 == digit_of(s->id[17]) ? 98 : 0;
}

static int confirm_rfc(struct sight *s)
{
	uint32_t head = s->n - 9;

	for (uint32_t i = 0; i < head; i++)
		if (!is_letter_at(s, i))
			return 0;
	for (uint32_t i = head; i < head + 6; i++)
		if (digit_of(s->id[i]) < 0)
			return 0;
	for (uint32_t i = s->from; i < s->to; i++)
		if (islower((unsigned char)s->text[i]))
			return 0;
	return is_yymmdd(s->id + head) ? 80 : 0;
}

static int confirm_cuit(struct sight *s)
{
	static const int8_t weight[10] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
	static const char heads[] = "20232427303334";

	int i = 0;

	for (; heads[i]; i += 2)
		if (!memcmp(heads + i, s->id, 2))
			break;
	if (!heads[i])
		return 0;

	/* A ten is written as nine. */
	int check = (11 - check_weighted(s->id, weight, 10) % 11) % 11;
	return sure(s, (check == 10 ? 9 : check) == digit_of(s->id[10]));
}

static int confirm_rut(struct sight *s)
{
	int sum = 0, weight = 2;

	for (uint32_t i = s->n - 1; i-- > 0;) {
		sum += digit_of(s->id[i]) * weight;
		weight = weight == 7 ? 2 : weight + 1;
	}
	int check = (11 - sum % 11) % 11;
	return sure(s, s->id[s->n - 1] == (check == 10 ? 'K' : '0' + check));
}

static int confirm_shape(struct sight *s)
{
	return sure(s, true);
}

static const struct row rows[] = {
	{ "pii.es_dni", "Spanish identity number (DNI, NIF)", "pii.es pii.id",
	  .alias = "spanish_dni ES_DNI_NIF es_dni", .mask = "DNI",
	  .shape = "99999999A|99999999-A|99.999.999-A|99.999.999A|99999999 A",
	  .confirm = confirm_dni, .context = "dni|nif|documento|identidad",
	  .boost = 9, .hit = { "DNI 30987618V", "12.345.678-Z" },
	  .miss = { "30987618W", "1234567Z" } },
	{ "pii.es_nie", "Spanish foreigner number (NIE)", "pii.es pii.id",
	  .alias = "spanish_nie ES_NIE", .mask = "NIE",
	  .shape = "A9999999A|A-9999999-A|A9999999-A", .confirm = confirm_nie,
	  .hit = { "X2482300W", "NIE Y-1234567-X" },
	  .miss = { "X2482300A", "B2482300W" } },
	{ "pii.es_cif", "Spanish company number (CIF)", "pii.es",
	  .alias = "spanish_cif ES_CIF", .mask = "CIF",
	  .shape = "A99999999|A9999999A|A-99999999|A-9999999A",
	  .confirm = confirm_cif, .score = 75,
	  .context = "cif|nif|empresa|sociedad|fiscal", .boost = 20,
	  .hit = { "CIF A58818501", "P2807900B" },
	  .miss = { "A58818502", "I58818501" } },
	{ "pii.es_nss", "Spanish social security number", "pii.es pii.id",
	  .alias = "spanish_nss ES_NSS", .mask = "NSS",
	  .shape = "9{12}|99 9{8} 99|99/9{8}/99|99-9{8}-99",
	  .flags = ROW_CONTEXT, .confirm = confirm_es_nss,
	  .context = "seguridad social|nss|naf|afiliación|afiliacion",
	  .hit = { "Seguridad Social 28/12345678/40", "NSS 281234567840" },
	  .miss = { "NSS 281234567841", "281234567840" } },
	{ "pii.pt_nif", "Portuguese tax number (NIF)", "pii.pt pii.id",
	  .alias = "PT_NIF", .shape = "9{9}|999 999 999|999.999.999",
	  .flags = ROW_CONTEXT, .confirm = confirm_pt_nif,
	  .context = "nif|contribuinte|fiscal",
	  .hit = { "NIF 221796665", "contribuinte 501 964 843" },
	  .miss = { "NIF 221796664", "221796665" } },
	{ "pii.br_cpf", "Brazilian person number (CPF)", "pii.br pii.id",
	  .alias = "brazilian_cpf BR_CPF", .mask = "CPF",
	  .shape = "999.999.999-99", .confirm = confirm_cpf, .score = 97,
	  .hit = { "645.860.342-89", "CPF: 513.786.221-54" },
	  .miss = { "645.860.342-88", "111.111.111-11" } },
	{ "pii.br_cpf", .shape = "9{11}|999999999-99", .flags = ROW_CONTEXT,
	  .confirm = confirm_cpf, .context = "cpf|contribuinte",
	  .hit = { "cpf 64586034289", "CPF 645860342-89" },
	  .miss = { "64586034289", "cpf 64586034288" } },
	{ "pii.br_cnpj", "Brazilian company number (CNPJ)", "pii.br",
	  .alias = "brazilian_cnpj BR_CNPJ", .mask = "CNPJ",
	  .shape = "xx.xxx.xxx/xxxx-xx|x{8}/xxxx-xx", .confirm = confirm_cnpj,
	  .score = 97, .hit = { "07.195.358/0001-66", "11015248/0001-42" },
	  .miss = { "07.195.358/0001-67", "07.195.358/0001-6" } },
	{ "pii.br_cnpj", .shape = "x{14}", .flags = ROW_CONTEXT,
	  .confirm = confirm_cnpj, .context = "cnpj|empresa",
	  .hit = { "CNPJ 07195358000166", "cnpj: 11015248000142" },
	  .miss = { "07195358000166", "CNPJ 07195358000167" } },
	{ "pii.mx_curp", "Mexican person number (CURP)", "pii.mx pii.id",
	  .alias = "mexican_curp MX_CURP", .mask = "CURP", .tier = 1,
	  .shape = "x{18}", .confirm = confirm_curp,
	  .hit = { "AAAA000101HDFCCC09", "CURP BAAA890317HDFRLL03" },
	  .miss = { "AAAA000101HDFCCC08", "AAAA001301HDFCCC09" } },
	{ "pii.mx_rfc", "Mexican tax number (RFC)", "pii.mx pii.id",
	  .alias = "mexican_rfc MX_RFC", .mask = "RFC", .shape = "x{12,13}",
	  .confirm = confirm_rfc, .context = "rfc|contribuyentes|fiscal|sat",
	  .boost = 15, .hit = { "RFC AAAA791128D63", "GODE561231GR8" },
	  .miss = { "AAAA791328D63", "AAAA791128d63" } },
	{ "pii.ar_cuit", "Argentine tax number (CUIT, CUIL)", "pii.ar pii.id",
	  .alias = "AR_CUIT", .mask = "CUIT", .shape = "99-99999999-9",
	  .confirm = confirm_cuit, .score = 92,
	  .hit = { "20-05536168-2", "CUIT 20-04035643-7" },
	  .miss = { "20-05536168-3", "21-05536168-2" } },
	{ "pii.ar_cuit", .shape = "9{11}", .flags = ROW_CONTEXT,
	  .confirm = confirm_cuit, .context = "cuit|cuil",
	  .hit = { "CUIT 20055361682", "cuil: 20040356437" },
	  .miss = { "20055361682", "CUIT 20055361683" } },
	{ "pii.ar_dni", "Argentine identity number (DNI)", "pii.ar pii.id",
	  .alias = "argentine_dni AR_DNI", .mask = "DNI", .tier = 3,
	  .score = 60, .shape = "9{7,8}|99.999.999|9.999.999",
	  .flags = ROW_CONTEXT, .confirm = confirm_shape,
	  .context = "dni|documento",
	  .hit = { "DNI 28.456.789", "dni: 28456789" },
	  .miss = { "28.456.789", "DNI 284567" } },
	{ "pii.pe_dni", "Peruvian identity number (DNI)", "- pii.pe pii.id",
	  .alias = "peruvian_dni PE_DNI", .mask = "DNI", .tier = 3, .score = 60,
	  .shape = "9{8}|9{8}-9", .flags = ROW_CONTEXT,
	  .confirm = confirm_shape, .context = "dni|documento",
	  .hit = { "DNI 05209244", "dni 05209244-8" },
	  .miss = { "05209244", "DNI 0520924" } },
	{ "pii.co_cc", "Colombian identity number (cédula)", "pii.co pii.id",
	  .alias = "colombian_cc CO_CC", .mask = "CC", .tier = 3, .score = 60,
	  .shape = "9{6,10}|9.999.999.999|99.999.999|999.999.999",
	  .flags = ROW_CONTEXT, .confirm = confirm_shape,
	  .context = "cedula|cédula|ciudadanía|ciudadania",
	  .hit = { "cédula 1.032.456.789", "C\xc3\xa9"
					   "dula 79845321" },
	  .miss = { "1.032.456.789", "cédula 12345" } },
	{ "pii.cl_rut", "Chilean person or company number (RUT)",
	  "pii.cl pii.id", .alias = "chilean_rut CL_RUT", .mask = "RUT",
	  .shape = "99.999.999-9|99.999.999-A|9.999.999-9|9.999.999-A|"
		   "9{7,8}-9|9{7,8}-A",
	  .confirm = confirm_rut, .score = 80, .context = "rut|run|chile",
	  .boost = 19, .hit = { "RUT 12.531.909-2", "10219183-8" },
	  .miss = { "12.531.909-3", "10219183-9" } },
};

const struct family family_pii_iberia = {
	.name = "pii_iberia",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
