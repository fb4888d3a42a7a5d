/* test_appsec.c - attacks count, and statements of the same words do not. */
#include "test.h"

#include "abi/mg.h"

struct sample {
	const char *text;
	const char *entity;
	uint32_t least;
	uint32_t most;
};

static const struct sample samples[] = {
	{ "name=x' OR 'a'='a", "appsec.sql", 80, 100 },
	{ "1; DROP TABLE users", "appsec.sql", 50, 100 },
	{ "SELECT a FROM b UNION SELECT c FROM d", "appsec.sql", 0, 49 },
	{ "BEGIN; DELETE FROM t WHERE id = 4; COMMIT", "appsec.sql", 0, 49 },
	{ "WHERE a = 'b' -- a comment", "appsec.sql", 0, 0 },
	{ "127.0.0.1; cat /etc/passwd", "appsec.command", 80, 100 },
	{ "cd src && bash -c 'make'", "appsec.command", 0, 49 },
	{ "(&(uid=*)(objectClass=person))", "appsec.ldap", 0, 0 },
	{ "*)(uid=*))(|(uid=*", "appsec.ldap", 80, 100 },
	{ "import a from '../../a.js'", "appsec.path", 0, 0 },
	{ "GET /..%2f..%2fetc%2fpasswd", "appsec.path", 80, 100 },
	{ "x.__class__.__mro__", "appsec.template", 0, 0 },
	{ "{{x.__class__.__mro__}}", "appsec.template", 80, 100 },
	{ "see http://localhost:3000/", "appsec.ssrf", 0, 49 },
	{ "http://169.254.169.254/latest", "appsec.ssrf", 80, 100 },
	{ "db.users.find({age: {\"$gt\": 3}})", "appsec.nosql", 0, 49 },
	{ "{\"password\": {\"$gt\": \"\"}}", "appsec.nosql", 80, 100 },
	{ "<img src=x onerror=alert(1)>", "appsec.xss", 80, 100 },
	{ "<script src='/app.js'></script>", "appsec.xss", 0, 0 },
	/* In a disguise: */
	{ "%27%20OR%20%27a%27%3D%27a", "appsec.sql", 80, 100 },
};

static uint32_t best(struct mg_catalogue *cat, struct mg_scan *scan,
		     const struct sample *s)
{
	int n = mg_scan_text(scan, s->text, strlen(s->text));
	uint32_t score = 0;

	for (int i = 0; i < n; i++) {
		const struct mg_finding *f = mg_scan_at(scan, (uint32_t)i);

		if (!strcmp(mg_catalogue_at(cat, f->entity)->name, s->entity) &&
		    f->score > score)
			score = f->score;
	}
	return score;
}

static void attacks_outweigh_statements(void)
{
	struct mg_catalogue *cat = mg_catalogue_new();
	int entity, wrong = 0;

	for (uint32_t i = 0;
	     (entity = mg_catalogue_group(cat, "appsec", 6, i)) >= 0; i++)
		mg_catalogue_need(cat, (uint32_t)entity);
	OK(mg_catalogue_compile(cat, NULL) == 0);
	struct mg_scan *scan = mg_scan_new(cat);
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		uint32_t score = best(cat, scan, &samples[i]);

		if (score < samples[i].least || score > samples[i].most) {
			printf("# %s: %u\n", samples[i].text, score);
			wrong++;
		}
	}
	OK(wrong == 0);
	mg_scan_free(scan);
	mg_catalogue_free(cat);
}

int main(void)
{
	RUN(attacks_outweigh_statements);
	return test_done();
}
