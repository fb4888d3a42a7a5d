/* role.c - see role.h */
#include "text/role.h"

uint32_t role_of_word(struct mg_slice word)
{
	static const struct {
		const char *word;
		uint32_t role;
	} roles[] = {
		{ "user", MG_ROLE_USER },
		{ "assistant", MG_ROLE_ASSISTANT },
		{ "system", MG_ROLE_SYSTEM },
		{ "developer", MG_ROLE_SYSTEM },
		{ "tool", MG_ROLE_TOOL_RESULT },
		{ "function", MG_ROLE_TOOL_RESULT },
		{ "model", MG_ROLE_ASSISTANT },
		{ "human", MG_ROLE_USER },
	};

	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (slice_is(word, roles[i].word))
			return roles[i].role;
	return 0;
}

uint32_t role_of_event(struct mg_slice type)
{
	static const struct {
		const char *word;
		uint32_t role;
	} kinds[] = {
		{ "response.function_call_arguments.", MG_ROLE_TOOL_CALL },
		{ "response.custom_tool_call_input.", MG_ROLE_TOOL_CALL },
		{ "response.mcp_call_arguments.", MG_ROLE_TOOL_CALL },
		{ "response.code_interpreter_call_code.", MG_ROLE_TOOL_CALL },
		{ "response.shell_call_command.", MG_ROLE_TOOL_CALL },
		{ "response.reasoning", MG_ROLE_THINKING },
	};

	if (!slice_starts(type, "response."))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (slice_starts(type, kinds[i].word))
			return kinds[i].role;
	return 0;
}
