--- What words are made of: tables that know their kind.
-- A word is a value, not an action: `block "why"` blocks nothing, it makes a
-- node that the plan reads once, at load. Every node has `is`, its kind.
--
-- These functions run while a policy file runs, that is: under the sandbox's
-- budget, and without the methods of strings.

local M = {}

local format = string.format

--- The chunk that runs now, as debug.getinfo names it; set by the loader.
M.source = nil

--- Complains at the line of the running file that led here. Looked for by its
-- name, for tail calls leave no count of levels to rely on.
function M.fail(...)
  local message = format(...)
  local level = 2
  local info = debug.getinfo(level, "Sl")
  while info and info.source ~= M.source do
    level = level + 1
    info = debug.getinfo(level, "Sl")
  end
  if info then
    message = format("%s:%d: %s", string.sub(info.source, 2), info.currentline,
      message)
  end
  error(message, 0)
end

function M.is(value, kind)
  return type(value) == "table" and value.is == kind
end

--- What a value is, for people.
function M.name_of(value)
  if type(value) == "table" then
    local ok, word = pcall(function() return value.word or value.is end)
    return ok and type(word) == "string" and word or "a table"
  end
  if type(value) == "cdata" then return "a number to compare" end
  if type(value) == "string" then return format("'%s'", value) end
  if value == nil then return "nothing" end
  return tostring(value)
end

--- A string or a list of strings as a list; nil when it is neither.
function M.strings(value)
  if type(value) == "cdata" then return "a number to compare" end
  if type(value) == "string" then return { value } end
  if type(value) ~= "table" or value.is then return nil end
  local count = 0
  for key, item in pairs(value) do
    if type(key) ~= "number" or type(item) ~= "string" then return nil end
    count = count + 1
  end
  return count > 0 and count == #value and value or nil
end

--- The keys of a table, sorted.
function M.keys(t)
  local list = {}
  for key in pairs(t) do list[#list + 1] = tostring(key) end
  table.sort(list)
  return list
end

return M
