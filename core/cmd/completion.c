/* completion.c - `moongate completion`: for bash, zsh and fish. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

static void print_names(const char *between)
{
	for (const struct cmd *const *c = cmd_list; *c; c++)
		printf("%s%s", c == cmd_list ? "" : between, (*c)->name);
}

static void print_bash(void)
{
	printf("_moongate() {\n"
	       "\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
	       "\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
	       "\t\tCOMPREPLY=($(compgen -W '");
	print_names(" ");
	printf("' -- \"$word\"))\n"
	       "\telse\n"
	       "\t\tCOMPREPLY=($(compgen -W '--help --config --policies "
	       "--json' -f -- \"$word\"))\n"
	       "\tfi\n"
	       "}\n"
	       "complete -o filenames -F _moongate moongate\n");
}

static void print_zsh(void)
{
	printf("#compdef moongate\n_moongate() {\n\tlocal -a names\n"
	       "\tnames=(\n");
	for (const struct cmd *const *c = cmd_list; *c; c++)
		printf("\t\t\"%s:%s\"\n", (*c)->name, (*c)->about);
	printf("\t)\n"
	       "\t(( CURRENT == 2 )) && _describe command names || _files\n"
	       "}\n_moongate \"$@\"\n");
}

static void print_fish(void)
{
	for (const struct cmd *const *c = cmd_list; *c; c++)
		printf("complete -c moongate -n __fish_use_subcommand -a %s "
		       "-d \"%s\"\n",
		       (*c)->name, (*c)->about);
}

static int run(int argc, char **argv)
{
	static const struct {
		const char *shell;
		void (*print)(void);
	} shells[] = {
		{ "bash", print_bash },
		{ "zsh", print_zsh },
		{ "fish", print_fish },
	};

	for (size_t i = 0; argc == 2 && i < 3; i++) {
		if (strcmp(argv[1], shells[i].shell) == 0) {
			shells[i].print();
			return CMD_OK;
		}
	}
	fprintf(stderr, "moongate completion: say bash, zsh or fish\n");
	return CMD_USAGE;
}

const struct cmd cmd_completion = {
	.name = "completion",
	.about = "a shell's completion script",
	.help = "usage: moongate completion bash|zsh|fish\n"
		"\n"
		"examples:\n"
		"  source <(moongate completion bash)\n"
		"  moongate completion fish > "
		"~/.config/fish/completions/moongate.fish\n",
	.run = run,
};
