/* schema.c - `moongate schema`: every setting that moongate.lua may hold. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/line.h"
#include "cmd/setup.h"

static void print_words(void)
{
	const struct mg_setting *it;

	for (uint32_t i = 0; (it = mg_setting_at(i)); i++)
		printf("%-22s %-9s %-16s %s%s%s%s\n", it->name, it->kind,
		       *it->initial ? it->initial : "\"\"", it->about,
		       it->choices ? " (" : "", it->choices ? it->choices : "",
		       it->choices ? ")" : "");
}

static void print_json(void)
{
	const struct mg_setting *it;
	struct buf out;

	buf_init(&out, SIZE_MAX);
	for (uint32_t i = 0; (it = mg_setting_at(i)); i++) {
		const char *const pairs[][2] = {
			{ "name", it->name },       { "kind", it->kind },
			{ "default", it->initial }, { "about", it->about },
			{ "choices", it->choices },
		};

		buf_add_str(&out, "{");
		for (size_t k = 0; k < ARRAY_LEN(pairs); k++) {
			if (!pairs[k][1])
				continue;
			line_add_name(&out, pairs[k][0]);
			line_add_string(&out, slice_str(pairs[k][1]));
		}
		buf_add_str(&out, "}\n");
	}
	fwrite(buf_slice(&out).at, 1, buf_len(&out), stdout);
	buf_deinit(&out);
}

static int run(int argc, char **argv)
{
	const struct option none[] = { { NULL, NULL, NULL } };
	struct setup s;
	int rc = setup_read(&s, none, argc, argv);

	if (rc)
		return rc;
	if (s.json)
		print_json();
	else
		print_words();
	return CMD_OK;
}

const struct cmd cmd_schema = {
	.name = "schema",
	.about = "every setting: kind, default, what is allowed",
	.help = "usage: moongate schema [--json]\n"
		"\n"
		"A dot in a name is a table in moongate.lua: limits.body is\n"
		"limits = { body = \"32MiB\" }.\n"
		"\n"
		"examples:\n"
		"  moongate schema | grep '^limits'\n"
		"  moongate schema --json\n",
	.run = run,
};
