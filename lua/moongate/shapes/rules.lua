--- How shapes are written: small helpers over tables of rules.
--
-- A shape is a table from path patterns to words: at most one role (system,
-- user, assistant, tool_call, tool_result, tool_definition, document, thinking,
-- other) and any of the flags
--
--   role_beside  the role stands in a `role` key beside or above
--   sealed       scanned, never altered       opaque  neither
--   attachment   base64 or a data: URL        json    a string of JSON
--   deep         every string below           word    an id or protocol word
--   model, stream, tool_name, tokens_in, tokens_out   what to take note of

local M = {}

--- The rules of all tables; where two name one path, the first one's count.
function M.join(...)
  local all = {}
  for i = 1, select("#", ...) do
    for path, words in pairs((select(i, ...))) do
      all[path] = all[path] or words
    end
  end
  return all
end

--- The same rules for what lies below `prefix`.
function M.under(prefix, rules)
  local below = {}
  for path, words in pairs(rules) do below[prefix .. path] = words end
  return below
end

--- The rules of a JSON Schema at `path`, which is a tool's definition.
function M.schema(path)
  return {
    [path] = "tool_definition deep",
    [path .. "/**/type"] = "word",
    [path .. "/**/$ref"] = "word",
    [path .. "/**/required/*"] = "word",
  }
end

--- One word for each of `paths`.
function M.each(words, paths)
  local rules = {}
  for _, path in ipairs(paths) do rules[path] = words end
  return rules
end

return M
