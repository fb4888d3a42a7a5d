--- The only module that knows C exists.
-- Everyone else gets plain Lua values and two opaque handles: a catalogue and
-- a case. C counts from 0 and its spans are [from, to); that is kept here, for
-- indices go back to C.

local ffi = require "ffi"

ffi.cdef(require "cdef")

-- In the program the functions are its own; specs load them from a library.
local function library()
  if pcall(function() return ffi.C.mg_abi end) then return ffi.C end
  return ffi.load(assert(os.getenv "MG_LIB", "MG_LIB names no library"))
end

local C = library()
local SPEAKS = 1
assert(C.mg_abi() == SPEAKS,
  ("C speaks ABI %d, Lua speaks %d: rebuild"):format(C.mg_abi(), SPEAKS))

local str, cast = ffi.string, ffi.cast
local case_t = ffi.typeof "struct mg_case *"
local catalogue_t = ffi.typeof "struct mg_catalogue *"

local M = {}

--- The values of an enum by their names without the prefix, in lower case.
local function enum(prefix, names)
  local values = {}
  for name in names:gmatch "%w+[_%w]*" do
    values[name] = tonumber(C["MG_" .. prefix .. name:upper()])
  end
  return values
end

M.role = enum("ROLE_", [[other system user assistant tool_call tool_result
  tool_definition document thinking any]])
M.surface = enum("", "endpoint gateway api browser")
M.action = enum("", "allow log mask block")
M.style = enum("MASK_", "placeholder keep_length keep_last4 hash token")
M.attribute = enum("ATTR_", [[application integration host method path model
  user device use_case route gateway engine user_agent content_type]])
M.ATTRS = tonumber(C.MG_ATTRS)
M.quantity = enum("NUM_", [[surface stage bytes segments assurance time stream
  tokens]])
M.vote = enum("VOTE_", "observe alert")
M.word = enum("WORD_", "caseless whole urls")
M.ATTACHMENT = tonumber(C.MG_SEGMENT_ATTACHMENT)
M.ERROR = tonumber(C.MG_EINVAL)

--- A sentence for a negative result.
function M.reason(err) return str(C.mg_strerror(err)) end

-- Words that compare: used at load -------------------------------------------

--- A constructor of values that hold an id and may be compared with anything:
-- of all Lua's values only cdata may be compared with numbers.
function M.comparable(meta)
  return ffi.metatype(ffi.typeof "struct { int32_t id; }", meta)
end

function M.id_of(value) return value.id end

-- Catalogue: used at load ----------------------------------------------------

local Catalogue = {}
Catalogue.__index = Catalogue

--- The catalogue at `address`, or a new one.
function M.catalogue(address)
  local handle = address and cast(catalogue_t, address)
    or ffi.gc(C.mg_catalogue_new(), C.mg_catalogue_free)
  return setmetatable({ handle = handle }, Catalogue)
end

function Catalogue:count() return C.mg_catalogue_count(self.handle) end

--- { name, detector, mask, about, tier, score } of an entity, or nil.
function Catalogue:at(i)
  local it = C.mg_catalogue_at(self.handle, i)
  if it == nil then return nil end
  return {
    name = str(it.name), detector = str(it.detector), mask = str(it.mask),
    about = it.about ~= nil and str(it.about) or "",
    tier = it.tier, score = it.score,
  }
end

--- Index of an entity by name or alias, or nil.
function Catalogue:find(name)
  local i = C.mg_catalogue_find(self.handle, name, #name)
  return i >= 0 and i or nil
end

--- Indices of a group's members; nil when there is no such group.
function Catalogue:group(name)
  local list = {}
  local i = C.mg_catalogue_group(self.handle, name, #name, 0)
  while i >= 0 do
    list[#list + 1] = i
    i = C.mg_catalogue_group(self.handle, name, #name, #list)
  end
  return #list > 0 and list or nil
end

local function added(self, i)
  if i >= 0 then return i end
  local why = str(C.mg_catalogue_error(self.handle))
  return nil, why ~= "" and why or M.reason(i)
end

--- Index of an operator's own pattern, or nil and why not.
function Catalogue:add_regex(name, pattern, flags)
  return added(self, C.mg_catalogue_add_regex(self.handle, name, #name,
    pattern, #pattern, flags))
end

--- Index of an operator's own list of words, one to a line.
function Catalogue:add_words(name, words, flags)
  return added(self, C.mg_catalogue_add_words(self.handle, name, #name,
    words, #words, flags))
end

function Catalogue:need(i) return C.mg_catalogue_need(self.handle, i) end

--- Settings ------------------------------------------------------------------

--- { name, kind, initial, choices, about } of the i-th setting, from 1.
function M.setting(i)
  local it = C.mg_setting_at(i - 1)
  if it == nil then return nil end
  return {
    name = str(it.name), kind = str(it.kind), initial = str(it.initial),
    choices = it.choices ~= nil and str(it.choices) or nil,
    about = str(it.about),
  }
end

--- The table of applications at `address`, or a new one; see abi_apps.lua.
M.applications = require "moongate.abi_apps" (ffi, C)

-- Case: used for every decision ----------------------------------------------

--- The case at `address`: an opaque handle for the calls below.
function M.case(address) return cast(case_t, address) end

local function text(slice)
  if slice == nil then return nil end
  return str(slice.at, slice.len)
end

function M.attr(case, i)
  local slice = C.mg_case_attr(case, i)
  return str(slice.at, slice.len)
end

function M.number(case, i) return C.mg_case_number(case, i) end

function M.tag(case, i) return text(C.mg_case_tag(case, i)) end

function M.group(case, i) return text(C.mg_case_group(case, i)) end

function M.tool(case, i) return text(C.mg_case_tool(case, i)) end

function M.scan(case) return C.mg_case_scan(case) end

--- entity, score, role, kind of segment, of a finding that exists.
function M.finding(case, i)
  local f = C.mg_case_finding(case, i)
  local segment = C.mg_case_segment(case, f.segment)
  return f.entity, f.score, f.role, segment.kind
end

--- The text of a finding's segment, and its span there: first, last.
function M.context(case, i)
  local f = C.mg_case_finding(case, i)
  local segment = C.mg_case_segment(case, f.segment)
  return text(segment.text), f.from + 1, f.to
end

--- segment, path, first, last of a finding. For the record.
function M.place(case, i)
  local f = C.mg_case_finding(case, i)
  local segment = C.mg_case_segment(case, f.segment)
  return f.segment, text(segment.path), f.from + 1, f.to
end

function M.cast_vote(case, policy, action, reason, flags, retry)
  return C.mg_case_vote(case, policy, action, reason, flags, retry)
end

function M.mask(case, finding, style)
  return C.mg_case_mask(case, finding, style)
end

function M.because(case, policy, finding)
  return C.mg_case_because(case, policy, finding)
end

function M.fail(case, err, fallback)
  return C.mg_case_fail(case, err, fallback)
end

function M.quota(case, salt, by, max, seconds, amount)
  return C.mg_case_quota(case, salt, by, max, seconds, amount)
end

return M
