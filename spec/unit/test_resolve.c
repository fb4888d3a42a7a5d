/* test_resolve.c - which of overlapping findings give way. */
#include "abi/mg.h"
#include "test.h"

static const char code[] =
	"#include <stdio.h>\n\n"
	"int main(void)\n{\n"
	"\tconst char *api_token = \"kX7mQ2vT9pLz4RwB8nJd\";\n"
	"\tprintf(\"%s\\n\", api_token);\n"
	"\tfor (int i = 0; i < 10; i++)\n\t\tputs(api_token);\n"
	"\treturn 0;\n}\n";

/* How many findings the text has when these two entities are needed. */
static int found(const char *one, const char *other)
{
	struct mg_catalogue *cat = mg_catalogue_new();
	const char *names[] = { one, other };

	for (int i = 0; i < 2; i++)
		mg_catalogue_need(
			cat, (uint32_t)mg_catalogue_find(cat, names[i],
							 strlen(names[i])));
	mg_catalogue_compile(cat, NULL);

	struct mg_scan *scan = mg_scan_new(cat);
	int n = mg_scan_text(scan, code, sizeof(code) - 1);
	mg_scan_free(scan);
	mg_catalogue_free(cat);
	return n;
}

/* Bytes are named by what they are, not by the passage they stand in. */
static void a_secret_in_source_code_is_still_a_secret(void)
{
	OK(found("secret.generic_key", "secret.generic_key") == 1);
	OK(found("code.source", "code.source") == 1);
	OK(found("secret.generic_key", "code.source") == 2);
}

int main(void)
{
	RUN(a_secret_in_source_code_is_still_a_secret);
	return test_done();
}
