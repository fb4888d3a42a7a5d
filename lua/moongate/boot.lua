--- What the engine calls: reads the files it is given, and answers questions.
-- The engine owns the catalogue and passes its address; files come as text.

local abi = require "moongate.abi"
local apps = require "moongate.apps"
local conf = require "moongate.conf"
local decide = require "moongate.decide"
local examples = require "moongate.examples"
local explain = require "moongate.explain"
local load = require "moongate.load"
local plans = require "moongate.plan"

local M = {}

local function lowered(case, nth)
  local list, i = {}, 0
  local item = nth(case, i)
  while item do
    i = i + 1
    list[i] = item:lower()
    item = nth(case, i)
  end
  return list
end

local function scope_of(case)
  local scope = {
    surface = abi.number(case, abi.quantity.surface),
    now = abi.number(case, abi.quantity.time),
    attr = {}, tags = lowered(case, abi.tag),
    groups = lowered(case, abi.group),
  }
  for i = 0, abi.ATTRS - 1 do scope.attr[i] = abi.attr(case, i):lower() end
  return scope
end

M.scope_of = scope_of

--- Settings of a configuration: names, values, lines; or nil and a sentence.
function M.conf(path, text, env)
  local settings, i = {}, 1
  local it = abi.setting(i)
  while it do
    settings[it.name] = it
    i = i + 1
    it = abi.setting(i)
  end
  return conf(path, text, settings, env)
end

--- Fills the table of applications. Returns their ids; or nil and why not.
function M.apps(address, files, lists)
  local paths = {}
  for i, file in ipairs(files) do paths[i] = file.path end
  local list, why = apps.load(abi.applications(address), paths, lists)
  if not list then return nil, why end
  local ids = {}
  for i, app in ipairs(list) do ids[i] = app.id end
  return ids
end

--- A plan of the files { path, stem, text }; complaints, one string, when
-- something is wrong. `applications` is a list of ids.
function M.plan(address, files, word_files, applications)
  local known = nil
  if applications and #applications > 0 then
    known = {}
    for _, id in ipairs(applications) do known[id:lower()] = true end
  end
  local cx = { catalogue = abi.catalogue(address), applications = known }
  local policies, complaints = load.all(cx, files, word_files)
  local plan, more = plans.new(policies)
  for _, why in ipairs(more) do complaints[#complaints + 1] = why end
  if #complaints > 0 then return nil, table.concat(complaints, "\n") end
  for _, word in ipairs(plan.words) do word.catalogue = cx.catalogue end
  for entity in pairs(plan.needs) do cx.catalogue:need(entity) end
  plan.cx = cx
  return plan
end

--- The examples of a file, or nil and what is wrong.
M.examples = examples

--- What the engine keeps of a plan: ids, reasons, dimensions; lists of text.
function M.lists(plan)
  local ids = {}
  for p, policy in ipairs(plan.policies) do ids[p] = policy.id end
  local reasons = {}
  for i = 1, #plan.reasons do reasons[i] = plan.reasons[i] end
  return ids, reasons, plan.dimensions
end

--- The set of a case's scope: index, request?, reply?, until when.
function M.resolve(plan, address)
  return plans.resolve(plan, scope_of(abi.case(address)))
end

--- Drops every set; the next decisions resolve again.
function M.forget(plan) plan.sets = {} end

function M.judge(plan, address, set)
  return decide.judge(plan, abi.case(address), set)
end

function M.explain(plan, address)
  local case = abi.case(address)
  return explain(plan, case, scope_of(case))
end

M.describe = explain.list

return M
