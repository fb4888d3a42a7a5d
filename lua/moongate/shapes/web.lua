--- Bodies of web apps, as their clients were seen to send them. They change
-- without notice; strings they do not name are read all the same.

local rules = require "moongate.shapes.rules"
local openai = require "moongate.shapes.openai"
local join, under, each = rules.join, rules.under, rules.each

local M = {}

local message = {
  ["/content/parts/*"] = "user role_beside",
  ["/content/parts/*/text"] = "user role_beside",
  ["/content/text"] = "user role_beside",
  ["/content/content_type"] = "word",
  ["/content/thoughts/*/content"] = "thinking",
  ["/content/thoughts/*/summary"] = "thinking",
  ["/id"] = "word",
  ["/status"] = "word",
  ["/recipient"] = "word",
  ["/author/role"] = "word",
  ["/metadata/model_slug"] = "model",
  ["/metadata/attachments/*/id"] = "word",
  ["/metadata/attachments/*/mime_type"] = "word",
}

M.chatgpt = {
  stream = "sse",
  request = join({
    ["/model"] = "model",
    ["/partial_query/content/parts/*"] = "user",
  }, each("word", {
    "/action", "/conversation_id", "/parent_message_id", "/timezone",
    "/conversation_mode/kind", "/supported_encodings/*", "/system_hints/*",
    "/websocket_request_id", "/client_prepare_state",
  }), under("/messages/*", message)),
  reply = under("/message", message),
  -- Delta encoding: {"p":path,"o":operation,"v":text}, or a bare {"v":text}.
  event = join({
    ["/v"] = "assistant",
    ["/v/*/v"] = "assistant",
    ["/p"] = "word",
    ["/o"] = "word",
    ["/type"] = "word",
    ["/conversation_id"] = "word",
  }, under("/message", message), under("/v/message", message)),
}

M.deepseek = {
  stream = "sse",
  request = join({ ["/prompt"] = "user" }, each("word", {
    "/chat_session_id", "/parent_message_id", "/ref_file_ids/*",
  })),
  reply = {},
  event = join({
    ["/v"] = "assistant",
    ["/p"] = "word",
    ["/o"] = "word",
  }, openai.chat.event),
}

M.perplexity = {
  stream = "sse",
  request = join({
    ["/query_str"] = "user",
    ["/params/query"] = "user",
    ["/params/dsl_query"] = "user",
    ["/params/model_preference"] = "model",
  }, each("word", {
    "/params/frontend_uuid", "/params/frontend_context_uuid",
    "/params/search_focus", "/params/version", "/params/mode",
    "/params/language", "/params/timezone", "/params/source",
    "/params/sources/*",
  })),
  reply = {},
  event = {
    ["/text"] = "assistant",
    ["/blocks/*/markdown_block/answer"] = "assistant",
    ["/blocks/*/markdown_block/chunks/*"] = "assistant",
    ["/blocks/*/diff_block/patches/*/value"] = "assistant deep",
    ["/blocks/*/diff_block/patches/*/op"] = "word",
    ["/blocks/*/diff_block/patches/*/path"] = "word",
    ["/blocks/*/intended_usage"] = "word",
    ["/uuid"] = "word",
    ["/backend_uuid"] = "word",
    ["/context_uuid"] = "word",
    ["/status"] = "word",
  },
}

M.github = {
  stream = "sse",
  request = {
    ["/content"] = "user",
    ["/customInstructions/*"] = "system",
    ["/context/*"] = "document deep",
    ["/context/*/type"] = "word",
    ["/intent"] = "word",
    ["/mode"] = "word",
    ["/model"] = "model",
  },
  reply = { ["/message/content"] = "assistant" },
  event = { ["/body"] = "assistant", ["/type"] = "word" },
}

M.ocr = {
  request = {
    ["/model"] = "model",
    ["/id"] = "word",
    ["/document/type"] = "word",
    ["/document/document_url"] = "document attachment",
    ["/document/image_url"] = "document attachment",
    ["/document/image_url/url"] = "document attachment",
  },
  reply = {
    ["/model"] = "model",
    ["/pages/*/markdown"] = "document",
    ["/pages/*/images/*/image_base64"] = "document attachment",
    ["/pages/*/images/*/id"] = "word",
  },
}

local function entry(said)
  return {
    ["/type"] = "word",
    ["/object"] = "word",
    ["/id"] = "word",
    ["/tool_call_id"] = "word",
    ["/model"] = "model",
    ["/content"] = said .. " role_beside",
    ["/content/*/text"] = said .. " role_beside",
    ["/content/*/type"] = "word",
    ["/content/*/image_url"] = "document attachment",
    ["/content/*/document_url"] = "document attachment",
    ["/name"] = "tool_name",
    ["/arguments"] = "tool_call json",
    ["/result"] = "tool_result",
  }
end

M.conversations = {
  stream = "sse",
  request = join({
    ["/model"] = "model",
    ["/agent_id"] = "word",
    ["/stream"] = "stream",
    ["/instructions"] = "system",
    ["/inputs"] = "user",
    ["/tools/*/type"] = "word",
    ["/tools/*/function/name"] = "tool_name",
    ["/tools/*/function"] = "tool_definition deep",
    ["/tools/*/function/parameters/**/type"] = "word",
  }, under("/inputs/*", entry "user")),
  reply = join({
    ["/conversation_id"] = "word",
    ["/object"] = "word",
    ["/usage/prompt_tokens"] = "tokens_in",
    ["/usage/completion_tokens"] = "tokens_out",
  }, under("/outputs/*", entry "assistant")),
  event = join({
    ["/usage/prompt_tokens"] = "tokens_in",
    ["/usage/completion_tokens"] = "tokens_out",
  }, entry "assistant"),
}

M.async_chat = {
  request = under("/request", openai.chat.request),
  reply = join({ ["/status"] = "word", ["/id"] = "word" },
    under("/response", openai.chat.reply)),
}

return M
