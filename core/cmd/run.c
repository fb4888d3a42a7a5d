/* run.c - `moongate run`: the product. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "certs/hierarchy.h"
#include "cmd/cmd.h"
#include "policy/engine.h"
#include "proc/supervisor.h"

static int run(int argc, char **argv)
{
	const char *path = NULL;
	char why[4096] = "";
	struct conf *conf = conf_new();

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--config") && i + 1 < argc) {
			path = argv[++i];
			continue;
		}
		fprintf(stderr,
			"moongate run: what is '%s'? Try 'moongate run "
			"--help'.\n",
			argv[i]);
		return CMD_USAGE;
	}
	if (!path && !access("moongate.lua", R_OK))
		path = "moongate.lua";
	if (engine_read_conf(path, conf, why, sizeof(why)) < 0) {
		fprintf(stderr, "%s\n", why);
		return CMD_CONFIG;
	}
	char ca[512];
	snprintf(ca, sizeof(ca), "%s/ca", conf->state);
	if (!hierarchy_exists(ca)) {
		fprintf(stderr,
			"moongate run: there are no certificates in %s; make "
			"them with 'moongate ca init --state %s'\n",
			ca, conf->state);
		return CMD_CONFIG;
	}
	log_open((enum log_level)conf->log, "supervisor");
	int status = supervisor_run(conf, path);
	conf_free(conf);
	return status;
}

const struct cmd cmd_run = {
	.name = "run",
	.about = "start the product: proxy, control, signer",
	.help = "usage: moongate run [--config FILE]\n"
		"\n"
		"Reads moongate.lua (or FILE), binds the listeners and serves\n"
		"until SIGTERM or Ctrl-C. SIGHUP loads policies anew: a "
		"broken\n"
		"one changes nothing and is reported with its file and line.\n"
		"Needs `moongate ca init` first.\n"
		"\n"
		"examples:\n"
		"  moongate run\n"
		"  moongate run --config /etc/moongate/moongate.lua\n",
	.run = run,
};
