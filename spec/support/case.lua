--- Cases to judge: texts with their roles, attributes, tags; and the outcome.
--
--   local judged = case.judge(policies, { input = "...", application = "x" })
--   judged["policy-id"] --> "mask", judged.masks --> { "[4,9)", ... }

local ffi = require "ffi"

local abi = require "moongate.abi"
local boot = require "moongate.boot"
local decide = require "moongate.decide"
local plans = require "moongate.plan"

ffi.cdef [[
  struct spec_case;
  struct spec_case *spec_case_new(void);
  void spec_case_free(struct spec_case *s);
  struct mg_case *spec_case_of(struct spec_case *s);
  void spec_case_attr(struct spec_case *s, uint32_t i, const char *, size_t);
  void spec_case_number(struct spec_case *s, uint32_t i, double n);
  void spec_case_text(struct spec_case *s, uint32_t role, uint32_t kind,
    const char *, size_t);
  void spec_case_list(struct spec_case *s, uint32_t list, const char *, size_t);
  void spec_case_scan(struct spec_case *s, struct mg_scan *scan);
  void spec_case_again(struct spec_case *s);
  int spec_case_vote(struct spec_case *s, uint32_t i, uint32_t *out);
  int spec_case_mask(struct spec_case *s, uint32_t i, uint32_t *out);
]]

local moongate = ffi.load(assert(os.getenv "MG_LIB"), true)
local C = ffi.load((os.getenv "MG_LIB"):gsub("libmoongate", "spec/case"))

local R = abi.role
local ROLES = { input = R.user, upload = R.document, system = R.system,
  assistant = R.assistant, tool_result = R.tool_result,
  tool_call = R.tool_call, output = R.assistant, document = R.document }

local ACTIONS = {}
for name, i in pairs(abi.action) do ACTIONS[i] = name end

local M = {}

--- A plan of policies given as { id = text }; words likewise. Or nil and why.
function M.plan(policies, words, applications)
  local function files(texts, dir)
    local list = {}
    for stem, text in pairs(texts or {}) do
      list[#list + 1] = { stem = stem, path = dir .. stem .. ".lua",
        text = text }
    end
    table.sort(list, function(a, b) return a.stem < b.stem end)
    return list
  end
  local plan, why = boot.plan(nil, files(policies, ""),
    files(words, "words/"), applications)
  if not plan then return nil, why end
  local handle = plan.cx.catalogue.handle
  assert(moongate.mg_catalogue_compile(handle, nil) == 0,
    ffi.string(moongate.mg_catalogue_error(handle)))
  plan.scan = ffi.gc(moongate.mg_scan_new(handle), moongate.mg_scan_free)
  return plan
end

local function add_text(handle, name, text)
  C.spec_case_text(handle, ROLES[name], name == "upload" and abi.ATTACHMENT
    or 0, text, #text)
end

local LISTS = { tags = 0, groups = 1, tools = 2 }

--- A case of { input =, application =, tags = {}, surface =, ... }.
function M.new(plan, t)
  local handle = ffi.gc(C.spec_case_new(), C.spec_case_free)
  C.spec_case_scan(handle, plan.scan)
  C.spec_case_number(handle, abi.quantity.surface,
    abi.surface[t.surface or "endpoint"])
  C.spec_case_number(handle, abi.quantity.stage, t.output and 1 or 0)
  C.spec_case_number(handle, abi.quantity.assurance, 3)
  C.spec_case_number(handle, abi.quantity.time, t.time or 1800000000)
  for name, i in pairs(abi.quantity) do
    if type(t[name]) == "number" and name ~= "surface" then
      C.spec_case_number(handle, i, t[name])
    end
  end
  for name, i in pairs(abi.attribute) do
    if t[name] then C.spec_case_attr(handle, i, t[name], #t[name]) end
  end
  for name in pairs(ROLES) do
    if t[name] then add_text(handle, name, t[name]) end
  end
  for name, i in pairs(LISTS) do
    for _, item in ipairs(t[name] or {}) do
      C.spec_case_list(handle, i, item, #item)
    end
  end
  return { handle = handle, case = C.spec_case_of(handle) }
end

--- Judges again, without the detectors; the cost is the decision's alone.
function M.again(plan, made)
  C.spec_case_again(made.handle)
  if not made.set then
    made.set = plans.resolve(plan, boot.scope_of(made.case))
  end
  return decide.judge(plan, made.case, made.set)
end

--- The wanted actions by policy id, before the join; and masks as "[from,to)".
function M.outcome(plan, made)
  local out, row = { masks = {} }, ffi.new "uint32_t[4]"
  local i = 0
  while C.spec_case_vote(made.handle, i, row) == 1 do
    local policy = plan.policies[row[0] + 1]
    out[policy and policy.id or "failure"] = row[2] == 1 and "observed "
      .. ACTIONS[row[1]] or ACTIONS[row[1]]
    i = i + 1
  end
  i = 0
  while C.spec_case_mask(made.handle, i, row) == 1 do
    out.masks[i + 1] = ("[%d,%d)"):format(row[1], row[2])
    i = i + 1
  end
  return out
end

--- One policy text (or a map of them) and one case, judged.
function M.judge(policies, t, words)
  if type(policies) == "string" then policies = { p = policies } end
  local plan = assert(M.plan(policies, words))
  local made = M.new(plan, t)
  M.again(plan, made)
  return M.outcome(plan, made)
end

return M
