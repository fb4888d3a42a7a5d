--- Runs an operator's own word: a function over findings and attributes.
-- It runs interpreted and under a budget. What throws, never ends or answers
-- anything but true or false has failed, and failing is not "no".

local abi = require "moongate.abi"
local sandbox = require "moongate.sandbox"

local BUDGET = 200000 -- VM instructions; about a millisecond
local MOST = 1000 -- findings shown; more and the word fails

local A, N = abi.attribute, abi.quantity

local function findings_of(case, n, catalogue)
  local list = {}
  for i = 0, n - 1 do
    local entity, score, role = abi.finding(case, i)
    local text, first, last = abi.context(case, i)
    local it = catalogue:at(entity)
    list[i + 1] = { entity = it.name, detector = it.detector, score = score,
      role = role, text = text:sub(first, last) }
  end
  return list
end

local function attributes_of(case)
  local attr = {}
  for name, i in pairs(A) do attr[name] = abi.attr(case, i) end
  for name, i in pairs(N) do attr[name] = abi.number(case, i) end
  attr.tags, attr.groups, attr.tools = {}, {}, {}
  for field, nth in pairs { tags = abi.tag, groups = abi.group,
    tools = abi.tool } do
    local i = 0
    while nth(case, i) do
      attr[field][i + 1] = nth(case, i)
      i = i + 1
    end
  end
  return attr
end

--- 1 yes, 0 no, -1 the word failed.
return function(word, case, n)
  if n > MOST then return -1 end
  local ok, said = sandbox.run(BUDGET, word.fn,
    findings_of(case, n, word.catalogue), attributes_of(case))
  if not ok or type(said) ~= "boolean" then return -1 end
  return said and 1 or 0
end
