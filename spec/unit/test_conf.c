/* test_conf.c - every setting has a default; a wrong one says what is right. */
#include <stdlib.h>

#include "base/conf.h"
#include "test.h"

static char why[256];

static int set(struct conf *conf, const char *name, const char *value)
{
	*why = '\0';
	return conf_set(conf, name, value, why, sizeof(why));
}

static void defaults_are_those_of_the_list(void)
{
	struct conf *conf = conf_new();

	OK(conf->limits_body == 32u << 20);
	OK(conf->timeouts_idle == 120000);
	OK(conf->ca_grace == 7 * 86400000ull);
	OK(conf->mode == 0);
	OK(conf->failure_unread == 2);
	OK(!conf->upstream_private);
	OK(strcmp(conf->state, "state") == 0);
	OK(conf->listen_tls.count == 1);
	OK(conf->hosts_ai.count == 0);
	conf_free(conf);
}

static void units_are_read(void)
{
	static const struct {
		const char *name, *value;
		int result;
	} cases[] = {
		{ "limits.body", "64KiB", 0 },
		{ "limits.body", "65536", 0 },
		{ "limits.body", "64KB", MG_EINVAL },
		{ "limits.body", "64 KiB", MG_EINVAL },
		{ "limits.body", "-1", MG_EINVAL },
		{ "limits.body", "99GiB", MG_EINVAL },
		{ "limits.body", "99999999999999999999GiB", MG_EINVAL },
		{ "timeouts.idle", "10s", 0 },
		{ "timeouts.idle", "10", MG_EINVAL },
		{ "timeouts.idle", "", MG_EINVAL },
		{ "ca.grace", "7d", 0 },
		{ "ca.leaf_days", "8", MG_EINVAL },
		{ "workers", "two", MG_EINVAL },
		{ "upstream.private", "true", 0 },
		{ "upstream.private", "yes", MG_EINVAL },
		{ "mode", "observe", 0 },
		{ "mode", "watch", MG_EINVAL },
		{ "proxy.networks", "10.0.0.0/8=all", 0 },
		{ "proxy.networks", "10.0.0.0/8", MG_EINVAL },
	};
	struct conf *conf = conf_new();

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		OK(set(conf, cases[i].name, cases[i].value) == cases[i].result);
		OK((cases[i].result == 0) == (*why == '\0'));
	}
	OK(conf->limits_body == 65536);
	OK(conf->mode == 1);
	conf_free(conf);
}

static void a_wrong_value_leaves_the_old_one(void)
{
	struct conf *conf = conf_new();

	OK(set(conf, "limits.body", "1") == MG_EINVAL);
	OK(strstr(why, "within 1KiB..2GiB") != NULL);
	OK(conf->limits_body == 32u << 20);
	conf_free(conf);
}

static void an_unknown_name_gets_a_suggestion(void)
{
	struct conf *conf = conf_new();

	OK(set(conf, "limits.bdoy", "1") == MG_EINVAL);
	OK(strstr(why, "did you mean 'limits.body'?") != NULL);
	OK(set(conf, "entirely.else", "1") == MG_EINVAL);
	OK(strstr(why, "moongate schema") != NULL);
	conf_free(conf);
}

static void a_list_replaces_its_default(void)
{
	struct conf *conf = conf_new();

	OK(set(conf, "listen.plain", "127.0.0.1:1") == 0);
	OK(set(conf, "listen.plain", "127.0.0.1:2") == 0);
	OK(conf->listen_plain.count == 2);
	OK(strcmp(conf->listen_plain.at[1], "127.0.0.1:2") == 0);
	OK(set(conf, "listen.plain", "") == 0);
	OK(conf->listen_plain.count == 0);
	conf_free(conf);
}

static void a_map_is_asked_by_key(void)
{
	struct conf *conf = conf_new();

	set(conf, "upstream.connect", "a.example=127.0.0.1:1");
	set(conf, "upstream.connect", "b.example=127.0.0.1:2");
	OK(strcmp(conf_map_get(&conf->upstream_connect, slice_str("b.example")),
		  "127.0.0.1:2") == 0);
	OK(!conf_map_get(&conf->upstream_connect, slice_str("b.exampl")));
	conf_free(conf);
}

static void relative_paths_start_at_the_file(void)
{
	struct conf *conf = conf_new();

	set(conf, "state", "/var/lib/moongate");
	conf_root(conf, "/etc/moongate");
	OK(strcmp(conf->state, "/var/lib/moongate") == 0);
	OK(strcmp(conf->policies, "/etc/moongate/policies") == 0);
	OK(strcmp(conf->applications, "") == 0);
	conf_free(conf);
}

static void every_setting_is_told(void)
{
	uint32_t i = 0;

	for (; mg_setting_at(i); i++)
		OK(mg_setting_at(i)->about[0] && mg_setting_at(i)->kind[0]);
	OK(i == CONF_IDS);
}

int main(void)
{
	RUN(defaults_are_those_of_the_list);
	RUN(units_are_read);
	RUN(a_wrong_value_leaves_the_old_one);
	RUN(an_unknown_name_gets_a_suggestion);
	RUN(a_list_replaces_its_default);
	RUN(a_map_is_asked_by_key);
	RUN(relative_paths_start_at_the_file);
	RUN(every_setting_is_told);
	return test_done();
}
