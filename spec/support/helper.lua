--- What every spec may use. `examples` is the word of spec/policies: the same
-- files run under `moongate test`, so here they run through that very program.

local busted = require "busted"

-- C's declarations can be read once in one process, so what holds them is
-- loaded here, before busted begins to unload modules after each file.
require "spec.support.case"

local PROGRAM = "build/moongate test --policies policies --json "

local ran = {}

-- What the program says of a file's examples, by title.
local function outcomes(path)
  if ran[path] then return ran[path] end
  local out = {}
  local pipe = assert(io.popen(PROGRAM .. path .. " 2>&1"))
  for line in pipe:lines() do
    local title = line:match '"title":"(.-)","wanted"'
    if title then
      out[title] = { ok = line:find('"ok":true', 1, true) ~= nil,
        got = line:match '"got":"(.-)"' }
    else
      out.complaint = (out.complaint or "") .. line .. "\n"
    end
  end
  pipe:close()
  ran[path] = out
  return out
end

rawset(_G, "examples", function(policy)
  return function(cases)
    busted.describe(policy, function()
      for _, case in ipairs(cases) do
        busted.it(case[1] .. ": " .. case[2], function()
          local out = outcomes("spec/policies/" .. policy .. "_spec.lua")
          local outcome = out[case[1]]
          assert(outcome, out.complaint or "was not run")
          busted.assert.equal(case[2], outcome.got)
        end)
      end
    end)
  end
end)
