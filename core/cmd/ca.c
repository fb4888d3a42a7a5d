/* ca.c - moongate ca: the certificates of the organisation. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/conf.h"
#include "base/suggest.h"
#include "certs/enrol.h"
#include "certs/hierarchy.h"
#include "certs/safe.h"
#include "cmd/ca.h"
#include "cmd/cmd.h"
#include "cmd/passphrase.h"
#include "cmd/report.h"
#include "policy/engine.h"
#include "tls/context.h"

enum {
	PEM_MAX = 1 << 20,
	CRL_DAYS = 30,
	DAY = 86400,
};

static const char help[] =
	"usage: moongate ca init   [options]   make the certificates, once\n"
	"       moongate ca rotate WHAT        inspection | client | proxy | "
	"root\n"
	"       moongate ca export             the root certificate, for "
	"devices\n"
	"       moongate ca crl                sign the revocation lists anew\n"
	"       moongate ca show               what there is, and until when\n"
	"\n"
	"Devices trust the root. Its key is needed again only for `rotate\n"
	"inspection` and `rotate root`: move it off this machine and bring it "
	"back\n"
	"for that. The inspection CA may sign the covered hosts and nothing "
	"else.\n"
	"\n"
	"  --state DIR             where everything is kept (default: state)\n"
	"  --config FILE           take names and hosts from this "
	"moongate.lua\n"
	"  --org NAME              name of the organisation\n"
	"  --proxy HOST            host name of the TLS listener\n"
	"  --host PATTERN          cover this too; may be repeated\n"
	"  --hosts-file FILE       cover these and no others, one a line\n"
	"  --crl-url URL           where devices find CRLs; empty for nowhere\n"
	"  --root-key FILE         the root's key is (to be) there\n"
	"  --passphrase-file FILE  its passphrase; else from the environment\n"
	"                          (MOONGATE_ROOT_PASSPHRASE), or made up\n"
	"  --grace DAYS            rotate client: the old one works on (7)\n"
	"  --compromised           rotate: the old one is revoked, no grace\n"
	"  --days N                crl: valid for (30)\n"
	"  --der                   export: DER instead of PEM\n"
	"  --json                  answer in JSON\n"
	"\n"
	"examples:\n"
	"  moongate ca init --org \"Example, Inc.\" --proxy "
	"proxy.example.com\n"
	"  moongate ca rotate inspection --root-key /media/usb/root.key\n"
	"  moongate ca export > moongate-ca.crt\n";

int ca_fail(struct ca_words *w, int err)
{
	return report_fail(report_code(err), w->command, "%s", w->why);
}

/* --- words --------------------------------------------------------------- */

enum {
	OPT_STATE = 256,
	OPT_CONFIG,
	OPT_ORG,
	OPT_PROXY,
	OPT_HOST,
	OPT_HOSTS_FILE,
	OPT_CRL_URL,
	OPT_ROOT_KEY,
	OPT_PASSPHRASE,
	OPT_GRACE,
	OPT_COMPROMISED,
	OPT_DAYS,
	OPT_DER,
	OPT_JSON,
};

static const struct option options[] = {
	{ "state", required_argument, NULL, OPT_STATE },
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "org", required_argument, NULL, OPT_ORG },
	{ "proxy", required_argument, NULL, OPT_PROXY },
	{ "host", required_argument, NULL, OPT_HOST },
	{ "hosts-file", required_argument, NULL, OPT_HOSTS_FILE },
	{ "crl-url", required_argument, NULL, OPT_CRL_URL },
	{ "root-key", required_argument, NULL, OPT_ROOT_KEY },
	{ "passphrase-file", required_argument, NULL, OPT_PASSPHRASE },
	{ "grace", required_argument, NULL, OPT_GRACE },
	{ "compromised", no_argument, NULL, OPT_COMPROMISED },
	{ "days", required_argument, NULL, OPT_DAYS },
	{ "der", no_argument, NULL, OPT_DER },
	{ "json", no_argument, NULL, OPT_JSON },
	{ NULL, 0, NULL, 0 },
};

static bool read_days(const char *text, long min, long max, long *out)
{
	uint64_t n;

	if (slice_number(slice_str(text), &n) < 0 || n < (uint64_t)min ||
	    n > (uint64_t)max)
		return false;
	*out = (long)n;
	return true;
}

static bool take_option(struct ca_words *w, int option)
{
	switch (option) {
	case OPT_STATE:
		w->state = optarg;
		return true;
	case OPT_CONFIG:
		w->config = optarg;
		return true;
	case OPT_ORG:
		w->org = optarg;
		return true;
	case OPT_PROXY:
		w->proxy = optarg;
		return true;
	case OPT_HOST:
		covered_add(&w->more, &w->arena, slice_str(optarg));
		return true;
	case OPT_HOSTS_FILE:
		w->hosts_file = optarg;
		return true;
	case OPT_CRL_URL:
		w->crl_url = optarg;
		return true;
	case OPT_ROOT_KEY:
		w->root_key = optarg;
		return true;
	case OPT_PASSPHRASE:
		w->passphrase_file = optarg;
		return true;
	case OPT_GRACE:
		return read_days(optarg, 0, 365, &w->grace_days);
	case OPT_COMPROMISED:
		return w->compromised = true;
	case OPT_DAYS:
		return read_days(optarg, 1, 3650, &w->days);
	case OPT_DER:
		return w->der = true;
	case OPT_JSON:
		return w->json = true;
	default:
		return false;
	}
}

static int take_words(struct ca_words *w, int argc, char **argv)
{
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!take_option(w, option)) {
			if (option != '?')
				fprintf(stderr,
					"moongate %s: %s is no such number of "
					"days\n",
					w->command, optarg);
			return report_fail(CMD_USAGE, w->command,
					   "see `moongate ca --help`");
		}
	if (optind < argc)
		w->what = argv[optind++];
	if (optind < argc)
		return report_fail(CMD_USAGE, w->command,
				   "'%s' is a word too many", argv[optind]);
	return CMD_OK;
}

static int read_conf(struct ca_words *w)
{
	w->conf = conf_new();
	if (engine_read_conf(w->config, w->conf, w->why, sizeof(w->why)) < 0)
		return report_fail(CMD_CONFIG, w->command, "%s", w->why);
	if (w->state &&
	    conf_set(w->conf, "state", w->state, w->why, sizeof(w->why)) < 0)
		return report_fail(CMD_USAGE, w->command, "%s", w->why);
	w->state = w->conf->state;
	if (snprintf(w->dir, sizeof(w->dir), "%s/ca", w->state) >=
	    (int)sizeof(w->dir))
		return report_fail(CMD_USAGE, w->command,
				   "--state: the path is too long");
	return CMD_OK;
}

/* --- the plan ------------------------------------------------------------ */

static struct hierarchy_plan plan_of(struct ca_words *w)
{
	long grace = w->grace_days;

	if (grace < 0)
		grace = (long)(w->conf->ca_grace / 1000 / DAY);
	return (struct hierarchy_plan){
		.dir = w->dir,
		.org = w->org,
		.proxy = w->proxy,
		.crl_base = w->crl_url,
		.root_key = w->root_key,
		.grace = (int64_t)grace * DAY,
		.compromised = w->compromised,
	};
}

/* Hosts named in words, a file, or the tables. */
static int plan_hosts(struct ca_words *w, struct hierarchy_plan *plan)
{
	struct covered *list = &w->more;
	int err = w->hosts_file
			  ? covered_by_file(list, &w->arena, w->hosts_file,
					    w->why, sizeof(w->why))
			  : covered_by_conf(list, &w->arena, w->conf, w->why,
					    sizeof(w->why));

	plan->hosts = list->at;
	plan->host_count = list->count;
	return err;
}

static const char *default_crl(struct ca_words *w)
{
	return arena_fmt(&w->arena, "http://%s/crl", w->conf->listen_control);
}

/* --- init ---------------------------------------------------------------- */

static void say_init(struct ca_words *w, const struct hierarchy_plan *plan,
		     bool made_up)
{
	const char *key = plan->root_key ? plan->root_key : "";

	if (w->json) {
		printf("{\"dir\":");
		report_json(stdout, w->dir);
		printf(",\"root_key\":");
		if (*key)
			report_json(stdout, key);
		else
			report_json(stdout, arena_fmt(&w->arena, "%s/root.key",
						      w->dir));
		printf(",\"passphrase\":");
		report_json(stdout, made_up ? plan->passphrase : NULL);
		printf(",\"hosts\":%u}\n", plan->host_count);
		return;
	}
	printf("%s: root, inspection CA (for %u hosts), client CA and listener "
	       "certificate made\n",
	       w->dir, plan->host_count);
	if (made_up)
		fprintf(stderr,
			"The root's key is sealed with this "
			"passphrase, shown only now:\n\n    %s\n\n",
			plan->passphrase);
	if (!*key)
		fprintf(stderr,
			"Move %s/root.key off this machine; it is needed again "
			"only to change what the inspection CA covers.\n",
			w->dir);
}

static int run_init(struct ca_words *w)
{
	char passphrase[PASSPHRASE_MAX];
	struct hierarchy_plan plan = plan_of(w);
	int made_up = passphrase_get_or_make(w->passphrase_file, passphrase,
					     w->why, sizeof(w->why));

	if (made_up < 0)
		return ca_fail(w, MG_EIO);
	plan.passphrase = passphrase;
	plan.org = w->org ? w->org : w->conf->org;
	plan.proxy = w->proxy ? w->proxy : w->conf->proxy_name;
	plan.crl_base = w->crl_url ? w->crl_url : default_crl(w);
	int err = MG_OK;
	if (hierarchy_exists(w->dir))
		err = hierarchy_init(&plan, w->why, sizeof(w->why));
	if (err >= 0)
		err = plan_hosts(w, &plan);
	if (err >= 0)
		err = hierarchy_init(&plan, w->why, sizeof(w->why));
	if (err >= 0)
		say_init(w, &plan, made_up == 1);
	explicit_bzero(passphrase, sizeof(passphrase));
	return err < 0 ? ca_fail(w, err) : CMD_OK;
}

/* --- rotate -------------------------------------------------------------- */

static int rotate_below_root(struct ca_words *w, struct hierarchy_plan *plan,
			     bool root)
{
	char passphrase[PASSPHRASE_MAX];
	int err = plan_hosts(w, plan);

	if (err >= 0)
		err = hierarchy_recall(plan, &w->arena, w->why, sizeof(w->why));
	if (err >= 0)
		err = passphrase_get(w->passphrase_file, passphrase, w->why,
				     sizeof(w->why)) < 0
			      ? MG_EIO
			      : MG_OK;
	if (err < 0)
		return err;
	plan->passphrase = passphrase;
	err = root ? hierarchy_rotate_root(plan, w->why, sizeof(w->why))
		   : hierarchy_rotate_inspection(plan, w->why, sizeof(w->why));
	explicit_bzero(passphrase, sizeof(passphrase));
	return err;
}

static int issuer_now(struct ca_words *w, char issuer[33])
{
	char path[600];
	struct buf pem;

	snprintf(path, sizeof(path), "%s/client.crt", w->dir);
	buf_init(&pem, PEM_MAX);
	int err = safe_read(path, &pem);
	if (err >= 0)
		err = context_issuer_of(buf_slice(&pem), issuer);
	buf_deinit(&pem);
	if (err < 0)
		snprintf(w->why, sizeof(w->why),
			 "%.400s cannot be read; `moongate ca init` makes one",
			 path);
	return err;
}

/* The table first: a CA that is about to go vouches for nobody beyond it. */
static int rotate_client(struct ca_words *w, struct hierarchy_plan *plan)
{
	int64_t grace = plan->compromised ? 0 : plan->grace;
	char issuer[33];
	int err = issuer_now(w, issuer);

	if (err >= 0)
		err = enrol_end_issuer(w->state, issuer, time(NULL) + grace,
				       w->why, sizeof(w->why));
	if (err > 0 && !w->json)
		fprintf(stderr,
			"%d certificates end %s; `moongate integration rotate` "
			"gives new ones\n",
			err, grace ? "with the grace" : "now");
	return err < 0 ? err
		       : hierarchy_rotate_client(plan, w->why, sizeof(w->why));
}

static const char *const parts[] = { "inspection", "client", "proxy", "root",
				     NULL };

static int bad_part(struct ca_words *w)
{
	struct suggest near;

	if (!w->what)
		return report_fail(CMD_USAGE, w->command,
				   "what? inspection, client, proxy or root");
	suggest_init(&near, w->what);
	for (const char *const *p = parts; *p; p++)
		suggest_offer(&near, *p);
	return report_fail(CMD_USAGE, w->command,
			   "'%s' cannot be rotated%s%s%s; inspection, client, "
			   "proxy and root can",
			   w->what, near.best ? " (did you mean '" : "",
			   near.best ? near.best : "", near.best ? "'?)" : "");
}

static int run_rotate(struct ca_words *w)
{
	struct hierarchy_plan plan = plan_of(w);
	int part = -1, err = MG_OK;

	for (int i = 0; w->what && parts[i]; i++)
		if (strcmp(parts[i], w->what) == 0)
			part = i;
	if (part < 0)
		return bad_part(w);
	if (part == 0 || part == 3)
		err = rotate_below_root(w, &plan, part == 3);
	/* What a rotation is not told, it takes from the last time. */
	if (err >= 0 && (part == 1 || part == 2))
		err = hierarchy_recall(&plan, &w->arena, w->why,
				       sizeof(w->why));
	if (err >= 0 && part == 1)
		err = rotate_client(w, &plan);
	if (err >= 0 && part == 2)
		err = hierarchy_rotate_proxy(&plan, w->why, sizeof(w->why));
	if (err < 0)
		return ca_fail(w, err);
	if (w->json)
		printf("{\"rotated\":\"%s\"}\n", w->what);
	else
		printf("%s rotated; a running Moongate takes it over on "
		       "SIGHUP\n",
		       w->what);
	return CMD_OK;
}

/* --- the command --------------------------------------------------------- */

static const struct verb {
	const char *name;
	int (*run)(struct ca_words *w);
	bool takes_word;
} verbs[] = {
	{ "init", run_init, false },    { "rotate", run_rotate, true },
	{ "export", ca_export, false }, { "crl", ca_crl, false },
	{ "show", ca_show, false },
};

static const struct verb *find_verb(const char *name)
{
	struct suggest near;

	suggest_init(&near, name);
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
		suggest_offer(&near, verbs[i].name);
	}
	fprintf(stderr, "moongate ca: there is no '%s'%s%s%s\n", name,
		near.best ? ", did you mean '" : "", near.best ? near.best : "",
		near.best ? "'?" : "");
	return NULL;
}

static int run_verb(const struct verb *verb, struct ca_words *w, int argc,
		    char **argv)
{
	int code = take_words(w, argc, argv);

	if (code == CMD_OK && w->what && !verb->takes_word)
		code = report_fail(CMD_USAGE, w->command,
				   "'%s' is a word too many", w->what);
	if (code == CMD_OK)
		code = read_conf(w);
	return code == CMD_OK ? verb->run(w) : code;
}

static int run(int argc, char **argv)
{
	const struct verb *verb;
	struct ca_words w = { .grace_days = -1, .days = CRL_DAYS };

	if (cmd_wants_help(&cmd_ca, argc, argv))
		return CMD_OK;
	if (argc < 2) {
		fputs(help, stderr);
		return CMD_USAGE;
	}
	verb = find_verb(argv[1]);
	if (!verb)
		return CMD_USAGE;
	snprintf(w.command, sizeof(w.command), "ca %s", verb->name);
	arena_init(&w.arena);
	int code = run_verb(verb, &w, argc - 1, argv + 1);
	conf_free(w.conf);
	arena_deinit(&w.arena);
	return code;
}

const struct cmd cmd_ca = {
	.name = "ca",
	.about = "make, rotate and show the certificates",
	.help = help,
	.run = run,
};
