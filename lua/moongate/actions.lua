--- Words of Then: log, mask, block "reason", limit { n, per = , by = }.

local abi = require "moongate.abi"
local nodes = require "moongate.nodes"
local nouns = require "moongate.nouns"
local suggest = require "moongate.suggest"
local when = require "moongate.when"

local M = {}

local MASK = { style = true, only = true }

local function style_of(value)
  if value == nil then return abi.style.placeholder end
  local name = type(value) == "table" and value.word or value
  if not abi.style[name] then
    nodes.fail("mask: there is no style %s%s", nodes.name_of(value),
      type(name) == "string" and suggest(name, abi.style) or "")
  end
  return abi.style[name]
end

local function only_of(cx, value)
  if value == nil then return nil end
  if nodes.strings(value) then value = cx.words.entity(value) end
  local list = nouns.any(value)
  if not list then
    nodes.fail("mask: only wants what to mask, such as pii \"email\", not %s",
      nodes.name_of(value))
  end
  local kids = {}
  for i, noun in ipairs(list) do
    kids[i] = { entities = nouns.entities(cx, noun),
      min_score = noun.min_score }
  end
  return kids
end

local function mask_with(cx, spec)
  if type(spec) ~= "table" or spec.is or #spec > 0 then
    nodes.fail("mask wants settings: mask { style = token }")
  end
  for key in pairs(spec) do
    if not MASK[key] then
      nodes.fail("mask has no setting '%s'%s", tostring(key),
        suggest(tostring(key), MASK))
    end
  end
  return { is = "then", verb = "mask", style = style_of(spec.style),
    only = only_of(cx, spec.only) }
end

local function block(reason)
  if type(reason) ~= "string" or not string.find(reason, "%S") then
    nodes.fail("block wants a reason for the person who is blocked")
  end
  if #reason > 500 or string.find(reason, "%c") then
    nodes.fail("block: a reason is one line of at most 500 bytes")
  end
  return { is = "then", verb = "block", reason = reason }
end

local function limit(spec)
  local quota = when.quota("limit", spec, "requests")
  return { is = "then", verb = "limit", quota = quota,
    reason = string.format("the limit of %d %s in %s is used up", quota.max,
      spec.of or "requests", M.span(quota.seconds)) }
end

local SPANS = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" },
  { 1, "second" } }

--- Seconds in words: "an hour" would be nice, "1 hour" does.
function M.span(seconds)
  for _, unit in ipairs(SPANS) do
    if seconds % unit[1] == 0 then
      local n = seconds / unit[1]
      return string.format("%d %s%s", n, unit[2], n == 1 and "" or "s")
    end
  end
end

--- The words of a load.
function M.words(cx)
  local mask = setmetatable({
    is = "then", word = "mask", verb = "mask", style = abi.style.placeholder,
  }, { __call = function(_, spec) return mask_with(cx, spec) end })
  return {
    log = { is = "then", word = "log", verb = "log" },
    mask = mask,
    block = setmetatable({ word = "block" }, {
      __call = function(_, reason) return block(reason) end,
    }),
    limit = setmetatable({ word = "limit" }, {
      __call = function(_, spec) return limit(spec) end,
    }),
  }
end

return M
