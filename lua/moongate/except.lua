--- Phrases that do not count: is a finding part of one?
-- A phrase covers a finding when it stands around it in the text, or when it is
-- all that was found. Only policies that have `except` pay for this.

local abi = require "moongate.abi"

local find, lower = string.find, string.lower

local function stands_around(text, phrase, first, last)
  local from = first - #phrase
  local at, to = find(text, phrase, from > 1 and from or 1, true)
  while at and at <= first do
    if to >= last then return true end
    at, to = find(text, phrase, at + 1, true)
  end
  return false
end

return function(case, i, phrases)
  local text, first, last = abi.context(case, i)
  -- Only what can touch the finding is looked at: texts may be long.
  for k = 1, #phrases do
    local phrase = lower(phrases[k])
    local from = first - #phrase
    if from < 1 then from = 1 end
    local near = lower(text:sub(from, last + #phrase))
    if stands_around(near, phrase, first - from + 1, last - from + 1) then
      return true
    end
  end
  return false
end
