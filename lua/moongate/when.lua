--- Words of When: input:has(x), any_of { ... }, rate { ... }, time { ... }.

local bit = require "bit"

local abi = require "moongate.abi"
local attr = require "moongate.attr"
local nodes = require "moongate.nodes"
local nouns = require "moongate.nouns"
local suggest = require "moongate.suggest"

local R, N = abi.role, abi.quantity
local format = string.format

local M = { REQUEST = 0, REPLY = 1 }

-- Which stages a selector looks at.
local REQUEST, REPLY = { [0] = true }, { [1] = true }
local BOTH = { [0] = true, [1] = true }

-- Which segments: those that are text in the body, or what was attached.
M.TEXT, M.ATTACHED = 1, 2

-- Selectors ------------------------------------------------------------------

local Selector = { is = "selector" }

local function selector(word, stages, roles, kinds)
  return setmetatable({
    word = word, stages = stages, roles = roles, kinds = kinds,
  }, Selector)
end

local function leaf(it, what, cx)
  local list = nouns.any(what)
  if not list then
    nodes.fail("%s:has() wants something to find such as pii, not %s", it.word,
      nodes.name_of(what))
  end
  local kids = {}
  for i, noun in ipairs(list) do
    kids[i] = {
      is = "when", op = "has", stages = it.stages, roles = it.roles,
      kinds = it.kinds, entities = nouns.entities(cx, noun),
      min_score = noun.min_score, min_count = noun.min_count,
      text = format("%s:has(%s)", it.word, noun.word),
    }
  end
  if #kids == 1 then return kids[1] end
  return { is = "when", op = "any", kids = kids }
end

local function selector_words(cx)
  local verbs = {}

  function verbs:has(what) return leaf(self, what, cx) end

  -- Absence is a statement about the selector's own stage only.
  function verbs:lacks(what)
    return { is = "when", op = "none", kids = { leaf(self, what, cx) } }
  end

  local narrow = {}
  for name, bits in pairs(R) do
    narrow[name] = function(it)
      return selector(format("%s:%s()", it.word, name), it.stages,
        bit.band(it.roles, bits), it.kinds)
    end
  end

  Selector.__index = function(it, key)
    if key == "is" then return "selector" end
    local found = verbs[key] or narrow[key]
    if found then return found end
    local known = { "has", "lacks" }
    for name in pairs(R) do known[#known + 1] = name end
    nodes.fail("%s has no '%s'%s", it.word, tostring(key),
      suggest(tostring(key), known))
  end
  local tools = R.tool_call + R.tool_result + R.tool_definition
  return {
    input = selector("input", REQUEST, R.any, M.TEXT),
    output = selector("output", REPLY, R.any, M.TEXT + M.ATTACHED),
    upload = selector("upload", REQUEST, R.any, M.ATTACHED),
    tools = selector("tools", BOTH, tools, M.TEXT),
  }
end

-- Conditions -----------------------------------------------------------------

--- What was written where conditions belong: a condition, or a comparison that
-- answered `true` (see attr.lua). Later ones first, for they are on a stack.
local function condition(word, value)
  if nodes.is(value, "when") then return value end
  if value == true then
    local noted = table.remove(attr.pending)
    if noted then return noted end
    nodes.fail("%s: 'true' is no condition; say 'always'", word)
  elseif value == false then
    nodes.fail("%s: a comparison gave 'false'; say attr.x:is(...), not ==, "
      .. "and none_of { ... }, not 'not'", word)
  end
  nodes.fail("%s wants conditions such as input:has(pii), not %s", word,
    nodes.name_of(value))
end

M.condition = condition

local function gate(word, op)
  return function(list)
    if type(list) ~= "table" or list.is or #list == 0 then
      nodes.fail("%s wants conditions in braces", word)
    end
    for key in pairs(list) do
      if type(key) ~= "number" then
        nodes.fail("%s has no setting '%s'", word, tostring(key))
      end
    end
    local kids = {}
    for i = #list, 1, -1 do kids[i] = condition(word, list[i]) end
    return { is = "when", op = op, kids = kids }
  end
end

-- Quotas ---------------------------------------------------------------------

local QUOTA = { per = true, by = true, of = true }
local OF = { requests = 1, tokens = 2, bytes = 3 }

local function by_of(word, value)
  if value == nil then return abi.ATTRS end
  local name = type(value) == "table" and value.word or value
  if name == "everyone" then return abi.ATTRS end
  if type(name) ~= "string" or not abi.attribute[name] then
    nodes.fail("%s: cannot count by %s%s", word, nodes.name_of(value),
      type(name) == "string" and suggest(name, abi.attribute) or "")
  end
  return abi.attribute[name]
end

--- { max, seconds, by, of } of { n, per = , by = , of = }.
function M.quota(word, spec, of)
  if type(spec) ~= "table" or spec.is then
    nodes.fail("%s wants { n, per = minute, by = user }", word)
  end
  for key in pairs(spec) do
    if key ~= 1 and not QUOTA[key] then
      nodes.fail("%s has no setting '%s'%s", word, tostring(key),
        suggest(tostring(key), QUOTA))
    end
  end
  local n, per = spec[1], spec.per
  if type(n) ~= "number" or n < 0 or n > 4e9 or n % 1 ~= 0 then
    nodes.fail("%s: how many is a whole number, not %s", word,
      nodes.name_of(n))
  end
  if type(per) ~= "number" or per < 1 or per > 366 * 86400 or per % 1 ~= 0 then
    nodes.fail("%s: per is a number of seconds, or second, minute, hour, day",
      word)
  end
  of = spec.of or of
  if not OF[of] then
    nodes.fail("%s: of is requests, tokens or bytes, not %s", word,
      nodes.name_of(spec.of))
  end
  return { max = n, seconds = per, by = by_of(word, spec.by), of = OF[of] }
end

local function counted(word, of)
  return function(spec)
    local it = M.quota(word, spec, of)
    it.is, it.op = "when", "rate"
    it.text = format("%s over %d in %d s", word, it.max, it.seconds)
    return it
  end
end

-- A word that is a number to compare with, and a quota when given braces.
local function measured(word, number, of)
  return attr.number(word, function(case)
    return abi.number(case, number)
  end, nil, function(it, spec)
    if type(spec) == "table" and spec.per == nil and #spec == 1 then
      return it:over(spec[1])
    end
    return counted(word, of)(spec)
  end)
end

-- Time -----------------------------------------------------------------------

local DAYS = { sun = 0, mon = 1, tue = 2, wed = 3, thu = 4, fri = 5, sat = 6 }

local function minutes(value, default)
  if value == nil then return default end
  local h, m = string.match(tostring(value), "^(%d%d?):(%d%d)$")
  local at = h and tonumber(h) * 60 + tonumber(m)
  if not at or at > 1440 or tonumber(m) > 59 then
    nodes.fail("time: %s is no time of day; say \"09:30\"",
      nodes.name_of(value))
  end
  return at
end

local function zone_of(value)
  if value == nil then return 0 end
  local sign, h, m = string.match(tostring(value), "^([+-])(%d%d):(%d%d)$")
  if not sign then
    nodes.fail("time: zone is an offset such as \"+02:00\", not %s",
      nodes.name_of(value))
  end
  local offset = tonumber(h) * 60 + tonumber(m)
  return sign == "-" and -offset or offset
end

local function days_of(value)
  local set = {}
  for piece in string.gmatch(value or "mon-sun", "[^,%s]+") do
    local first, last = string.match(piece, "^(%a+)%-(%a+)$")
    first, last = DAYS[first or piece], DAYS[last or piece]
    if not first or not last then
      nodes.fail("time: days are such as \"mon-fri\" or \"sat,sun\", not '%s'",
        piece)
    end
    local day = first
    set[day] = true
    while day ~= last do
      day = (day + 1) % 7
      set[day] = true
    end
  end
  return set
end

local TIME = { from = true, to = true, days = true, zone = true }

local function time(spec)
  if type(spec) ~= "table" then
    nodes.fail("time wants { from = \"09:00\" }")
  end
  for key in pairs(spec) do
    if not TIME[key] then
      nodes.fail("time has no setting '%s'%s", tostring(key),
        suggest(tostring(key), TIME))
    end
  end
  if spec.days ~= nil and type(spec.days) ~= "string" then
    nodes.fail("time: days are such as \"mon-fri\"")
  end
  local from, to = minutes(spec.from, 0), minutes(spec.to, 1440)
  local days, zone = days_of(spec.days), zone_of(spec.zone)
  local key = format("time %d-%d %s %d", from, to,
    table.concat(nodes.keys(days), ""), zone)
  return attr.test(key, function(case)
    local now = abi.number(case, N.time) + zone * 60
    local minute = math.floor(now % 86400 / 60)
    if not days[attr.weekday(now)] then return false end
    if from <= to then return minute >= from and minute < to end
    return minute >= from or minute < to
  end)
end

--- The words of a load.
function M.words(cx)
  local words = selector_words(cx)
  words.always = { is = "when", op = "always", word = "always" }
  words.any_of = gate("any_of", "any")
  words.all_of = gate("all_of", "all")
  words.none_of = gate("none_of", "none")
  words.attr = attr.words()
  words.rate = counted("rate", "requests")
  words.tokens = measured("tokens", N.tokens, "tokens")
  words.size = measured("size", N.bytes, "bytes")
  words.time = time
  words.assurance = words.attr.assurance
  for name, value in pairs(attr.LEVELS) do
    words[name] = { is = "level", word = name, level = value }
  end
  return words
end

return M
