/* conf.c - see conf.h. One table of rows, made of the X-list, says where each
 * setting lives and how it is read; the rest is one function a kind. */
#include "base/conf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"

struct row {
	struct mg_setting setting;
	size_t at; /* in struct conf */
	int (*read)(void *field, const struct row *row, const char *value,
		    char *why, size_t why_len);
	void (*drop)(void *field);
};

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit bytes_units[] = {
	{ "", 1 },          { "B", 1 },         { "KiB", 1 << 10 },
	{ "MiB", 1 << 20 }, { "GiB", 1 << 30 }, { NULL, 0 },
};

static const struct unit duration_units[] = {
	{ "ms", 1 },      { "s", 1000 },     { "m", 60000 },
	{ "h", 3600000 }, { "d", 86400000 }, { NULL, 0 },
};

static const struct unit number_units[] = { { "", 1 }, { NULL, 0 } };

static char *copy(const char *value)
{
	char *str = strdup(value);

	if (!str)
		abort();
	return str;
}

/* --- one reader a kind ---------------------------------------------------- */

static int read_text(void *field, const struct row *row, const char *value,
		     char *why, size_t why_len)
{
	(void)row, (void)why, (void)why_len;
	free(*(char **)field);
	*(char **)field = copy(value);
	return MG_OK;
}

/* A number and its unit, from `*at`, which is left after it. */
static int read_amount(const char **at, const struct unit *units, uint64_t *out)
{
	size_t digits = strspn(*at, "0123456789");
	const char *name = *at + digits;
	size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz");
	uint64_t n;
	int err = slice_number(slice(*at, digits), &n);

	if (err)
		return err;
	for (; units->name; units++) {
		if (strlen(units->name) == len &&
		    memcmp(units->name, name, len) == 0) {
			if (n && units->factor > UINT64_MAX / n)
				return MG_ETOOBIG;
			*out = n * units->factor;
			*at = name + len;
			return MG_OK;
		}
	}
	return MG_EINVAL;
}

static bool is_within(uint64_t n, const char *range, const struct unit *units)
{
	uint64_t least, most;

	if (!range)
		return true;
	if (read_amount(&range, units, &least) || strncmp(range, "..", 2))
		abort();
	range += 2;
	if (read_amount(&range, units, &most) || *range)
		abort();
	return n >= least && n <= most;
}

static int read_units(void *field, const struct row *row, const char *value,
		      const struct unit *units, const char *form, char *why,
		      size_t why_len)
{
	const char *range = row->setting.choices, *at = value;
	uint64_t n;

	if (read_amount(&at, units, &n) || *at) {
		snprintf(why, why_len, "%s is %s, not '%.60s'",
			 row->setting.name, form, value);
		return MG_EINVAL;
	}
	if (!is_within(n, range, units)) {
		snprintf(why, why_len, "%s must be within %s, not '%.60s'",
			 row->setting.name, range, value);
		return MG_EINVAL;
	}
	*(uint64_t *)field = n;
	return MG_OK;
}

static int read_number(void *field, const struct row *row, const char *value,
		       char *why, size_t why_len)
{
	return read_units(field, row, value, number_units, "a whole number",
			  why, why_len);
}

static int read_bytes(void *field, const struct row *row, const char *value,
		      char *why, size_t why_len)
{
	return read_units(field, row, value, bytes_units,
			  "a size such as 64KiB, 32MiB or 1GiB", why, why_len);
}

static int read_duration(void *field, const struct row *row, const char *value,
			 char *why, size_t why_len)
{
	return read_units(field, row, value, duration_units,
			  "a duration such as 250ms, 10s, 5m, 2h or 7d", why,
			  why_len);
}

static int read_flag(void *field, const struct row *row, const char *value,
		     char *why, size_t why_len)
{
	bool yes = strcmp(value, "true") == 0;

	if (!yes && strcmp(value, "false") != 0) {
		snprintf(why, why_len, "%s is true or false, not '%.60s'",
			 row->setting.name, value);
		return MG_EINVAL;
	}
	*(bool *)field = yes;
	return MG_OK;
}

static int read_choice(void *field, const struct row *row, const char *value,
		       char *why, size_t why_len)
{
	struct mg_slice rest = slice_str(row->setting.choices), piece;

	for (uint32_t i = 0; slice_cut(&rest, '|', &piece); i++) {
		if (slice_is(piece, value)) {
			*(uint32_t *)field = i;
			return MG_OK;
		}
	}
	snprintf(why, why_len, "%s is one of %s, not '%.60s'",
		 row->setting.name, row->setting.choices, value);
	return MG_EINVAL;
}

static int read_list(void *field, const struct row *row, const char *value,
		     char *why, size_t why_len)
{
	struct conf_list *list = field;

	(void)row, (void)why, (void)why_len;
	if (!*value)
		return MG_OK;
	list->at = realloc(list->at, (list->count + 1) * sizeof(*list->at));
	if (!list->at)
		abort();
	list->at[list->count++] = copy(value);
	return MG_OK;
}

static int read_map(void *field, const struct row *row, const char *value,
		    char *why, size_t why_len)
{
	const char *eq = strchr(value, '=');

	if (*value && (!eq || eq == value)) {
		snprintf(why, why_len, "%s holds key=value, not '%.60s'",
			 row->setting.name, value);
		return MG_EINVAL;
	}
	return read_list(field, row, value, why, why_len);
}

static void drop_text(void *field)
{
	free(*(char **)field);
	*(char **)field = NULL;
}

static void drop_list(void *field)
{
	struct conf_list *list = field;

	for (uint32_t i = 0; i < list->count; i++)
		free(list->at[i]);
	free(list->at);
	*list = (struct conf_list){ 0 };
}

static int read_path(void *field, const struct row *row, const char *value,
		     char *why, size_t why_len)
{
	return read_text(field, row, value, why, why_len);
}

/* --- the table ------------------------------------------------------------ */

#define drop_path     drop_text
#define drop_map      drop_list
#define drop_number   NULL
#define drop_bytes    NULL
#define drop_duration NULL
#define drop_flag     NULL
#define drop_choice   NULL

#define CONF_ROW(field, name, kind, initial, choices, about)                   \
	{ { name, #kind, initial, choices, about },                            \
	  offsetof(struct conf, field),                                        \
	  read_##kind,                                                         \
	  drop_##kind },
static const struct row rows[] = { CONF_SETTINGS(CONF_ROW) };
#undef CONF_ROW

_Static_assert(ARRAY_LEN(rows) == CONF_IDS, "a row for each setting");

const struct mg_setting *mg_setting_at(uint32_t i)
{
	return i < CONF_IDS ? &rows[i].setting : NULL;
}

static void *field_of(struct conf *conf, const struct row *row)
{
	return (char *)conf + row->at;
}

struct conf *conf_new(void)
{
	struct conf *conf = calloc(1, sizeof(*conf));
	char why[256];

	if (!conf)
		abort();
	for (uint32_t i = 0; i < CONF_IDS; i++) {
		if (rows[i].read(field_of(conf, &rows[i]), &rows[i],
				 rows[i].setting.initial, why, sizeof(why)))
			abort(); /* a default that is not allowed */
	}
	return conf;
}

void conf_free(struct conf *conf)
{
	if (!conf)
		return;
	for (uint32_t i = 0; i < CONF_IDS; i++)
		if (rows[i].drop)
			rows[i].drop(field_of(conf, &rows[i]));
	free(conf);
}

static int unknown(const char *name, char *why, size_t why_len)
{
	struct suggest near;

	suggest_init(&near, name);
	for (uint32_t i = 0; i < CONF_IDS; i++)
		suggest_offer(&near, rows[i].setting.name);
	if (near.best)
		snprintf(why, why_len,
			 "there is no setting '%.60s', did you mean '%s'?",
			 name, near.best);
	else
		snprintf(why, why_len,
			 "there is no setting '%.60s'; 'moongate schema' "
			 "lists them",
			 name);
	return MG_EINVAL;
}

int conf_set(struct conf *conf, const char *name, const char *value, char *why,
	     size_t why_len)
{
	uint32_t i = 0;

	while (i < CONF_IDS && strcmp(rows[i].setting.name, name) != 0)
		i++;
	if (i == CONF_IDS)
		return unknown(name, why, why_len);

	void *field = field_of(conf, &rows[i]);
	if (rows[i].drop == drop_list && (!conf->given[i] || !*value))
		drop_list(field);
	conf->given[i] = true;
	return rows[i].read(field, &rows[i], value, why, why_len);
}

void conf_root(struct conf *conf, const char *dir)
{
	for (uint32_t i = 0; i < CONF_IDS; i++) {
		char **path = field_of(conf, &rows[i]), *joined;

		if (rows[i].read != read_path || !**path || **path == '/')
			continue;
		if (asprintf(&joined, "%s/%s", dir, *path) < 0)
			abort();
		free(*path);
		*path = joined;
	}
}

const char *conf_map_get(const struct conf_list *map, struct mg_slice key)
{
	for (uint32_t i = 0; i < map->count; i++) {
		const char *eq = strchr(map->at[i], '=');
		struct mg_slice have =
			slice(map->at[i], (size_t)(eq - map->at[i]));

		if (slice_same(have, key))
			return eq + 1;
	}
	return NULL;
}
