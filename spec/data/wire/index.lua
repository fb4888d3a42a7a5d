--- What is read in each body of this directory: endpoint, model, tools, and
-- every segment with its role, its place and its text.
-- luacheck: no max line length
return {
  {
    file = "openai-chat.json", application = "openai", stage = "request",
    path = "/v1/chat/completions",
    endpoint = "chat.completions", model = "gpt-4o-2024-08-06", stream = true, unread = 1,
    tools = { "lookup" },
    segments = {
      { "system", "/messages/0/content", "Answer in one sentence." },
      { "user", "/messages/1/content/0/text", "What is in this picture?\nIt was taken at \"Kafé Nord\"." },
      { "document", "/messages/1/content/1/image_url/url", "", "unread" },
      { "other", "/messages/1/content/2/file/filename", "note.txt" },
      { "document", "/messages/1/content/2/file/file_data", "Pay IBAN DE89370400440532013000", "attachment" },
      { "tool_call", "/messages/2/tool_calls/0/function/arguments", "{\"email\":\"ann@harborline.example\",\"n\":2}" },
      { "tool_result", "/messages/3/content", "Ann Weber, Hamburg" },
      { "tool_definition", "/tools/0/function/description", "Finds a customer." },
      { "tool_definition", "/tools/0/function/parameters/properties/email/description", "Address to look for" },
    },
  },
  {
    file = "openai-chat-reply.json", application = "openai", stage = "reply",
    path = "/v1/chat/completions",
    endpoint = "chat.completions", model = "gpt-4o-2024-08-06", tokens = { 1117, 46 },
    segments = {
      { "assistant", "/choices/0/message/content", "A red door." },
    },
  },
  {
    file = "openai-chat.sse", application = "openai", stage = "reply",
    path = "/v1/chat/completions",
    endpoint = "chat.completions", model = "gpt-4o", tokens = { 11, 22 },
    tools = { "pay" },
    segments = {
      { "assistant", "/choices/0/delta/content", "Card 4111 1111 1111 1111" },
      { "assistant", "/choices/0/delta/content", "Other" },
      { "tool_call", "/choices/0/delta/tool_calls/0/function/arguments", "{\"to\":\"ann\"}" },
      { "tool_call", "/choices/0/delta/tool_calls/0/function/arguments", "{}" },
    },
  },
  {
    file = "openai-responses.json", application = "openai", stage = "request",
    path = "/v1/responses?beta=true",
    endpoint = "responses", model = "gpt-5-codex", stream = true,
    tools = { "shell", "apply_patch" },
    segments = {
      { "system", "/instructions", "You are a coding agent." },
      { "user", "/input/0/content/0/text", "Fix the build." },
      { "thinking", "/input/1/summary/0/text", "Look at the log." },
      { "tool_call", "/input/2/arguments", "{\"command\":[\"make\"]}" },
      { "tool_result", "/input/3/output", "make: *** [all] Error 2" },
      { "tool_call", "/input/4/input", "*** Begin Patch" },
      { "assistant", "/input/5/content/0/text", "Done." },
      { "user", "/input/6/content", "Thanks!" },
      { "tool_definition", "/tools/0/description", "Runs a command." },
    },
  },
  {
    file = "openai-responses.sse", application = "openai", stage = "reply",
    path = "/v1/responses",
    endpoint = "responses", model = "gpt-5", tokens = { 37, 11 },
    segments = {
      { "assistant", "/delta", "Hello Ann." },
      { "tool_call", "/delta", "{\"a\":1}" },
    },
  },
  {
    file = "openai-embeddings.json", application = "openai", stage = "request",
    path = "/v1/embeddings",
    endpoint = "embeddings", model = "text-embedding-3-small",
    segments = {
      { "user", "/input/0", "first text" },
      { "user", "/input/1", "second text" },
    },
  },
  {
    file = "openai-moderations.json", application = "openai", stage = "request",
    path = "/v1/moderations",
    endpoint = "moderations", model = "omni-moderation-latest",
    segments = {
      { "user", "/input/0/text", "is this fine?" },
      { "document", "/input/1/image_url/url", "https://example.com/image.png" },
    },
  },
  {
    file = "openai-completions.json", application = "openai", stage = "request",
    path = "/v1/completions",
    endpoint = "completions", model = "gpt-3.5-turbo-instruct",
    segments = {
      { "user", "/prompt", "Once upon" },
      { "user", "/suffix", "the end" },
    },
  },
  {
    file = "openai-images.json", application = "openai", stage = "request",
    path = "/v1/images/generations",
    endpoint = "images.generations", model = "gpt-image-1",
    segments = {
      { "user", "/prompt", "A moon gate at night" },
    },
  },
  {
    file = "openai-speech.json", application = "openai", stage = "request",
    path = "/v1/audio/speech",
    endpoint = "audio.speech", model = "gpt-4o-mini-tts",
    segments = {
      { "user", "/input", "Good evening." },
      { "system", "/instructions", "Speak slowly." },
    },
  },
  {
    file = "anthropic-messages.json", application = "anthropic", stage = "request",
    path = "/v1/messages",
    endpoint = "messages", model = "claude-sonnet-4-5-20250929", unread = 1,
    tools = { "search" },
    segments = {
      { "system", "/system/0/text", "You help with contracts." },
      { "document", "/messages/0/content/0/source/data", "Contract of Ann Weber" },
      { "document", "/messages/0/content/0/title", "contract.txt" },
      { "document", "/messages/0/content/0/context", "draft" },
      { "document", "/messages/0/content/1/source/data", "", "unread" },
      { "user", "/messages/0/content/2/text", "Who signed it?" },
      { "thinking", "/messages/1/content/0/thinking", "The signature block names Ann.", "sealed" },
      { "tool_call", "/messages/1/content/2/input/query", "Ann Weber" },
      { "tool_call", "/messages/1/content/2/input/card", "4111111111111111" },
      { "tool_call", "/messages/1/content/2/input/deep/list/0", "x y" },
      { "tool_result", "/messages/2/content/0/content/0/text", "Found: Ann Weber" },
      { "user", "/messages/3/content", "And when?" },
      { "tool_definition", "/tools/0/description", "Searches files." },
      { "tool_definition", "/tools/0/input_schema/properties/query/description", "Words" },
    },
  },
  {
    file = "anthropic-reply.json", application = "anthropic", stage = "reply",
    path = "/v1/messages",
    endpoint = "messages", model = "claude-sonnet-4-5-20250929", tokens = { 2095, 503 },
    tools = { "search" },
    segments = {
      { "thinking", "/content/0/thinking", "Simple.", "sealed" },
      { "assistant", "/content/1/text", "On Tuesday." },
      { "tool_call", "/content/2/input/query", "when" },
    },
  },
  {
    file = "anthropic.sse", application = "anthropic", stage = "reply",
    path = "/v1/messages",
    endpoint = "messages", model = "claude-sonnet-4-5", tokens = { 25, 89 },
    tools = { "get_weather" },
    segments = {
      { "thinking", "/delta/thinking", "Let me see." },
      { "assistant", "/delta/text", "AKIAIOSFODNN7EXAMPLE" },
      { "tool_call", "/delta/partial_json", "{\"location\": \"Oslo\"}" },
    },
  },
  {
    file = "anthropic-batches.json", application = "anthropic", stage = "request",
    path = "/v1/messages/batches",
    endpoint = "messages.batches", model = "claude-haiku-4-5",
    segments = {
      { "user", "/requests/0/params/messages/0/content", "Hi from a batch" },
    },
  },
  {
    file = "gemini-generate.json", application = "google", stage = "request",
    path = "/v1beta/models/gemini-2.5-flash:generateContent",
    endpoint = "generateContent", model = "gemini-2.5-flash",
    tools = { "sum" },
    segments = {
      { "system", "/systemInstruction/parts/0/text", "Be kind." },
      { "user", "/contents/0/parts/0/text", "Read this:" },
      { "document", "/contents/0/parts/1/inlineData/data", "name,card\nAnn,4111111111111111", "attachment" },
      { "thinking", "/contents/1/parts/0/text", "I think so." },
      { "assistant", "/contents/1/parts/1/text", "It is a table." },
      { "tool_call", "/contents/1/parts/2/functionCall/args/column", "card number" },
      { "tool_result", "/contents/2/parts/0/functionResponse/response/result", "four thousand" },
      { "tool_definition", "/tools/0/functionDeclarations/0/description", "Adds up." },
      { "tool_definition", "/tools/0/functionDeclarations/0/parameters/properties/column/description", "Which one" },
    },
  },
  {
    file = "gemini-snake.json", application = "google", stage = "request",
    path = "/v1beta/models/gemini-2.5-flash:generateContent",
    endpoint = "generateContent", model = "gemini-2.5-flash", unread = 1,
    segments = {
      { "system", "/system_instruction/parts/0/text", "Be kind." },
      { "user", "/contents/parts/0/text", "One part only" },
      { "document", "/contents/parts/1/inline_data/data", "", "unread" },
    },
  },
  {
    file = "gemini-array.json", application = "google", stage = "reply",
    path = "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
    endpoint = "streamGenerateContent", model = "gemini-2.5-flash", tokens = { 4, 9 },
    segments = {
      { "assistant", "/0/candidates/0/content/parts/0/text", "Card 4111 1111 1111 1111" },
    },
  },
  {
    file = "gemini.sse", application = "google", stage = "reply",
    path = "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse",
    endpoint = "streamGenerateContent", model = "gemini-2.5-pro", tokens = { 8, 2 },
    segments = {
      { "thinking", "/candidates/0/content/parts/0/text", "Hm. " },
      { "assistant", "/candidates/0/content/parts/0/text", "Good day" },
    },
  },
  {
    file = "gemini-count.json", application = "google", stage = "request",
    path = "/v1beta/models/gemini-2.5-flash:countTokens",
    endpoint = "countTokens", model = "gemini-2.5-flash",
    segments = {
      { "user", "/generateContentRequest/contents/0/parts/0/text", "Count me" },
    },
  },
  {
    file = "gemini-embed.json", application = "google", stage = "request",
    path = "/v1beta/models/gemini-embedding-001:embedContent",
    endpoint = "embedContent", model = "gemini-embedding-001",
    segments = {
      { "user", "/content/parts/0/text", "What is the meaning of life?" },
    },
  },
  {
    file = "gemini-batch-embed.json", application = "google", stage = "request",
    path = "/v1beta/models/gemini-embedding-001:batchEmbedContents",
    endpoint = "batchEmbedContents", model = "gemini-embedding-001",
    segments = {
      { "user", "/requests/0/content/parts/0/text", "alpha beta" },
      { "user", "/requests/1/content/parts/0/text", "gamma" },
    },
  },
  {
    file = "code-assist.json", application = "google", stage = "request",
    path = "/v1internal:streamGenerateContent",
    endpoint = "code.streamGenerateContent", model = "gemini-2.5-pro",
    segments = {
      { "user", "/request/contents/0/parts/0/text", "Explain main.c" },
    },
  },
  {
    file = "chatgpt-web.json", application = "openai", stage = "request",
    path = "/backend-api/f/conversation",
    endpoint = "chatgpt.conversation", model = "gpt-5",
    segments = {
      { "user", "/messages/0/content/parts/0", "My address is 12 Elm Street" },
    },
  },
  {
    file = "chatgpt-web.sse", application = "openai", stage = "reply",
    path = "/backend-api/f/conversation",
    endpoint = "chatgpt.conversation",
    segments = {
      { "other", "", "v1" },
      { "assistant", "/v", "Your address is saved" },
    },
  },
  {
    file = "claude-web.json", application = "anthropic", stage = "request",
    path = "/api/organizations/o/chat_conversations/c/completion",
    endpoint = "claude.completion",
    segments = {
      { "user", "/prompt", "Summarise the file" },
      { "document", "/attachments/0/file_name", "hr.txt" },
      { "document", "/attachments/0/extracted_content", "Salary of Ann: 81,000" },
    },
  },
  {
    file = "gemini-web.form", application = "google", stage = "request",
    path = "/_/BardChatUi/data/x",
    endpoint = "any",
    segments = {
      { "other", "/at", "AJpMio2" },
      { "other", "/f.req/1", "[[\"hello from ann@harborline.example\"],null]" },
    },
  },
  {
    file = "deepseek-web.json", application = "deepseek", stage = "request",
    path = "/api/v0/chat/completion",
    endpoint = "web.completion",
    segments = {
      { "user", "/prompt", "Wie geht es?" },
    },
  },
  {
    file = "perplexity-web.json", application = "perplexity", stage = "request",
    path = "/rest/sse/perplexity_ask",
    endpoint = "web.ask",
    segments = {
      { "user", "/query_str", "who is ann weber" },
    },
  },
  {
    file = "generic.json", application = "generic", stage = "request",
    path = "/x",
    endpoint = "any",
    segments = {
      { "user", "/messages/0/content", "to an unknown service" },
      { "other", "/note/list/0/inner text", "read as well" },
    },
  },
  {
    file = "mcp.json", application = "copilot", stage = "request",
    path = "/mcp/",
    endpoint = "mcp",
    tools = { "create_issue" },
    segments = {
      { "tool_call", "/params/arguments/title", "Leak in pump 7" },
    },
  },
}
