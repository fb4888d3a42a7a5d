--- Words for attributes: attr.model :matches "gpt-4*", attr.bytes > 64 * KiB.
--
-- A comparison in Lua gives true or false whatever its metamethod returns. So
-- the metamethod notes the comparison on a stack and answers `true`; whoever
-- was given that `true` where a condition belongs (any_of, all_of, none_of,
-- When) takes the note back. Arguments are made before the call that takes
-- them, so a stack is exact. What is left over at the end of a file was lost in
-- an `and` or a `not`, and fails the load.
-- A number's word is cdata, for only cdata may be compared with a number.

local abi = require "moongate.abi"
local glob = require "moongate.glob"
local nodes = require "moongate.nodes"
local suggest = require "moongate.suggest"

local A, N = abi.attribute, abi.quantity
local format = string.format

local M = { pending = {} }

--- A condition that a function of the case decides; equal keys are one test.
function M.test(key, fn)
  return { is = "when", op = "test", key = key, test = fn }
end

-- Text -----------------------------------------------------------------------

local function list_of(name, value)
  local list = nodes.strings(value)
  if not list then
    nodes.fail("attr.%s wants a string or a list of strings, not %s", name,
      nodes.name_of(value))
  end
  return list
end

local function key_of(name, verb, list)
  local sorted = {}
  for i, value in ipairs(list) do sorted[i] = format("%q", value) end
  table.sort(sorted)
  return format("%s %s %s", name, verb, table.concat(sorted, " "))
end

local Text = {}

local function text_test(it, verb, value)
  local list = list_of(it.name, value)
  local wanted = glob.list(list)
  if verb == "is" then
    wanted.globs = {}
    for _, item in ipairs(list) do wanted.exact[string.lower(item)] = true end
  end
  return M.test(key_of(it.name, verb, list), it.any_of(wanted))
end

function Text:is(value) return text_test(self, "is", value) end

function Text:matches(value) return text_test(self, "matches", value) end

local function attribute(name, i)
  return {
    name = name,
    any_of = function(wanted)
      return function(case)
        return glob.any(wanted, string.lower(abi.attr(case, i)))
      end
    end,
  }
end

local function list_attribute(name, nth)
  return {
    name = name,
    any_of = function(wanted)
      return function(case)
        local i = 0
        local item = nth(case, i)
        while item do
          if glob.any(wanted, string.lower(item)) then return true end
          i = i + 1
          item = nth(case, i)
        end
        return false
      end
    end,
  }
end

-- Numbers --------------------------------------------------------------------

local COMPARE = {
  over = function(a, b) return a > b end,
  under = function(a, b) return a < b end,
  at_least = function(a, b) return a >= b end,
  at_most = function(a, b) return a <= b end,
  is = function(a, b) return a == b end,
}

-- What the words stand for: { name, of, read, call }, by their ids.
local numbers = {}

local function meant(word) return numbers[abi.id_of(word)] end

local function compare(it, verb, value)
  if it.read then value = it.read(value) end
  if type(value) ~= "number" then
    nodes.fail("attr.%s is compared with a number, not %s", it.name,
      nodes.name_of(value))
  end
  local of, holds = it.of, COMPARE[verb]
  return M.test(format("%s %s %.17g", it.name, verb, value), function(case)
    return holds(of(case), value)
  end)
end

local Number = {}
for verb in pairs(COMPARE) do
  Number[verb] = function(word, value)
    return compare(meant(word), verb, value)
  end
end

local function note(condition)
  M.pending[#M.pending + 1] = condition
  return true
end

local function is_number(value) return type(value) == "cdata" end

local comparable = abi.comparable {
  __index = function(word, key)
    if Number[key] then return Number[key] end
    nodes.fail("attr.%s has no '%s'%s", meant(word).name, tostring(key),
      suggest(tostring(key), Number))
  end,
  -- a < b, with the attribute on either side.
  __lt = function(a, b)
    if is_number(a) then return note(compare(meant(a), "under", b)) end
    return note(compare(meant(b), "over", a))
  end,
  __le = function(a, b)
    if is_number(a) then return note(compare(meant(a), "at_most", b)) end
    return note(compare(meant(b), "at_least", a))
  end,
  __call = function(word, spec)
    local it = meant(word)
    if it.call then return it.call(word, spec) end
    nodes.fail("attr.%s is compared, not called", it.name)
  end,
}

--- A number of a case, for conditions. `read` makes a number of a word, `call`
-- says what braces after it mean; both may be nil.
function M.number(name, of, read, call)
  numbers[#numbers + 1] = { name = name, of = of, read = read, call = call }
  return comparable(#numbers)
end

-- Time -----------------------------------------------------------------------

local DAY = 86400

--- 0 is Sunday; 1 January 1970 was a Thursday.
local function weekday(seconds) return (math.floor(seconds / DAY) + 4) % 7 end

M.weekday = weekday

local LEVELS = { none = 0, network = 1, token = 2, mtls = 3 }

local function level(value)
  if type(value) == "table" and value.level then return value.level end
  if type(value) == "string" then
    if LEVELS[value] then return LEVELS[value] end
    nodes.fail("there is no assurance '%s'%s", value, suggest(value, LEVELS))
  end
  return value
end

M.level, M.LEVELS = level, LEVELS

local function quantity(name, i, read)
  return M.number(name, function(case) return abi.number(case, i) end, read)
end

local function flag(name, i)
  return M.test(name, function(case) return abi.number(case, i) ~= 0 end)
end

--- The table `attr`.
function M.words()
  local fields = {}
  local function text(name, it)
    fields[name] = setmetatable(it, { __index = function(_, key)
      if Text[key] then return Text[key] end
      if key == "is" then return nil end
      nodes.fail("attr.%s has no '%s'%s", name, tostring(key),
        suggest(tostring(key), Text))
    end })
  end
  for name, i in pairs(A) do text(name, attribute(name, i)) end
  text("tag", list_attribute("tag", abi.tag))
  text("group", list_attribute("group", abi.group))
  text("tool", list_attribute("tool", abi.tool))
  fields.bytes = quantity("bytes", N.bytes)
  fields.segments = quantity("segments", N.segments)
  fields.tokens = quantity("tokens", N.tokens)
  fields.assurance = quantity("assurance", N.assurance, level)
  fields.hour = M.number("hour", function(case)
    return math.floor(abi.number(case, N.time) % DAY / 3600)
  end)
  fields.weekday = M.number("weekday", function(case)
    return weekday(abi.number(case, N.time))
  end)
  fields.stream = flag("stream", N.stream)
  return setmetatable({}, { __index = function(_, key)
    if fields[key] then return fields[key] end
    nodes.fail("there is no attribute '%s'%s", tostring(key),
      suggest(tostring(key), fields))
  end })
end

return M
