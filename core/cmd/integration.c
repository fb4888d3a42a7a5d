/* integration.c - moongate integration: who may send traffic, and by what they
 * are known. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/conf.h"
#include "base/hash.h"
#include "base/suggest.h"
#include "certs/enrol.h"
#include "certs/hierarchy.h"
#include "certs/roster.h"
#include "certs/safe.h"
#include "cmd/cmd.h"
#include "cmd/integration.h"
#include "cmd/report.h"
#include "policy/engine.h"

static const char help[] =
	"usage: moongate integration create NAME [options]   enrol one\n"
	"       moongate integration list | show NAME\n"
	"       moongate integration rotate NAME             a new key\n"
	"       moongate integration token NAME              a new token\n"
	"       moongate integration pause NAME | resume NAME\n"
	"       moongate integration mode NAME inline|observe\n"
	"       moongate integration revoke NAME             for good\n"
	"\n"
	"create and rotate write NAME.p12, NAME.crt, NAME.key and\n"
	"moongate-ca.crt, and print the token: once. Keys are not kept; who\n"
	"lost one rotates. A running Moongate obeys a change within a second.\n"
	"\n"
	"  --state DIR           where everything is kept (default: state)\n"
	"  --config FILE         take addresses from this moongate.lua\n"
	"  --device NAME         create, rotate, revoke: one device of it\n"
	"  --tag TAG             create: may be repeated\n"
	"  --group GROUP         create: may be repeated\n"
	"  --observe             create: decisions are recorded, nothing is "
	"changed\n"
	"  --out DIR             write the files there (default: .)\n"
	"  --days N              the certificate lives for (365)\n"
	"  --grace HOURS         rotate: the old key works on (0)\n"
	"  --legacy              PKCS#12 for Windows before 2019 and macOS "
	"before 12\n"
	"  --password-file FILE  of the PKCS#12; else MOONGATE_P12_PASSWORD, "
	"or "
	"made up\n"
	"  --json                answer in JSON\n"
	"\n"
	"examples:\n"
	"  moongate integration create laptops --tag eu --out keys\n"
	"  moongate integration create laptops --device ana-mac --legacy\n"
	"  moongate integration revoke laptops --device ana-mac\n";

/* --- words --------------------------------------------------------------- */

enum {
	OPT_STATE = 256,
	OPT_CONFIG,
	OPT_DEVICE,
	OPT_TAG,
	OPT_GROUP,
	OPT_OBSERVE,
	OPT_OUT,
	OPT_DAYS,
	OPT_GRACE,
	OPT_LEGACY,
	OPT_PASSWORD,
	OPT_JSON,
};

static const struct option options[] = {
	{ "state", required_argument, NULL, OPT_STATE },
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "tag", required_argument, NULL, OPT_TAG },
	{ "group", required_argument, NULL, OPT_GROUP },
	{ "observe", no_argument, NULL, OPT_OBSERVE },
	{ "out", required_argument, NULL, OPT_OUT },
	{ "days", required_argument, NULL, OPT_DAYS },
	{ "grace", required_argument, NULL, OPT_GRACE },
	{ "legacy", no_argument, NULL, OPT_LEGACY },
	{ "password-file", required_argument, NULL, OPT_PASSWORD },
	{ "json", no_argument, NULL, OPT_JSON },
	{ NULL, 0, NULL, 0 },
};

static int fail(struct integration_words *w, int err)
{
	return report_fail(report_code(err), w->command, "%s", w->why);
}

/* Lists end with NULL, so there is always one more place. */
static bool add_word(const char *list[], const char *word)
{
	for (int i = 0; i < INTEGRATION_LIST_MAX; i++)
		if (!list[i]) {
			list[i] = word;
			return true;
		}
	return false;
}

static bool read_number(const char *text, uint64_t max, uint64_t *out)
{
	uint64_t n;

	if (slice_number(slice_str(text), &n) < 0 || n > max)
		return false;
	*out = n;
	return true;
}

static bool take_option(struct integration_words *w, int option)
{
	uint64_t n = 0;
	bool fine = true;

	switch (option) {
	case OPT_STATE:
		w->state = optarg;
		break;
	case OPT_CONFIG:
		w->config = optarg;
		break;
	case OPT_DEVICE:
		w->wish.device = optarg;
		break;
	case OPT_TAG:
		fine = add_word(w->tags, optarg);
		break;
	case OPT_GROUP:
		fine = add_word(w->groups, optarg);
		break;
	case OPT_OBSERVE:
		w->wish.mode = IDENTITY_OBSERVE;
		break;
	case OPT_OUT:
		w->out = optarg;
		break;
	case OPT_DAYS:
		fine = read_number(optarg, 825, &n) && n > 0;
		w->wish.days = (uint32_t)n;
		break;
	case OPT_GRACE:
		fine = read_number(optarg, 24 * 365, &n);
		w->wish.grace = (int64_t)n * 3600;
		break;
	case OPT_LEGACY:
		w->wish.legacy = true;
		break;
	case OPT_PASSWORD:
		w->password_file = optarg;
		break;
	case OPT_JSON:
		w->json = true;
		break;
	default:
		return false;
	}
	if (!fine)
		fprintf(stderr, "moongate %s: '%s' is not possible here\n",
			w->command, optarg);
	return fine;
}

static int take_words(struct integration_words *w, int argc, char **argv,
		      int names)
{
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!take_option(w, option))
			return report_fail(CMD_USAGE, w->command,
					   "see `moongate integration --help`");
	if (names > 0 && optind < argc)
		w->wish.name = argv[optind++];
	if (names > 1 && optind < argc)
		w->value = argv[optind++];
	if (names > 0 && !w->wish.name)
		return report_fail(CMD_USAGE, w->command,
				   "which one? Give its "
				   "name");
	if (optind < argc)
		return report_fail(CMD_USAGE, w->command,
				   "'%s' is a word too many", argv[optind]);
	return CMD_OK;
}

static int read_conf(struct integration_words *w)
{
	w->conf = conf_new();
	if (engine_read_conf(w->config, w->conf, w->why, sizeof(w->why)) < 0)
		return report_fail(CMD_CONFIG, w->command, "%s", w->why);
	if (w->state &&
	    conf_set(w->conf, "state", w->state, w->why, sizeof(w->why)) < 0)
		return report_fail(CMD_USAGE, w->command, "%s", w->why);
	w->state = w->wish.state = w->conf->state;
	if (snprintf(w->table, sizeof(w->table), "%s/integrations", w->state) >=
	    (int)sizeof(w->table))
		return report_fail(CMD_USAGE, w->command,
				   "--state: the path is too long");
	return CMD_OK;
}

/* --- create, rotate ------------------------------------------------------ */

static void make_password(char out[64])
{
	static const char letter[] = "abcdefghjkmnpqrstuvwxyz23456789x";
	unsigned char random[20];

	hash_random(random, sizeof(random));
	for (size_t i = 0; i < sizeof(random); i++)
		out[i] = letter[random[i] & 31];
	out[sizeof(random)] = '\0';
	explicit_bzero(random, sizeof(random));
}

static int get_password(struct integration_words *w)
{
	const char *given = getenv("MOONGATE_P12_PASSWORD");
	FILE *from;

	if (!w->password_file && given && *given &&
	    strlen(given) < sizeof(w->password)) {
		strcpy(w->password, given);
		return MG_OK;
	}
	if (!w->password_file) {
		make_password(w->password);
		w->password_made = true;
		return MG_OK;
	}
	from = fopen(w->password_file, "re");
	if (!from || !fgets(w->password, sizeof(w->password), from)) {
		snprintf(w->why, sizeof(w->why), "%s: no password there",
			 w->password_file);
		if (from)
			fclose(from);
		return MG_EIO;
	}
	fclose(from);
	w->password[strcspn(w->password, "\r\n")] = '\0';
	return MG_OK;
}

static int run_create(struct integration_words *w)
{
	struct enrol_gift gift;

	w->wish.tags = w->tags[0] ? w->tags : NULL;
	w->wish.groups = w->groups[0] ? w->groups : NULL;
	w->wish.password = w->password;
	int err = get_password(w);
	if (err >= 0)
		err = integration_check_out(w, false);
	if (err >= 0)
		err = enrol_create(&w->wish, &gift, w->why, sizeof(w->why));
	if (err < 0)
		return fail(w, err);
	err = integration_deliver(w, &gift);
	enrol_done(&gift);
	return err < 0 ? fail(w, err) : CMD_OK;
}

static int run_rotate(struct integration_words *w)
{
	struct enrol_gift gift;

	w->wish.password = w->password;
	int err = get_password(w);
	if (err >= 0)
		err = integration_check_out(w, true);
	if (err >= 0)
		err = enrol_rotate(&w->wish, &gift, w->why, sizeof(w->why));
	if (err < 0)
		return fail(w, err);
	err = integration_deliver(w, &gift);
	enrol_done(&gift);
	return err < 0 ? fail(w, err) : CMD_OK;
}

static int run_token(struct integration_words *w)
{
	char token[ENROL_TOKEN_MAX];
	int err = enrol_token(w->state, w->wish.name, token, w->why,
			      sizeof(w->why));

	if (err < 0)
		return fail(w, err);
	if (w->json) {
		printf("{\"name\":");
		report_json(stdout, w->wish.name);
		printf(",\"token\":");
		report_json(stdout, token);
		printf("}\n");
	} else {
		printf("%s\n", token);
		fprintf(stderr,
			"The token of %s, shown only now; the one "
			"before has ended.\n",
			w->wish.name);
	}
	explicit_bzero(token, sizeof(token));
	return CMD_OK;
}

/* --- changes of status --------------------------------------------------- */

static int say_done(struct integration_words *w, int err, const char *what)
{
	if (err < 0)
		return fail(w, err);
	if (w->json) {
		printf("{\"name\":");
		report_json(stdout, w->wish.name);
		printf(",\"device\":");
		report_json(stdout, w->wish.device);
		printf(",\"status\":\"%s\"}\n", what);
	} else {
		printf("%s%s%s: %s\n", w->wish.name,
		       w->wish.device ? ", device " : "",
		       w->wish.device ? w->wish.device : "", what);
	}
	return CMD_OK;
}

static int run_revoke(struct integration_words *w)
{
	return say_done(w,
			enrol_revoke(w->state, w->wish.name, w->wish.device,
				     w->why, sizeof(w->why)),
			"revoked");
}

static int run_pause(struct integration_words *w)
{
	return say_done(w,
			enrol_pause(w->state, w->wish.name, IDENTITY_PAUSED,
				    w->why, sizeof(w->why)),
			"paused");
}

static int run_resume(struct integration_words *w)
{
	return say_done(w,
			enrol_pause(w->state, w->wish.name, IDENTITY_ACTIVE,
				    w->why, sizeof(w->why)),
			"active");
}

static int run_mode(struct integration_words *w)
{
	bool observe = w->value && strcmp(w->value, "observe") == 0;

	if (!observe && (!w->value || strcmp(w->value, "inline") != 0))
		return report_fail(CMD_USAGE, w->command,
				   "the mode is inline or observe");
	return say_done(
		w,
		enrol_set_mode(w->state, w->wish.name,
			       observe ? IDENTITY_OBSERVE : IDENTITY_INLINE,
			       w->why, sizeof(w->why)),
		w->value);
}

static int run_export(struct integration_words *w)
{
	return report_fail(CMD_NEGATIVE, w->command,
			   "keys are delivered once and not kept; `moongate "
			   "integration rotate %s` gives a new one",
			   w->wish.name);
}

/* --- the command --------------------------------------------------------- */

static const struct verb {
	const char *name;
	int (*run)(struct integration_words *w);
	int names; /* words it takes */
} verbs[] = {
	{ "create", run_create, 1 },     { "list", integration_list, 0 },
	{ "show", integration_show, 1 }, { "rotate", run_rotate, 1 },
	{ "token", run_token, 1 },       { "pause", run_pause, 1 },
	{ "resume", run_resume, 1 },     { "mode", run_mode, 2 },
	{ "revoke", run_revoke, 1 },     { "export", run_export, 1 },
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
	fprintf(stderr, "moongate integration: there is no '%s'%s%s%s\n", name,
		near.best ? ", did you mean '" : "", near.best ? near.best : "",
		near.best ? "'?" : "");
	return NULL;
}

static int run(int argc, char **argv)
{
	struct integration_words w = { .wish = { .days = 365 }, .out = "." };

	if (cmd_wants_help(&cmd_integration, argc, argv))
		return CMD_OK;
	if (argc < 2) {
		fputs(help, stderr);
		return CMD_USAGE;
	}
	const struct verb *verb = find_verb(argv[1]);
	if (!verb)
		return CMD_USAGE;
	snprintf(w.command, sizeof(w.command), "integration %s", verb->name);
	int code = take_words(&w, argc - 1, argv + 1, verb->names);
	if (code == CMD_OK)
		code = read_conf(&w);
	if (code == CMD_OK)
		code = verb->run(&w);
	conf_free(w.conf);
	explicit_bzero(w.password, sizeof(w.password));
	return code;
}

const struct cmd cmd_integration = {
	.name = "integration",
	.about = "enrol, rotate and revoke those who send traffic",
	.help = help,
	.run = run,
};
