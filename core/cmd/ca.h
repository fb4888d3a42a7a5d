/* ca.h - what the files of `moongate ca` share. */
#pragma once
#include "certs/hierarchy.h"
#include "cmd/covered.h"

struct ca_words {
	const char *state;
	const char *config;
	const char *org;
	const char *proxy;
	const char *hosts_file;
	const char *crl_url;
	const char *root_key;
	const char *passphrase_file;
	const char *what;
	long grace_days; /* -1: as configured */
	long days;
	bool compromised;
	bool der;
	bool json;
	struct covered more; /* --host */
	struct arena arena;
	struct conf *conf;
	char command[32]; /* "ca init" */
	char why[HIERARCHY_WHY];
	char dir[512];
};

/* Says w->why; returns the exit code. */
int ca_fail(struct ca_words *w, int err);

int ca_export(struct ca_words *w);
int ca_crl(struct ca_words *w);
int ca_show(struct ca_words *w);
