--- Reads policy files, each into one policy; every broken one is reported.
-- The caller reads the bytes: { path, text, stem }. Nothing here does I/O.

local attr = require "moongate.attr"
local nodes = require "moongate.nodes"
local sandbox = require "moongate.sandbox"
local suggest = require "moongate.suggest"
local when = require "moongate.when"
local where = require "moongate.where"
local words = require "moongate.words"

local format = string.format

local BUDGET = 200000 -- VM instructions; a policy file needs a few hundred

local FIELDS = {
  about = "string", Where = "where", When = "when", Then = "then",
  mode = { observe = true, inline = true },
  severity = { low = true, medium = true, high = true, critical = true },
  tags = "strings", alert = "boolean",
  on_failure = { block = true, allow_with_alert = true, log = true },
  stream = "stream",
  expires = "date", except = "strings", replaces = "string",
}

local M = {}

-- Where in the text a field stands, for complaints about it.
local function line_of(file, field)
  local number = 0
  for line in string.gmatch(file.text .. "\n", "(.-)\n") do
    number = number + 1
    if string.find(line, "^%s*" .. field .. "%s*=") then return number end
  end
  return file.line or 1
end

local function complain(file, field, ...)
  error(format("%s:%d: %s", file.path, line_of(file, field), format(...)), 0)
end

local function choice(file, key, value, allowed)
  local name = type(value) == "table" and value.word or value
  if allowed[name] then return name end
  complain(file, key, "%s is one of %s, not %s", key,
    table.concat(nodes.keys(allowed), ", "), nodes.name_of(value))
end

-- The end of a day, in seconds since 1970 (days of the proleptic calendar).
local function date(file, key, value)
  local y, m, d
  if type(value) == "string" then
    y, m, d = string.match(value, "^(%d%d%d%d)%-(%d%d)%-(%d%d)$")
  end
  y, m, d = tonumber(y), tonumber(m), tonumber(d)
  if not y or m < 1 or m > 12 or d < 1 or d > 31 then
    complain(file, key, "%s is a date such as \"2027-01-31\", not %s", key,
      nodes.name_of(value))
  end
  local shifted = m <= 2 and y - 1 or y
  local era = math.floor(shifted / 400)
  local year = shifted - era * 400
  local month = (m + 9) % 12
  local day = math.floor((153 * month + 2) / 5) + d - 1
  local days = era * 146097 + year * 365 + math.floor(year / 4)
    - math.floor(year / 100) + day - 719468
  return (days + 1) * 86400
end

local READ = {}

function READ.where(file, key, value)
  local it = where.join(value)
  if not it then
    complain(file, key, "%s wants a place such as anywhere or endpoint "
      .. "{ ... }, not %s", key, nodes.name_of(value))
  end
  return it
end

READ["when"] = function(file, key, value)
  local ok, it = pcall(when.condition, key, value)
  if not ok then complain(file, key, "%s", it) end
  return it
end

READ["then"] = function(file, key, value)
  if nodes.is(value, "then") then return value end
  local word = type(value) == "table" and value.word
  if word == "block" or word == "limit" then
    complain(file, key, word == "block"
      and "block wants a reason for the person who is blocked"
      or "limit wants { n, per = minute, by = user }")
  end
  complain(file, key, "%s is one of log, mask, block \"reason\" and limit "
    .. "{ ... }, not %s", key, nodes.name_of(value))
end

function READ.strings(file, key, value)
  local list = nodes.strings(value)
  if not list then
    complain(file, key, "%s is a string or a list of strings, not %s", key,
      nodes.name_of(value))
  end
  return list
end

READ.date = date

-- Accepting a word that does nothing would promise what is not kept.
function READ.stream(file, key, value)
  if value == "observe" then return value end
  if value == "window" or value == "buffer" then
    complain(file, key, "stream = '%s' is not in this build: replies that "
      .. "stream are judged after they end; leave it out, or say 'observe'",
      value)
  end
  complain(file, key, "stream is observe, not %s", nodes.name_of(value))
end

local function read_field(file, key, value)
  local kind = FIELDS[key]
  if not kind then
    complain(file, key, "a policy has no '%s'%s", key, suggest(key, FIELDS))
  end
  if type(kind) == "table" then return choice(file, key, value, kind) end
  if READ[kind] then return READ[kind](file, key, value) end
  if type(value) ~= kind then
    complain(file, key, "%s is a %s, not %s", key, kind, nodes.name_of(value))
  end
  return value
end

local function read_policy(cx, file, id, body)
  if type(body) ~= "table" or body.is then
    complain(file, "return", "Policy \"%s\" wants its sentence in braces", id)
  end
  local policy = { id = id, path = file.path, lines = {} }
  for key, value in pairs(body) do
    if type(key) ~= "string" then
      complain(file, "return", "a policy is made of fields, but %s has no name",
        nodes.name_of(value))
    end
    policy[key] = read_field(file, key, value)
    policy.lines[key] = line_of(file, key)
  end
  if #attr.pending > 0 then
    complain(file, "When", "a comparison was lost: join conditions with "
      .. "all_of { ... } and any_of { ... }, not with 'and' or 'not'")
  end
  if not policy.Then then
    complain(file, "return", "Then is missing: log, mask, block \"reason\" or "
      .. "limit { ... }")
  end
  policy.Where = policy.Where or where.join(cx.words.anywhere)
  policy.When = policy.When or cx.words.always
  return policy
end

-- One file -------------------------------------------------------------------

-- Lua says `path:3: ...` for some errors and [string "..."] for none of ours.
local function tidy(file, message)
  message = tostring(message)
  if string.sub(message, 1, #file.path + 1) == file.path .. ":" then
    return message
  end
  return format("%s:1: %s", file.path, message)
end

local function run(cx, file, world)
  local source = "@" .. file.path
  local chunk, why = loadstring(file.text, source)
  if string.byte(file.text) == 27 then
    chunk, why = nil, "this is bytecode, not text"
  end
  if not chunk then return nil, tidy(file, why) end
  setfenv(chunk, world)
  local before, outer, depth = nodes.source, cx.file, #attr.pending
  nodes.source, cx.file = source, file
  local ok, value, second = sandbox.run(BUDGET, chunk)
  nodes.source, cx.file = before, outer
  if ok and second ~= nil then
    ok, value = false, "a file returns one thing"
  end
  if not ok then
    while #attr.pending > depth do table.remove(attr.pending) end
    return nil, tidy(file, value)
  end
  return value
end

-- Policy "id" { ... }: the second call notes what was written; it is read once
-- the file has ended, outside the sandbox.
local function policy_word()
  return function(id)
    if type(id) ~= "string" then nodes.fail("a policy's name is a string") end
    return function(body) return { is = "policy", id = id, body = body } end
  end
end

local function read_file(cx, file, lookup)
  local world = words.world(cx, { Policy = policy_word() }, lookup)
  local made, why = run(cx, file, world)
  if why then return nil, why end
  if not nodes.is(made, "policy") then
    return nil, format("%s:%d: a policy file ends in: return Policy \"%s\" "
      .. "{ ... }", file.path, line_of(file, "return"), file.stem)
  end
  if made.id ~= file.stem then
    return nil, format("%s:1: the policy is named '%s', its file '%s': they "
      .. "must agree", file.path, made.id, file.stem)
  end
  local ok, policy = pcall(read_policy, cx, file, made.id, made.body)
  attr.pending = {}
  if not ok then return nil, tidy(file, policy) end
  return policy
end

-- Operators' words -----------------------------------------------------------

local WORD_FIELDS = { about = "string", needs = true, is = true,
  stage = { input = true, output = true } }

local function function_word(cx, file, name, body)
  local nouns = require "moongate.nouns"
  local needs = {}
  if body.needs ~= nil then
    local list = nouns.any(body.needs)
    if not list then
      complain(file, "needs", "needs wants what to look for, such as pii")
    end
    for _, noun in ipairs(list) do
      for _, i in ipairs(nouns.entities(cx, noun)) do needs[#needs + 1] = i end
    end
  end
  local stage = choice(file, "stage", body.stage or "input", WORD_FIELDS.stage)
  return { is = "when", op = "word", name = name, fn = body.is, needs = needs,
    stages = { [stage == "input" and 0 or 1] = true }, text = name,
    path = file.path }
end

local function read_word(cx, file, made)
  local body = made.body
  if type(body) == "function" then
    return function_word(cx, file, made.id, { is = body })
  end
  if type(body) == "table" and type(body.is) == "function" then
    for key in pairs(body) do
      if not WORD_FIELDS[key] then
        complain(file, tostring(key), "a word has no '%s'%s", tostring(key),
          suggest(tostring(key), WORD_FIELDS))
      end
    end
    return function_word(cx, file, made.id, body)
  end
  if body == true or body == false then
    return when.condition("Word", body)
  end
  if type(body) == "table" and (type(body.is) == "string" or #body > 0) then
    return body
  end
  complain(file, "return", "Word \"%s\" wants words, a list of them, or a "
    .. "function, not %s", made.id, nodes.name_of(body))
end

local function word_file(cx, file, lookup)
  local world = words.world(cx, {
    Word = function(id)
      return function(body) return { is = "own", id = id, body = body } end
    end,
  }, lookup, true)
  local made, why = run(cx, file, world)
  if why then return nil, why end
  if not nodes.is(made, "own") or made.id ~= file.stem then
    return nil, format("%s:1: a file of words ends in: return Word \"%s\" ...",
      file.path, file.stem)
  end
  local ok, value = pcall(read_word, cx, file, made)
  if not ok then return nil, tidy(file, value) end
  return value
end

--- The function that finds operators' words; each is read when first used.
function M.own_words(cx, files)
  local by_name, made, why = {}, {}, {}
  for _, file in ipairs(files) do by_name[file.stem] = file end
  cx.own = by_name
  local function lookup(name)
    local file = by_name[name]
    if not file then return nil end
    if made[name] == nil and not why[name] then
      why[name] = format("%s:1: '%s' is made of itself", file.path, name)
      if cx.words[name] ~= nil then
        why[name] = format("%s:1: '%s' is a word already", file.path, name)
      else
        made[name], why[name] = word_file(cx, file, lookup)
      end
    end
    if made[name] == nil then
      nodes.fail("the word '%s' is broken: %s", name, why[name])
    end
    return made[name]
  end
  return lookup, why
end

--- Reads all. Returns the policies, sorted by id, and a list of complaints.
function M.all(cx, files, word_files)
  local policies, complaints = {}, {}
  words.all(cx)
  local lookup, why = M.own_words(cx, word_files or {})
  for _, file in ipairs(word_files or {}) do pcall(lookup, file.stem) end
  for _, file in ipairs(word_files or {}) do
    complaints[#complaints + 1] = why[file.stem]
  end
  for _, file in ipairs(files) do
    local policy, wrong = read_file(cx, file, lookup)
    if policy then policies[#policies + 1] = policy end
    complaints[#complaints + 1] = wrong
  end
  table.sort(policies, function(a, b) return a.id < b.id end)
  return policies, complaints
end

return M
