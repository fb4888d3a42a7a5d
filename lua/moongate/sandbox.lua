--- Runs what an operator wrote: in a closed world, under a budget.
-- A chunk sees only the environment it is given. It runs interpreted, for
-- compiled code never looks at hooks; a hook counts its instructions and its
-- memory. Methods of strings that can take for ever or make something huge
-- (rep, format, patterns) are not there while it runs.

local M = {}

local STEP = 10 -- instructions between two looks: no time to grow much
local MEMORY = 64 * 1024 -- KiB more than at the start

local strings = getmetatable("")
local whole = strings.__index

--- Methods of strings that an operator's function may use.
local function find(text, what, from)
  return whole.find(text, what, from, true)
end

M.strings = {
  byte = whole.byte, find = find, len = whole.len, lower = whole.lower,
  sub = whole.sub, upper = whole.upper,
}

local function watch(budget)
  local left, start = budget, collectgarbage "count"
  return function()
    left = left - STEP
    if left < 0 then error("this never ends: its budget is spent", 2) end
    if collectgarbage "count" - start > MEMORY then
      error("this takes too much memory", 2)
    end
  end
end

--- pcall(fn, ...) under a budget of VM instructions; two results at most.
function M.run(budget, fn, ...)
  jit.off(fn, true)
  strings.__index = M.strings
  debug.sethook(watch(budget), "", STEP)
  local ok, one, two = pcall(fn, ...)
  debug.sethook()
  strings.__index = whole
  return ok, one, two
end

return M
