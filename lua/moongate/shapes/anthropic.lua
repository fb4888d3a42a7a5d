--- Bodies of the Anthropic Messages API. Thinking is signed: it is scanned and
-- never altered, and what carries the signature is left alone.

local rules = require "moongate.shapes.rules"
local join, under, schema, each =
  rules.join, rules.under, rules.schema, rules.each

local source = {
  ["/type"] = "word",
  ["/media_type"] = "word",
  ["/data"] = "document attachment",
  ["/content"] = "document",
  ["/content/*/text"] = "document",
  ["/content/*/type"] = "word",
  ["/content/*/source/data"] = "document attachment",
  ["/content/*/source/type"] = "word",
  ["/content/*/source/media_type"] = "word",
  ["/file_id"] = "word",
}

-- One content block; `text` is who says its text.
local function block(text)
  return join({
    ["/type"] = "word",
    ["/id"] = "word",
    ["/tool_use_id"] = "word",
    ["/cache_control/type"] = "word",
    ["/cache_control/ttl"] = "word",
    ["/text"] = text,
    ["/title"] = "document",
    ["/context"] = "document",
    ["/thinking"] = "thinking sealed",
    ["/signature"] = "opaque",
    ["/data"] = "opaque",
    ["/name"] = "tool_name",
    ["/server_name"] = "word",
    ["/caller/type"] = "word",
    ["/input"] = "tool_call deep",
    ["/content"] = "tool_result deep",
    ["/content/**/type"] = "word",
    ["/content/**/encrypted_content"] = "opaque",
    ["/content/**/encrypted_index"] = "opaque",
    ["/content/**/encrypted_stdout"] = "opaque",
    ["/content/*/source/data"] = "tool_result attachment",
    ["/content/*/source/media_type"] = "word",
    ["/content/**/cache_control/type"] = "word",
    ["/citations"] = "document deep",
    ["/citations/*/type"] = "word",
    ["/citations/*/encrypted_index"] = "opaque",
    ["/file_id"] = "word",
  }, under("/source", source))
end

local request = join({
  ["/model"] = "model",
  ["/stream"] = "stream",
  ["/system"] = "system",
  ["/messages/*/content"] = "user role_beside",
  ["/tools/*/name"] = "tool_name",
  ["/tools/*/type"] = "word",
  ["/tools/*/description"] = "tool_definition",
  ["/metadata/user_id"] = "other sealed word",
  ["/mcp_servers/*/authorization_token"] = "other sealed",
}, each("word", {
  "/tools/*/cache_control/type", "/tools/*/cache_control/ttl",
  "/tool_choice/type", "/tool_choice/name", "/thinking/type",
  "/thinking/display", "/service_tier", "/output_config/effort",
  "/container", "/container/id", "/context_management/edits/*/type",
  "/mcp_servers/*/type", "/mcp_servers/*/name", "/betas/*",
  "/anthropic_version",
}), schema "/tools/*/input_schema",
  under("/output_config/format", schema "/schema"),
  under("/system/*", block "system"),
  under("/messages/*/content/*", block "user role_beside"))

local reply = join({
  ["/model"] = "model",
  ["/usage/input_tokens"] = "tokens_in",
  ["/usage/output_tokens"] = "tokens_out",
}, each("word", {
  "/id", "/type", "/stop_reason", "/usage/service_tier", "/error/type",
  "/usage/inference_geo", "/container/id", "/request_id",
}), under("/content/*", block "assistant"))

local event = join({
  ["/type"] = "word",
  ["/delta/type"] = "word",
  ["/delta/stop_reason"] = "word",
  ["/delta/text"] = "assistant",
  ["/delta/partial_json"] = "tool_call",
  ["/delta/thinking"] = "thinking sealed",
  ["/delta/signature"] = "opaque",
  ["/delta/citation"] = "document deep",
  ["/delta/citation/encrypted_index"] = "opaque",
  ["/usage/input_tokens"] = "tokens_in",
  ["/usage/output_tokens"] = "tokens_out",
}, under("/message", reply), under("/content_block", block "assistant"))

local M = {}

M.messages = { stream = "sse", request = request, reply = reply, event = event }

M.count_tokens = {
  request = request,
  reply = { ["/input_tokens"] = "tokens_in" },
}

M.batches = {
  request = join({ ["/requests/*/custom_id"] = "word" },
    under("/requests/*/params", request)),
  reply = join({ ["/custom_id"] = "word", ["/result/type"] = "word" },
    under("/result/message", reply), each("word", {
      "/id", "/type", "/processing_status", "/created_at", "/expires_at",
      "/ended_at", "/archived_at", "/cancel_initiated_at", "/results_url",
    })),
}

--- claude.ai: one prompt and what was pasted or attached.
M.web = {
  stream = "sse",
  request = join({
    ["/prompt"] = "user",
    ["/text"] = "user",
    ["/model"] = "model",
    ["/attachments/*/extracted_content"] = "document",
    ["/attachments/*/file_name"] = "document",
    ["/attachments/*/file_type"] = "word",
    ["/files/*"] = "word",
    ["/parent_message_uuid"] = "word",
    ["/timezone"] = "word",
    ["/rendering_mode"] = "word",
    ["/personalized_styles/*/prompt"] = "system",
    ["/tools/*/name"] = "tool_name",
    ["/tools/*/type"] = "word",
    ["/tools/*/description"] = "tool_definition",
  }, schema "/tools/*/input_schema"),
  reply = reply,
  event = join({
    ["/completion"] = "assistant",
    ["/stop_reason"] = "word",
    ["/log_id"] = "word",
  }, event),
}

return M
