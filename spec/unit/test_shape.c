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

int main(void)
{
	RUN(a_chat_is_read);
	arena_deinit(&arena);
	return test_done();
}
