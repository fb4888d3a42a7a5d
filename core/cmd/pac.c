/* pac.c - `moongate pac`: the PAC file, its address, and what it answers. */
#include <stdio.h>
#include <string.h>

#include "certs/identity.h"
#include "cmd/cmd.h"
#include "cmd/setup.h"
#include "policy/engine_pac.h"

enum { TEXT_MAX = 1 << 20, WHY = 4096, ID_MAX = 80 };

struct options {
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

	buf_init(&out, TEXT_MAX);
	int err = engine_pac(conf, o->plain, &out, why, sizeof(why));
	if (err < 0)
		fprintf(stderr, "moongate pac: %s\n", why);
	else
		fwrite(out.at + out.from, 1, buf_len(&out), stdout);
	buf_deinit(&out);
	return err < 0 ? CMD_CONFIG : CMD_OK;
}

/* Hosts from stdin, one a line; the last newline is dropped. */
static int read_hosts(struct buf *hosts)
{
	char *room = buf_room(hosts, TEXT_MAX);
	size_t len = room ? fread(room, 1, TEXT_MAX, stdin) : 0;

	if (!len || len == TEXT_MAX || memchr(room, '\0', len))
		return MG_EINVAL;
	if (room[len - 1] == '\n')
		len--;
	buf_grow(hosts, len);
	return buf_add_at(hosts, "", 1);
}

static int show_answers(const struct conf *conf, const struct options *o)
{
	char why[WHY] = "";
	struct buf hosts, out;
	int err;

	buf_init(&hosts, 2 * TEXT_MAX);
	buf_init(&out, 32 * TEXT_MAX);
	if (strcmp(o->host, "-") == 0)
		err = read_hosts(&hosts);
	else
		err = buf_add_at(&hosts, o->host, strlen(o->host) + 1);
	if (err < 0)
		snprintf(why, sizeof(why), "hosts are expected, one a line");
	else
		err = engine_pac_ask(conf, o->plain, hosts.at, &out, why,
				     sizeof(why));
	bool direct = slice_is(buf_slice(&out), "DIRECT");
	if (err < 0)
		fprintf(stderr, "moongate pac: %s\n", why);
	else
		printf("%.*s\n", (int)buf_len(&out), out.at + out.from);
	buf_deinit(&hosts);
	buf_deinit(&out);
	return err < 0 ? CMD_CONFIG : direct ? CMD_NEGATIVE : CMD_OK;
}

static int answer(const struct conf *conf, const struct options *o)
{
	char id[ID_MAX] = "";
	int code = o->integration ? look_up(conf, o, id) : CMD_OK;

	if (code)
		return code;
	if (o->host)
		return show_answers(conf, o);
	if (!o->url)
		return show_text(conf, o);
	printf("http://%s/pac/%s%s.pac\n", conf->listen_control, id,
	       o->plain ? ".plain" : "");
	return CMD_OK;
}

static int run(int argc, char **argv)
{
	struct options o = { 0 };
	const struct option options[] = {
		{ "--integration", NULL, &o.integration },
		{ "--host", NULL, &o.host },
		{ "--plain", &o.plain, NULL },
		{ "--url", &o.url, NULL },
		{ NULL, NULL, NULL },
	};
	struct setup s;
	int code = setup_read(&s, options, argc, argv);

	if (code)
		return code;
	if (s.count && !o.integration)
		o.integration = s.words[0];
	if (s.count > 1 || (o.url && !o.integration)) {
		fprintf(stderr, "moongate pac: %s\n",
			s.count > 1 ? "one integration at a time"
				    : "--url needs an integration");
		return CMD_USAGE;
	}
	code = setup_conf(&s);
	if (!code)
		code = answer(s.conf, &o);
	setup_deinit(&s);
	return code;
}

const struct cmd cmd_pac = {
	.name = "pac",
	.about = "the PAC file that devices get, and what it answers",
	.help = "usage: moongate pac [INTEGRATION] [--url] [--host HOST] "
		"[--plain]\n"
		"                    [--config FILE]\n"
		"\n"
		"Prints the PAC file; with --host what it answers for one host "
		"(exit code 1 when\n"
		"that is DIRECT; - reads hosts from stdin); with --url the "
		"address under which an "
		"integration gets it.\n"
		"An integration that is not active gets none. --plain is the "
		"variant for the\n"
		"plain proxy listener.\n"
		"\n"
		"examples:\n"
		"  moongate pac --host api.openai.com\n"
		"  moongate pac laptops --url\n",
	.run = run,
};
