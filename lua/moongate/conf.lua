--- Reads moongate.lua: one `return` of one table, in a closed world.
-- Nested tables are dotted names: limits = { body = "1MiB" } is limits.body.
-- Values are checked by the core, setting by setting.

local nodes = require "moongate.nodes"
local sandbox = require "moongate.sandbox"
local suggest = require "moongate.suggest"

local format = string.format

local BUDGET = 200000

local function line_of(text, key)
  local number = 0
  for line in (text .. "\n"):gmatch "(.-)\n" do
    number = number + 1
    local code = line:gsub("%-%-.*", "")
    if code:find("%f[%w_]" .. key .. "%f[^%w_]%s*=") then return number end
  end
  return 1
end

local function world(env)
  local known = { env = function(name)
    if type(name) ~= "string" or not env[name] then
      nodes.fail("env: there is no variable '%s'", tostring(name))
    end
    return env[name]
  end }
  return setmetatable({}, {
    __index = function(_, word)
      if known[word] then return known[word] end
      nodes.fail("unknown word '%s'%s; values stand in quotes", tostring(word),
        suggest(tostring(word), known))
    end,
    __newindex = function(_, word)
      nodes.fail("a configuration may not define '%s'", tostring(word))
    end,
    __metatable = false,
  })
end

local function run(path, text, env)
  if text:byte() == 27 then
    return nil, format("%s:1: this is bytecode, not text", path)
  end
  local chunk, why = loadstring(text, "@" .. path)
  if not chunk then return nil, why end
  setfenv(chunk, world(env))
  nodes.source = "@" .. path
  local ok, value = sandbox.run(BUDGET, chunk)
  nodes.source = nil
  if not ok then return nil, tostring(value) end
  if type(value) ~= "table" then
    return nil, format("%s:1: it must return one table of settings", path)
  end
  return value
end

local function is_list(value)
  for key in pairs(value) do
    if type(key) ~= "number" then return false end
  end
  return true
end

-- Any table below this depth names no setting.
local DEEPEST = 4

local function flatten(value, name, out, depth, settings)
  local kind = settings[name] and settings[name].kind
  if kind == "map" and type(value) == "table" and not is_list(value) then
    for _, key in ipairs(nodes.keys(value)) do
      out[#out + 1] = { name, key .. "=" .. tostring(value[key]) }
    end
  elseif type(value) == "table" and (is_list(value) and kind) then
    if #value == 0 then out[#out + 1] = { name, "" } end
    for _, item in ipairs(value) do out[#out + 1] = { name, tostring(item) } end
  elseif type(value) == "table" and not kind and depth < DEEPEST then
    for _, key in ipairs(nodes.keys(value)) do
      flatten(value[key], name == "" and key or name .. "." .. key, out,
        depth + 1, settings)
    end
  else
    local text = tostring(value)
    if type(value) == "number" and value % 1 == 0 then
      text = format("%.0f", value)
    end
    out[#out + 1] = { name, text }
  end
end

--- A list of { name, value, line }, or nil and what is wrong. `settings` is a
-- map by name of what abi.setting tells; `env` a map of environment variables.
return function(path, text, settings, env)
  local value, why = run(path, text, env or {})
  if not value then return nil, why end
  local out = {}
  flatten(value, "", out, 0, settings)
  for _, it in ipairs(out) do
    it[3] = line_of(text, it[1]:match "([%w_]+)$" or it[1])
  end
  return out
end
