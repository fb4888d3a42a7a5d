local abi = require "moongate.abi"
local words = require "moongate.words"

describe("the vocabulary", function()
  it("is what editors are told", function()
    local rules = setmetatable({ files = setmetatable({}, {
      __index = function(t, key)
        rawset(t, key, {})
        return t[key]
      end,
    }) }, { __index = _G })
    local chunk = assert(loadfile ".luacheckrc")
    setfenv(chunk, rules)()
    local told = rules.files["policies"].read_globals
    local names = words.names { catalogue = abi.catalogue() }
    table.sort(told)
    table.sort(names)
    assert.same(names, told)
  end)
end)
