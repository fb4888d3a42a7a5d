--- The last decision as a tree: who could speak, who did, and why.
-- Called after a judgement, while what it found out still stands.

local abi = require "moongate.abi"
local decide = require "moongate.decide"
local plans = require "moongate.plan"
local where = require "moongate.where"

local format = string.format

local OP = { any = "any_of", all = "all_of", none = "none_of" }

-- Is it true? Only what was looked at is known.
local function truth(plan, case, node)
  if node.op == "always" then return true end
  if node.op == "test" then return node.test(case) end
  if node.op == "has" then
    local i = plan.atoms.by_key[plans.atom_key(node, node.except)]
    local now = plan.now
    return i ~= nil and now.atom_stamp[i] == now.stamp
      and now.atom_value[i] >= node.min_count, i
  end
  if node.op == "word" then
    local i = plan.words.by_key[node.name]
    local now = plan.now
    if not i or now.word_stamp[i] ~= now.stamp then return nil end
    return now.word_value[i] == 1
  end
  return nil
end

local function place(plan, case, i)
  local first = plan.now.atom_first[i]
  local entity, score = abi.finding(case, first)
  local _, path, from, to = abi.place(case, first)
  return format("%s (score %d) at %s %d..%d, %d in all",
    plan.cx.catalogue:at(entity).name, score, path ~= "" and path or "the text",
    from, to, plan.now.atom_value[i])
end

local function say(yes)
  if yes == nil then return "not asked" end
  return yes and "yes" or "no"
end

local function add(plan, case, stage, node, except, depth, out)
  local pad = ("  "):rep(depth)
  if node.kids then
    out[#out + 1] = pad .. OP[node.op]
    for _, kid in ipairs(node.kids) do
      add(plan, case, stage, kid, except, depth + 1, out)
    end
    return
  end
  local name = node.text or node.key or node.op
  if node.stages and not node.stages[stage] then
    out[#out + 1] = pad .. name .. ": the other side"
    return
  end
  local yes, i = truth(plan, case, setmetatable({ except = except },
    { __index = node }))
  local line = pad .. name .. ": " .. say(yes)
  if yes and i then line = line .. ", " .. place(plan, case, i) end
  out[#out + 1] = line
end

local function then_text(policy)
  local it = policy.Then
  local text = it.verb
  if it.verb == "block" then text = format('block "%s"', it.reason) end
  if it.verb == "limit" then
    text = format("limit %d in %d s", it.quota.max, it.quota.seconds)
  end
  return text .. (policy.mode == "observe" and ", observing only" or "")
end

local function tree(plan, case, scope)
  local out = {}
  local stage = abi.number(case, abi.quantity.stage)
  local list, _, replaced = plans.members(plan, scope)
  local within = {}
  for _, p in ipairs(list) do within[p] = true end
  local outside = {}
  local n = abi.scan(case)
  for p, policy in ipairs(plan.policies) do
    if not within[p] then
      outside[#outside + 1] = policy.id .. (replaced[policy.id]
        and " (replaced by " .. replaced[policy.id] .. ")" or "")
    elseif not plan.stages[p][stage] then
      out[#out + 1] = format("%s: speaks on the other side only", policy.id)
    else
      local yes = decide.matches(plan, plan.now, case, p, stage,
        n > 0 and n or 0)
      out[#out + 1] = format("%s: %s", policy.id, yes < 0 and "FAILED"
        or yes > 0 and "matches, " .. then_text(policy) or "does not match")
      out[#out + 1] = "  Where " .. where.describe(policy.Where) .. ": yes"
      out[#out + 1] = "  When"
      add(plan, case, stage, policy.When, policy.except, 2, out)
    end
  end
  if #outside > 0 then
    out[#out + 1] = "outside their Where: " .. table.concat(outside, ", ")
  end
  return table.concat(out, "\n") .. "\n"
end

--- One line a policy: id, what it does, where.
local function list(plan)
  local out = {}
  for p, policy in ipairs(plan.policies) do
    local replaces = policy.replaces and "  (instead of " .. policy.replaces
      .. ")" or ""
    local expires = policy.expires and policy.expires <= os.time()
      and "  EXPIRED" or ""
    out[p] = format("%-32s %-24s %s%s%s", policy.id,
      policy.Then.verb .. (policy.mode == "observe" and " (observe)" or ""),
      where.describe(policy.Where), replaces, expires)
  end
  return table.concat(out, "\n") .. (#out > 0 and "\n" or "")
end

return setmetatable({ list = list }, {
  __call = function(_, ...) return tree(...) end,
})
