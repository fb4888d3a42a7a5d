local suggest = require "moongate.suggest"
local glob = require "moongate.glob"

describe("a suggestion", function()
  local known = { "endpoint", "gateway", "browser", "api" }

  it("is the nearest word", function()
    assert.equal(", did you mean 'gateway'?", suggest("gatway", known))
    assert.equal(", did you mean 'endpoint'?", suggest("endpiont", known))
    assert.equal(", did you mean 'api'?", suggest("apis", { api = true }))
  end)

  it("is not made for what is far from everything", function()
    assert.equal("", suggest("telephone", known))
    assert.equal("", suggest("x", known))
    assert.equal("", suggest(("x"):rep(1000), known))
  end)
end)

describe("a pattern", function()
  for _, row in ipairs {
    { "gpt-4*", "gpt-4o", true }, { "gpt-4*", "gpt-3", false },
    { "*", "", true }, { "*", "anything", true }, { "a*c", "abc", true },
    { "a*c", "abcd", false }, { "*b*", "abc", true }, { "a?c", "abc", true },
    { "a?c", "ac", false }, { "", "", true }, { "", "a", false },
    { "*a*b*c*", "xxaxxbxxcxx", true }, { "a**b", "ab", true },
    { ("*a"):rep(20) .. "b", ("a"):rep(60), false },
  } do
    it(("%s against %s"):format(row[1], row[2]), function()
      assert.equal(row[3], glob.match(row[2], row[1]))
    end)
  end
end)
