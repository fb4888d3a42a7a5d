--- The vocabulary: every word a policy file may use, and the closed world that
-- holds them and nothing else.

local actions = require "moongate.actions"
local nodes = require "moongate.nodes"
local nouns = require "moongate.nouns"
local suggest = require "moongate.suggest"
local when = require "moongate.when"
local where = require "moongate.where"

local M = {}

local NUMBERS = {
  second = 1, minute = 60, hour = 3600, day = 86400,
  KiB = 1024, MiB = 1024 * 1024, GiB = 1024 * 1024 * 1024,
}

-- Words that only name something, for by =, mode =, severity =, style =.
local NAMES = [[user device integration application model host route engine
  everyone observe inline window buffer low medium high critical placeholder
  keep_length keep_last4 hash requests]]

local function add(words, more)
  for name, value in pairs(more) do
    assert(words[name] == nil, name)
    words[name] = value
  end
end

--- Every word of a load. `cx`: catalogue, applications (a set, or nil).
function M.all(cx)
  local words = {}
  cx.words, cx.groups, cx.own_count = words, {}, {}
  add(words, where.words(cx.applications))
  add(words, nouns.words(cx))
  add(words, when.words(cx))
  add(words, actions.words(cx))
  add(words, NUMBERS)
  for name in NAMES:gmatch "[%w_]+" do
    words[name] = { is = "name", word = name }
  end
  return words
end

--- The names of all words, for linters and editors.
function M.names(cx)
  local names = nodes.keys(M.all(cx))
  names[#names + 1] = "Policy"
  names[#names + 1] = "Word"
  return names
end

-- An operator's function may compute; a policy is a sentence and need not.
local TOOLS = { ipairs = ipairs, pairs = pairs, tonumber = tonumber,
  tostring = tostring, type = type,
  math = { floor = math.floor, ceil = math.ceil, min = math.min,
    max = math.max, abs = math.abs } }

--- A fresh world for one file: the words, `extra` words of this file's own,
-- and what `lookup` finds (operators' words).
function M.world(cx, extra, lookup, tools)
  return setmetatable({}, {
    __index = function(_, word)
      local value = cx.words[word]
      if value == nil then value = extra[word] end
      if value == nil then value = lookup(word) end
      if value == nil and tools then value = TOOLS[word] end
      if value ~= nil then return value end
      local known = nodes.keys(cx.words)
      for name in pairs(extra) do known[#known + 1] = name end
      for name in pairs(cx.own or {}) do known[#known + 1] = name end
      nodes.fail("unknown word '%s'%s", tostring(word),
        suggest(tostring(word), known))
    end,
    __newindex = function(_, word)
      nodes.fail("a policy may not define '%s'", tostring(word))
    end,
    __metatable = false,
  })
end

return M
