local case = require "spec.support.case"

local busted_it = it

-- What is wrong with one policy named p; nil when nothing is.
local function reason(text, words)
  local plan, why = case.plan({ p = text }, words,
    { "openai", "anthropic", "deepseek" })
  return not plan and why or nil
end

local function policy(body) return 'return Policy "p" {\n' .. body .. "\n}" end

describe("a policy that is wrong says where and what:", function()
  for title, it in pairs {
    ["a misspelt word"] = { policy "  When = input:has(secret),\n  Then = log",
      "p.lua:2: unknown word 'secret', did you mean 'secrets'?" },
    ["a misspelt field"] = { policy "  Whne = always,\n  Then = log",
      "p.lua:2: a policy has no 'Whne', did you mean 'When'?" },
    ["a misspelt filter"] = {
      policy "  Where = endpoint { application = 'x' },\n  Then = log",
      "endpoint has no filter 'application', did you mean 'applications'?" },
    ["an unknown application"] = {
      policy "  Where = endpoint { applications = 'opneai' },\n  Then = log",
      "p.lua:2: there is no application 'opneai', did you mean 'openai'?" },
    ["an unknown entity"] = {
      policy "  When = input:has(pii 'emial'),\n  Then = log",
      "nothing in this build finds 'emial', did you mean 'email'?" },
    ["a detector that is not there"] = {
      policy "  When = input:has(topic 'medical'),\n  Then = log",
      "p.lua:2: topic medical: nothing in this build finds 'medical'" },
    ["an unknown attribute"] = {
      policy "  When = attr.modle:is 'x',\n  Then = log",
      "there is no attribute 'modle', did you mean 'model'?" },
    ["an unknown verb of an attribute"] = {
      policy "  When = attr.model:matchs 'x',\n  Then = log",
      "attr.model has no 'matchs', did you mean 'matches'?" },
    ["== between an attribute and a text"] = {
      policy "  When = attr.model == 'x',\n  Then = log",
      "p.lua:2: When: a comparison gave 'false'" },
    ["'and' between conditions"] = {
      policy "  When = attr.bytes > 1 and attr.model:is 'x',\n  Then = log",
      "p.lua:2: a comparison was lost" },
    ["'not' before a comparison"] = {
      policy "  When = not (attr.bytes > 1),\n  Then = log",
      "none_of" },
    ["a plain true"] = { policy "  When = true,\n  Then = log",
      "'true' is no condition; say 'always'" },
    ["a block without a reason"] = { policy "  Then = block",
      "p.lua:2: block wants a reason" },
    ["no Then"] = { policy "  When = always", "Then is missing" },
    ["a mask of nothing"] = { policy "  When = always,\n  Then = mask",
      "p.lua:3: mask has nothing to cover" },
    ["input and output at once"] = { policy
      "  When = all_of { input:has(pii), output:has(pii) },\n  Then = log",
      "p.lua:2: 'p' can never be: it asks for input and output at once" },
    ["a limit without a span"] = { policy "  Then = limit { 5 }",
      "p.lua:2: limit: per is" },
    ["a date that is none"] = {
      policy "  Then = log,\n  expires = 'soon'",
      "p.lua:3: expires is a date such as" },
    ["a stream that would be promised and not kept"] = {
      policy "  Then = log,\n  stream = 'buffer'",
      "p.lua:3: stream = 'buffer' is not in this build: replies that stream "
        .. "are judged after they end; leave it out, or say 'observe'" },
    ["a severity that is none"] = {
      policy "  Then = log,\n  severity = 'huge'",
      "p.lua:3: severity is one of critical, high, low, medium, not 'huge'" },
    ["a policy that replaces nothing"] = {
      policy "  Then = log,\n  replaces = 'q'",
      "p.lua:3: replaces 'q', but there is no such policy" },
    ["another name than the file's"] = { 'return Policy "q" { Then = log }',
      "the policy is named 'q', its file 'p'" },
    ["no policy at all"] = { "return 7", "a policy file ends in" },
    ["two of them"] = { 'return Policy "p" { Then = log }, 2',
      "a file returns one thing" },
    ["a syntax error"] = { "return Policy {", "p.lua:1:" },
  } do
    local text, want = it[1], it[2]
    busted_it(title, function()
      local why = reason(text)
      assert.truthy(why, "it loads")
      assert.truthy(why:find(want, 1, true), why)
      assert.truthy(why:match "^p%.lua:%d+: ", why)
    end)
  end

  it("and every broken file is reported", function()
    local _, why = case.plan { a = "return 1", b = "return nope", c = "x(" }
    assert.equal(3, select(2, why:gsub("%.lua:1:", "")))
  end)
end)

describe("a policy file", function()
  it("cannot reach the system", function()
    for _, word in ipairs { "os", "io", "require", "loadstring", "ffi", "jit",
      "debug", "_G", "getfenv", "setmetatable", "string", "pcall" } do
      assert.truthy(reason("return " .. word .. ".x"):find("unknown word '"
        .. word .. "'", 1, true))
    end
  end)

  it("cannot leave anything behind", function()
    assert.truthy(reason("x = 1"):find "may not define 'x'")
  end)

  it("cannot spin", function()
    assert.truthy(reason("while true do end"):find "its budget is spent")
    assert.truthy(reason("local function f() return f() end f()")
      :find "its budget is spent")
  end)

  it("cannot eat memory", function()
    assert.truthy(reason "local s = 'x' while true do s = s .. s end")
    assert.truthy(reason("return ('x'):rep(1e9)"))
    assert.truthy(reason("return ('x'):format()"))
  end)

  it("cannot be bytecode", function()
    assert.truthy(reason(string.dump(function() end)):find "bytecode")
  end)

  it("leaves the methods of strings as they were", function()
    reason "while true do end"
    assert.equal("xx", ("x"):rep(2))
    assert.equal("1", ("%d"):format(1))
  end)
end)

describe("an operator's word", function()
  local body = 'return Policy "p" { When = input:has(ours), Then = log }'

  it("may be made of others", function()
    assert.is_nil(reason(body,
      { ours = 'return Word "ours" { pii, secrets }' }))
    assert.is_nil(reason(body, { ours = 'return Word "ours" (theirs)',
      theirs = 'return Word "theirs" (pii "email")' }))
  end)

  it("is named by its file when it is broken", function()
    local why = reason(body, { ours = 'return Word "ours" (secret)' })
    assert.truthy(why:find("words/ours.lua:1: unknown word 'secret', did you "
      .. "mean 'secrets'?", 1, true), why)
    assert.truthy(why:find("p.lua:1: the word 'ours' is broken", 1, true), why)
  end)

  it("cannot be made of itself", function()
    assert.truthy(reason(body, { ours = 'return Word "ours" (ours)' })
      :find "made of itself")
  end)

  it("cannot take a word's place", function()
    assert.truthy(reason(body, { ours = 'return Word "ours" (pii)',
      pii = 'return Word "pii" (secrets)' }):find "'pii' is a word already")
  end)
end)
