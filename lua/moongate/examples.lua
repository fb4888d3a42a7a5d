--- Reads an operator's examples, which say what a policy does to what:
--
--   examples "no-code-to-deepseek" {
--     { "code pasted into DeepSeek", "block",
--       application = "deepseek", input = "#include <stdio.h>" },
--   }
--
-- The file runs in a closed world; the examples are judged by whoever asked.

local abi = require "moongate.abi"
local nodes = require "moongate.nodes"
local sandbox = require "moongate.sandbox"
local suggest = require "moongate.suggest"

local BUDGET = 1000000

local VERBS = { allow = true, log = true, mask = true, block = true }

local R = abi.role

-- Texts of an example, and whose they are. `output` alone makes it a reply.
local TEXTS = {
  input = R.user, output = R.assistant, upload = R.document, system = R.system,
  assistant = R.assistant, tool_call = R.tool_call,
  tool_result = R.tool_result, tool_definition = R.tool_definition,
  document = R.document, thinking = R.thinking,
}

local LISTS = { tags = true, groups = true, tools = true }

local FIELDS = { surface = true, times = true, time = true, bytes = true,
  tokens = true, assurance = true }
for name in pairs(TEXTS) do FIELDS[name] = true end
for name in pairs(LISTS) do FIELDS[name] = true end
for name in pairs(abi.attribute) do FIELDS[name] = true end

local LEVELS = { none = 0, network = 1, token = 2, mtls = 3 }

local function check(case)
  local title, verb = case[1], case[2]
  if type(title) ~= "string" or type(verb) ~= "string" then
    nodes.fail("an example begins with what happens and a verb")
  end
  if not VERBS[verb] then
    nodes.fail("'%s': there is no verb '%s'%s", title, verb,
      suggest(verb, VERBS))
  end
  for key, value in pairs(case) do
    if key ~= 1 and key ~= 2 and not FIELDS[key] then
      nodes.fail("'%s': an example has no '%s'%s", title, tostring(key),
        suggest(tostring(key), FIELDS))
    end
    if LISTS[key] and not nodes.strings(value) then
      nodes.fail("'%s': %s is a string or a list of strings", title, key)
    end
    if (TEXTS[key] or abi.attribute[key]) and type(value) ~= "string" then
      nodes.fail("'%s': %s is a string", title, key)
    end
  end
  if case.surface and not abi.surface[case.surface] then
    nodes.fail("'%s': there is no surface '%s'%s", title,
      tostring(case.surface), suggest(tostring(case.surface), abi.surface))
  end
end

local function read(policy, case)
  local it = {
    policy = policy, title = case[1], verb = case[2],
    surface = abi.surface[case.surface or "endpoint"],
    stage = case.output and 1 or 0, times = case.times or 1,
    time = case.time or 0, bytes = case.bytes or 0, tokens = case.tokens or 0,
    assurance = LEVELS[case.assurance or "mtls"] or 0,
    attrs = {}, segments = {},
    tags = nodes.strings(case.tags) or {},
    groups = nodes.strings(case.groups) or {},
    tools = nodes.strings(case.tools) or {},
  }
  for name, i in pairs(abi.attribute) do it.attrs[i + 1] = case[name] or "" end
  for name, role in pairs(TEXTS) do
    if case[name] then
      it.segments[#it.segments + 1] = { text = case[name], role = role,
        kind = name == "upload" and abi.ATTACHMENT or 0 }
    end
  end
  return it
end

local function world(list)
  local function examples(policy)
    if type(policy) ~= "string" then
      nodes.fail("examples wants the name of a policy")
    end
    return function(cases)
      if type(cases) ~= "table" or #cases == 0 then
        nodes.fail("examples \"%s\" holds none", policy)
      end
      for _, case in ipairs(cases) do
        if type(case) ~= "table" then
          nodes.fail("an example is a table in braces")
        end
        check(case)
        list[#list + 1] = read(policy, case)
      end
    end
  end
  return setmetatable({}, {
    __index = function(_, word)
      if word == "examples" then return examples end
      nodes.fail("unknown word '%s'%s", tostring(word),
        suggest(tostring(word), { "examples" }))
    end,
    __newindex = function(_, word)
      nodes.fail("a file of examples may not define '%s'", tostring(word))
    end,
    __metatable = false,
  })
end

--- The examples of a file, or nil and what is wrong.
return function(path, text)
  local list = {}
  if text:byte() == 27 then
    return nil, path .. ":1: this is bytecode, not text"
  end
  local chunk, why = loadstring(text, "@" .. path)
  if not chunk then return nil, why end
  setfenv(chunk, world(list))
  nodes.source = "@" .. path
  local ok, failure = sandbox.run(BUDGET, chunk)
  nodes.source = nil
  if not ok then return nil, tostring(failure) end
  if #list == 0 then return nil, path .. ":1: holds no examples" end
  return list
end
