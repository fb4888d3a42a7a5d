--- Makes of the policies what decide.lua can run fast.
--
--   policies -> atoms   what one finding can make true: entities, score, roles
--            -> tests   what the case alone makes true
--            -> leaves  per policy and stage, a graph: yes there, no there
--   scope    -> set     the policies of one (surface, application, ...), and
--                       which of them an atom wakes
--
-- Numbers stand for everything, in flat arrays that begin at 1, so that a
-- decision compares numbers and makes nothing.

local bit = require "bit"

local abi = require "moongate.abi"
local suggest = require "moongate.suggest"
local when = require "moongate.when"
local where = require "moongate.where"

local format = string.format

local M = { ATOM = 1, TEST = 2, RATE = 3, WORD = 4, TRUE = -1, FALSE = 0 }

local FALLBACK = { block = 0, allow_with_alert = 1, log = 2 }

-- Which conditions speak at a stage ------------------------------------------

local function has_stage(node)
  if node.stages then return true end
  for _, kid in ipairs(node.kids or {}) do
    if has_stage(kid) then return true end
  end
  return false
end

--- The part of a condition that a stage can answer; nil when there is none.
local function at_stage(node, stage)
  if node.stages then return node.stages[stage] and node or nil end
  if not node.kids then return node end
  local kids = {}
  for _, kid in ipairs(node.kids) do
    kids[#kids + 1] = at_stage(kid, stage)
  end
  local all = #kids == #node.kids
  if #kids == 0 or (node.op ~= "any" and not all) then return nil end
  return { op = node.op, kids = kids }
end

local function uses_up(policy)
  local quota = policy.Then.quota
  return quota and quota.of > 1
end

-- A policy speaks where something of its own is looked at. One that looks at
-- attributes alone speaks once, on the request; but what is counted in tokens
-- or bytes is known when the reply is.
local function program(policy, stage)
  local node = at_stage(policy.When, stage)
  if not node then return nil end
  if has_stage(policy.When) then return has_stage(node) and node or nil end
  return (stage == when.REQUEST or uses_up(policy)) and node or nil
end

-- Can it be true, can it be false, while nothing was found?
local function without_findings(node)
  if node.op == "has" then return false, true end
  if node.op == "always" then return true, false end
  if not node.kids then return true, true end
  local any_true, all_true, any_false, all_false = false, true, false, true
  for _, kid in ipairs(node.kids) do
    local can, cannot = without_findings(kid)
    any_true, all_true = any_true or can, all_true and can
    any_false, all_false = any_false or cannot, all_false and cannot
  end
  if node.op == "any" then return any_true, all_false end
  if node.op == "all" then return all_true, any_false end
  return all_false, any_true
end

-- Atoms and tests, each once -------------------------------------------------

local function set_key(list)
  local sorted = {}
  for i, value in ipairs(list) do sorted[i] = value end
  table.sort(sorted)
  return table.concat(sorted, ",")
end

local function intern(pool, key, make)
  local i = pool.by_key[key]
  if not i then
    i = #pool + 1
    pool[i] = make()
    pool.by_key[key] = i
  end
  return i
end

--- What makes two has() the same.
function M.atom_key(node, except)
  return format("%s|%d|%d|%d|%d|%s", set_key(node.entities),
    node.min_score, node.min_count, node.roles, node.kinds,
    except and table.concat(except, "\n") or "")
end

local function atom(plan, node, except)
  return intern(plan.atoms, M.atom_key(node, except), function()
    return {
      min_score = node.min_score, min_count = node.min_count,
      roles = node.roles, kinds = node.kinds, except = except,
      entities = node.entities,
    }
  end)
end

-- Equal leaves are one, from the end on; so equal conditions begin at one leaf
-- and a decision asks them once, for however many policies.
local function leaf(plan, kind, arg, yes, no)
  local key = format("%d %d %d %d", kind, arg, yes, no)
  local known = plan.leaf_by_key[key]
  if known then return known end
  local i = #plan.leaf_kind + 1
  plan.leaf_by_key[key] = i
  plan.leaf_kind[i], plan.leaf_arg[i] = kind, arg
  plan.leaf_yes[i], plan.leaf_no[i] = yes, no
  return i
end

local function salt(text)
  local a, b = 0x811c9dc5, 0x01000193
  for i = 1, #text do
    local c = text:byte(i)
    a = bit.tobit(bit.bxor(a, c) * 403)
    b = bit.tobit(bit.bxor(b, c) * 769 + a)
  end
  return bit.band(a, 0x7fffffff) * 0x200000 + bit.band(b, 0x1fffff)
end

local emit

local function emit_chain(plan, policy, kids, yes, no, all)
  local rest = all and yes or no
  for i = #kids, 1, -1 do
    if all then
      rest = emit(plan, policy, kids[i], rest, no)
    else
      rest = emit(plan, policy, kids[i], yes, rest)
    end
  end
  return rest
end

local EMIT = {}

function EMIT.has(plan, policy, node, yes, no)
  local i = atom(plan, node, policy.except)
  return leaf(plan, M.ATOM, i, yes, no)
end

function EMIT.test(plan, _, node, yes, no)
  local i = intern(plan.tests, node.key, function() return node.test end)
  return leaf(plan, M.TEST, i, yes, no)
end

function EMIT.always(_, _, _, yes) return yes end

function EMIT.rate(plan, policy, node, yes, no)
  policy.rates = (policy.rates or 0) + 1
  local i = #plan.rates + 1
  plan.rates[i] = { max = node.max, seconds = node.seconds, by = node.by,
    of = node.of, salt = salt(policy.id .. "#" .. policy.rates) }
  return leaf(plan, M.RATE, i, yes, no)
end

function EMIT.word(plan, _, node, yes, no)
  local i = intern(plan.words, node.name, function() return node end)
  for _, entity in ipairs(node.needs) do plan.needs[entity] = true end
  return leaf(plan, M.WORD, i, yes, no)
end

function EMIT.any(plan, policy, node, yes, no)
  return emit_chain(plan, policy, node.kids, yes, no, false)
end

function EMIT.all(plan, policy, node, yes, no)
  return emit_chain(plan, policy, node.kids, yes, no, true)
end

function EMIT.none(plan, policy, node, yes, no)
  return emit_chain(plan, policy, node.kids, no, yes, false)
end

--- Where a condition begins; what it answers leads to `yes` or `no`.
function emit(plan, policy, node, yes, no)
  return EMIT[node.op](plan, policy, node, yes, no)
end

-- One policy -----------------------------------------------------------------

-- Calls fn for every has() whose truth speaks for the policy.
local function each_has(node, fn, denied)
  if node.op == "has" then fn(node, denied) end
  for _, kid in ipairs(node.kids or {}) do
    each_has(kid, fn, denied ~= (node.op == "none"))
  end
end

local function uses_word(node)
  if node.op == "word" then return true end
  for _, kid in ipairs(node.kids or {}) do
    if uses_word(kid) then return true end
  end
  return false
end

-- What `mask` covers: what its conditions found, or what `only` names there.
local function mask_nodes(policy, node, stage)
  local found = {}
  each_has(node, function(has, denied)
    if not denied then found[#found + 1] = has end
  end, false)
  local only = policy.Then.only
  if not only then return found end
  local roles, kinds = 0, 0
  for _, has in ipairs(found) do
    roles, kinds = bit.bor(roles, has.roles), bit.bor(kinds, has.kinds)
  end
  if roles == 0 then
    roles, kinds = abi.role.any, when.TEXT
    if stage == when.REPLY then kinds = when.TEXT + when.ATTACHED end
  end
  local list = {}
  for i, noun in ipairs(only) do
    list[i] = { entities = noun.entities, min_score = noun.min_score,
      min_count = 1, roles = roles, kinds = kinds }
  end
  return list
end

local function by_entity(plan, list)
  local map = {}
  for _, i in ipairs(list) do
    for _, entity in ipairs(plan.atoms[i].entities) do
      local of = map[entity] or {}
      map[entity] = of
      of[#of + 1] = i
    end
  end
  return map
end

local function compile_stage(plan, policy, stage)
  local node = program(policy, stage)
  if not node then return nil end
  local it = { atoms = {}, because = {} }
  it.entry = emit(plan, policy, node, M.TRUE, M.FALSE)
  it.unasked = without_findings(node)
  each_has(node, function(has, denied)
    local i = atom(plan, has, policy.except)
    it.atoms[#it.atoms + 1] = i
    if not denied then it.because[#it.because + 1] = i end
  end, false)
  it.scan = #it.atoms > 0 or uses_word(node)
  if policy.Then.verb == "mask" then
    local list = {}
    for i, has in ipairs(mask_nodes(policy, node, stage)) do
      list[i] = atom(plan, has, policy.except)
    end
    it.masks = #list
    it.mask = intern(plan.covers, set_key(list) .. "/" .. policy.Then.style,
      function()
        return { atoms_of = by_entity(plan, list), style = policy.Then.style }
      end)
    it.scan = true
  end
  return it
end

local function complain(policy, field, ...)
  return format("%s:%d: %s", policy.path, policy.lines[field] or 1,
    format(...))
end

local function check_policy(policy, stages)
  if not stages[0] and not stages[1] then
    return complain(policy, "When", "'%s' can never be: it asks for input "
      .. "and output at once; write two policies, or use any_of", policy.id)
  end
  if policy.Then.verb == "mask" then
    for stage = 0, 1 do
      if stages[stage] and stages[stage].masks == 0 then
        return complain(policy, "Then", "mask has nothing to cover: say "
          .. "input:has(...) in When, or mask { only = ... }")
      end
    end
  end
end

local VERBS = { log = abi.action.log, mask = abi.action.mask,
  block = abi.action.block, limit = abi.action.block }

local function flags_of(policy)
  return (policy.mode == "observe" and abi.vote.observe or 0)
    + (policy.alert and abi.vote.alert or 0)
end

local function reason(plan, policy)
  local text = policy.Then.reason or ""
  return intern(plan.reasons, text, function() return text end) - 1
end

local function add_policy(plan, policy)
  local p = #plan.policies + 1
  local stages = {}
  for stage = 0, 1 do stages[stage] = compile_stage(plan, policy, stage) end
  local why = check_policy(policy, stages)
  if why then return why end
  plan.policies[p] = policy
  plan.index[policy.id] = p
  plan.verb[p] = policy.Then.verb
  plan.action[p] = VERBS[policy.Then.verb]
  plan.reason[p] = reason(plan, policy)
  plan.flags[p] = flags_of(policy)
  plan.quota[p] = policy.Then.quota or false
  plan.salt[p] = salt(policy.id)
  plan.fallback[p] = FALLBACK[policy.on_failure] or -1
  plan.stages[p] = stages
  for stage = 0, 1 do
    plan.entry[stage][p] = stages[stage] and stages[stage].entry or 0
    plan.because[stage][p] = stages[stage] and stages[stage].because or {}
    plan.mask[stage][p] = stages[stage] and stages[stage].mask or false
  end
end

-- replaces -------------------------------------------------------------------

local function check_replaces(plan, complaints)
  for _, policy in ipairs(plan.policies) do
    local other = policy.replaces
    if other and not plan.index[other] then
      complaints[#complaints + 1] = complain(policy, "replaces",
        "replaces '%s', but there is no such policy%s", other,
        suggest(other, plan.index))
    end
    local seen = {}
    while other and plan.index[other] do
      if other == policy.id or seen[other] then
        complaints[#complaints + 1] = complain(policy, "replaces",
          "'%s' replaces itself by way of '%s'", policy.id, policy.replaces)
        break
      end
      seen[other] = true
      other = plan.policies[plan.index[other]].replaces
    end
  end
end

-- Sets -----------------------------------------------------------------------

local A = abi.attribute

-- A policy that names its applications, integrations or tags is found by them;
-- the rest are looked at for every scope.
local KEYS = { A.application, A.integration, where.TAGS, A.route, A.engine,
  A.gateway, where.GROUPS }

local function exact_filter(alternative)
  for _, dimension in ipairs(KEYS) do
    for _, filter in ipairs(alternative.filters) do
      if filter.dimension == dimension and #filter.list.globs == 0 then
        return filter
      end
    end
  end
end

local function index_where(plan, p, it)
  local only = it.alternatives and #it.alternatives == 1 and not it.parts
    and exact_filter(it.alternatives[1])
  if not only then
    plan.general[#plan.general + 1] = p
    return
  end
  local by = plan.by[only.dimension] or {}
  plan.by[only.dimension] = by
  for value in pairs(only.list.exact) do
    by[value] = by[value] or {}
    table.insert(by[value], p)
  end
end

local function nearby(plan, scope)
  local seen, list = {}, {}
  local function take(some)
    for _, p in ipairs(some or {}) do
      if not seen[p] then
        seen[p] = true
        list[#list + 1] = p
      end
    end
  end
  take(plan.general)
  for dimension, by in pairs(plan.by) do
    local value = scope.attr[dimension]
    if dimension == where.TAGS or dimension == where.GROUPS then
      value = dimension == where.TAGS and scope.tags or scope.groups
      for _, one in ipairs(value) do take(by[one]) end
    else
      take(by[value])
    end
  end
  table.sort(list)
  return list
end

--- The policies whose Where holds, without the replaced and the expired; and
-- the moment when this may change.
local function members(plan, scope)
  local within, replaced, list = {}, {}, {}
  local changes = math.huge
  for _, p in ipairs(nearby(plan, scope)) do
    local policy = plan.policies[p]
    local alive = not policy.expires or policy.expires > scope.now
    if alive and where.holds(policy.Where, scope) then
      within[#within + 1] = p
      if policy.replaces then replaced[policy.replaces] = policy.id end
      if policy.expires and policy.expires < changes then
        changes = policy.expires
      end
    end
  end
  for _, p in ipairs(within) do
    if not replaced[plan.policies[p].id] then list[#list + 1] = p end
  end
  return list, changes, replaced
end

M.members = members

local function stage_set(plan, list, stage)
  local it = { members = {}, always = {}, wakes = {}, scan = false }
  for _, p in ipairs(list) do
    local program_ = plan.stages[p][stage]
    if program_ then
      it.members[#it.members + 1] = p
      it.scan = it.scan or program_.scan
      if program_.unasked then it.always[#it.always + 1] = p end
      for _, a in ipairs(program_.unasked and {} or program_.atoms) do
        it.wakes[a] = it.wakes[a] or {}
        table.insert(it.wakes[a], p)
      end
    end
  end
  return it
end

--- The set of a scope: index, whether each stage is looked at, and when the
-- answer may change (seconds since 1970; 0: never).
function M.resolve(plan, scope)
  local list, changes = members(plan, scope)
  local i = #plan.sets + 1
  plan.sets[i] = { [0] = stage_set(plan, list, 0), stage_set(plan, list, 1) }
  return i, #plan.sets[i][0].members > 0, #plan.sets[i][1].members > 0,
    changes < math.huge and changes or 0
end

-- All ------------------------------------------------------------------------

local function new()
  local plan = {
    policies = {}, index = {}, stages = {}, sets = {}, by = {}, general = {},
    atoms = { by_key = {} }, tests = { by_key = {} }, words = { by_key = {} },
    reasons = { by_key = {} }, covers = { by_key = {} }, rates = {}, needs = {},
    leaf_by_key = {}, leaf_kind = {}, leaf_arg = {},
    leaf_yes = {}, leaf_no = {},
    verb = {}, action = {}, reason = {}, flags = {}, quota = {},
    salt = {}, fallback = {},
    entry = { [0] = {}, {} }, because = { [0] = {}, {} },
    mask = { [0] = {}, {} },
  }
  intern(plan.reasons, "", function() return "" end)
  return plan
end

-- The atoms of each entity, and the parts of atoms as flat arrays; then what
-- a decision writes, made once.
local function flatten(plan)
  local list = {}
  for i = 1, #plan.atoms do list[i] = i end
  plan.atoms_of = by_entity(plan, list)
  for _, field in ipairs { "min_score", "min_count", "roles", "kinds",
    "except" } do
    local flat = {}
    for i, it in ipairs(plan.atoms) do flat[i] = it[field] or false end
    plan["atom_" .. field] = flat
  end
  for i = 1, #plan.atoms do
    for _, entity in ipairs(plan.atoms[i].entities) do
      plan.needs[entity] = true
    end
  end
  plan.now = { stamp = 0, queued = 0, queue = {} }
  for _, of in ipairs { { "atom", #plan.atoms }, { "test", #plan.tests },
    { "word", #plan.words }, { "policy", #plan.policies },
    { "leaf", #plan.leaf_kind }, { "cover", #plan.covers } } do
    local stamps, values = {}, {}
    for i = 1, of[2] do stamps[i], values[i] = 0, 0 end
    plan.now[of[1] .. "_stamp"], plan.now[of[1] .. "_value"] = stamps, values
  end
  local first = {}
  for i = 1, #plan.atoms do first[i] = 0 end
  plan.now.atom_first = first
end

--- The dimensions that some Where looks at, as a list.
function M.dimensions(plan)
  local set, list = {}, {}
  for _, policy in ipairs(plan.policies) do
    where.dimensions(policy.Where, set)
  end
  for dimension in pairs(set) do list[#list + 1] = dimension end
  table.sort(list)
  return list
end

--- A plan of all policies, and complaints about those that make no sense.
function M.new(policies)
  local plan, complaints = new(), {}
  for _, policy in ipairs(policies) do
    complaints[#complaints + 1] = add_policy(plan, policy)
  end
  check_replaces(plan, complaints)
  for p, policy in ipairs(plan.policies) do
    index_where(plan, p, policy.Where)
  end
  flatten(plan)
  plan.dimensions = M.dimensions(plan)
  return plan, complaints
end

return M
