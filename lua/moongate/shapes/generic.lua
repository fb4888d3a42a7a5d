--- What bodies of unknown services tend to look like: the big three's shapes
-- together, the usual names of a prompt, and JSON-RPC of tool servers (MCP).

local rules = require "moongate.shapes.rules"
local openai = require "moongate.shapes.openai"
local anthropic = require "moongate.shapes.anthropic"
local google = require "moongate.shapes.google"
local join, schema, each = rules.join, rules.schema, rules.each

local rpc = join({
  ["/jsonrpc"] = "word",
  ["/method"] = "word",
  ["/params/name"] = "tool_name",
  ["/params/arguments"] = "tool_call deep",
  ["/params/messages/*/content/text"] = "user role_beside",
  ["/params/systemPrompt"] = "system",
  ["/result/content/*/type"] = "word",
  ["/result/content/*/text"] = "tool_result",
  ["/result/content/*/data"] = "tool_result attachment",
  ["/result/content/*/mimeType"] = "word",
  ["/result/content/*/resource/text"] = "tool_result",
  ["/result/content/*/resource/blob"] = "tool_result attachment",
  ["/result/contents/*/text"] = "tool_result",
  ["/result/contents/*/blob"] = "tool_result attachment",
  ["/result/structuredContent"] = "tool_result deep",
  ["/result/messages/*/content/text"] = "user role_beside",
  ["/result/tools/*/name"] = "tool_name",
  ["/result/tools/*/title"] = "tool_definition",
  ["/result/tools/*/description"] = "tool_definition",
}, schema "/result/tools/*/inputSchema", schema "/result/tools/*/outputSchema")

local prompts = each("user", {
  "/prompt", "/prompt/*", "/query", "/question", "/message", "/text",
  "/input_text", "/inputs", "/input", "/suffix", "/query_str",
})

local answers = each("assistant", {
  "/completion", "/response", "/answer", "/output", "/text", "/content",
  "/output_text", "/message", "/generated_text", "/*/generated_text",
})

local M = {}

M.any = {
  stream = "sse",
  request = join(openai.chat.request, anthropic.messages.request,
    google.generate.request, openai.responses.request, prompts, rpc),
  reply = join(openai.chat.reply, anthropic.messages.reply,
    google.generate.reply, openai.responses.reply, answers, rpc),
  event = join(openai.chat.event, anthropic.messages.event,
    google.generate.reply, openai.responses.event, answers, rpc),
}

M.rpc = { stream = "sse", request = rpc, reply = rpc, event = rpc }

return M
