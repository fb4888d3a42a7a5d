/* integration_list.c - moongate integration list, show */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/suggest.h"
#include "certs/roster.h"
#include "cmd/cmd.h"
#include "cmd/integration.h"
#include "cmd/report.h"

static const char *const status_word[] = {
	[IDENTITY_ACTIVE] = "active",
	[IDENTITY_PAUSED] = "paused",
	[IDENTITY_REVOKED] = "revoked",
};

static const char *const mode_word[] = {
	[IDENTITY_INLINE] = "inline",
	[IDENTITY_OBSERVE] = "observe",
};

static const char *state_of(const struct identity_cert *c)
{
	return c->revoked                        ? "revoked"
	       : c->until <= (int64_t)time(NULL) ? "ended"
						 : "valid";
}

static uint32_t valid_certs(const struct identity *who)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < who->cert_count; i++)
		n += strcmp(state_of(&who->certs[i]), "valid") == 0;
	return n;
}

/* --- JSON ---------------------------------------------------------------- */

static void json_slice(const char *name, struct mg_slice value)
{
	printf("\"%s\":", name);
	if (value.len)
		report_json_slice(stdout, value.at, value.len);
	else
		printf("null");
}

static void json_list(const char *name, const struct mg_slice *list, uint32_t n)
{
	printf(",\"%s\":[", name);
	for (uint32_t i = 0; i < n; i++) {
		printf("%s", i ? "," : "");
		report_json_slice(stdout, list[i].at, list[i].len);
	}
	printf("]");
}

static void json_cert(const struct identity_cert *c, bool first)
{
	printf("%s{", first ? "" : ",");
	json_slice("serial", c->serial);
	printf(",");
	json_slice("issuer", c->issuer);
	printf(",");
	json_slice("device", c->device);
	printf(",\"until\":\"%s\",\"status\":\"%s\"}", report_date(c->until),
	       state_of(c));
}

static void json_one(const struct identity *who)
{
	printf("{");
	json_slice("name", who->name);
	printf(",");
	json_slice("id", who->id);
	printf(",");
	json_slice("created", who->created);
	printf(",\"status\":\"%s\",\"mode\":\"%s\"", status_word[who->status],
	       mode_word[who->mode]);
	json_list("tags", who->tags, who->tag_count);
	json_list("groups", who->groups, who->group_count);
	printf(",\"token\":%s,", who->has_token ? "true" : "false");
	json_slice("pac_id", who->pac);
	printf(",\"certificates\":[");
	for (uint32_t i = 0; i < who->cert_count; i++)
		json_cert(&who->certs[i], i == 0);
	printf("]}");
}

/* --- words --------------------------------------------------------------- */

static void print_list(const char *name, const struct mg_slice *list,
		       uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		printf("%-12s %.*s\n", i ? "" : name, (int)list[i].len,
		       list[i].at);
}

static void print_one(const struct identity *who)
{
	printf("%-12s %.*s\n%-12s %.*s\n%-12s %.*s\n", "name",
	       (int)who->name.len, who->name.at, "id", (int)who->id.len,
	       who->id.at, "created", (int)who->created.len, who->created.at);
	printf("%-12s %s\n%-12s %s\n", "status", status_word[who->status],
	       "mode", mode_word[who->mode]);
	print_list("tags", who->tags, who->tag_count);
	print_list("groups", who->groups, who->group_count);
	printf("%-12s %s\n%-12s %.*s\n", "token",
	       who->has_token ? "one, not kept in the clear" : "none", "PAC id",
	       (int)who->pac.len, who->pac.at);
	for (uint32_t i = 0; i < who->cert_count; i++) {
		const struct identity_cert *c = &who->certs[i];
		printf("%-12s %.*s  %s until %.10s  %.*s\n",
		       i ? "" : "certificates", (int)c->serial.len,
		       c->serial.at, state_of(c), report_date(c->until),
		       (int)c->device.len, c->device.at);
	}
}

static void print_line(const struct identity *who)
{
	printf("%-24.*s %-8s %-8s %3u valid  ", (int)who->name.len,
	       who->name.at, status_word[who->status], mode_word[who->mode],
	       valid_certs(who));
	for (uint32_t i = 0; i < who->tag_count; i++)
		printf("%s%.*s", i ? "," : "", (int)who->tags[i].len,
		       who->tags[i].at);
	printf("\n");
}

/* --- the verbs ----------------------------------------------------------- */

int integration_list(struct integration_words *w)
{
	struct roster r;

	roster_init(&r);
	int err = roster_read(&r, w->table, w->why, sizeof(w->why));
	if (err < 0) {
		roster_deinit(&r);
		return report_fail(CMD_CANNOT, w->command, "%s", w->why);
	}
	if (w->json)
		printf("[");
	for (uint32_t i = 0; i < r.count; i++) {
		if (w->json) {
			printf("%s\n ", i ? "," : "");
			json_one(&r.at[i]);
		} else {
			print_line(&r.at[i]);
		}
	}
	if (w->json)
		printf("%s]\n", r.count ? "\n" : "");
	else if (!r.count)
		fprintf(stderr, "There is none yet; `moongate integration "
				"create NAME` makes one.\n");
	roster_deinit(&r);
	return CMD_OK;
}

static int not_there(struct integration_words *w, const struct roster *r)
{
	struct suggest near;
	struct arena arena;

	arena_init(&arena);
	suggest_init(&near, w->wish.name);
	for (uint32_t i = 0; i < r->count; i++)
		suggest_offer(&near, arena_str(&arena, r->at[i].name.at,
					       r->at[i].name.len));
	report_fail(CMD_NEGATIVE, w->command,
		    "there is no integration '%s'%s%s%s", w->wish.name,
		    near.best ? ", did you mean '" : "",
		    near.best ? near.best : "", near.best ? "'?" : "");
	arena_deinit(&arena);
	return CMD_NEGATIVE;
}

static void show_json(const struct identity *who)
{
	json_one(who);
	printf("\n");
}

int integration_show(struct integration_words *w)
{
	struct roster r;
	int code = CMD_OK;

	roster_init(&r);
	if (roster_read(&r, w->table, w->why, sizeof(w->why)) < 0) {
		code = report_fail(CMD_CANNOT, w->command, "%s", w->why);
	} else {
		const struct identity *who =
			roster_find(&r, slice_str(w->wish.name));
		if (!who)
			code = not_there(w, &r);
		else if (w->json)
			show_json(who);
		else
			print_one(who);
	}
	roster_deinit(&r);
	return code;
}
