/* filter.c - the parser. See filter.h. */
#include "event/filter.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/suggest.h"
#include "event/impl.h"

#define AT(member) offsetof(struct event, member)

const struct filter_field filter_fields[] = {
	{ "action", NULL, FILTER_ACTION, "action", 0 },
	{ "request", NULL, FILTER_REQUEST, "request", 0 },
	{ "reply", NULL, FILTER_REPLY, "reply", 0 },
	{ "app", "application", FILTER_TEXT, "application", AT(application) },
	{ "integration", NULL, FILTER_TEXT, "integration", AT(integration) },
	{ "surface", NULL, FILTER_SURFACE, "surface", AT(surface) },
	{ "host", NULL, FILTER_TEXT, "host", AT(host) },
	{ "method", NULL, FILTER_TEXT, "method", AT(method) },
	{ "path", NULL, FILTER_TEXT, "path", AT(path) },
	{ "model", NULL, FILTER_TEXT, "model", AT(model) },
	{ "user", NULL, FILTER_TEXT, "user", AT(user) },
	{ "device", NULL, FILTER_TEXT, "device", AT(device) },
	{ "org", NULL, FILTER_TEXT, "org", AT(org) },
	{ "client", NULL, FILTER_TEXT, "client", AT(client_address) },
	{ "assurance", NULL, FILTER_ASSURED, "assurance", AT(assurance) },
	{ "failure", NULL, FILTER_FAILURE, "failure", 0 },
	{ "mode", NULL, FILTER_MODE, "mode", 0 },
	{ "status", NULL, FILTER_NUMBER, "status", AT(status) },
	{ "bytes", NULL, FILTER_BYTES, "bytes", 0 },
	{ "tokens", NULL, FILTER_TOKENS, "tokens", 0 },
	{ "latency", NULL, FILTER_LATENCY, "latency_us", AT(total_us) },
	{ "policy", "policies", FILTER_POLICIES, "policies", 0 },
	{ "finding", "findings", FILTER_FINDINGS, "findings", 0 },
	{ "tag", "tags", FILTER_TAGS, "tags", 0 },
	{ "group", "groups", FILTER_GROUPS, "groups", 0 },
	{ "id", "event_id", FILTER_ID, "event_id", 0 },
	{ NULL, NULL, FILTER_TEXT, NULL, 0 },
};

struct parser {
	struct filter *f;
	const char *text; /* the filter's copy */
	const char *at;
	uint64_t now;
	int depth;
	char *why;
	size_t why_len;
};

bool filter_is_number(enum filter_kind kind)
{
	return kind == FILTER_NUMBER || kind == FILTER_BYTES ||
	       kind == FILTER_TOKENS || kind == FILTER_LATENCY ||
	       kind == FILTER_ACTION || kind == FILTER_REQUEST ||
	       kind == FILTER_REPLY;
}

/* Says what is wrong at `at`. Always MG_EINVAL. */
__attribute__((format(printf, 3, 4))) static int
fail(struct parser *p, const char *at, const char *fmt, ...)
{
	char what[256];
	int column = (int)(at - p->text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	char *hint = strchr(what, '\n');
	if (hint)
		*hint++ = '\0';
	snprintf(p->why, p->why_len,
		 "filter:1:%d: %s [filter]\n  %s\n  %*s^%s%s", column + 1, what,
		 p->text, column, "", hint ? "\n  " : "", hint ? hint : "");
	return MG_EINVAL;
}

static void skip(struct parser *p)
{
	while (*p->at == ' ' || *p->at == '\t' || *p->at == '\n')
		p->at++;
}

static bool take(struct parser *p, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(p->at, word, len) != 0)
		return false;
	p->at += len;
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_';
}

static size_t word_len(const char *at)
{
	size_t len = 0;

	while (is_letter(at[len]))
		len++;
	return len;
}

/* "since" and "until", unless an operator makes a field of them. */
static bool at_when(const struct parser *p)
{
	size_t len = word_len(p->at);
	const char *next = p->at + len;

	while (*next == ' ')
		next++;
	return len == 5 &&
	       (memcmp(p->at, "since", 5) == 0 ||
		memcmp(p->at, "until", 5) == 0) &&
	       !strchr("=!~<>", *next);
}

static int node_add(struct parser *p, const struct filter_node *node,
		    uint32_t *out)
{
	if (p->f->nodes == FILTER_NODES)
		return fail(p, p->at, "too long: at most %d terms",
			    FILTER_NODES);
	p->f->node[p->f->nodes] = *node;
	*out = p->f->nodes++;
	return MG_OK;
}

/* --- terms ------------------------------------------------------------------
 */

static int take_field(struct parser *p, const struct filter_field **out)
{
	size_t len = word_len(p->at);
	struct mg_slice name = slice(p->at, len);
	struct suggest s;

	if (!len)
		return fail(p, p->at,
			    *p->at ? "a field is expected here"
				   : "a field is missing here");
	for (const struct filter_field *f = filter_fields; f->name; f++)
		if (slice_is(name, f->name) ||
		    (f->alias && slice_is(name, f->alias))) {
			p->at += len;
			*out = f;
			return MG_OK;
		}
	const char *word = arena_str(&p->f->arena, name.at, name.len);
	suggest_init(&s, word);
	for (const struct filter_field *f = filter_fields; f->name; f++) {
		suggest_offer(&s, f->name);
		if (f->alias)
			suggest_offer(&s, f->alias);
	}
	if (s.best)
		return fail(p, p->at,
			    "there is no field '%.32s'\ndid you mean '%s'?",
			    word, s.best);
	return fail(p, p->at,
		    "there is no field '%.32s'\nfields: action app host path "
		    "user policy finding status latency ...",
		    word);
}

static int take_op(struct parser *p, const struct filter_field *field,
		   enum filter_op *out)
{
	static const struct {
		const char *text;
		enum filter_op op;
	} ops[] = {
		{ "!=", FILTER_IS_NOT },       { ">=", FILTER_MORE_OR_SAME },
		{ "<=", FILTER_LESS_OR_SAME }, { "=", FILTER_IS },
		{ "~", FILTER_HOLDS },         { ">", FILTER_MORE },
		{ "<", FILTER_LESS },
	};
	const char *start = p->at;

	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		if (!take(p, ops[i].text))
			continue;
		*out = ops[i].op;
		bool number = filter_is_number(field->kind);
		if (*out > FILTER_HOLDS && !number)
			return fail(p, start,
				    "'%s' has no order\nuse = != or ~",
				    field->name);
		if (*out == FILTER_HOLDS && number)
			return fail(p, start,
				    "'%s' is no text\nuse = != < <= > >=",
				    field->name);
		return MG_OK;
	}
	return fail(p, start,
		    "'%s' needs an operator: = != ~ < <= > >=", field->name);
}

static int parse_action(struct parser *p, const struct filter_field *field,
			const char *start, struct filter_value *v)
{
	struct suggest s;
	const char *word = arena_str(&p->f->arena, v->text.at, v->text.len);

	suggest_init(&s, word);
	for (int a = MG_ALLOW; a <= MG_BLOCK; a++) {
		const char *name = action_name((enum mg_action)a);
		if (slice_is(v->text, name)) {
			v->number = a;
			return MG_OK;
		}
		suggest_offer(&s, name);
	}
	if (field->kind != FILTER_ACTION && slice_is(v->text, "none")) {
		v->number = -1;
		return MG_OK;
	}
	return fail(p, start, "'%.32s' is no action\n%s%s", word,
		    s.best ? "did you mean " : "allow, log, mask or block",
		    s.best ? s.best : "");
}

struct unit {
	const char *name;
	int64_t factor;
};

static int parse_number(struct parser *p, const struct filter_field *field,
			const char *start, struct filter_value *v)
{
	static const struct unit time_units[] = {
		{ "", 1000 },     { "us", 1 },       { "ms", 1000 },
		{ "s", 1000000 }, { "m", 60000000 }, { NULL, 0 },
	};
	static const struct unit size_units[] = {
		{ "", 1 },          { "KiB", 1 << 10 }, { "MiB", 1 << 20 },
		{ "GiB", 1 << 30 }, { NULL, 0 },
	};
	const struct unit *units =
		field->kind == FILTER_LATENCY ? time_units : size_units;
	uint64_t n;
	size_t digits = 0;

	while (digits < v->text.len && v->text.at[digits] >= '0' &&
	       v->text.at[digits] <= '9')
		digits++;
	struct mg_slice rest = slice(v->text.at + digits, v->text.len - digits);
	if (slice_number(slice(v->text.at, digits), &n) == MG_OK &&
	    n < 1ull << 31)
		for (; units->name; units++)
			if (slice_is(rest, units->name)) {
				v->number = (int64_t)n * units->factor;
				return MG_OK;
			}
	return fail(p, start, "'%s' needs a number%s", field->name,
		    field->kind == FILTER_LATENCY
			    ? ": 250ms, 2s; alone it means ms"
			    : "");
}

static bool ends_value(char c)
{
	return !c || strchr(" \t\n&|!(),", c) != NULL;
}

static int take_text(struct parser *p, struct filter_value *v)
{
	const char *start = p->at;

	*v = (struct filter_value){ .text = slice(start, 0) };
	if (take(p, "\"")) {
		const char *end = strchr(p->at, '"');
		if (!end)
			return fail(p, start, "this quote is never closed");
		v->text = slice(p->at, (size_t)(end - p->at));
		p->at = end + 1;
		return MG_OK;
	}
	while (!ends_value(*p->at))
		p->at++;
	v->text.len = (size_t)(p->at - start);
	v->glob = memchr(start, '*', v->text.len) != NULL;
	return v->text.len ? MG_OK : fail(p, start, "a value is missing here");
}

static int take_value(struct parser *p, struct filter_node *node)
{
	const char *start;
	struct filter_value v;
	int err;

	skip(p);
	start = p->at;
	err = take_text(p, &v);
	if (err < 0)
		return err;
	enum filter_kind kind = node->field->kind;
	if (kind == FILTER_ACTION || kind == FILTER_REQUEST ||
	    kind == FILTER_REPLY)
		err = parse_action(p, node->field, start, &v);
	else if (filter_is_number(kind))
		err = parse_number(p, node->field, start, &v);
	if (err < 0)
		return err;
	node->values = arena_grow(&p->f->arena, node->values, node->count,
				  &node->cap, sizeof(*node->values));
	node->values[node->count++] = v;
	return MG_OK;
}

static int parse_term(struct parser *p, uint32_t *out)
{
	struct filter_node node = { .kind = NODE_TERM };
	int err = take_field(p, &node.field);

	if (err < 0)
		return err;
	skip(p);
	err = take_op(p, node.field, &node.op);
	do {
		if (err == MG_OK)
			err = take_value(p, &node);
	} while (err == MG_OK && take(p, ","));
	return err < 0 ? err : node_add(p, &node, out);
}

/* --- the grammar
 * -------------------------------------------------------------- */

static int parse_any(struct parser *p, uint32_t *out);

static int parse_one(struct parser *p, uint32_t *out)
{
	struct filter_node not = { .kind = NODE_NOT };
	const char *start;
	int err;

	skip(p);
	start = p->at;
	if (++p->depth > FILTER_DEPTH)
		return fail(p, start, "nested more than %d deep", FILTER_DEPTH);
	if (take(p, "!")) {
		err = parse_one(p, &not .left);
		if (err == MG_OK)
			err = node_add(p, &not, out);
	} else if (take(p, "(")) {
		err = parse_any(p, out);
		skip(p);
		if (err == MG_OK && !take(p, ")"))
			err = fail(p, start, "this bracket is never closed");
	} else {
		err = parse_term(p, out);
	}
	p->depth--;
	return err;
}

static bool at_end(struct parser *p)
{
	skip(p);
	return !*p->at || *p->at == ')' || *p->at == '|' || at_when(p);
}

static int parse_all(struct parser *p, uint32_t *out)
{
	struct filter_node all = { .kind = NODE_ALL };
	int err = parse_one(p, out);

	while (err == MG_OK && !at_end(p)) {
		if (take(p, "&"))
			take(p, "&");
		all.left = *out;
		err = parse_one(p, &all.right);
		if (err == MG_OK)
			err = node_add(p, &all, out);
	}
	return err;
}

static int parse_any(struct parser *p, uint32_t *out)
{
	struct filter_node any = { .kind = NODE_ANY };
	int err = parse_all(p, out);

	skip(p);
	while (err == MG_OK && take(p, "|")) {
		take(p, "|");
		any.left = *out;
		err = parse_all(p, &any.right);
		if (err == MG_OK)
			err = node_add(p, &any, out);
		skip(p);
	}
	return err;
}

/* --- since and until
 * ----------------------------------------------------------- */

static int parse_ago(const char *text, uint64_t now, uint64_t *us)
{
	static const struct unit units[] = {
		{ "s", 1 },
		{ "m", 60 },
		{ "h", 3600 },
		{ "d", 86400 },
	};
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (end == text || *text == '-' || n > 1000000)
		return MG_EINVAL;
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (strcmp(end, units[i].name) == 0) {
			uint64_t back = n * (uint64_t)units[i].factor * 1000000;
			*us = back < now ? now - back : 0;
			return MG_OK;
		}
	return MG_EINVAL;
}

static int parse_date(const char *text, uint64_t *us)
{
	static const char *const forms[] = { "%Y-%m-%d", "%Y-%m-%dT%H:%M",
					     "%Y-%m-%dT%H:%M:%S" };

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct tm tm = { .tm_mday = 1 };
		const char *end = strptime(text, forms[i], &tm);
		time_t t = end ? timegm(&tm) : -1;
		if (end && (!*end || strcmp(end, "Z") == 0) && t >= 0) {
			*us = (uint64_t)t * 1000000;
			return MG_OK;
		}
	}
	return MG_EINVAL;
}

int filter_when(const char *text, uint64_t now, uint64_t *us)
{
	return parse_ago(text, now, us) == MG_OK ? MG_OK : parse_date(text, us);
}

static int parse_when(struct parser *p)
{
	struct mg_slice word = slice(p->at, 5);
	uint64_t us;

	p->at += 5;
	skip(p);
	const char *start = p->at;
	while (*p->at && *p->at != ' ')
		p->at++;
	const char *text =
		arena_str(&p->f->arena, start, (size_t)(p->at - start));
	if (filter_when(text, p->now, &us) < 0)
		return fail(p, start,
			    "not a time\n90s, 15m, 2h, 7d ago, or "
			    "2026-08-21T10:14");
	if (slice_is(word, "since"))
		filter_since(p->f, us);
	else
		p->f->until = us;
	return MG_OK;
}

void filter_since(struct filter *f, uint64_t us)
{
	if (us > f->since)
		f->since = us;
}

static int parse(struct parser *p)
{
	int err = MG_OK;

	skip(p);
	if (*p->at && !at_when(p))
		err = parse_any(p, &p->f->root);
	skip(p);
	while (err == MG_OK && at_when(p)) {
		err = parse_when(p);
		skip(p);
	}
	if (err == MG_OK && *p->at)
		err = fail(p, p->at, "this is not understood");
	return err;
}

struct filter *filter_new(const char *text, uint64_t now, char *why,
			  size_t why_len)
{
	struct filter *f = calloc(1, sizeof(*f));
	size_t len = strlen(text);

	if (!f)
		abort();
	arena_init(&f->arena);
	f->root = FILTER_NODES;
	if (len > FILTER_TEXT_MAX) {
		snprintf(why, why_len, "filter: longer than %d bytes",
			 FILTER_TEXT_MAX);
		filter_free(f);
		return NULL;
	}

	const char *copy = arena_str(&f->arena, text, len);
	struct parser p = { f, copy, copy, now, 0, why, why_len };
	if (parse(&p) < 0) {
		filter_free(f);
		return NULL;
	}
	return f;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	arena_deinit(&f->arena);
	free(f);
}
