/* settings.c - see settings.h */
#include "cmd/settings.h"

#include <stdio.h>
#include <unistd.h>

#include "policy/engine.h"

struct conf *settings_read(const char *path)
{
	struct conf *conf = conf_new();
	char why[4096] = "";

	if (!path && access("moongate.lua", R_OK) == 0)
		path = "moongate.lua";
	if (engine_read_conf(path, conf, why, sizeof(why)) == MG_OK)
		return conf;
	fprintf(stderr, "%s\n", why);
	conf_free(conf);
	return NULL;
}
