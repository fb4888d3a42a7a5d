/* scan.c - `moongate scan`: what the detectors find, without policies.
 *
 *   line --text or messages--> segments --every detector--> findings --> line
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/line.h"
#include "cmd/setup.h"
#include "detectors/scan.h"

struct scanning {
	const struct mg_catalogue *catalogue;
	struct mg_scan *scan;
	struct arena arena; /* of one line */
	bool scores;
	bool refused;
	long number;
};

struct texts {
	struct mg_segment *at;
	uint32_t count;
	uint32_t cap;
};

static uint32_t role_of(struct mg_slice name)
{
	static const struct {
		const char *name;
		uint32_t role;
	} roles[] = {
		{ "system", MG_ROLE_SYSTEM },
		{ "developer", MG_ROLE_SYSTEM },
		{ "user", MG_ROLE_USER },
		{ "assistant", MG_ROLE_ASSISTANT },
		{ "tool", MG_ROLE_TOOL_RESULT },
		{ "tool_call", MG_ROLE_TOOL_CALL },
		{ "tool_result", MG_ROLE_TOOL_RESULT },
		{ "tool_definition", MG_ROLE_TOOL_DEFINITION },
		{ "document", MG_ROLE_DOCUMENT },
		{ "thinking", MG_ROLE_THINKING },
	};

	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (slice_is(name, roles[i].name))
			return roles[i].role;
	return MG_ROLE_OTHER;
}

static void add(struct texts *texts, struct arena *a, struct mg_slice text,
		uint32_t role, const char *path)
{
	texts->at = arena_grow(a, texts->at, texts->count, &texts->cap,
			       sizeof(*texts->at));
	texts->at[texts->count++] = (struct mg_segment){
		.role = role,
		.text = text,
		.path = slice_str(path),
	};
}

/* Calls `fn` for each object of an array. */
static int each_object(struct arena *a, struct mg_slice raw,
		       int (*fn)(void *arg, uint32_t i, const struct line *),
		       void *arg)
{
	struct json j;
	uint32_t depth = 0, i = 0;
	const char *from = NULL;
	int kind, err = MG_OK;

	json_init(&j, a, raw, LINE_DEPTH);
	j.lenient = true;
	if (json_next(&j) != JSON_ARRAY)
		return MG_EPROTO;
	while (!err && (kind = json_next(&j)) > JSON_END) {
		struct line object;

		if (kind == JSON_OBJECT && depth++ == 0)
			from = j.at - 1;
		if (kind != JSON_OBJECT_END || --depth)
			continue;
		err = line_read(&object, a, slice(from, (size_t)(j.at - from)));
		if (!err)
			err = fn(arg, i++, &object);
	}
	return err;
}

struct message {
	struct scanning *x;
	struct texts *texts;
	uint32_t number;
	uint32_t role;
};

static int add_part(void *arg, uint32_t i, const struct line *part)
{
	struct message *m = arg;
	const struct line_field *text = line_field(part, "text");

	if (text && text->kind == JSON_STRING)
		add(m->texts, &m->x->arena, text->text, m->role,
		    arena_fmt(&m->x->arena, "/messages/%u/content/%u/text",
			      m->number, i));
	return MG_OK;
}

static int add_message(void *arg, uint32_t i, const struct line *message)
{
	struct message *m = arg;
	const struct line_field *content = line_field(message, "content");

	m->number = i;
	m->role = role_of(line_text(message, "role"));
	if (content && content->kind == JSON_STRING)
		add(m->texts, &m->x->arena, content->text, m->role,
		    arena_fmt(&m->x->arena, "/messages/%u/content", i));
	else if (content && content->kind == JSON_ARRAY)
		return each_object(&m->x->arena, content->raw, add_part, m);
	return MG_OK;
}

static int read_texts(struct scanning *x, const struct line *line,
		      struct texts *texts)
{
	const struct line_field *text = line_field(line, "text");
	const struct line_field *messages = line_field(line, "messages");
	struct message m = { x, texts, 0, 0 };
	struct mg_slice role = line_text(line, "role");

	if (text && text->kind == JSON_STRING)
		add(texts, &x->arena, text->text,
		    role.len ? role_of(role) : MG_ROLE_USER, "");
	if (messages && messages->kind == JSON_ARRAY)
		return each_object(&x->arena, messages->raw, add_message, &m);
	return texts->count ? MG_OK : MG_EPROTO;
}

static void add_finding(struct scanning *x, const struct texts *texts,
			const struct mg_finding *f, struct buf *out)
{
	const struct mg_entity *e = mg_catalogue_at(x->catalogue, f->entity);
	const struct mg_segment *seg = &texts->at[f->segment];

	buf_add_str(out, "{");
	line_add_name(out, "detector");
	line_add_string(out, slice_str(e->detector));
	line_add_name(out, "entity");
	line_add_string(out, slice_str(e->name));
	buf_addf(out, ",\"score\":%.2f,\"from\":%u,\"to\":%u", f->score / 100.0,
		 line_points(seg->text, f->from),
		 line_points(seg->text, f->to));
	if (seg->path.len) {
		line_add_name(out, "path");
		line_add_string(out, seg->path);
	}
	buf_add_str(out, "}");
}

/* One for each statistical detector, whatever they are. */
static void add_scores(const struct scores *s, struct buf *out)
{
	buf_add_str(out, ",\"scores\":{");
	for (int i = 0; i < SCORES; i++)
		buf_addf(out, "%s\"%s\":%.4f", i ? "," : "", s->of[i].name,
			 (double)s->of[i].value);
	buf_add_str(out, "}");
}

static void answer(struct scanning *x, const struct line *line,
		   const struct texts *texts, int n, struct buf *out)
{
	const struct line_field *id = line_field(line, "id");

	buf_add_str(out, "{");
	line_add_name(out, "id");
	if (id && id->kind == JSON_NUMBER)
		buf_add(out, id->raw);
	else
		line_add_string(out, id ? id->text : slice("", 0));
	line_add_name(out, "findings");
	buf_add_str(out, "[");
	for (int i = 0; i < n; i++) {
		buf_add_str(out, i ? "," : "");
		add_finding(x, texts, mg_scan_at(x->scan, (uint32_t)i), out);
	}
	buf_add_str(out, "]");
	if (n < 0)
		buf_addf(out, ",\"error\":\"%s\"", mg_strerror(n));
	if (x->scores)
		add_scores(scan_scores(x->scan), out);
	buf_add_str(out, "}\n");
}

static int scan_line(void *arg, struct mg_slice json)
{
	struct scanning *x = arg;
	struct texts texts = { 0 };
	struct line line;
	struct buf out;

	x->number++;
	buf_init(&out, SIZE_MAX);
	if (line_read(&line, &x->arena, json) < 0 ||
	    read_texts(x, &line, &texts) < 0) {
		fprintf(stderr,
			"moongate scan: line %ld: wants {\"id\",\"text\"} or "
			"{\"id\",\"messages\"}\n",
			x->number);
		buf_addf(&out, "{\"line\":%ld,\"error\":\"no text\"}\n",
			 x->number);
		x->refused = true;
	} else {
		int n = mg_scan_segments(x->scan, texts.at, texts.count);

		x->refused = x->refused || n < 0;
		answer(x, &line, &texts, n, &out);
	}
	fwrite(buf_slice(&out).at, 1, buf_len(&out), stdout);
	buf_wipe(&out);
	arena_wipe(&x->arena);
	return CMD_OK;
}

static void print_entities(const struct mg_catalogue *cat, bool json)
{
	const struct mg_entity *e;
	struct buf out;

	buf_init(&out, SIZE_MAX);
	for (uint32_t i = 0; (e = mg_catalogue_at(cat, i)); i++) {
		/* Further looks of one entity are one entity. */
		if (mg_catalogue_find(cat, e->name, strlen(e->name)) != (int)i)
			continue;
		if (!json) {
			buf_addf(&out, "%-40s %-10s tier %u  %s\n", e->name,
				 e->detector, e->tier,
				 e->about ? e->about : "");
			continue;
		}
		buf_add_str(&out, "{");
		line_add_name(&out, "entity");
		line_add_string(&out, slice_str(e->name));
		line_add_name(&out, "detector");
		line_add_string(&out, slice_str(e->detector));
		line_add_name(&out, "mask");
		line_add_string(&out, slice_str(e->mask));
		line_add_name(&out, "about");
		line_add_string(&out, slice_str(e->about ? e->about : ""));
		buf_addf(&out, ",\"tier\":%u,\"score\":%u}\n", e->tier,
			 e->score);
	}
	fwrite(buf_slice(&out).at, 1, buf_len(&out), stdout);
	buf_deinit(&out);
}

/* All that can be found, or what `only` names, separated by commas. */
static int need(struct mg_catalogue *cat, const char *only)
{
	struct mg_slice rest = only ? slice_str(only) : slice(NULL, 0), name;

	for (uint32_t i = 0; !only && i < mg_catalogue_count(cat); i++)
		mg_catalogue_need(cat, i);
	while (slice_cut(&rest, ',', &name)) {
		int one = mg_catalogue_find(cat, name.at, name.len);
		uint32_t n = 0;

		if (one >= 0) {
			mg_catalogue_need(cat, (uint32_t)one);
			continue;
		}
		while ((one = mg_catalogue_group(cat, name.at, name.len, n)) >=
		       0) {
			mg_catalogue_need(cat, (uint32_t)one);
			n++;
		}
		if (!n) {
			fprintf(stderr,
				"moongate scan: nothing finds '%.*s'; "
				"--entities lists what there is\n",
				(int)name.len, name.at);
			return CMD_USAGE;
		}
	}
	return CMD_OK;
}

/* The cache of the state directory, where there is one. */
static const char *cache_of(const struct conf *conf, struct arena *a)
{
	const char *dir = arena_fmt(a, "%s/cache", conf->state);
	struct stat st;

	return stat(dir, &st) == 0 ? dir : NULL;
}

static int scan_all(struct setup *s, struct mg_catalogue *cat, bool scores)
{
	struct scanning x = { .catalogue = cat, .scores = scores };
	struct arena a;
	int rc;

	arena_init(&a);
	arena_init(&x.arena);
	rc = mg_catalogue_compile(cat, cache_of(s->conf, &a));
	arena_deinit(&a);
	if (rc) {
		fprintf(stderr, "moongate scan: %s\n", mg_catalogue_error(cat));
		return CMD_SOFTWARE;
	}
	x.scan = mg_scan_new(cat);
	if (scores)
		scan_want_scores(x.scan);
	rc = line_each(s->count ? s->words[0] : NULL, "scan", scan_line, &x);
	mg_scan_free(x.scan);
	return rc ? rc : x.refused ? CMD_NEGATIVE : CMD_OK;
}

static int run(int argc, char **argv)
{
	const char *only = NULL;
	bool scores = false, entities = false;
	const struct option options[] = {
		{ "--scores", &scores, NULL },
		{ "--entities", &entities, NULL },
		{ "--only", NULL, &only },
		{ NULL, NULL, NULL },
	};
	struct mg_catalogue *cat;
	struct setup s;
	int rc = setup_read(&s, options, argc, argv);

	if (rc)
		return rc;
	log_open(LOG_WARN, "scan");
	rc = setup_conf(&s);
	cat = mg_catalogue_new();
	if (!rc && entities)
		print_entities(cat, s.json);
	else if (!rc && !(rc = need(cat, only)))
		rc = scan_all(&s, cat, scores);
	mg_catalogue_free(cat);
	setup_deinit(&s);
	return rc;
}

const struct cmd cmd_scan = {
	.name = "scan",
	.about = "what the detectors find in texts given as JSON lines",
	.help = "usage: moongate scan [--only NAMES] [--scores] [FILE]\n"
		"       moongate scan --entities [--json]\n"
		"\n"
		"Reads {\"id\",\"text\",\"role\"} or "
		"{\"id\",\"messages\":[{\"role\","
		"\"content\"}]},\n"
		"one a line, from FILE (else stdin). Writes "
		"{\"id\",\"findings\":"
		"[{\"detector\",\n"
		"\"entity\",\"score\",\"from\",\"to\",\"path\"}]}; offsets "
		"count "
		"code points.\n"
		"  --only pii,secret   look for these groups or entities "
		"alone\n"
		"  --scores            add the scores of statistical "
		"detectors\n"
		"  --entities          list everything that can be found\n"
		"\n"
		"examples:\n"
		"  echo '{\"id\":1,\"text\":\"mail ann@acme-corp.com\"}' | "
		"moongate scan\n"
		"  moongate scan --entities | grep card\n",
	.run = run,
};
