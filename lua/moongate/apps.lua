--- The table of applications: built-in ones, an operator's own, and the lists.
--
-- Tables are pure data (lua/moongate/apps/*.lua). The proxy, the PAC file, the
-- certificates' name constraints and the console read the same ones.

local suggest = require "moongate.suggest"

local M = {}

local BUILT_IN = {
  "openai", "anthropic", "google", "cursor", "copilot", "mistral",
  "deepseek", "groq", "perplexity", "generic",
}

local FAMILIES = { "openai", "anthropic", "google", "web", "generic" }

local BLOCK_STATUS = 403

-- One body that the SDKs of all families turn into their own typed error.
local BLOCK_BODY = [[{"type":"error","error":{"message":"@MESSAGE@",]]
  .. [["type":"blocked","param":null,"code":@STATUS@,]]
  .. [["status":"PERMISSION_DENIED"}}]]

local ROLES = {
  other = 1, system = 2, user = 4, assistant = 8, tool_call = 16,
  tool_result = 32, tool_definition = 64, document = 128, thinking = 256,
}

local FLAGS = {
  role_beside = 1, sealed = 2, opaque = 4, attachment = 8, json = 16,
  model = 32, stream = 64, tool_name = 128, tokens_in = 256,
  tokens_out = 512, deep = 1024, word = 2048,
}

local STREAMS = { none = 0, sse = 1, json_array = 2 }
local LISTS = { app = 0, ai = 1, chatty = 2, bypass = 3 }

local FIELDS = {
  id = "string", about = "string", extends = "string", hosts = "table",
  leave = "table", block = "table", endpoints = "table",
}

local ENDPOINT_FIELDS = {
  like = "string", request = "table", reply = "table", event = "table",
  stream = "string",
}

local BUDGET = 1000000 -- VM instructions; a table needs a few thousand

-- --- reading ---------------------------------------------------------------

-- Where a message points: the first line that holds `literal`.
local function line_of(source, literal)
  local number = 0
  for line in (source .. "\n"):gmatch "(.-)\n" do
    number = number + 1
    if line:find(literal, 1, true) then return number end
  end
  return 1
end

local function read(path)
  local file, why = io.open(path)
  if not file then return nil, ("%s: %s"):format(path, why) end
  local source = file:read "*a"
  file:close()
  return source
end

-- A table of data needs no words, no loop and no library.
local function run(chunk)
  setfenv(chunk, {})
  jit.off(chunk, true) -- compiled code never looks at hooks
  debug.sethook(function() error("the file never ends", 2) end, "", BUDGET)
  local ok, result = pcall(chunk)
  debug.sethook()
  return ok, result
end

local function load_file(path)
  local source, why = read(path)
  if not source then return nil, why end
  if source:byte(1) == 27 then
    return nil, path .. ":1: compiled code is not read"
  end
  local chunk, err = loadstring(source, "@" .. path)
  if not chunk then return nil, err end
  local ok, app = run(chunk)
  if not ok then return nil, tostring(app) end
  if type(app) ~= "table" then
    return nil, path .. ":1: must return one table"
  end
  return app, source
end

-- --- checking ---------------------------------------------------------------

-- Collects what is wrong with one table. `source` finds the lines.
local function complaints_about(path, source)
  local found = {}
  local function complain(literal, text, ...)
    found[#found + 1] = ("%s:%d: %s"):format(path,
      line_of(source, literal), text:format(...))
  end
  return complain, found
end

local function check_words(complain, pattern, words)
  local roles = 0
  for word in words:gmatch "%S+" do
    if ROLES[word] then
      roles = roles + 1
    elseif not FLAGS[word] then
      local known = {}
      for name in pairs(ROLES) do known[name] = true end
      for name in pairs(FLAGS) do known[name] = true end
      complain(pattern, "unknown word '%s' for '%s'%s", word, pattern,
        suggest(word, known))
    end
  end
  if roles > 1 then
    complain(pattern, "'%s' has more than one role", pattern)
  end
end

local function check_shape(complain, shape)
  for pattern, words in pairs(shape) do
    if type(pattern) ~= "string" or type(words) ~= "string" then
      complain(tostring(pattern), "a shape maps paths to words; '%s' does not",
        tostring(pattern))
    elseif pattern ~= "" and pattern:sub(1, 1) ~= "/" then
      complain(pattern, "path '%s' must begin with '/'", pattern)
    else
      check_words(complain, pattern, words)
    end
  end
end

local function family_of(like)
  local vendor, name = like:match "^([%w_]+)%.([%w_]+)$"
  for _, known in ipairs(FAMILIES) do
    if known == vendor then
      return require("moongate.shapes." .. vendor)[name]
    end
  end
end

local function families()
  local names = {}
  for _, vendor in ipairs(FAMILIES) do
    for name in pairs(require("moongate.shapes." .. vendor)) do
      names[vendor .. "." .. name] = true
    end
  end
  return names
end

local function check_fields(complain, ep, name)
  for key, value in pairs(ep) do
    if type(key) == "string" and not ENDPOINT_FIELDS[key] then
      complain(key, "unknown field '%s' in endpoint '%s'%s", key, name,
        suggest(key, ENDPOINT_FIELDS))
    elseif type(key) == "string" and type(value) ~= ENDPOINT_FIELDS[key] then
      complain(key, "%s of endpoint '%s' must be a %s", key, name,
        ENDPOINT_FIELDS[key])
    elseif type(value) == "table" then
      check_shape(complain, value)
    end
  end
end

local function check_endpoint(complain, ep)
  local name, method, path = ep[1], ep[2], ep[3]
  if type(name) ~= "string" or type(method) ~= "string"
    or type(path) ~= "string" then
    return complain("endpoints",
      "an endpoint begins with its name, method and path")
  end
  if path:sub(1, 1) ~= "/" then
    complain(path, "path '%s' must begin with '/'", path)
  end
  if method ~= method:upper() then
    complain(method, "method '%s' is written in capitals", method)
  end
  check_fields(complain, ep, name)
  if type(ep.like) == "string" and not family_of(ep.like) then
    complain(ep.like, "no shape is called '%s'%s", ep.like,
      suggest(ep.like, families()))
  end
  if type(ep.stream) == "string" and not STREAMS[ep.stream] then
    complain(ep.stream, "unknown stream '%s'%s", ep.stream,
      suggest(ep.stream, STREAMS))
  end
end

--- True when `pattern` could be a host pattern: "a.b", ".a.b", "*.a.b" or
-- "*-a.b.c".
function M.is_host_pattern(pattern)
  if type(pattern) ~= "string" or #pattern > 253 then return false end
  local name = pattern:gsub("^%*?%.", "", 1):gsub("^%*%-", "x", 1)
  if name == "" or name:find "%.%." or name:find "^%." then return false end
  return not name:find "[^%w%._%-]"
end

local function check_hosts(complain, list, what)
  for _, pattern in ipairs(list) do
    if not M.is_host_pattern(pattern) then
      complain(tostring(pattern), "'%s' in %s is no host pattern",
        tostring(pattern), what)
    end
  end
end

local function check_block(complain, block)
  local status, body = block.status, block.body
  if status ~= nil and (type(status) ~= "number" or status < 400
    or status > 599 or status % 1 ~= 0) then
    complain("status", "block.status must be between 400 and 599")
  end
  if body ~= nil and (type(body) ~= "string"
    or not body:find("@MESSAGE@", 1, true)) then
    complain("body", "block.body must be a string that holds @MESSAGE@")
  end
end

--- What is wrong with one table, a line each.
function M.check(path, app, source)
  local complain, found = complaints_about(path, source)
  for key, value in pairs(app) do
    if not FIELDS[key] then
      complain(tostring(key), "unknown field '%s'%s", tostring(key),
        suggest(tostring(key), FIELDS))
    elseif type(value) ~= FIELDS[key] then
      complain(key, "%s must be a %s", key, FIELDS[key])
    end
  end
  if #found > 0 then return found end
  if not app.id and not app.extends then
    complain("return", "id is missing")
  elseif not (app.id or app.extends):find "^[%w_%-%.]+$" then
    complain("id", "id may hold letters, digits, '-', '_' and '.'")
  end
  check_hosts(complain, app.hosts or {}, "hosts")
  check_hosts(complain, app.leave or {}, "leave")
  check_block(complain, app.block or {})
  for _, ep in ipairs(app.endpoints or {}) do
    if type(ep) == "table" then
      check_endpoint(complain, ep)
    else
      complain("endpoints", "an endpoint is a table")
    end
  end
  return found
end

-- --- putting together ------------------------------------------------------

local function append(list, more)
  local all = {}
  for _, x in ipairs(list or {}) do all[#all + 1] = x end
  for _, x in ipairs(more or {}) do all[#all + 1] = x end
  return all
end

-- An operator's endpoints are asked before those they extend.
local function extended(app, base)
  local block = {}
  for key, value in pairs(base.block or {}) do block[key] = value end
  for key, value in pairs(app.block or {}) do block[key] = value end
  return {
    id = app.id or base.id,
    about = app.about or base.about,
    hosts = append(base.hosts, app.hosts),
    leave = append(base.leave, app.leave),
    block = block,
    endpoints = append(app.endpoints, base.endpoints),
  }
end

local function built_in()
  local list, by_id = {}, {}
  for _, id in ipairs(BUILT_IN) do
    local app = require("moongate.apps." .. id)
    list[#list + 1] = app
    by_id[id] = #list
  end
  return list, by_id
end

local function known_ids(by_id)
  local known = {}
  for id in pairs(by_id) do known[id] = true end
  return known
end

-- Adds or replaces one operator's table. Complaints, or none.
local function add_file(path, list, by_id)
  local app, source = load_file(path)
  if not app then return { source } end
  local found = M.check(path, app, source)
  if #found > 0 then return found end
  if app.extends then
    local base = by_id[app.extends]
    if not base then
      return { ("%s:%d: extends '%s', which is no application%s"):format(
        path, line_of(source, "extends"), app.extends,
        suggest(app.extends, known_ids(by_id))) }
    end
    app = extended(app, list[base])
  end
  local place = by_id[app.id] or #list + 1
  list[place] = app
  by_id[app.id] = place
  return {}
end

--- All application tables: built-in ones, then what `files` (paths of an
-- operator's tables, may be nil) add or replace. Or nil and what is wrong, a
-- line each, beginning with file:line.
function M.tables(files)
  local list, by_id = built_in()
  local wrong = {}
  for _, path in ipairs(files or {}) do
    for _, complaint in ipairs(add_file(path, list, by_id)) do
      wrong[#wrong + 1] = complaint
    end
  end
  if #wrong > 0 then return nil, table.concat(wrong, "\n") end
  return list
end

--- The shapes of one endpoint: request, reply, event (each may be nil) and the
-- name of its stream.
function M.shapes(ep)
  local base = ep.like and family_of(ep.like) or {}
  return ep.request or base.request, ep.reply or base.reply,
    ep.event or base.event, ep.stream or base.stream or "none"
end

--- Role and flags of a rule's words, as numbers of mg.h.
function M.rule(words)
  local role, flags = 0, 0
  for word in words:gmatch "%S+" do
    if ROLES[word] then
      role = ROLES[word]
    else
      flags = flags + FLAGS[word]
    end
  end
  return role, flags
end

-- Patterns in order, so that one table always makes the same automaton.
local function rules_of(shape)
  local patterns, list = {}, {}
  for pattern in pairs(shape) do patterns[#patterns + 1] = pattern end
  table.sort(patterns)
  for i, pattern in ipairs(patterns) do
    local role, flags = M.rule(shape[pattern])
    list[i] = { pattern = pattern, role = role, flags = flags }
  end
  return list
end

local function add_endpoints(handle, index, app, made)
  local function shape(rules)
    if rules and not made[rules] then
      made[rules] = handle:shape(rules_of(rules))
    end
    return rules and made[rules]
  end

  for _, ep in ipairs(app.endpoints or {}) do
    local request, reply, event, stream = M.shapes(ep)
    local ok, why = handle:add_endpoint(index, {
      name = ep[1], method = ep[2], path = ep[3],
      request = shape(request), reply = shape(reply), event = shape(event),
      stream = STREAMS[stream],
    })
    if not ok then
      return nil, ("%s: endpoint %s: %s"):format(app.id, ep[1], why)
    end
  end
  return true
end

local function add_hosts(handle, index, list, patterns, where)
  for _, pattern in ipairs(patterns or {}) do
    local ok, why = handle:add_host(index, list, pattern)
    if not ok then
      return nil, ("%s: '%s' is no host pattern: %s"):format(where,
        pattern, why)
    end
  end
  return true
end

local function add_app(handle, app, made)
  local block = app.block or {}
  local index, why = handle:add(app.id, block.status or BLOCK_STATUS,
    block.body or BLOCK_BODY)
  if not index then return nil, ("%s: %s"):format(app.id, why) end
  local ok
  ok, why = add_hosts(handle, index, LISTS.app, app.hosts, app.id)
  if ok then
    ok, why = add_hosts(handle, nil, LISTS.bypass, app.leave, app.id)
  end
  if ok then ok, why = add_endpoints(handle, index, app, made) end
  return ok, why
end

--- Fills `handle` (abi.applications()) from the tables, an operator's `files`
-- and the lists { ai =, chatty =, bypass = } of host patterns. Returns the
-- tables, the first of which has index 0; or nil and what is wrong.
function M.load(handle, files, lists)
  local list, why = M.tables(files)
  if not list then return nil, why end
  local made = {}
  for _, app in ipairs(list) do
    local ok
    ok, why = add_app(handle, app, made)
    if not ok then return nil, why end
  end
  for _, name in ipairs { "ai", "chatty", "bypass" } do
    local ok
    ok, why = add_hosts(handle, nil, LISTS[name], (lists or {})[name],
      "hosts." .. name)
    if not ok then return nil, why end
  end
  return list
end

return M
