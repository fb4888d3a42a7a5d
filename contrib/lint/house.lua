-- house.lua - the rules of the house that no compiler checks.
--
--   luajit contrib/lint/house.lua FILE...
--
-- The layer table is section 5 of the design (docs/ARCHITECTURE.md): who may
-- include whom. The quarantine table says which file may see which library.

local MAY = {
  abi = {},
  base = { "abi" },
  io = { "base" },
  http = { "base" },
  text = { "base" },
  tls = { "io", "base" },
  flow = { "text", "http", "base" },
  detectors = { "text", "base" },
  policy = { "detectors", "base" },
  upstream = { "tls", "io", "http", "base" },
  certs = { "tls", "base" },
  event = { "policy", "base" },
  control = { "event", "certs", "http", "io", "tls", "base" },
  surface = { "event", "policy", "flow", "upstream", "http", "tls", "io",
    "base", "text", "certs" },
}

-- A header and the Lua patterns of the paths that may include it.
local QUARANTINE = {
  { "^event2/", { "^core/io/" } },
  { "^openssl/", { "^core/tls/", "^certs/", "^core/base/hash%.c$" } },
  { "^lua", { "^core/policy/engine[_%w]*%.c$" } },
  { "^lauxlib", { "^core/policy/engine[_%w]*%.c$" } },
  { "^sqlite3", { "^core/control/store", "^core/event/sink_sqlite" } },
  { "^hs", { "^detectors/" } },
  { "^pcre2", { "^detectors/" } },
  { "^llhttp", { "^core/http/" } },
  { "^msgpack", { "^core/event/", "^core/control/" } },
  { "^seccomp", { "^core/proc/" } },
}

local MAX_LINES = 600

local complaints = 0
local function complain(path, line, text, ...)
  complaints = complaints + 1
  io.stderr:write(("%s:%d: "):format(path, line), text:format(...), "\n")
end

local function layer_of(path)
  return path:match "^core/(%w+)/" or path:match "^(detectors)/"
    or path:match "^(certs)/"
end

local function layer_of_include(name)
  local first = name:match "^(%w+)/"
  return first and (MAY[first] and first or nil)
end

local function allowed(from, to)
  if from == to or to == "abi" then return true end
  if not MAY[from] then return true end -- proc and cmd see everything
  for _, name in ipairs(MAY[from]) do
    if name == to then return true end
  end
  return false
end

local function check_quarantine(path, number, header)
  if not path:match "^core/" and not path:match "^certs/"
    and not path:match "^detectors/" then
    return
  end
  for _, rule in ipairs(QUARANTINE) do
    if header:match(rule[1]) then
      local fine = false
      for _, where in ipairs(rule[2]) do
        fine = fine or path:match(where) ~= nil
      end
      if not fine then
        complain(path, number, "<%s> may not be included here", header)
      end
    end
  end
end

local function check_line(path, number, line)
  local own = line:match '^#%s*include "([^"]+)"'
  local from, to = layer_of(path), own and layer_of_include(own)
  if from and to and not allowed(from, to) then
    complain(path, number, "layer %s may not include %s", from, to)
  end
  local system = line:match "^#%s*include <([^>]+)>"
  if system then check_quarantine(path, number, system) end
  if line:match "log_%w+%(.*%%%.%*s" then
    complain(path, number, "bytes of unknown origin in a log line")
  end
  if line:match("TO" .. "DO") or line:match("FIX" .. "ME") then
    complain(path, number, "unfinished: do it, or file an issue")
  end
end

local function exists(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

for _, path in ipairs(arg) do
  local number = 0
  if path:match "%.[ch]$" then
    for line in io.lines(path) do
      number = number + 1
      check_line(path, number, line)
    end
    if number > MAX_LINES then
      complain(path, number, "longer than %d lines: split it", MAX_LINES)
    end
  end
  local policy = path:match "^policies/([^/]+)%.lua$"
  if policy and not exists("spec/policies/" .. policy .. "_spec.lua") then
    complain(path, 1, "has no spec/policies/%s_spec.lua", policy)
  end
end
os.exit(complaints == 0)
