/* covered.c - see covered.h */
#include "cmd/covered.h"

#include <errno.h>
#include <stdio.h>

#include "base/buf.h"
#include "certs/safe.h"
#include "policy/engine.h"
#include "text/application.h"

enum { FILE_MAX = 4 << 20 };

void covered_add(struct covered *list, struct arena *arena,
		 struct mg_slice pattern)
{
	list->at = arena_grow(arena, list->at, list->count, &list->cap,
			      sizeof(*list->at));
	list->at[list->count++] = arena_str(arena, pattern.at, pattern.len);
}

int covered_by_conf(struct covered *list, struct arena *arena,
		    struct conf *conf, char *why, size_t len)
{
	const struct app_host *host;
	char dir[512];

	/* A directory that holds no policies: a broken one must not keep
	 * anybody from making a CA. */
	snprintf(dir, sizeof(dir), "%s/ca", conf->state);
	if (safe_make_dir(dir) < 0) {
		snprintf(why, len, "%s: %s", dir, strerror(errno));
		return MG_EIO;
	}
	if (conf_set(conf, "policies", dir, why, len) < 0)
		return MG_EINVAL;
	struct engine *engine = engine_new(conf, why, len);
	if (!engine)
		return MG_EINVAL;
	struct generation *gen = engine_use(engine);
	const struct mg_apps *apps = generation_apps(gen);
	for (uint32_t i = 0; (host = apps_host_at(apps, i)); i++)
		if (host->list == MG_HOSTS_APP || host->list == MG_HOSTS_AI)
			covered_add(list, arena, host->pattern);
	generation_done(gen);
	engine_free(engine);
	return MG_OK;
}

int covered_by_file(struct covered *list, struct arena *arena, const char *path,
		    char *why, size_t len)
{
	struct mg_slice text, line;
	struct buf b;

	buf_init(&b, FILE_MAX);
	int err = safe_read(path, &b);
	if (err < 0)
		snprintf(why, len, "%s: %s", path, strerror(errno));
	text = buf_slice(&b);
	while (err >= 0 && slice_cut(&text, '\n', &line)) {
		line = slice_trim(line);
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (line.len && line.at[0] != '#')
			covered_add(list, arena, line);
	}
	buf_deinit(&b);
	return err;
}
