/* test_catalogue.c - every row does what its own examples say. */
#include "example.h"
#include "test.h"

#include "base/slice.h"
#include "detectors/list.h"
#include "detectors/scan.h"

#define X(name) &family_##name,
static const struct family *const families[] = { FAMILIES(X) };
#undef X

static struct mg_catalogue *everything(void)
{
	struct mg_catalogue *cat = mg_catalogue_new();

	for (uint32_t i = 0; i < mg_catalogue_count(cat); i++)
		mg_catalogue_need(cat, i);
	if (mg_catalogue_compile(cat, NULL) < 0)
		printf("Bail out! %s\n", mg_catalogue_error(cat)), exit(1);
	return cat;
}

static int finds(struct mg_scan *scan, uint32_t entity, const char *example)
{
	char text[8192];
	size_t len = example_expand(example, text, sizeof(text));
	int n = mg_scan_text(scan, text, len);

	for (int i = 0; i < n; i++)
		if (mg_scan_at(scan, (uint32_t)i)->entity == entity)
			return 1;
	return 0;
}

static void every_row_finds_its_hits_and_no_miss(void)
{
	struct mg_catalogue *cat = everything();
	struct mg_scan *scan = mg_scan_new(cat);
	int wrong = 0, rows = 0;

	for (uint32_t f = 0; f < ARRAY_LEN(families); f++)
		for (uint32_t i = 0; i < families[f]->count; i++) {
			const struct row *row = &families[f]->rows[i];
			int entity = mg_catalogue_find(cat, row->name,
						       strlen(row->name));

			if (row->flags & ROW_MARK)
				continue;
			rows++;
			for (int k = 0; k < EXAMPLES; k++) {
				if (!row->hit[k] || !row->miss[k] ||
				    !finds(scan, (uint32_t)entity,
					   row->hit[k])) {
					printf("# %s misses its hit %d: %s\n",
					       row->name, k, row->hit[k]);
					wrong++;
				}
				if (row->miss[k] &&
				    finds(scan, (uint32_t)entity,
					  row->miss[k])) {
					printf("# %s finds its miss %d: %s\n",
					       row->name, k, row->miss[k]);
					wrong++;
				}
			}
		}
	printf("# %d rows\n", rows);
	OK(rows > 0 && wrong == 0);
	mg_scan_free(scan);
	mg_catalogue_free(cat);
}

static void names_and_masks_are_well_formed(void)
{
	struct mg_catalogue *cat = mg_catalogue_new();
	int wrong = 0;

	for (uint32_t i = 0; i < mg_catalogue_count(cat); i++) {
		const struct mg_entity *e = mg_catalogue_at(cat, i);
		const struct row *row = catalogue_row(cat, i);

		if (!e->name || !strchr(e->name, '.') || !*e->mask ||
		    e->score > 100 || e->tier < 1 || e->tier > 3) {
			printf("# %s\n", e->name);
			wrong++;
		}
		int first = mg_catalogue_find(cat, e->name, strlen(e->name));
		if (!(row->flags & ROW_MARK) &&
		    ((uint32_t)first == i && !e->about)) {
			printf("# %s has no about\n", e->name);
			wrong++;
		}
	}
	OK(wrong == 0);
	mg_catalogue_free(cat);
}

static void groups_and_aliases_are_found(void)
{
	struct mg_catalogue *cat = mg_catalogue_new();
	int email = mg_catalogue_find(cat, "EMAIL_ADDRESS", 13);

	OK(email >= 0 && email == mg_catalogue_find(cat, "pii.email", 9));
	OK(mg_catalogue_group(cat, "pii", 3, 0) >= 0);
	OK(mg_catalogue_group(cat, "pii.contact", 11, 0) >= 0);
	OK(mg_catalogue_group(cat, "secret.tier1", 12, 0) >= 0);
	OK(mg_catalogue_group(cat, "nothing", 7, 0) == MG_EINVAL);
	OK(mg_catalogue_find(cat, "pii.nothing", 11) == MG_EINVAL);

	int n = 0;
	while (mg_catalogue_group(cat, "secret", 6, (uint32_t)n) >= 0)
		n++;
	OK(n >= 40);
	mg_catalogue_free(cat);
}

/* Names under which operators of other products know these things. */
static void the_usual_names_are_understood(void)
{
	static const char *const names[] = {
		"credit_card",  "cvv",           "bank_account",
		"iban",         "swift_bic",     "routing_number",
		"stripe_key",   "ssn",           "drivers_license",
		"passport",     "tax_id",        "email",
		"phone_number", "address",       "zip_code",
		"ip_address",   "ip6_address",   "mac_address",
		"uuid",         "device_imei",   "vehicle_vin",
		"password",     "api_key",       "access_token",
		"jwt_token",    "crypto_wallet", "spanish_dni",
		"spanish_nie",  "spanish_cif",   "spanish_nss",
		"spanish_iban", "french_nir",    "italian_cf",
		"german_id",    "brazilian_cpf", "brazilian_cnpj",
		"mexican_curp", "mexican_rfc",   "argentine_dni",
		"chilean_rut",  "colombian_cc",  "peruvian_dni",
		"us_medicare",  "isin",          "date",
		"device_mac",   "spanish_phone",
	};
	struct mg_catalogue *cat = mg_catalogue_new();
	int unknown = 0;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (mg_catalogue_find(cat, names[i], strlen(names[i])) < 0) {
			printf("# %s\n", names[i]);
			unknown++;
		}
	OK(unknown == 0);
	mg_catalogue_free(cat);
}

static void what_is_not_needed_is_not_found(void)
{
	struct mg_catalogue *cat = mg_catalogue_new();
	int email = mg_catalogue_find(cat, "pii.email", 9);

	OK(mg_catalogue_need(cat, (uint32_t)email) == 0);
	OK(mg_catalogue_compile(cat, NULL) == 0);

	struct mg_scan *scan = mg_scan_new(cat);
	const char text[] = "ann@example.com or +44 20 7946 0018";
	OK(mg_scan_text(scan, text, strlen(text)) == 1);
	OK(mg_scan_at(scan, 0)->entity == (uint32_t)email);
	OK(mg_scan_at(scan, 0)->from == 0 && mg_scan_at(scan, 0)->to == 15);
	OK(mg_scan_at(scan, 1) == NULL);
	mg_scan_free(scan);
	mg_catalogue_free(cat);
}

int main(void)
{
	RUN(names_and_masks_are_well_formed);
	RUN(groups_and_aliases_are_found);
	RUN(the_usual_names_are_understood);
	RUN(what_is_not_needed_is_not_found);
	RUN(every_row_finds_its_hits_and_no_miss);
	return test_done();
}
