/* filter_sql.c - a filter as an SQL expression. See filter.h.
 *
 * Not a byte of what a person typed gets into the text of the query: names of
 * columns come from our table, values are bound. Lists are stored with a comma
 * before, between and after their members.
 */
#include "event/filter.h"

#include "event/impl.h"

enum { WHERE_MAX = 64 << 10 };

struct writer {
	struct filter *f;
	struct filter_sql *out;
	int err;
};

static void put(struct writer *w, const char *text)
{
	if (w->err == MG_OK)
		w->err = buf_add_str(&w->out->where, text);
}

static void bind(struct writer *w, const struct filter_bind *value)
{
	struct filter_sql *out = w->out;

	out->binds = arena_grow(&w->f->arena, out->binds, out->count, &out->cap,
				sizeof(*out->binds));
	out->binds[out->count++] = *value;
}

static void bind_number(struct writer *w, int64_t n)
{
	bind(w, &(struct filter_bind){ .number = n });
}

static void bind_text(struct writer *w, struct mg_slice text)
{
	bind(w, &(struct filter_bind){ .is_text = true, .text = text });
}

/* GLOB knows more signs than our asterisk: [x] stands for x itself. */
static size_t put_glob(char *at, struct mg_slice s, bool glob)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool plain = !strchr("*?[", c) || (c == '*' && glob);
		if (!plain)
			at[n++] = '[';
		at[n++] = c;
		if (!plain)
			at[n++] = ']';
	}
	return n;
}

static void bind_glob(struct writer *w, const char *before, struct mg_slice s,
		      bool glob, const char *after)
{
	size_t n = strlen(before);
	char *at = arena_alloc(&w->f->arena, n + 3 * s.len + strlen(after) + 1);

	memcpy(at, before, n);
	n += put_glob(at + n, s, glob);
	memcpy(at + n, after, strlen(after));
	bind_text(w, slice(at, n + strlen(after)));
}

static bool is_list(enum filter_kind kind)
{
	return kind >= FILTER_POLICIES;
}

/* list_like() is ours: GLOB would let an asterisk run from one member into the
 * next. */
static void put_list(struct writer *w, const struct filter_node *n,
		     const struct filter_value *v)
{
	if (v->glob && n->op != FILTER_HOLDS) {
		put(w, "list_like(");
		put(w, n->field->column);
		put(w, ", ?)");
		bind_text(w, v->text);
		return;
	}
	put(w, n->field->column);
	put(w, " GLOB ?");
	if (n->op == FILTER_HOLDS)
		bind_glob(w, "*", v->text, false, "*");
	else if (n->field->kind == FILTER_FINDINGS)
		bind_glob(w, "*,", v->text, false, "[,.]*");
	else
		bind_glob(w, "*,", v->text, false, ",*");
}

static void put_value(struct writer *w, const struct filter_node *n,
		      const struct filter_value *v)
{
	static const char *const order[] = {
		[FILTER_IS] = " = ?",
		[FILTER_IS_NOT] = " = ?",
		[FILTER_HOLDS] = " = ?",
		[FILTER_MORE] = " > ?",
		[FILTER_MORE_OR_SAME] = " >= ?",
		[FILTER_LESS] = " < ?",
		[FILTER_LESS_OR_SAME] = " <= ?",
	};

	if (is_list(n->field->kind)) {
		put_list(w, n, v);
	} else if (filter_is_number(n->field->kind)) {
		put(w, n->field->column);
		put(w, order[n->op]);
		bind_number(w, v->number);
	} else if (n->op == FILTER_HOLDS) {
		put(w, "instr(");
		put(w, n->field->column);
		put(w, ", ?) > 0");
		bind_text(w, v->text);
	} else if (v->glob) {
		put(w, n->field->column);
		put(w, " GLOB ?");
		bind_glob(w, "", v->text, true, "");
	} else {
		put(w, n->field->column);
		put(w, " = ?");
		bind_text(w, v->text);
	}
}

static void put_term(struct writer *w, const struct filter_node *n)
{
	put(w, n->op == FILTER_IS_NOT ? "NOT (" : "(");
	for (uint32_t i = 0; i < n->count; i++) {
		put(w, i ? " OR " : "");
		put_value(w, n, &n->values[i]);
	}
	put(w, ")");
}

static void put_node(struct writer *w, uint32_t at)
{
	const struct filter_node *n = &w->f->node[at];

	switch (n->kind) {
	case NODE_ALL:
	case NODE_ANY:
		put(w, "(");
		put_node(w, n->left);
		put(w, n->kind == NODE_ALL ? " AND " : " OR ");
		put_node(w, n->right);
		put(w, ")");
		return;
	case NODE_NOT:
		put(w, "NOT ");
		put_node(w, n->left);
		return;
	case NODE_TERM:
		put_term(w, n);
		return;
	}
}

int filter_sql(struct filter *f, struct filter_sql *out)
{
	struct writer w = { .f = f, .out = out };

	*out = (struct filter_sql){ 0 };
	buf_init(&out->where, WHERE_MAX);
	put(&w, "1");
	/* The plus keeps SQLite off the index on time: see archive_find. */
	if (f->since) {
		put(&w, " AND +time >= ?");
		bind_number(&w, (int64_t)f->since);
	}
	if (f->until) {
		put(&w, " AND +time < ?");
		bind_number(&w, (int64_t)f->until);
	}
	if (f->root != FILTER_NODES) {
		put(&w, " AND ");
		put_node(&w, f->root);
	}
	/* The query is built as a C string. */
	if (w.err == MG_OK)
		w.err = buf_add_at(&out->where, "", 1);
	return w.err;
}
