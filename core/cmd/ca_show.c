/* ca_show.c - moongate ca export, crl, show */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "certs/revocation.h"
#include "certs/safe.h"
#include "cmd/ca.h"
#include "cmd/cmd.h"
#include "cmd/report.h"
#include "tls/context.h"

enum { PEM_MAX = 1 << 20, DAY = 86400 };

int ca_export(struct ca_words *w)
{
	char path[600];
	struct buf pem, der;

	snprintf(path, sizeof(path), "%s/root.crt", w->dir);
	buf_init(&pem, PEM_MAX);
	buf_init(&der, PEM_MAX);
	int err = safe_read(path, &pem);
	if (err < 0)
		snprintf(w->why, sizeof(w->why),
			 "%.400s cannot be read; `moongate ca init` makes one",
			 path);
	else if (w->der)
		err = context_der_of(buf_slice(&pem), &der);
	struct mg_slice out = buf_slice(w->der ? &der : &pem);
	if (err >= 0)
		fwrite(out.at, 1, out.len, stdout);
	buf_deinit(&pem);
	buf_deinit(&der);
	return err < 0 ? ca_fail(w, err) : CMD_OK;
}

int ca_crl(struct ca_words *w)
{
	char path[600];
	struct roster roster;

	snprintf(path, sizeof(path), "%s/integrations", w->state);
	roster_init(&roster);
	int err = roster_read(&roster, path, w->why, sizeof(w->why));
	if (err >= 0)
		err = revocation_publish(w->dir, &roster, (uint32_t)w->days,
					 w->why, sizeof(w->why));
	roster_deinit(&roster);
	if (err < 0)
		return ca_fail(w, err);
	if (w->json)
		printf("{\"signed\":[\"client\",\"inspection\"]}\n");
	else
		printf("%s/crl: client.crl and inspection.crl signed for %ld "
		       "days\n",
		       w->dir, w->days);
	return CMD_OK;
}

static void show_json(const struct hierarchy_item *it, bool first)
{
	printf("%s\n {\"role\":", first ? "" : ",");
	report_json(stdout, it->role);
	printf(",\"subject\":");
	report_json(stdout, it->subject);
	printf(",\"sha256\":");
	report_json(stdout, it->sha256);
	printf(",\"from\":\"%s\"", report_date(it->from));
	printf(",\"to\":\"%s\",\"key\":", report_date(it->to));
	report_json(stdout, it->key);
	printf(",\"permitted\":%u,\"path\":", it->permitted);
	report_json(stdout, it->path);
	printf("}");
}

static void show_line(const struct hierarchy_item *it)
{
	long left = (long)((it->to - (int64_t)time(NULL)) / DAY);

	printf("%-11s until %.10s (%ld days)  key %-9s  %s", it->role,
	       report_date(it->to), left, it->key, it->subject);
	if (it->permitted)
		printf(", for %u names", it->permitted);
	printf("\n            sha256 %s\n", it->sha256);
	if (left < 30)
		fprintf(stderr,
			"moongate ca show: %s ends in %ld days; "
			"`moongate ca rotate %s`\n",
			it->role, left, it->role);
}

int ca_show(struct ca_words *w)
{
	struct hierarchy_item it;
	int err, shown = 0;

	if (!hierarchy_exists(w->dir))
		return report_fail(CMD_NEGATIVE, w->command,
				   "%s holds no CA; `moongate ca init` makes "
				   "one",
				   w->dir);
	if (w->json)
		printf("[");
	for (uint32_t i = 0;
	     (err = hierarchy_item_at(w->dir, i, &it)) != MG_ESTOP; i++) {
		if (err < 0)
			fprintf(stderr, "moongate ca show: %s cannot be read\n",
				it.path);
		else if (w->json)
			show_json(&it, shown++ == 0);
		else
			show_line(&it);
	}
	if (w->json)
		printf("\n]\n");
	return CMD_OK;
}
