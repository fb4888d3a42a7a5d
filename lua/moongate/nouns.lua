--- Words for what can be found: pii, secrets, topic "x", keywords { ... }.
-- A noun names entities of the catalogue, the least score that counts and how
-- many there must be. Its entities are looked up when it is used, so that a
-- policy which names what this build cannot find fails at its own line.

local abi = require "moongate.abi"
local nodes = require "moongate.nodes"
local suggest = require "moongate.suggest"

local format = string.format

-- How sure a detector must be. Strict is for where a miss costs more than a
-- false alarm, sure for the other way round.
local LEVELS = { strict = 30, normal = 50, sure = 80 }

local SETTINGS = { min_count = true, min_score = true }

local M = { LEVELS = LEVELS }

local Noun = { is = "noun" }

local function noun(it) return setmetatable(it, Noun) end

local function copy(it, changes)
  local other = {}
  for key, value in pairs(it) do other[key] = value end
  for key, value in pairs(changes) do other[key] = value end
  return noun(other)
end

local function number_of(word, key, value, least, most)
  if type(value) ~= "number" or value < least or value > most
    or value % 1 ~= 0 then
    nodes.fail("%s: %s is a whole number from %d to %d, not %s", word, key,
      least, most, nodes.name_of(value))
  end
  return value
end

-- Every name of a catalogue, for suggestions; made when first needed.
local function names_of(cx)
  if not cx.entity_names then
    cx.entity_names = {}
    for i = 0, cx.catalogue:count() - 1 do
      local name = cx.catalogue:at(i).name
      cx.entity_names[name] = true
      cx.entity_names[string.match(name, "%.(.+)") or name] = true
    end
  end
  return cx.entity_names
end

--- Entities of a name: one, or a group's; nil when there is neither.
local function lookup(cx, name)
  local known = cx.groups[name]
  if known == nil then
    local one = cx.catalogue:find(name)
    known = one and { one } or cx.catalogue:group(name) or false
    cx.groups[name] = known
  end
  return known or nil
end

local function entities_named(cx, it, name)
  local prefix = it.group
  local list = prefix and lookup(cx, prefix .. "." .. name)
    or lookup(cx, name)
  if not list then
    nodes.fail("%s: nothing in this build finds '%s'%s", it.word, name,
      suggest(name, names_of(cx)))
  end
  return list
end

--- A noun's entities, as a list of indices. Fails at the policy's line.
function M.entities(cx, it)
  if it.own then return it.own end
  local all = {}
  if it.parts then
    for _, part in ipairs(it.parts) do
      for _, i in ipairs(M.entities(cx, part)) do all[#all + 1] = i end
    end
    return all
  end
  if not it.names then
    local list = lookup(cx, it.group)
    if not list then
      nodes.fail("%s: no such detector is in this build", it.word)
    end
    return list
  end
  for _, name in ipairs(it.names) do
    for _, i in ipairs(entities_named(cx, it, name)) do all[#all + 1] = i end
  end
  return all
end

local function settings_of(it, spec)
  local changes, names = {}, {}
  for key, value in pairs(spec) do
    if key == "min_count" then
      changes.min_count = number_of(it.word, key, value, 1, 10000)
    elseif key == "min_score" then
      changes.min_score = number_of(it.word, key, value, 1, 100)
    elseif type(key) ~= "number" then
      nodes.fail("%s has no setting '%s'%s", it.word, tostring(key),
        suggest(tostring(key), SETTINGS))
    elseif type(value) ~= "string" then
      nodes.fail("%s wants names of what it finds, not %s", it.word,
        nodes.name_of(value))
    end
  end
  for i, name in ipairs(spec) do names[i] = name end
  if #names > 0 then
    changes.names = names
    changes.word = it.word .. " " .. table.concat(names, ", ")
  end
  return changes
end

--- Sets of a name: pii { "email", min_count = 3 }, pii "email".
function Noun.__call(it, spec)
  if type(spec) == "string" then spec = { spec } end
  if type(spec) ~= "table" or spec.is or it.own then
    nodes.fail("%s takes settings in braces", it.word)
  end
  local other = copy(it, settings_of(it, spec))
  M.entities(other.cx, other)
  return other
end

--- injection.strict, pii.financial.
function Noun.__index(it, key)
  if key == "is" then return "noun" end
  if type(key) ~= "string" or key == "own" or key == "parts" or key == "names"
    or key == "group" then
    return nil
  end
  local level = LEVELS[key]
  if level then
    return copy(it, { min_score = level, word = it.word .. "." .. key })
  end
  local group = rawget(it, "group")
  local known = group and not it.names and lookup(it.cx, group .. "." .. key)
  if known then
    return copy(it, { names = { key }, word = it.word .. "." .. key })
  end
  nodes.fail("%s has no '%s'%s", it.word, key,
    suggest(key, group and names_of(it.cx) or LEVELS))
end

local function base(cx, word, group)
  return noun {
    cx = cx, word = word, group = group, min_score = LEVELS.normal,
    min_count = 1,
  }
end

--- A noun that is any of several: a list in has { pii, secrets }.
function M.any(value)
  if nodes.is(value, "noun") then return { value } end
  if type(value) ~= "table" or value.is or #value == 0 then return nil end
  local list = {}
  for i, part in ipairs(value) do
    if not nodes.is(part, "noun") then return nil end
    list[i] = part
  end
  return list
end

-- A word that takes a name: topic "medical".
local function naming(cx, word, group)
  return setmetatable({}, {
    __index = function(_, key)
      if key == "is" then return nil end
      nodes.fail("%s wants a name: %s \"...\"", word, word)
    end,
    __call = function(_, spec)
      local it = base(cx, word, group)
      if type(spec) ~= "string" and not nodes.strings(spec)
        and not (type(spec) == "table" and #spec > 0) then
        nodes.fail("%s wants a name: %s \"...\"", word, word)
      end
      return it(spec)
    end,
  })
end

-- Operators' own words and patterns ------------------------------------------

local OWN = { name = "string", whole = "boolean", case = "boolean",
  min_count = "number" }

local function own_settings(word, spec)
  if type(spec) == "string" then spec = { spec } end
  if type(spec) ~= "table" or spec.is or #spec == 0 then
    nodes.fail("%s wants at least one string", word)
  end
  for key, value in pairs(spec) do
    local want = type(key) == "number" and "string" or OWN[key]
    if not want then
      nodes.fail("%s has no setting '%s'%s", word, key, suggest(key, OWN))
    elseif type(value) ~= want then
      nodes.fail("%s: %s must be a %s", word,
        type(key) == "number" and "each item" or key, want)
    end
  end
  return spec
end

local function own_name(cx, kind, spec)
  if spec.name then
    if not string.find(spec.name, "^[%w_.-]+$") then
      nodes.fail("%s: a name is letters, digits, '_' and '-'", kind)
    end
    return kind .. "." .. spec.name
  end
  local stem = cx.file and cx.file.stem or "own"
  cx.own_count[stem] = (cx.own_count[stem] or 0) + 1
  local n = cx.own_count[stem]
  return kind .. "." .. stem .. (n > 1 and "-" .. n or "")
end

local function own_noun(cx, word, own, spec)
  return noun {
    cx = cx, word = spec.name or word, own = own, min_score = 1,
    min_count = spec.min_count or 1,
  }
end

local function keywords(cx)
  return function(value)
    local spec = own_settings("keywords", value)
    local flags = (spec.case and 0 or abi.word.caseless)
      + (spec.whole == false and 0 or abi.word.whole)
    for _, item in ipairs(spec) do
      if string.find(item, "[\r\n]") or not string.find(item, "%S") then
        nodes.fail("keywords: each is one line, and not empty")
      end
    end
    local i, why = cx.catalogue:add_words(own_name(cx, "keyword", spec),
      table.concat(spec, "\n"), flags)
    if not i then nodes.fail("keywords: %s", why) end
    return own_noun(cx, "keywords", { i }, spec)
  end
end

local URLS = { name = "string", allow = "table", deny = "table",
  min_count = "number" }

-- Lines of domains behind a sign: "+example.com".
local function domains_of(lines, sign, key, list)
  for _, domain in ipairs(list or {}) do
    if type(domain) ~= "string"
      or not string.find(domain, "^[%w.*_:%[%]\128-\255-]+$") then
      nodes.fail("urls: %s is a list of domains, as \"example.com\"", key)
    end
    lines[#lines + 1] = sign .. domain
  end
end

local function urls(cx)
  return function(spec)
    if type(spec) ~= "table" or spec.is then
      nodes.fail("urls takes settings in braces")
    end
    for key, value in pairs(spec) do
      if not URLS[key] then
        nodes.fail("urls has no setting '%s'%s", tostring(key),
          suggest(tostring(key), URLS))
      elseif type(value) ~= URLS[key] then
        nodes.fail("urls: %s must be a %s", key, URLS[key])
      end
    end
    local lines = {}
    domains_of(lines, "+", "allow", spec.allow)
    domains_of(lines, "-", "deny", spec.deny)
    local i, why = cx.catalogue:add_words(own_name(cx, "url", spec),
      table.concat(lines, "\n"), abi.word.urls)
    if not i then nodes.fail("urls: %s", why) end
    return own_noun(cx, "urls", { i }, spec)
  end
end

local function regex(cx)
  return function(value)
    local spec = own_settings("regex", value)
    local flags = (spec.case == false and abi.word.caseless or 0)
      + (spec.whole and abi.word.whole or 0)
    local own = {}
    for n, pattern in ipairs(spec) do
      local name = own_name(cx, "regex", spec)
      local i, why = cx.catalogue:add_regex(
        spec.name and n > 1 and format("%s-%d", name, n) or name, pattern,
        flags)
      if not i then nodes.fail("regex: %s", why) end
      own[n] = i
    end
    return own_noun(cx, "regex", own, spec)
  end
end

--- The words of a load; `cx.catalogue` knows what can be found.
function M.words(cx)
  return {
    pii = base(cx, "pii", "pii"),
    secrets = base(cx, "secrets", "secret"),
    injection = base(cx, "injection", "injection"),
    source_code = base(cx, "source_code", "code"),
    toxicity = base(cx, "toxicity", "toxicity"),
    hidden_text = base(cx, "hidden_text", "unicode"),
    appsec = base(cx, "appsec", "appsec"),
    topic = naming(cx, "topic", "topic"),
    language = naming(cx, "language", "language"),
    entity = naming(cx, "entity", nil),
    keywords = keywords(cx),
    regex = regex(cx),
    urls = urls(cx),
  }
end

return M
