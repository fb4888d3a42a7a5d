--- The decision: which policies match a case, and what each of them wants.
-- Findings make atoms true, atoms wake policies, a policy's leaves say yes or
-- no, and yes is a vote. The core joins the votes.
--
-- This runs for every request. It makes no closure, no string and no table, and
-- uses only what the JIT compiles; spec/lua/jit_spec.lua sees to that.

local bit = require "bit"

local abi = require "moongate.abi"
local excepted = require "moongate.except"
local own = require "moongate.own"
local plans = require "moongate.plan"
local when = require "moongate.when"

local band, floor = bit.band, math.floor
local finding, number = abi.finding, abi.number

local N = abi.quantity
local ATOM, TEST, RATE = plans.ATOM, plans.TEST, plans.RATE
local BLOCK = abi.action.block
local OBSERVE = abi.vote.observe
local TEXT, ATTACHED = when.TEXT, when.ATTACHED
local ATTACHMENT, DOCUMENT = abi.ATTACHMENT, abi.role.document

local M = {}

-- A document that stands in the body as text is both.
local function kinds_of(kind, role)
  if kind == ATTACHMENT then return ATTACHED end
  if role == DOCUMENT then return TEXT + ATTACHED end
  return TEXT
end

-- Does a finding count for an atom?
local function counts(plan, case, i, a, score, role, kinds)
  if score < plan.atom_min_score[a] or band(plan.atom_roles[a], role) == 0
    or band(plan.atom_kinds[a], kinds) == 0 then
    return false
  end
  local except = plan.atom_except[a]
  return not (except and excepted(case, i, except))
end

local function wake(now, list)
  local stamps, queue, stamp = now.policy_stamp, now.queue, now.stamp
  for i = 1, #list do
    local p = list[i]
    if stamps[p] ~= stamp then
      stamps[p] = stamp
      now.queued = now.queued + 1
      queue[now.queued] = p
    end
  end
end

-- One more for an atom; true when it is enough just now.
local function add(plan, now, a, i)
  local n = 1
  if now.atom_stamp[a] == now.stamp then
    n = now.atom_value[a] + 1
  else
    now.atom_stamp[a] = now.stamp
    now.atom_first[a] = i
  end
  now.atom_value[a] = n
  return n == plan.atom_min_count[a]
end

local function tally(plan, case, set, n)
  local now, atoms_of, wakes = plan.now, plan.atoms_of, set.wakes
  for i = 0, n - 1 do
    local entity, score, role, kind = finding(case, i)
    local list = atoms_of[entity]
    if list then
      local kinds = kinds_of(kind, role)
      for k = 1, #list do
        local a = list[k]
        if counts(plan, case, i, a, score, role, kinds)
          and add(plan, now, a, i) and wakes[a] then
          wake(now, wakes[a])
        end
      end
    end
  end
end

local function amount(case, quota)
  if quota.of == 2 then return floor(number(case, N.tokens)) end
  if quota.of == 3 then return floor(number(case, N.bytes)) end
  return 1
end

local function rate(case, it)
  return abi.quota(case, it.salt, it.by, it.max, it.seconds,
    amount(case, it)) > 0
end

local function test(plan, now, case, i)
  if now.test_stamp[i] ~= now.stamp then
    now.test_stamp[i] = now.stamp
    now.test_value[i] = plan.tests[i](case) and 1 or 0
  end
  return now.test_value[i] == 1
end

-- 1 yes, 0 no, -1 it failed.
local function word(plan, now, case, i, n)
  if now.word_stamp[i] ~= now.stamp then
    now.word_stamp[i] = now.stamp
    now.word_value[i] = own(plan.words[i], case, n)
  end
  return now.word_value[i]
end

-- Follows a condition from its first leaf: 1 yes, 0 no, -1 a word failed.
local function follow(plan, now, case, at, n)
  local kinds, args = plan.leaf_kind, plan.leaf_arg
  local yes_at, no_at = plan.leaf_yes, plan.leaf_no
  while at > 0 do
    local kind, arg = kinds[at], args[at]
    local yes
    if kind == ATOM then
      yes = now.atom_stamp[arg] == now.stamp
        and now.atom_value[arg] >= plan.atom_min_count[arg]
    elseif kind == TEST then
      yes = test(plan, now, case, arg)
    elseif kind == RATE then
      yes = rate(case, plan.rates[arg])
    else
      local said = word(plan, now, case, arg, n)
      if said < 0 then return -1 end
      yes = said == 1
    end
    at = yes and yes_at[at] or no_at[at]
  end
  return at < 0 and 1 or 0
end

--- Does policy p match? 1 yes, 0 no, -1 one of its words failed. Policies with
-- equal conditions share the answer.
local function matches(plan, now, case, p, stage, n)
  local at = plan.entry[stage][p]
  if at <= 0 then return at < 0 and 1 or 0 end
  if now.leaf_stamp[at] ~= now.stamp then
    now.leaf_stamp[at] = now.stamp
    now.leaf_value[at] = follow(plan, now, case, at, n)
  end
  return now.leaf_value[at]
end

M.matches = matches

-- Masks what a cover names, once, for however many policies.
local function cover(plan, now, case, i, n)
  if now.cover_stamp[i] == now.stamp then return end
  now.cover_stamp[i] = now.stamp
  local map, style = plan.covers[i].atoms_of, plan.covers[i].style
  for f = 0, n - 1 do
    local entity, score, role, kind = finding(case, f)
    local list = map[entity]
    if list then
      local kinds = kinds_of(kind, role)
      for k = 1, #list do
        if counts(plan, case, f, list[k], score, role, kinds) then
          abi.mask(case, f, style)
        end
      end
    end
  end
end

local function tell(plan, now, case, p, stage)
  local list = plan.because[stage][p]
  for k = 1, #list do
    local a = list[k]
    if now.atom_stamp[a] == now.stamp then
      abi.because(case, p - 1, now.atom_first[a])
    end
  end
end

local function act(plan, case, p, stage, n)
  local verb, flags = plan.verb[p], plan.flags[p]
  if verb == "limit" then
    local quota = plan.quota[p]
    local wait = abi.quota(case, plan.salt[p], quota.by, quota.max,
      quota.seconds, amount(case, quota))
    if wait > 0 then
      abi.cast_vote(case, p - 1, BLOCK, plan.reason[p], flags, wait)
    end
    return
  end
  abi.cast_vote(case, p - 1, plan.action[p], plan.reason[p], flags, 0)
  tell(plan, plan.now, case, p, stage)
  if verb == "mask" and band(flags, OBSERVE) == 0 then
    cover(plan, plan.now, case, plan.mask[stage][p], n)
  end
end

local function consider(plan, case, list, count, stage, n)
  local now = plan.now
  for i = 1, count do
    local p = list[i]
    local yes = matches(plan, now, case, p, stage, n)
    if yes > 0 then
      act(plan, case, p, stage, n)
    elseif yes < 0 then
      abi.fail(case, abi.ERROR, plan.fallback[p])
    end
  end
end

-- The detectors failed: whoever depends on them fails; the rest still speak.
local function without_findings(plan, case, set, stage, err)
  local members = set.members
  for i = 1, #members do
    local p = members[i]
    if plan.stages[p][stage].scan then
      abi.fail(case, err, plan.fallback[p])
    elseif matches(plan, plan.now, case, p, stage, 0) > 0 then
      act(plan, case, p, stage, 0)
    end
  end
end

--- Judges a case by the set of its scope.
function M.judge(plan, case, set_index)
  local stage = number(case, N.stage)
  local set = plan.sets[set_index][stage]
  local now = plan.now
  now.stamp = now.stamp + 1
  now.queued = 0
  local n = 0
  if set.scan then n = abi.scan(case) end
  if n < 0 then return without_findings(plan, case, set, stage, n) end
  if n > 0 then tally(plan, case, set, n) end
  consider(plan, case, now.queue, now.queued, stage, n)
  consider(plan, case, set.always, #set.always, stage, n)
end

return M
