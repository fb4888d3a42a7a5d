--- Renders the PAC file: which hosts a device sends to the proxy.
--
-- The tables are those that the proxy itself covers hosts by, so a host that is
-- sent here is read here, and one that is not sent is not. What comes out is
-- ES3 in ASCII: WinHTTP and older engines know nothing newer. It asks no name
-- server (that blocks, and tells), and looks a host up label by label instead
-- of comparing it with every pattern.
--
--   local pac = require "pac_gen.pac"
--   local text, why = pac.render {
--     tables = apps.tables(files),
--     lists = { ai =, chatty =, bypass = },   -- host patterns
--     proxies = { "HTTPS proxy.example.com:8443" },
--     open = false,                           -- true adds DIRECT
--   }
--
-- A policy file that runs on every device is no place for a surprise: a host or
-- proxy that is not made of the few characters below fails the rendering.

local M = {}

local EXACT, TREE, BELOW = 1, 2, 4 -- as in the text of the PAC, too
local MAX_BYTES = 1000000          -- clients give up on a larger one

-- One quoted string. Nothing but [A-Za-z0-9.:-] is written as it is.
local function quoted(text)
  return '"' .. text:gsub("[^%w.:%-]", function(c)
    return ("\\x%02x"):format(c:byte())
  end) .. '"'
end

-- A-label grammar, and '_', which some services use.
local function is_label(label)
  return #label <= 63 and label:find "^[%w_%-]+$" ~= nil
    and not label:find "^%-" and not label:find "%-$"
end

local function is_name(name)
  if #name == 0 or #name > 253 then return false end
  for label in (name .. "."):gmatch "([^.]*)%." do
    if not is_label(label) then return false end
  end
  return true
end

-- The kind of a pattern, and the name it is filed under; nil when it is none.
local function parse(pattern)
  local name = pattern:lower()
  local kind = EXACT
  if name:find "^%*%-" then
    -- Asked for by what follows each dash; filed with its star, for a host of
    -- that very name does not begin with anything.
    local rest = name:sub(2)
    if not rest:find("%.") or not is_name("x" .. rest) then return nil end
    return EXACT, name
  end
  if name:find "^%*%." then
    kind, name = BELOW, name:sub(3)
  elseif name:find "^%." then
    kind, name = TREE, name:sub(2)
  end
  name = name:gsub("%.$", "")
  if not is_name(name) then return nil end
  return kind, name
end

local function has(kinds, kind)
  return kinds % (2 * kind) >= kind
end

local function file(names, patterns, where)
  for _, pattern in ipairs(patterns or {}) do
    local kind, name = parse(tostring(pattern))
    if not kind then
      return nil, ("%s: '%s' is no host pattern"):format(where,
        tostring(pattern))
    end
    local kinds = names[name] or 0
    if not has(kinds, kind) then names[name] = kinds + kind end
  end
  return true
end

-- Two sets of names: what goes to the proxy, and what never does.
local function collect(setting)
  local cover, skip = {}, {}
  local lists = setting.lists or {}
  local ok, why = true, nil
  for _, app in ipairs(setting.tables or {}) do
    if ok then ok, why = file(cover, app.hosts, app.id) end
    if ok then ok, why = file(skip, app.leave, app.id) end
  end
  if ok then ok, why = file(cover, lists.ai, "hosts.ai") end
  if ok then ok, why = file(skip, lists.chatty, "hosts.chatty") end
  if ok then ok, why = file(skip, lists.bypass, "hosts.bypass") end
  if not ok then return nil, why end
  return cover, skip
end

-- An object literal. Keys begin with a dot: no name of a host can then be one
-- of those that every object answers to.
local function object(names)
  local keys, lines = {}, {}
  for name in pairs(names) do keys[#keys + 1] = name end
  table.sort(keys)
  for i, name in ipairs(keys) do
    lines[i] = ("  %s: %d"):format(quoted("." .. name), names[name])
  end
  return "{\n" .. table.concat(lines, ",\n") .. "\n}"
end

local function is_proxy(proxy)
  local kind, host, port = proxy:match "^(%u+) ([%w.:%-]+):(%d+)$"
  return (kind == "HTTPS" or kind == "PROXY") and #host > 0
    and tonumber(port) > 0 and tonumber(port) < 65536
end

-- "HTTPS a:1; HTTPS b:2; DIRECT"
local function answer(setting)
  local parts = {}
  for _, proxy in ipairs(setting.proxies or {}) do
    if not is_proxy(proxy) then
      return nil, ("'%s' is no proxy: HTTPS host:port"):format(proxy)
    end
    parts[#parts + 1] = proxy
  end
  if #parts == 0 then return nil, "there is no proxy to send hosts to" end
  if setting.open then parts[#parts + 1] = "DIRECT" end
  return table.concat(parts, "; ")
end

-- The only strings with a space or a semicolon in them; checked by is_proxy.
local function quoted_answer(text)
  local pieces = {}
  for piece, between in (text .. "; "):gmatch "(.-)(; )" do
    local kind, where = piece:match "^(%u+) ?(.*)$"
    pieces[#pieces + 1] = where == "" and kind
      or kind .. " " .. quoted(where):sub(2, -2)
    pieces[#pieces + 1] = between
  end
  pieces[#pieces] = nil
  return '"' .. table.concat(pieces) .. '"'
end

local TEMPLATE = [[
/* Moongate. Hosts below go to the proxy, all others go on as before. */
var PROXY = @ANSWER@;
var EXACT = 1, TREE = 2, BELOW = 4;
var COVER = @COVER@;
var SKIP = @SKIP@;

/* Whether one name, as it stands, is in the set. */
function holds(set, name, kinds) {
  var found = set["." + name];
  return typeof found === "number" && (found & kinds) !== 0;
}

/* The host itself, "*-rest" for each dash of its first label, then every name
   above it. */
function listed(set, host) {
  var at, first;
  if (holds(set, host, EXACT | TREE)) {
    return true;
  }
  first = host.indexOf(".");
  for (at = host.indexOf("-", 1); at > 0 && at < first;
      at = host.indexOf("-", at + 1)) {
    if (holds(set, "*" + host.substring(at), EXACT)) {
      return true;
    }
  }
  for (at = first; at >= 0; at = host.indexOf(".", at + 1)) {
    if (holds(set, host.substring(at + 1), TREE | BELOW)) {
      return true;
    }
  }
  return false;
}

function FindProxyForURL(url, host) {
  if (isPlainHostName(host)) {
    return "DIRECT";
  }
  host = host.toLowerCase();
  if (host.charAt(host.length - 1) === ".") {
    host = host.substring(0, host.length - 1);
  }
  if (host === "localhost" || host.indexOf(":") >= 0 ||
      host.substring(host.length - 10) === ".localhost") {
    return "DIRECT";
  }
  if (listed(SKIP, host) || !listed(COVER, host)) {
    return "DIRECT";
  }
  return PROXY;
}
]]

--- The text of the PAC file, or nil and what is wrong.
function M.render(setting)
  local cover, skip = collect(setting)
  if not cover then return nil, skip end
  local proxy, why = answer(setting)
  if not proxy then return nil, why end
  local part = {
    ANSWER = quoted_answer(proxy), COVER = object(cover), SKIP = object(skip),
  }
  local text = TEMPLATE:gsub("@(%u+)@", part)
  if #text >= MAX_BYTES then
    return nil, ("%d bytes are more than clients read"):format(#text)
  end
  return text
end

-- Whether a set has the host: what `listed` does in the template.
local function listed(names, host)
  local function holds(name, kinds)
    local found = names[name]
    return found ~= nil and ((has(kinds, EXACT) and has(found, EXACT))
      or (has(kinds, TREE) and has(found, TREE))
      or (has(kinds, BELOW) and has(found, BELOW)))
  end

  if holds(host, EXACT + TREE) then return true end
  local first = host:match "^[^.]*"
  for at in first:gmatch "()%-" do
    if at > 1 and holds("*" .. host:sub(at), EXACT) then return true end
  end
  for at in host:gmatch "%.()" do
    if holds(host:sub(at), TREE + BELOW) then return true end
  end
  return false
end

--- What the rendered file answers for each of the hosts, a line each; or nil
-- and what is wrong.
function M.ask(setting, hosts)
  local cover, skip = collect(setting)
  if not cover then return nil, skip end
  local proxy, why = answer(setting)
  if not proxy then return nil, why end
  local answers = {}
  for line in (hosts .. "\n"):gmatch "([^\n]*)\n" do
    local host = line:lower():gsub("%.$", "")
    local direct = not line:find("%.") or host == "localhost"
      or host:find("%.localhost$") or host:find(":")
      or listed(skip, host) or not listed(cover, host)
    answers[#answers + 1] = direct and "DIRECT" or proxy
  end
  return table.concat(answers, "\n")
end

return M
