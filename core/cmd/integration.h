/* integration.h - what the files of `moongate integration` share. */
#pragma once
#include "base/conf.h"
#include "certs/enrol.h"

enum { INTEGRATION_LIST_MAX = 64 };

struct integration_words {
	struct enrol_wish wish;
	const char *state;
	const char *config;
	const char *out;
	const char *value; /* the word after the name */
	const char *password_file;
	const char *tags[INTEGRATION_LIST_MAX + 1];
	const char *groups[INTEGRATION_LIST_MAX + 1];
	char password[64];
	bool password_made;
	bool json;
	struct conf *conf;
	char command[32]; /* "integration create" */
	char table[512];
	char why[512];
};

/* Before anything is made: may the files be written? MG_EINVAL, MG_EIO. */
int integration_check_out(struct integration_words *w, bool replace);

/* Writes the files and says how to use them. */
int integration_deliver(struct integration_words *w, struct enrol_gift *gift);

int integration_list(struct integration_words *w);
int integration_show(struct integration_words *w);
