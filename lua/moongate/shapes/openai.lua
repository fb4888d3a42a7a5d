--- Bodies of the OpenAI API, and of everything that copies it.

local rules = require "moongate.shapes.rules"
local join, under, schema, each =
  rules.join, rules.under, rules.schema, rules.each

-- What a call of a tool looks like, wherever it stands.
local tool_calls = {
  ["/tool_calls/*/id"] = "word",
  ["/tool_calls/*/type"] = "word",
  ["/tool_calls/*/function/name"] = "tool_name",
  ["/tool_calls/*/function/arguments"] = "tool_call json",
  ["/tool_calls/*/custom/name"] = "tool_name",
  ["/tool_calls/*/custom/input"] = "tool_call",
  ["/function_call/name"] = "tool_name",
  ["/function_call/arguments"] = "tool_call json",
}

-- The parts of a message's content.
local parts = {
  ["/*/type"] = "word",
  ["/*/text"] = "user role_beside",
  ["/*/refusal"] = "assistant",
  ["/*/thinking/*/text"] = "thinking",
  ["/*/image_url"] = "document attachment",
  ["/*/image_url/url"] = "document attachment",
  ["/*/image_url/detail"] = "word",
  ["/*/document_url"] = "document attachment",
  ["/*/input_audio"] = "document attachment",
  ["/*/input_audio/data"] = "document attachment",
  ["/*/input_audio/format"] = "word",
  ["/*/file/file_data"] = "document attachment",
  ["/*/file/file_id"] = "word",
  ["/*/detail"] = "word",
  ["/*/file_data"] = "document attachment",
  ["/*/file_id"] = "word",
  ["/*/id"] = "word",
}

local message = join({
  ["/content"] = "user role_beside",
  ["/refusal"] = "assistant",
  ["/reasoning"] = "thinking",
  ["/reasoning_content"] = "thinking",
  ["/reasoning_details/*/text"] = "thinking",
  ["/reasoning_details/*/data"] = "opaque",
  ["/tool_call_id"] = "word",
  ["/id"] = "word",
  ["/type"] = "word",
  ["/audio/id"] = "word",
}, tool_calls, under("/content", parts))

-- Settings of a request that are words of the protocol.
local settings = join({
  ["/model"] = "model",
  ["/models/*"] = "word",
  ["/stream"] = "stream",
}, each("word", {
  "/tool_choice", "/tool_choice/type", "/tool_choice/name",
  "/tool_choice/mode", "/tool_choice/function/name", "/function_call",
  "/response_format", "/response_format/type",
  "/response_format/json_schema/name", "/modalities/*", "/reasoning_effort",
  "/reasoning/effort", "/reasoning/summary", "/verbosity", "/text/verbosity",
  "/service_tier", "/user", "/safety_identifier", "/prompt_cache_key",
  "/prompt_cache_retention", "/audio/voice", "/audio/format", "/voice",
  "/size", "/quality", "/style", "/background", "/moderation",
  "/output_format", "/encoding_format", "/truncation", "/include/*",
  "/previous_response_id", "/conversation", "/conversation/id", "/type",
  "/prompt/id", "/prompt/version",
}), under("/response_format/json_schema", schema "/schema"))

local chat_tools = join({
  ["/tools/*/type"] = "word",
  ["/tools/*/function/name"] = "tool_name",
  ["/tools/*/function/description"] = "tool_definition",
  ["/tools/*/custom/name"] = "tool_name",
  ["/tools/*/custom"] = "tool_definition deep",
  ["/functions/*/name"] = "tool_name",
  ["/functions/*/description"] = "tool_definition",
}, schema "/tools/*/function/parameters", schema "/functions/*/parameters")

local reply_head = join({
  ["/model"] = "model",
  ["/usage/prompt_tokens"] = "tokens_in",
  ["/usage/completion_tokens"] = "tokens_out",
  ["/usage/input_tokens"] = "tokens_in",
  ["/usage/output_tokens"] = "tokens_out",
}, each("word", {
  "/id", "/object", "/system_fingerprint", "/service_tier", "/type",
  "/status", "/sequence_number", "/choices/*/finish_reason",
  "/data/*/object", "/error/type", "/error/code",
}))

-- Log probabilities spell the answer once more, token by token.
local function said(where)
  return join(reply_head, {
    ["/choices/*/logprobs"] = "opaque deep",
    ["/obfuscation"] = "opaque",
  }, under("/choices/*" .. where, join({
    ["/content"] = "assistant",
    ["/content/*/text"] = "assistant",
    ["/audio/data"] = "document attachment",
    ["/audio/transcript"] = "assistant",
    ["/images/*/image_url/url"] = "document attachment",
  }, message)))
end

local M = {}

M.chat = {
  stream = "sse",
  request = join(settings, chat_tools, under("/messages/*", message), {
    ["/prediction/type"] = "word",
    ["/prediction/content"] = "document",
    ["/prediction/content/*/text"] = "document",
    ["/prediction/content/*/type"] = "word",
  }),
  reply = said "/message",
  event = said "/delta",
}

local text_choices = join(reply_head, {
  ["/choices/*/text"] = "assistant",
  ["/choices/*/logprobs"] = "opaque deep",
}, said "/message")

M.completions = {
  stream = "sse",
  request = join(settings, {
    ["/prompt"] = "user",
    ["/prompt/*"] = "user",
    ["/suffix"] = "user",
  }),
  reply = text_choices,
  event = join(text_choices, said "/delta"),
}

--- Items of the Responses API: what was said, called, answered.
local item = join({
  ["/type"] = "word",
  ["/id"] = "word",
  ["/call_id"] = "word",
  ["/status"] = "word",
  ["/phase"] = "word",
  ["/name"] = "tool_name",
  ["/arguments"] = "tool_call json",
  ["/input"] = "tool_call",
  ["/code"] = "tool_call",
  ["/action"] = "tool_call deep",
  ["/action/type"] = "word",
  ["/operation"] = "tool_call deep",
  ["/operation/type"] = "word",
  ["/queries/*"] = "tool_call",
  ["/output"] = "tool_result deep",
  ["/output/*/type"] = "word",
  ["/output/*/text"] = "tool_result",
  ["/output/*/image_url"] = "tool_result attachment",
  ["/output/image_url"] = "tool_result attachment",
  ["/output/type"] = "word",
  ["/results"] = "tool_result deep",
  ["/result"] = "document attachment",
  ["/summary/*/text"] = "thinking",
  ["/summary/*/type"] = "word",
  ["/encrypted_content"] = "opaque",
  ["/content"] = "user role_beside",
  ["/content/*/annotations"] = "assistant deep",
  ["/content/*/annotations/*/type"] = "word",
  ["/content/*/logprobs"] = "opaque deep",
  ["/tools"] = "tool_definition deep",
}, under("/content", parts))

local response_tools = join({
  ["/tools/*"] = "tool_definition deep",
  ["/tools/*/type"] = "word",
  ["/tools/*/name"] = "tool_name",
  ["/tools/*/authorization"] = "other sealed",
  ["/tools/*/headers"] = "other sealed deep",
}, schema "/tools/*/parameters", under("/text/format", schema "/schema"), {
  ["/text/format/type"] = "word",
  ["/text/format/name"] = "word",
  ["/text/format/description"] = "tool_definition",
})

-- What a model says has no role in some events; an answer is its own.
local answer_item = join({ ["/content/*/text"] = "assistant" }, item)

local response = join(reply_head, response_tools, settings, {
  ["/instructions"] = "system",
  ["/instructions/*/content"] = "system role_beside",
  ["/instructions/*/content/*/text"] = "system role_beside",
  ["/output_text"] = "assistant",
  ["/incomplete_details/reason"] = "word",
}, under("/output/*", answer_item))

M.responses = {
  stream = "sse",
  request = join(settings, response_tools, {
    ["/instructions"] = "system",
    ["/input"] = "user",
    ["/prompt/variables"] = "user deep",
    ["/prompt/variables/*/type"] = "word",
  }, under("/input/*", item)),
  reply = response,
  event = join({
    ["/delta"] = "assistant role_beside",
    ["/text"] = "assistant role_beside",
    ["/refusal"] = "assistant",
    ["/arguments"] = "tool_call json",
    ["/input"] = "tool_call",
    ["/code"] = "tool_call",
    ["/part/text"] = "assistant role_beside",
    ["/part/type"] = "word",
    ["/item_id"] = "word",
    ["/type"] = "word",
    ["/obfuscation"] = "opaque",
    ["/logprobs"] = "opaque deep",
    ["/partial_image_b64"] = "document attachment",
  }, under("/item", answer_item), under("/response", response),
    reply_head),
}

M.embeddings = {
  request = join(settings, {
    ["/input"] = "user",
    ["/input/*"] = "user",
    ["/inputs"] = "user",
    ["/inputs/*"] = "user",
  }),
  reply = join(reply_head, { ["/data/*/embedding"] = "opaque" }),
}

M.moderations = {
  request = join(settings, {
    ["/input"] = "user",
    ["/input/*"] = "user",
  }, under("/input", parts)),
  reply = reply_head,
}

M.images = {
  stream = "sse",
  request = join(settings, { ["/prompt"] = "user" }),
  reply = join(reply_head, {
    ["/data/*/b64_json"] = "document attachment",
    ["/data/*/url"] = "opaque",
    ["/data/*/revised_prompt"] = "assistant",
    ["/output_format"] = "word",
    ["/size"] = "word",
    ["/quality"] = "word",
    ["/background"] = "word",
  }),
  event = join(reply_head, {
    ["/b64_json"] = "document attachment",
    ["/output_format"] = "word",
    ["/size"] = "word",
    ["/quality"] = "word",
    ["/background"] = "word",
  }),
}

M.speech = {
  stream = "sse",
  request = join(settings, {
    ["/input"] = "user",
    ["/instructions"] = "system",
    ["/stream_format"] = "word",
  }),
  reply = reply_head,
  event = join(reply_head, { ["/audio"] = "document attachment" }),
}

-- Uploads are read as the parts they are made of; only answers have a shape.
M.transcriptions = {
  stream = "sse",
  request = { ["/prompt"] = "user" },
  reply = join(reply_head, {
    ["/text"] = "assistant",
    ["/segments/*/text"] = "assistant",
    ["/words/*/word"] = "assistant",
  }),
  event = join(reply_head, {
    ["/delta"] = "assistant",
    ["/text"] = "assistant",
    ["/logprobs"] = "opaque deep",
  }),
}

return M
