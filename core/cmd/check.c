/* check.c - `moongate check`: everything that a start would read, read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/line.h"
#include "cmd/setup.h"

static const struct {
	enum failure failure;
	const char *when;
} table[] = {
	{ FAILURE_DETECTOR, "a detector or a policy fails" },
	{ FAILURE_TOO_BIG, "a body is over its ceiling" },
	{ FAILURE_ENCODING, "an encoding is broken or a bomb" },
	{ FAILURE_UNREAD, "nothing can read a body's type" },
	{ FAILURE_UNMASKABLE, "a mask cannot be written" },
	{ FAILURE_IDENTITY, "the sender is unknown" },
	{ FAILURE_NO_POLICY, "there is no generation" },
};

static void print_words(struct generation *gen, const struct setup *s)
{
	const struct verdict_table *t = generation_table(gen);
	struct buf list;

	buf_init(&list, SIZE_MAX);
	generation_list(gen, &list);
	printf("policies in %s (revision %llu):\n\n", s->conf->policies,
	       (unsigned long long)generation_revision(gen));
	fwrite(buf_slice(&list).at, 1, buf_len(&list), stdout);
	buf_deinit(&list);
	printf("\nwhen something fails:\n\n");
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		printf("%-32s %-18s %s\n", table[i].when,
		       fallback_name(t->fallback[table[i].failure]),
		       failure_name(table[i].failure));
}

static void print_json(struct generation *gen)
{
	const struct verdict_table *t = generation_table(gen);
	struct buf out;

	buf_init(&out, SIZE_MAX);
	buf_addf(&out, "{\"ok\":true,\"revision\":%llu,\"policies\":[",
		 (unsigned long long)generation_revision(gen));
	for (uint32_t i = 0; generation_policy(gen, i).len; i++) {
		buf_add_str(&out, i ? "," : "");
		line_add_string(&out, generation_policy(gen, i));
	}
	buf_add_str(&out, "],\"failures\":{");
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		line_add_name(&out, failure_name(table[i].failure));
		line_add_string(&out, slice_str(fallback_name(
					      t->fallback[table[i].failure])));
	}
	buf_add_str(&out, "}}\n");
	fwrite(buf_slice(&out).at, 1, buf_len(&out), stdout);
	buf_deinit(&out);
}

/* Reasons as objects: {"file","line","what"}. */
static void print_reasons(char *why)
{
	struct buf out;
	char *line;
	int n = 0;

	buf_init(&out, SIZE_MAX);
	buf_add_str(&out, "{\"ok\":false,\"errors\":[");
	while ((line = strsep(&why, "\n"))) {
		char *colon = strchr(line, ':'), *what;
		long number = 0;

		while (colon && (number = strtol(colon + 1, &what, 10)) <= 0)
			colon = strchr(colon + 1, ':');
		if (!*line)
			continue;
		buf_add_str(&out, n++ ? ",{" : "{");
		if (colon) {
			line_add_name(&out, "file");
			line_add_string(&out,
					slice(line, (size_t)(colon - line)));
			buf_addf(&out, ",\"line\":%ld", number);
			line = *what == ':' ? what + 1 : what;
			line += strspn(line, " ");
		}
		line_add_name(&out, "what");
		line_add_string(&out, slice_str(line));
		buf_add_str(&out, "}");
	}
	buf_add_str(&out, "]}\n");
	fwrite(buf_slice(&out).at, 1, buf_len(&out), stdout);
	buf_deinit(&out);
}

/* What is fine, but perhaps not meant. */
static void warn_of(const struct setup *s)
{
	struct stat st;

	if (s->conf->mode == 1)
		fprintf(stderr, "warning: mode is observe: every decision is "
				"recorded, nothing is changed\n");
	if (stat(s->conf->state, &st) < 0)
		fprintf(stderr,
			"warning: %s is not there yet; 'moongate ca init' "
			"makes it\n",
			s->conf->state);
	else if (st.st_mode & 077)
		fprintf(stderr,
			"warning: %s can be read by others; chmod 700\n",
			s->conf->state);
}

static int check(struct setup *s)
{
	char *why = calloc(1, SETUP_WHY);
	struct engine *e;
	struct generation *gen;

	if (!why)
		abort();
	e = engine_new(s->conf, why, SETUP_WHY);
	if (!e) {
		if (s->json)
			print_reasons(why);
		else
			fprintf(stderr, "\n%d broken\n", setup_complain(why));
		free(why);
		return CMD_CONFIG;
	}
	free(why);
	gen = engine_use(e);
	if (s->json)
		print_json(gen);
	else
		print_words(gen, s);
	warn_of(s);
	generation_done(gen);
	engine_free(e);
	return CMD_OK;
}

static int run(int argc, char **argv)
{
	const struct option none[] = { { NULL, NULL, NULL } };
	struct setup s;
	int rc = setup_read(&s, none, argc, argv);

	if (rc)
		return rc;
	if (s.count)
		s.policies = s.words[0];
	log_open(LOG_WARN, "check");
	rc = setup_conf(&s);
	if (!rc)
		rc = check(&s);
	setup_deinit(&s);
	return rc;
}

const struct cmd cmd_check = {
	.name = "check",
	.about = "read configuration, policies and applications as a start "
		 "would",
	.help = "usage: moongate check [--config FILE] [--policies DIR] "
		"[--json] [DIR]\n"
		"\n"
		"Reports every broken file with line, word and hint, and exits "
		"with 78.\n"
		"When all is well, lists the policies (and which stands in for "
		"which) and\n"
		"what happens when something fails.\n"
		"\n"
		"examples:\n"
		"  moongate check\n"
		"  moongate check --config /etc/moongate/moongate.lua "
		"--json\n",
	.run = run,
};
