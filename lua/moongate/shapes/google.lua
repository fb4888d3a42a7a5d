--- Bodies of the Gemini API, in both spellings of every key.

local rules = require "moongate.shapes.rules"
local join, under, schema, each =
  rules.join, rules.under, rules.schema, rules.each

local function snake(name)
  return (name:gsub("%u", function(c) return "_" .. c:lower() end))
end

--- Every rule again with snake_case keys.
local function both(shape)
  local all = {}
  for path, words in pairs(shape) do
    all[path] = words
    all[snake(path)] = words
  end
  return all
end

local function part(text)
  return both {
    ["/text"] = text,
    ["/inlineData/data"] = "document attachment",
    ["/inlineData/mimeType"] = "word",
    ["/fileData/mimeType"] = "word",
    ["/functionCall/name"] = "tool_name",
    ["/functionCall/id"] = "word",
    ["/functionCall/args"] = "tool_call deep",
    ["/functionResponse/name"] = "word",
    ["/functionResponse/id"] = "word",
    ["/functionResponse/response"] = "tool_result deep",
    ["/functionResponse/parts/*/inlineData/data"] = "tool_result attachment",
    ["/executableCode/language"] = "word",
    ["/executableCode/code"] = "tool_call",
    ["/codeExecutionResult/outcome"] = "word",
    ["/codeExecutionResult/output"] = "tool_result",
    ["/thoughtSignature"] = "opaque",
  }
end

local function parts(where, text)
  -- A single part, or a bare string, is let through where a list is meant.
  return join({ [where] = text }, under(where .. "/parts/*", part(text)),
    under(where .. "/parts", part(text)))
end

local said = "user role_beside"

local request = join({
  ["/model"] = "model",
}, parts("/contents/*", said), parts("/contents", said),
  both(parts("/systemInstruction", "system")),
  both(each("word", {
    "/safetySettings/*/category", "/safetySettings/*/threshold",
    "/generationConfig/responseMimeType", "/cachedContent",
    "/generationConfig/responseModalities/*",
    "/generationConfig/thinkingConfig/thinkingLevel",
    "/toolConfig/functionCallingConfig/mode",
    "/toolConfig/functionCallingConfig/allowedFunctionNames/*",
    "/sessionId",
  })),
  both {
    ["/tools/*/functionDeclarations/*/name"] = "tool_name",
    ["/tools/*/functionDeclarations/*/description"] = "tool_definition",
    ["/tools/*/functionDeclarations/*/behavior"] = "word",
  },
  both(schema "/tools/*/functionDeclarations/*/parameters"),
  both(schema "/tools/*/functionDeclarations/*/parametersJsonSchema"),
  both(schema "/tools/*/functionDeclarations/*/response"),
  both(schema "/generationConfig/responseSchema"),
  both(schema "/generationConfig/responseJsonSchema"))

local reply = join(both {
  ["/modelVersion"] = "model",
  ["/usageMetadata/promptTokenCount"] = "tokens_in",
  ["/usageMetadata/candidatesTokenCount"] = "tokens_out",
}, both(each("word", {
  "/responseId", "/candidates/*/finishReason", "/promptFeedback/blockReason",
  "/candidates/*/safetyRatings/*/category",
  "/candidates/*/safetyRatings/*/probability",
  "/promptFeedback/safetyRatings/*/category",
  "/promptFeedback/safetyRatings/*/probability",
  "/usageMetadata/promptTokensDetails/*/modality",
  "/usageMetadata/candidatesTokensDetails/*/modality",
  "/usageMetadata/trafficType", "/createTime",
})), { ["/error/status"] = "word", ["/error/message"] = "other" },
  parts("/candidates/*/content", "assistant role_beside"))

local content = join({
  ["/model"] = "model",
  ["/title"] = "document",
  ["/taskType"] = "word",
  ["/task_type"] = "word",
}, parts("/content", "user"))

local M = {}

M.generate = { request = request, reply = reply }

M.stream = {
  stream = "json_array",
  request = request,
  reply = reply,
  event = reply,
}

M.count = {
  request = join(request,
    both(under("/generateContentRequest", request))),
  reply = both { ["/totalTokens"] = "tokens_in" },
}

M.embed = {
  request = content,
  reply = { ["/embedding"] = "opaque deep" },
}

M.batch_embed = {
  request = under("/requests/*", content),
  reply = { ["/embeddings"] = "opaque deep" },
}

M.predict = {
  request = {
    ["/instances/*"] = "user deep",
    ["/instances/*/image/bytesBase64Encoded"] = "document attachment",
    ["/instances/*/image/mimeType"] = "word",
  },
  reply = {
    ["/predictions/*/bytesBase64Encoded"] = "document attachment",
    ["/predictions/*/mimeType"] = "word",
    ["/predictions/*/prompt"] = "assistant",
  },
}

-- Code Assist wraps both directions once more.
local code_request = join({
  ["/model"] = "model",
  ["/project"] = "word",
  ["/user_prompt_id"] = "word",
  ["/userPromptId"] = "word",
  ["/requestId"] = "word",
  ["/userAgent"] = "word",
}, under("/request", request))

local code_reply = join({ ["/traceId"] = "word" }, under("/response", reply))

M.code = {
  stream = "sse",
  request = code_request,
  reply = code_reply,
  event = code_reply,
}

return M
