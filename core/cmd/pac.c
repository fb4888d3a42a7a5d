/* pac.c - `moongate pac`: the PAC file, its address, and what it answers. */
#include <stdio.h>
#include <string.h>

#include "certs/identity.h"
#include "cmd/cmd.h"
#include "cmd/settings.h"
#include "policy/engine_pac.h"

enum { TEXT_MAX = 1 << 20, WHY = 4096, ID_MAX = 80 };

struct options {
	const char *config;
	const char *integration;
	const char *host;
	bool plain;
	bool url;
};

/* Whether the integration gets a PAC file at all, and under which address. */
static int look_up(const struct conf *conf, const struct options *o,
		   char id[ID_MAX])
{
	char path[512], why[WHY];

	snprintf(path, sizeof(path), "%s/integrations", conf->state);
	struct identity_table *t = identity_open(path, why, sizeof(why));
	if (!t) {
		fprintf(stderr, "moongate pac: %s\n", why);
		return CMD_CANNOT;
	}
	const struct identity *who =
		identity_by_name(t, slice_str(o->integration));
	if (!who)
		fprintf(stderr,
			"moongate pac: there is no integration '%s'; see "
			"`moongate integration list`\n",
			o->integration);
	else if (who->status != IDENTITY_ACTIVE)
		fprintf(stderr,
			"moongate pac: '%s' is not active: its address "
			"answers 404\n",
			o->integration);
	else
		snprintf(id, ID_MAX, "%.*s", (int)who->pac.len, who->pac.at);
	int code =
		who && who->status == IDENTITY_ACTIVE ? CMD_OK : CMD_NEGATIVE;
	identity_close(t);
	return code;
}

static int show_text(const struct conf *conf, const struct options *o)
{
	char why[WHY] = "";
	struct buf out;
	int err;

	buf_init(&out, TEXT_MAX);
	if (o->host)
		err = engine_pac_ask(conf, o->plain, o->host, &out, why,
				     sizeof(why));
	else
		err = engine_pac(conf, o->plain, &out, why, sizeof(why));
	if (err < 0)
		fprintf(stderr, "moongate pac: %s\n", why);
	else
		printf("%.*s%s", (int)buf_len(&out), out.at + out.from,
		       o->host ? "\n" : "");
	bool direct = err == MG_OK && slice_is(buf_slice(&out), "DIRECT");
	buf_deinit(&out);
	return err < 0 ? CMD_CONFIG : direct ? CMD_NEGATIVE : CMD_OK;
}

static int parse(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		bool more = i + 1 < argc;
		if (!strcmp(argv[i], "--plain")) {
			o->plain = true;
		} else if (!strcmp(argv[i], "--url")) {
			o->url = true;
		} else if (!strcmp(argv[i], "--config") && more) {
			o->config = argv[++i];
		} else if (!strcmp(argv[i], "--integration") && more) {
			o->integration = argv[++i];
		} else if (!strcmp(argv[i], "--host") && more) {
			o->host = argv[++i];
		} else {
			fprintf(stderr, "moongate pac: what is '%s'?\n",
				argv[i]);
			return MG_EINVAL;
		}
	}
	if (o->url && !o->integration) {
		fprintf(stderr, "moongate pac: --url needs --integration\n");
		return MG_EINVAL;
	}
	return MG_OK;
}

static int run(int argc, char **argv)
{
	struct options o = { 0 };

	if (parse(argc, argv, &o) < 0)
		return CMD_USAGE;
	struct conf *conf = settings_read(o.config);
	if (!conf)
		return CMD_CONFIG;
	char id[ID_MAX] = "";
	int code = o.integration ? look_up(conf, &o, id) : CMD_OK;
	if (code == CMD_OK && o.url)
		printf("http://%s/pac/%s%s.pac\n", conf->listen_control, id,
		       o.plain ? ".plain" : "");
	else if (code == CMD_OK)
		code = show_text(conf, &o);
	conf_free(conf);
	return code;
}

const struct cmd cmd_pac = {
	.name = "pac",
	.about = "the PAC file that devices get, and what it answers",
	.help = "usage: moongate pac [--integration NAME] [--plain] [--host "
		"HOST]\n"
		"                    [--config FILE]\n"
		"       moongate pac --url --integration NAME [--plain]\n"
		"\n"
		"Prints the PAC file; or, for one host, what it answers (exit "
		"code 1 when that\n"
		"is DIRECT); or the address under which an integration gets "
		"it. --plain is the\n"
		"variant for the plain proxy listener.\n"
		"\n"
		"examples:\n"
		"  moongate pac --host api.openai.com\n"
		"  moongate pac --url --integration laptops\n",
	.run = run,
};
