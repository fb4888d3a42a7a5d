/* filter_match.c - a filter asked about an event in memory. See filter.h. */
#include "event/filter.h"

#include "event/impl.h"

int stage_action(const struct event_verdict *v)
{
	return v->judged ? (int)v->action : -1;
}

struct mg_slice event_failure(const struct event *e)
{
	if (e->failure.len)
		return e->failure;
	for (int i = 0; i < 2; i++)
		if (e->verdict[i].failure != FAILURE_NONE)
			return slice_str(failure_name(e->verdict[i].failure));
	return slice_str("");
}

bool event_observed(const struct event *e)
{
	return e->verdict[MG_REQUEST].observed || e->verdict[MG_REPLY].observed;
}

static const void *member(const struct filter_field *f, const struct event *e)
{
	return (const char *)e + f->offset;
}

int64_t filter_number(const struct filter_field *f, const struct event *e)
{
	switch (f->kind) {
	case FILTER_ACTION:
		return event_action(e);
	case FILTER_REQUEST:
		return stage_action(&e->verdict[MG_REQUEST]);
	case FILTER_REPLY:
		return stage_action(&e->verdict[MG_REPLY]);
	case FILTER_NUMBER:
		return *(const uint32_t *)member(f, e);
	case FILTER_BYTES:
		return (int64_t)(e->request_bytes + e->reply_bytes);
	case FILTER_TOKENS:
		return (int64_t)(e->request_tokens + e->reply_tokens);
	case FILTER_LATENCY:
		return (int64_t) * (const uint64_t *)member(f, e);
	default:
		return 0;
	}
}

/* The field of a kind that is one text. */
static struct mg_slice text_of(const struct filter_field *f,
			       const struct event *e)
{
	switch (f->kind) {
	case FILTER_TEXT:
		return *(const struct mg_slice *)member(f, e);
	case FILTER_SURFACE:
		return slice_str(surface_name(*(const uint32_t *)member(f, e)));
	case FILTER_ASSURED:
		return slice_str(
			assurance_name(*(const uint32_t *)member(f, e)));
	case FILTER_ID:
		return slice_str(e->id);
	case FILTER_FAILURE:
		return event_failure(e);
	case FILTER_MODE:
		return slice_str(event_observed(e) ? "observe" : "inline");
	default:
		return slice_str("");
	}
}

bool filter_is_like(struct mg_slice text, struct mg_slice glob)
{
	size_t t = 0, g = 0, star = glob.len, back = 0;

	while (t < text.len) {
		if (g < glob.len && glob.at[g] == '*') {
			star = g++;
			back = t;
		} else if (g < glob.len && glob.at[g] == text.at[t]) {
			g++;
			t++;
		} else if (star < glob.len) {
			g = star + 1;
			t = ++back;
		} else {
			return false;
		}
	}
	while (g < glob.len && glob.at[g] == '*')
		g++;
	return g == glob.len;
}

static bool text_matches(struct mg_slice text, enum filter_op op,
			 const struct filter_value *v)
{
	if (op == FILTER_HOLDS)
		return !v->text.len ||
		       (text.len &&
			memmem(text.at, text.len, v->text.at, v->text.len));
	return v->glob ? filter_is_like(text, v->text)
		       : slice_same(text, v->text);
}

/* A finding goes by its entity, by what stands before a dot of it, and by its
 * detector. */
static bool finding_matches(const struct event_finding *f, enum filter_op op,
			    const struct filter_value *v)
{
	if (text_matches(f->entity, op, v) || text_matches(f->detector, op, v))
		return true;
	if (op == FILTER_HOLDS || v->glob)
		return false;
	return f->entity.len > v->text.len &&
	       f->entity.at[v->text.len] == '.' &&
	       memcmp(f->entity.at, v->text.at, v->text.len) == 0;
}

static bool list_matches(const struct mg_slice *list, uint32_t count,
			 enum filter_op op, const struct filter_value *v)
{
	for (uint32_t i = 0; i < count; i++)
		if (text_matches(list[i], op, v))
			return true;
	return false;
}

static bool stage_matches(const struct event_verdict *s, enum filter_kind kind,
			  enum filter_op op, const struct filter_value *v)
{
	if (kind == FILTER_POLICIES)
		for (uint32_t i = 0; i < s->policy_count; i++)
			if (text_matches(s->policies[i].id, op, v))
				return true;
	if (kind == FILTER_FINDINGS)
		for (uint32_t i = 0; i < s->finding_count; i++)
			if (finding_matches(&s->findings[i], op, v))
				return true;
	return false;
}

static bool number_matches(int64_t n, enum filter_op op, int64_t v)
{
	switch (op) {
	case FILTER_MORE:
		return n > v;
	case FILTER_MORE_OR_SAME:
		return n >= v;
	case FILTER_LESS:
		return n < v;
	case FILTER_LESS_OR_SAME:
		return n <= v;
	default:
		return n == v;
	}
}

static bool value_matches(const struct filter_field *f, enum filter_op op,
			  const struct filter_value *v, const struct event *e)
{
	switch (f->kind) {
	case FILTER_POLICIES:
	case FILTER_FINDINGS:
		return stage_matches(&e->verdict[0], f->kind, op, v) ||
		       stage_matches(&e->verdict[1], f->kind, op, v);
	case FILTER_TAGS:
		return list_matches(e->tags, e->tag_count, op, v);
	case FILTER_GROUPS:
		return list_matches(e->groups, e->group_count, op, v);
	default:
		if (filter_is_number(f->kind))
			return number_matches(filter_number(f, e), op,
					      v->number);
		return text_matches(text_of(f, e), op, v);
	}
}

static bool term_matches(const struct filter_node *n, const struct event *e)
{
	for (uint32_t i = 0; i < n->count; i++)
		if (value_matches(n->field, n->op, &n->values[i], e))
			return n->op != FILTER_IS_NOT;
	return n->op == FILTER_IS_NOT;
}

static bool node_matches(const struct filter *f, uint32_t at,
			 const struct event *e)
{
	const struct filter_node *n = &f->node[at];

	switch (n->kind) {
	case NODE_ALL:
		return node_matches(f, n->left, e) &&
		       node_matches(f, n->right, e);
	case NODE_ANY:
		return node_matches(f, n->left, e) ||
		       node_matches(f, n->right, e);
	case NODE_NOT:
		return !node_matches(f, n->left, e);
	case NODE_TERM:
		break;
	}
	return term_matches(n, e);
}

bool filter_match(const struct filter *f, const struct event *e)
{
	if (e->time < f->since || (f->until && e->time >= f->until))
		return false;
	return f->root == FILTER_NODES || node_matches(f, f->root, e);
}
