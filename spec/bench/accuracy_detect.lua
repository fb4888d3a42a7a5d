-- accuracy_detect.lua - precision and recall of the detectors on labelled data.
--
--   luajit spec/bench/accuracy_detect.lua DIR [-v]
--
-- DIR holds gzip-compressed JSON Lines in the folders secrets/dev,
-- injection/{train,dev}, benign/train, code/train and pii/dev, as their README
-- describes. Not part of `make check`: the data is not in this repository. A
-- finding counts from 50 on, which policies call normal. With -v every error
-- is printed.

package.path = "./build/?.lua;" .. package.path
local ffi = require "ffi"
ffi.cdef(require "cdef")
local C = ffi.load(os.getenv "MG_LIB" or "./build/libmoongate.so")

local dir, verbose = arg[1], arg[2] == "-v"
if not dir then
  io.stderr:write "usage: luajit spec/bench/accuracy_detect.lua DIR [-v]\n"
  os.exit(2)
end

-- --- JSON, as much of it as one line of data needs ---

local ESCAPE = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function utf8_of(code)
  if code < 0x80 then return string.char(code) end
  local out, first = "", 0x40
  repeat
    out = string.char(0x80 + code % 64) .. out
    code = math.floor(code / 64)
    first = first / 2
  until code < first
  return string.char(256 - first * 2 + code) .. out
end

local function unescape(text)
  text = text:gsub("\\u([Dd][89ABab]%x%x)\\u([Dd][C-Fc-f]%x%x)",
    function(a, b)
      return utf8_of((tonumber(a, 16) - 0xd800) * 1024
        + tonumber(b, 16) - 0xdc00 + 0x10000)
    end)
  return (text:gsub("\\(u?)(.)(%x?%x?%x?)", function(u, c, hex)
    if u == "u" then return utf8_of(tonumber(c .. hex, 16)) end
    return (ESCAPE[c] or c) .. hex
  end))
end

local parse

local function parse_string(s, at)
  local to = at + 1
  while true do
    local i = s:find('["\\]', to)
    if s:byte(i) == 34 then
      local raw = s:sub(at + 1, i - 1)
      return raw:find("\\", 1, true) and unescape(raw) or raw, i + 1
    end
    to = i + 2
  end
end

local function parse_list(s, at, closing, keyed)
  local out = {}
  at = s:find("%S", at + 1)
  while s:sub(at, at) ~= closing do
    local key = #out + 1
    if keyed then
      key, at = parse_string(s, at)
      at = s:find("%S", s:find(":", at, true) + 1)
    end
    out[key], at = parse(s, at)
    at = s:find("[^%s,]", at)
  end
  return out, at + 1
end

function parse(s, at)
  local c = s:sub(at, at)
  if c == '"' then return parse_string(s, at) end
  if c == "{" then return parse_list(s, at, "}", true) end
  if c == "[" then return parse_list(s, at, "]", false) end
  local word = s:match("^[%w.+-]+", at)
  return tonumber(word) or (word == "true"), at + #word
end

local function rows(path)
  local pipe = io.popen(("gzip -dc '%s/%s' 2>/dev/null"):format(dir, path))
  return function()
    local line = pipe:read "*l"
    if line then return (parse(line, 1)) end
    pipe:close()
  end
end

local function files(folder)
  local list = {}
  for name in io.popen(("ls '%s/%s' 2>/dev/null"):format(dir, folder)):lines()
  do
    list[#list + 1] = folder .. "/" .. name
  end
  return list
end

-- --- scanning ---

local ROLE = { user = C.MG_ROLE_USER, system = C.MG_ROLE_SYSTEM,
  tool = C.MG_ROLE_TOOL_RESULT }
local NORMAL = 50

local cat = ffi.gc(C.mg_catalogue_new(), C.mg_catalogue_free)
for i = 0, C.mg_catalogue_count(cat) - 1 do C.mg_catalogue_need(cat, i) end
assert(C.mg_catalogue_compile(cat, nil) == 0,
  ffi.string(C.mg_catalogue_error(cat)))
local scan = ffi.gc(C.mg_scan_new(cat), C.mg_scan_free)

--- The name and bytes of the surest finding of a detector, or nil.
local function found(text, detector, role)
  local seg = ffi.new "struct mg_segment[1]"
  seg[0].role = ROLE[role] or C.MG_ROLE_USER
  seg[0].text.at, seg[0].text.len = text, #text
  local n = C.mg_scan_segments(scan, seg, 1)
  if n < 0 then return "error " .. n end
  local best, score = nil, NORMAL - 1
  for i = 0, n - 1 do
    local f = C.mg_scan_at(scan, i)
    local e = C.mg_catalogue_at(cat, f.entity)
    if f.score > score and ffi.string(e.detector) == detector then
      score = f.score
      best = ffi.string(e.name) .. " " .. text:sub(f.from + 1, f.to)
    end
  end
  return best
end

-- --- figures ---

-- Wilson's interval: it stays inside 0..1, also for few rows.
local function interval(k, n)
  local z, p = 1.96, k / n
  local middle = p + z * z / (2 * n)
  local half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
  return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
end

local function share(name, what, k, n)
  if n == 0 then return end
  local low, high = interval(k, n)
  print(("%-34s %-10s %6d of %6d  %.4f  [%.4f, %.4f]"):format(name, what, k,
    n, k / n, low, high))
end

local function measure(path, detector, is_positive)
  local hit, positives, alarm, negatives = 0, 0, 0, 0
  for row in rows(path) do
    local text = row.text
    local what = found(text, detector, row.role)
    if is_positive(row) then
      positives, hit = positives + 1, hit + (what and 1 or 0)
      if verbose and not what then print("  missed", text:sub(1, 120)) end
    else
      negatives, alarm = negatives + 1, alarm + (what and 1 or 0)
      if verbose and what then print("  alarm", what:sub(1, 120)) end
    end
  end
  local name = path:match "([^/]+)%.jsonl%.gz$" or path
  share(name, "found", hit, positives)
  share(name, "alarms", alarm, negatives)
end

local function positive(row) return row.label == "positive" end
local function attack(row) return row.label ~= "benign" end
local function program(row)
  return row.label ~= "prose" and row.label ~= "Text"
    and row.label ~= "Markdown"
end

print "secrets"
measure("secrets/dev/gitleaks.jsonl.gz", "secret", positive)
measure("secrets/dev/noseyparker.jsonl.gz", "secret", positive)
measure("secrets/dev/credsweeper.jsonl.gz", "secret", positive)
print "\ninjection"
for _, folder in ipairs { "injection/train", "injection/dev",
  "benign/train" } do
  for _, path in ipairs(files(folder)) do measure(path, "injection", attack) end
end
print "\nsource code"
for _, path in ipairs(files "code/train") do measure(path, "code", program) end
