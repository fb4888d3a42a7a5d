local case = require "spec.support.case"

-- What the JIT gave up on while `fn` ran, in words.
local function aborts(fn)
  local reasons = require("jit.vmdef").traceerr
  local seen = {}
  local function watch(what, _, _, _, code, extra)
    if what == "abort" then
      local text = reasons[code] or tostring(code)
      seen[#seen + 1] = (text:gsub("%%[sd]", tostring(extra)))
    end
  end
  jit.attach(watch, "trace")
  fn()
  jit.attach(watch)
  return seen
end

describe("a decision", function()
  local texts = {
    "input:has(pii)", "input:lacks(pii)", "attr.model:matches 'gpt-4*'",
    "any_of { input:has(secrets), attr.bytes > 10 }",
    "all_of { input:user():has(pii 'email'), attr.tool:is 'shell' }",
    "time { from = '09:00', to = '18:00' }", "always",
    "none_of { input:has(pii 'iban'), attr.stream }",
    "rate { 100, per = minute, by = user }",
  }
  local thens = { "log", "mask { only = pii }", "block 'no'",
    "limit { 100, per = minute, by = user }" }
  local policies = {}
  for i = 1, 200 do
    policies["p" .. i] = ("return Policy 'p%d' { When = %s, Then = %s }")
      :format(i, texts[i % #texts + 1], thens[i % #thens + 1])
  end

  it("uses nothing that the JIT cannot compile", function()
    local plan = assert(case.plan(policies))
    local cases = {}
    for i = 1, 20 do
      cases[i] = case.new(plan, {
        input = i % 2 == 0 and "write to ann@acme-corp.com" or "hello",
        model = i % 3 == 0 and "gpt-4o" or "claude", user = "ann",
        tools = { "shell" }, bytes = i,
      })
      case.again(plan, cases[i]) -- finds the set of its scope, once
    end
    local seen = aborts(function()
      for i = 1, 20000 do case.again(plan, cases[i % 20 + 1]) end
    end)
    local nyi = {}
    for _, text in ipairs(seen) do
      -- The assembler gives up on a trace now and then; that is about registers
      -- and not about what the code says.
      if text:find "NYI" and not text:find "register" then
        nyi[#nyi + 1] = text
      end
    end
    assert.same({}, nyi)
  end)
end)
