/* test_shape.c - which strings of a body are found, whose they are, where. */
#include "test.h"
#include "text/segment.h"
#include "text/shape.h"

static struct arena arena;
static struct segments segs;

static struct mg_shape *chat(void)
{
	static const struct {
		const char *pattern;
		uint32_t role, flags;
	} rules[] = {
		{ "/model", 0, MG_RULE_MODEL },
		{ "/stream", 0, MG_RULE_STREAM },
		{ "/messages/*/content", MG_ROLE_USER, MG_RULE_ROLE_SIBLING },
		{ "/messages/*/content/*/text", MG_ROLE_USER,
		  MG_RULE_ROLE_SIBLING },
		{ "/messages/*/content/*/type", 0, MG_RULE_WORD },
		{ "/messages/*/content/*/image_url/url", 0,
		  MG_RULE_ATTACHMENT },
		{ "/messages/*/tool_calls/*/function/arguments",
		  MG_ROLE_TOOL_CALL, MG_RULE_JSON },
		{ "/messages/*/tool_calls/*/function/name", 0,
		  MG_RULE_TOOL_NAME },
		{ "/messages/*/tool_calls/*/id", 0, MG_RULE_WORD },
		{ "/tools/*/function/name", 0, MG_RULE_TOOL_NAME },
		{ "/tools/*/function", MG_ROLE_TOOL_DEFINITION, MG_RULE_DEEP },
		{ "/signature", 0, MG_RULE_OPAQUE },
		{ "/thinking", MG_ROLE_THINKING, MG_RULE_SEALED },
		{ "/usage/prompt_tokens", 0, MG_RULE_TOKENS_IN },
		{ "/usage/completion_tokens", 0, MG_RULE_TOKENS_OUT },
	};
	struct mg_shape *shape = mg_shape_new();

	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		OK(mg_shape_add(shape, rules[i].pattern,
				strlen(rules[i].pattern), rules[i].role,
				rules[i].flags) == MG_OK);
	OK(mg_shape_compile(shape) == MG_OK);
	return shape;
}

static int read(const struct mg_shape *shape, const char *body)
{
	arena_deinit(&arena);
	segments_init(&segs, &arena);
	return segments_of_body(&segs, shape, slice_str("application/json"),
				slice_str(body));
}

static int is(uint32_t i, const char *path, uint32_t role, const char *text)
{
	if (i >= segs.count)
		return 0;
	const struct mg_segment *seg = &segs.at[i];
	int same = slice_is(seg->path, path) && seg->role == role &&
		   slice_is(seg->text, text);
	if (!same)
		printf("# %u: %.*s role %u: %.*s\n", i, (int)seg->path.len,
		       seg->path.at, seg->role, (int)seg->text.len,
		       seg->text.at);
	return same;
}

static void a_chat_is_read(void)
{
	struct mg_shape *shape = chat();

	OK(read(shape, "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":"
		       "\"system\",\"content\":\"Be brief.\"},{\"content\":"
		       "\"Hi\\nyou\",\"role\":\"user\"},{\"content\":[{"
		       "\"type\":\"text\",\"text\":\"A\"},{\"type\":\"text\","
		       "\"text\":\"B\"}],\"role\":\"assistant\"}],"
		       "\"stream\":true,\"user\":\"u 1\"}") == 5);
	OK(is(0, "/messages/0/content", MG_ROLE_SYSTEM, "Be brief."));
	OK(is(1, "/messages/1/content", MG_ROLE_USER, "Hi\nyou"));
	OK(is(2, "/messages/2/content/0/text", MG_ROLE_ASSISTANT, "A"));
	OK(is(3, "/messages/2/content/1/text", MG_ROLE_ASSISTANT, "B"));
	OK(is(4, "/user", MG_ROLE_OTHER, "u 1"));
	OK(slice_is(segs.model, "gpt-4o"));
	OK(segs.wants_stream);
	mg_shape_free(shape);
}

static int role_of(const char *pattern, uint32_t role, uint32_t flags,
		   const char *body)
{
	struct mg_shape *shape = mg_shape_new();

	mg_shape_add(shape, pattern, strlen(pattern), role, flags);
	mg_shape_compile(shape);
	int n = read(shape, body);
	mg_shape_free(shape);
	return n == 1 ? (int)segs.at[0].role : -n;
}

static void the_nearest_role_counts_before_or_after(void)
{
	const char *p = "/m/*/c/*/t";
	uint32_t user = MG_ROLE_USER, beside = MG_RULE_ROLE_SIBLING;

	OK(role_of(p, user, beside,
		   "{\"m\":[{\"role\":\"system\",\"c\":[{\"t\":\"x\"}]}]}") ==
	   MG_ROLE_SYSTEM);
	OK(role_of(p, user, beside,
		   "{\"m\":[{\"c\":[{\"t\":\"x\"}],\"role\":\"tool\"}]}") ==
	   MG_ROLE_TOOL_RESULT);
	OK(role_of(p, user, beside,
		   "{\"role\":\"system\",\"m\":[{\"c\":[{\"t\":\"x\"}],"
		   "\"role\":\"model\"}]}") == MG_ROLE_ASSISTANT);
	OK(role_of(p, user, beside,
		   "{\"m\":[{\"c\":[{\"t\":\"x\"}]}],\"role\":"
		   "\"system\"}") == MG_ROLE_SYSTEM);
	OK(role_of(p, user, beside, "{\"m\":[{\"c\":[{\"t\":\"x\"}]}]}") ==
	   MG_ROLE_USER);
	OK(role_of("/m/*/c/parts/*", user, beside,
		   "{\"m\":[{\"author\":{\"role\":\"system\"},\"c\":{"
		   "\"parts\":[\"x\"]}}]}") == MG_ROLE_SYSTEM);
	OK(role_of("/p/*/t", MG_ROLE_ASSISTANT, beside,
		   "{\"role\":\"model\",\"p\":[{\"t\":\"x\",\"thought\":true}"
		   "]}") == MG_ROLE_THINKING);
	/* A role that nobody knows is text, and gives none. */
	OK(role_of(p, user, beside,
		   "{\"m\":[{\"c\":[{\"t\":\"x\"}],\"role\":\"boss\"}]}") ==
	   -2);
}

static void the_most_literal_pattern_rules(void)
{
	struct mg_shape *shape = mg_shape_new();

	mg_shape_add(shape, "/a", 2, MG_ROLE_SYSTEM, MG_RULE_DEEP);
	mg_shape_add(shape, "/a/*/x", 6, MG_ROLE_USER, 0);
	mg_shape_add(shape, "/a/b/x", 6, MG_ROLE_ASSISTANT, 0);
	mg_shape_add(shape, "/a/**/type", 10, 0, MG_RULE_WORD);
	mg_shape_add(shape, "/a/7/x", 6, MG_ROLE_DOCUMENT, 0);
	mg_shape_add(shape, "/**/deep", 8, MG_ROLE_THINKING, 0);
	mg_shape_add(shape, "/sl~1ash", 8, MG_ROLE_USER, 0);
	mg_shape_add(shape, "/list/2", 7, MG_ROLE_USER, 0);
	OK(mg_shape_compile(shape) == MG_OK);
	OK(mg_shape_compile(shape) == MG_OK);
	OK(mg_shape_add(shape, "/late", 5, MG_ROLE_USER, 0) == MG_EINVAL);

	read(shape, "{\"a\":{\"b\":{\"x\":\"1\"},\"c\":{\"x\":\"2\",\"y\":"
		    "{\"z\":[\"3\"],\"type\":\"word\"}},\"7\":{\"x\":\"4\"},"
		    "\"type\":\"a word\"},\"q\":[{\"deep\":\"5\"}],"
		    "\"sl/ash\":\"6\",\"list\":[\"7\",\"8\",\"9\"]}");
	OK(is(0, "/a/b/x", MG_ROLE_ASSISTANT, "1"));
	OK(is(1, "/a/c/x", MG_ROLE_USER, "2"));
	OK(is(2, "/a/c/y/z/0", MG_ROLE_SYSTEM, "3"));
	OK(is(3, "/a/7/x", MG_ROLE_DOCUMENT, "4"));
	OK(is(4, "/a/type", MG_ROLE_OTHER, "a word"));
	OK(is(5, "/q/0/deep", MG_ROLE_THINKING, "5"));
	OK(is(6, "/sl~1ash", MG_ROLE_USER, "6"));
	OK(is(7, "/list/0", MG_ROLE_OTHER, "7"));
	OK(is(9, "/list/2", MG_ROLE_USER, "9"));
	OK(segs.count == 10);
	mg_shape_free(shape);
}

static void nothing_readable_is_left_out(void)
{
	struct mg_shape *shape = chat();

	OK(read(shape, "{\"unknown\":{\"deep\":[[\"a b\"]]},\"signature\":"
		       "\"opaque\",\"thinking\":\"t\",\"\":\"empty key\","
		       "\"none\":\"\",\"model\":\"not a word\"}") == 4);
	OK(is(0, "/unknown/deep/0/0", MG_ROLE_OTHER, "a b"));
	OK(is(1, "/thinking", MG_ROLE_THINKING, "t"));
	OK(segs.at[1].kind == MG_SEGMENT_SEALED);
	OK(is(2, "/", MG_ROLE_OTHER, "empty key"));
	OK(is(3, "/model", MG_ROLE_OTHER, "not a word"));
	OK(segs.model.len == 0);
	mg_shape_free(shape);
}

static void tools_tokens_and_arguments_are_noted(void)
{
	struct mg_shape *shape = chat();

	OK(read(shape,
		"{\"messages\":[{\"tool_calls\":[{\"id\":\"call_1\",\"function"
		"\":{\"name\":\"pay\",\"arguments\":\"{\\\"n\\\":1}\"}}]}],"
		"\"tools\":[{\"function\":{\"name\":\"pay\",\"limit\":1234567,"
		"\"small\":12,\"about\":\"Pays.\"}},{\"function\":{\"name\":"
		"\"get\"}}],\"usage\":{\"prompt_tokens\":7,"
		"\"completion_tokens\":9}}") == 3);
	OK(is(0, "/messages/0/tool_calls/0/function/arguments",
	      MG_ROLE_TOOL_CALL, "{\"n\":1}"));
	OK(is(1, "/tools/0/function/limit", MG_ROLE_TOOL_DEFINITION,
	      "1234567"));
	OK(is(2, "/tools/0/function/about", MG_ROLE_TOOL_DEFINITION, "Pays."));
	OK(segs.tool_count == 2 && slice_is(segs.tools[0], "pay"));
	OK(segs.tokens_in == 7 && segs.tokens_out == 9);
	mg_shape_free(shape);
}

static void bad_patterns_are_refused(void)
{
	static const char *const bad[] = { "a", "a/b", "/a~2", "/a~", "*" };
	struct mg_shape *shape = mg_shape_new();

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		OK(mg_shape_add(shape, bad[i], strlen(bad[i]), 0, 0) ==
		   MG_EINVAL);
	OK(mg_shape_add(shape, "/a", 2, 3, 0) == MG_EINVAL);
	OK(mg_shape_add(shape, "/a", 2, 1024, 0) == MG_EINVAL);
	OK(read(shape, "{\"a\":\"x\"}") == 1); /* uncompiled: no shape */
	mg_shape_free(shape);
	mg_shape_free(NULL);
}

/* Many deep stars make many states; that ends in an error, not in memory. */
static void a_foolish_shape_is_refused(void)
{
	struct mg_shape *shape = mg_shape_new();
	char pattern[64];

	for (int i = 0; i < 24; i++) {
		snprintf(pattern, sizeof(pattern), "/**/k%d/**/x%d", i, i);
		mg_shape_add(shape, pattern, strlen(pattern), MG_ROLE_USER, 0);
	}
	OK(mg_shape_compile(shape) == MG_ETOOBIG);
	OK(read(shape, "{\"k1\":{\"x1\":\"a\"}}") == 1);
	mg_shape_free(shape);
}

int main(void)
{
	RUN(the_nearest_role_counts_before_or_after);
	RUN(the_most_literal_pattern_rules);
	RUN(nothing_readable_is_left_out);
	RUN(tools_tokens_and_arguments_are_noted);
	RUN(bad_patterns_are_refused);
	RUN(a_foolish_shape_is_refused);
	RUN(a_chat_is_read);
	arena_deinit(&arena);
	return test_done();
}
