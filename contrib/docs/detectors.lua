-- detectors.lua - writes the table of entities into docs/DETECTORS.md.
--
--   MG_LIB=build/libmoongate.so luajit contrib/docs/detectors.lua [--check]
--
-- The table stands between two comments and is made from the catalogue, so it
-- cannot disagree with it. With --check nothing is written, and the exit code
-- says whether something would be.

package.path = "./build/?.lua;" .. package.path
local ffi = require "ffi"
ffi.cdef(require "cdef")
local C = ffi.load(os.getenv "MG_LIB" or "./build/libmoongate.so")

local PATH = "docs/DETECTORS.md"
local BEGIN, END = "<!-- entities -->\n", "<!-- end of entities -->\n"

local function entities()
  local cat = ffi.gc(C.mg_catalogue_new(), C.mg_catalogue_free)
  local list = {}
  for i = 0, C.mg_catalogue_count(cat) - 1 do
    local e = C.mg_catalogue_at(cat, i)
    local name = ffi.string(e.name)
    -- Marks and further looks of an entity are found under the first row.
    if C.mg_catalogue_find(cat, name, #name) == i then
      list[#list + 1] = { name = name, detector = ffi.string(e.detector),
        mask = ffi.string(e.mask), tier = e.tier, score = e.score,
        about = e.about ~= nil and ffi.string(e.about) or "" }
    end
  end
  return list
end

local function table_of(list)
  local out, count = {}, {}
  for _, e in ipairs(list) do
    count[e.detector] = (count[e.detector] or 0) + 1
  end
  local detector
  for _, e in ipairs(list) do
    if e.detector ~= detector then
      detector = e.detector
      out[#out + 1] = ("\n### %s (%d)\n"):format(detector, count[detector])
      out[#out + 1] = "| entity | what | mask | tier | score |"
      out[#out + 1] = "|---|---|---|---|---|"
    end
    out[#out + 1] = ("| `%s` | %s | `[%s]` | %d | %d |"):format(e.name,
      e.about, e.mask, e.tier, e.score)
  end
  return table.concat(out, "\n") .. "\n\n"
end

local file = assert(io.open(PATH))
local text = file:read "*a"
file:close()

local from = assert(select(2, text:find(BEGIN, 1, true)))
local to = assert(text:find(END, from, true))
local list = entities()
table.sort(list, function(a, b)
  if a.detector ~= b.detector then return a.detector < b.detector end
  return a.name < b.name
end)
local made = text:sub(1, from) .. table_of(list) .. text:sub(to)

if arg[1] == "--check" then os.exit(made == text) end
file = assert(io.open(PATH, "w"))
file:write(made)
file:close()
