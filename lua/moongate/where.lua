--- Words of Where: surfaces and their filters.
-- A where is a list of alternatives; each is a set of surfaces and filters that
-- must all agree; each filter is a list of names and patterns, of which one
-- must. What :except takes away is a where of its own.

local bit = require "bit"

local abi = require "moongate.abi"
local glob = require "moongate.glob"
local nodes = require "moongate.nodes"
local suggest = require "moongate.suggest"

local A, S = abi.attribute, abi.surface
local format = string.format

-- Lists of a case are dimensions after the attributes.
local TAGS, GROUPS = abi.ATTRS, abi.ATTRS + 1

local COMMON = {
  applications = A.application, integrations = A.integration, tags = TAGS,
  groups = GROUPS, users = A.user, devices = A.device, hosts = A.host,
  use_cases = A.use_case,
}
local EXTRA = {
  endpoint = {},
  gateway = { gateways = A.gateway, routes = A.route },
  api = { engines = A.engine },
  browser = {},
}

local M = { TAGS = TAGS, GROUPS = GROUPS, DIMENSIONS = abi.ATTRS + 2 }

local Where = { is = "where" }
Where.__index = Where

local function where(word, alternatives, except)
  return setmetatable({
    word = word, alternatives = alternatives, minus = except or {},
  }, Where)
end

--- One where of a where, or of a list of them; nil when it is neither.
function M.join(value)
  if nodes.is(value, "where") then return rawget(value, "whole") or value end
  if type(value) ~= "table" or #value == 0 then return nil end
  if #value == 1 then return M.join(value[1]) end
  local parts = {}
  for i, part in ipairs(value) do
    parts[i] = M.join(part)
    if not parts[i] then return nil end
  end
  for key in pairs(value) do
    if type(key) ~= "number" then return nil end
  end
  return setmetatable({ word = "a list", parts = parts }, Where)
end

function Where:except(other)
  local taken = M.join(other)
  if not taken then
    nodes.fail("except() wants a place such as endpoint { ... }, not %s",
      nodes.name_of(other))
  end
  local whole, minus = M.join(self), { taken }
  for _, part in ipairs(whole.minus or {}) do minus[#minus + 1] = part end
  return setmetatable({
    word = whole.word, alternatives = whole.alternatives, parts = whole.parts,
    minus = minus,
  }, Where)
end

local function check_applications(known, list)
  for _, value in ipairs(list) do
    if not glob.is_pattern(value) and not known[string.lower(value)] then
      nodes.fail("there is no application '%s'%s", value,
        suggest(value, known))
    end
  end
end

local function filters_of(word, allowed, spec, known)
  local filters = {}
  for key, value in pairs(spec) do
    local dimension = allowed[key]
    if not dimension then
      nodes.fail("%s has no filter '%s'%s", word, tostring(key),
        suggest(tostring(key), allowed))
    end
    local list = nodes.strings(value)
    if not list then
      nodes.fail("%s: %s wants a name or a list of names, not %s", word, key,
        nodes.name_of(value))
    end
    if dimension == A.application and known then
      check_applications(known, list)
    end
    filters[#filters + 1] = { dimension = dimension, list = glob.list(list) }
  end
  return filters
end

local function surface_word(word, bits, extra, known)
  local allowed = setmetatable({}, { __index = COMMON })
  for key, dimension in pairs(COMMON) do allowed[key] = dimension end
  for key, dimension in pairs(extra) do allowed[key] = dimension end
  local all = where(word, { { surfaces = bits, filters = {} } })
  return setmetatable({ whole = all }, {
    __index = function(_, key)
      local value = all[key]
      if value == nil and type(key) == "string" then
        nodes.fail("%s has no '%s'; filters stand in braces: %s { %s = ... }",
          word, key, word, key)
      end
      return value
    end,
    __call = function(_, spec)
      if type(spec) ~= "table" or spec.is then
        nodes.fail("%s wants filters in braces", word)
      end
      return where(word, { {
        surfaces = bits, filters = filters_of(word, allowed, spec, known),
      } })
    end,
  })
end

--- The words. `known` is a set of application ids, or nil.
function M.words(known)
  local every = S.endpoint + S.gateway + S.api + S.browser
  local words = {}
  local extras = {}
  for name, extra in pairs(EXTRA) do
    words[name] = surface_word(name, S[name], extra, known)
    for key, dimension in pairs(extra) do extras[key] = dimension end
  end
  words.anywhere = surface_word("anywhere", every, extras, known)
  return words
end

-- Matching: done once for each scope that is met, then remembered ------------

local function filter_passes(filter, scope)
  local d = filter.dimension
  if d < TAGS then return glob.any(filter.list, scope.attr[d]) end
  local have = d == TAGS and scope.tags or scope.groups
  for i = 1, #have do
    if glob.any(filter.list, have[i]) then return true end
  end
  return false
end

local function alternative_passes(alternative, scope)
  if bit.band(alternative.surfaces, scope.surface) == 0 then return false end
  for _, filter in ipairs(alternative.filters) do
    if not filter_passes(filter, scope) then return false end
  end
  return true
end

--- Does a scope { surface, attr[dimension], tags, groups } lie within?
function M.holds(it, scope)
  for _, taken in ipairs(it.minus or {}) do
    if M.holds(taken, scope) then return false end
  end
  for _, part in ipairs(it.parts or {}) do
    if M.holds(part, scope) then return true end
  end
  for _, alternative in ipairs(it.alternatives or {}) do
    if alternative_passes(alternative, scope) then return true end
  end
  return false
end

--- Adds to `set` every dimension that a where looks at.
function M.dimensions(it, set)
  for _, other in ipairs(it.minus or {}) do M.dimensions(other, set) end
  for _, other in ipairs(it.parts or {}) do M.dimensions(other, set) end
  for _, alternative in ipairs(it.alternatives or {}) do
    for _, filter in ipairs(alternative.filters) do
      set[filter.dimension] = true
    end
  end
  return set
end

local function list_text(filter)
  local names = nodes.keys(filter.list.exact)
  for _, pattern in ipairs(filter.list.globs) do names[#names + 1] = pattern end
  return table.concat(names, ", ")
end

local NAME = { [TAGS] = "tag", [GROUPS] = "group" }
for name, dimension in pairs(A) do NAME[dimension] = name end

--- A where in words, for explain and check.
function M.describe(it)
  local out = {}
  for _, part in ipairs(it.parts or {}) do out[#out + 1] = M.describe(part) end
  for _, alternative in ipairs(it.alternatives or {}) do
    local filters = {}
    for i, filter in ipairs(alternative.filters) do
      filters[i] = format("%s in (%s)", NAME[filter.dimension],
        list_text(filter))
    end
    table.sort(filters)
    out[#out + 1] = it.word
      .. (#filters > 0 and " where " .. table.concat(filters, " and ") or "")
  end
  local minus = {}
  for i, taken in ipairs(it.minus or {}) do minus[i] = M.describe(taken) end
  return table.concat(out, " or ")
    .. (#minus > 0 and ", except " .. table.concat(minus, ", ") or "")
end

return M
