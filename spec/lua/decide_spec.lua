local case = require "spec.support.case"

local MAIL = "write to ann@acme-corp.com now"
local CARD = "pay 4111 1111 1111 1111"

-- { what happens, When (and more) of policy p, the case, the outcome }
local function each(rows)
  for _, row in ipairs(rows) do
    it(row[1], function()
      local text = 'return Policy "p" {' .. row[2] .. "}"
      assert.equal(row[4], case.judge(text, row[3]).p or "allow")
    end)
  end
end

describe("When", function()
  each {
    { "finds what was sent", "When = input:has(pii), Then = log",
      { input = MAIL }, "log" },
    { "finds nothing in nothing", "When = input:has(pii), Then = log",
      { input = "hello" }, "allow" },
    { "is always true when left out", "Then = log", {}, "log" },
    { "looks at one side", "When = input:has(pii), Then = log",
      { output = MAIL }, "allow" },
    { "looks at the other", "When = output:has(pii), Then = log",
      { output = MAIL }, "log" },
    { "tells uploads from input", "When = input:has(pii), Then = log",
      { upload = MAIL }, "allow" },
    { "sees uploads", "When = upload:has(pii), Then = log",
      { upload = MAIL }, "log" },
    { "counts a document as both", "When = upload:has(pii), Then = log",
      { document = MAIL }, "log" },
    { "narrows to a role", "When = input:user():has(pii), Then = log",
      { system = MAIL }, "allow" },
    { "sees that role", "When = input:system():has(pii), Then = log",
      { system = MAIL }, "log" },
    { "sees tools", "When = tools:has(pii), Then = log",
      { tool_result = MAIL, input = "hello" }, "log" },
    { "does not take a user for a tool", "When = tools:has(pii), Then = log",
      { input = MAIL }, "allow" },
    { "knows absence", "When = input:lacks(pii), Then = log",
      { input = "hello" }, "log" },
    { "knows it is not absent", "When = input:lacks(pii), Then = log",
      { input = MAIL }, "allow" },
    { "takes any of a list", "When = input:has { secrets, pii }, Then = log",
      { input = MAIL }, "log" },
    { "wants all of all_of", [[When = all_of { input:has(pii "email"),
      input:has(pii "credit_card") }, Then = log]], { input = MAIL }, "allow" },
    { "and has them", [[When = all_of { input:has(pii "email"),
      input:has(pii "credit_card") }, Then = log]],
      { input = MAIL .. CARD }, "log" },
    { "wants none of none_of",
      "When = none_of { input:has(pii), input:has(secrets) }, Then = log",
      { input = "hello" }, "log" },
    { "counts", "When = input:has(pii { 'email', min_count = 2 }), Then = log",
      { input = MAIL }, "allow" },
    { "counts enough", "When = input:has(pii { 'email', min_count = 2 }), "
      .. "Then = log", { input = MAIL .. ", or bob@acme-corp.com" }, "log" },
    { "finds keywords", "When = input:has(keywords { 'Project Falcon' }), "
      .. "Then = log", { input = "about project falcon, please" }, "log" },
    { "finds patterns", "When = input:has(regex [[ACME-\\d{4}]]), Then = log",
      { input = "ticket ACME-1234" }, "log" },
    { "finds URLs that are denied",
      "When = input:has(urls { deny = { 'bad.example' } }), Then = log",
      { input = "see https://a.bad.example/x" }, "log" },
    { "and no others",
      "When = input:has(urls { deny = { 'bad.example' } }), Then = log",
      { input = "see https://good.example/x" }, "allow" },
    { "finds URLs that are not allowed",
      "When = input:has(urls { allow = { 'good.example' } }), Then = log",
      { input = "see http://good.example@bad.example/x" }, "log" },
    { "finds what is hidden", "When = input:has(hidden_text), Then = log",
      { input = "pass\226\128\139word" }, "log" },
    { "finds attacks of a kind", "When = input:has(appsec.sql), Then = log",
      { input = "name=x' OR 'a'='a" }, "log" },
    { "and no other kind", "When = input:has(appsec.xss), Then = log",
      { input = "name=x' OR 'a'='a" }, "allow" },
    { "leaves out phrases that do not count",
      "When = input:has(pii), Then = log, except = 'ann@acme-corp.com'",
      { input = MAIL }, "allow" },
    { "but not others", "When = input:has(pii), Then = log, "
      .. "except = 'bob@acme-corp.com'", { input = MAIL }, "log" },
    { "asks for more score than there is",
      "When = input:has(pii { min_score = 100, 'email' }), Then = log",
      { input = MAIL }, "allow" },
  }
end)

describe("attr", function()
  each {
    { "matches a pattern", "When = attr.model:matches 'gpt-4*', Then = log",
      { model = "GPT-4o" }, "log" },
    { "does not match", "When = attr.model:matches 'gpt-4*', Then = log",
      { model = "o4" }, "allow" },
    { "is one of a list", "When = attr.user:is { 'ann', 'bob' }, Then = log",
      { user = "bob" }, "log" },
    { "takes a star as it is in is()",
      "When = attr.user:is '*', Then = log", { user = "bob" }, "allow" },
    { "is over a number", "When = attr.bytes > 10, Then = log",
      { bytes = 11 }, "log" },
    { "is not over a number", "When = attr.bytes > 10, Then = log",
      { bytes = 10 }, "allow" },
    { "may stand on the right", "When = 10 < attr.bytes, Then = log",
      { bytes = 11 }, "log" },
    { "compares with units", "When = size >= 2 * KiB, Then = log",
      { bytes = 2048 }, "log" },
    { "compares in order inside a list", [[When = any_of {
      all_of { attr.bytes > 10, attr.tokens < 5 }, attr.segments > 90 },
      Then = log]], { bytes = 11, tokens = 4 }, "log" },
    { "and keeps them apart", [[When = any_of {
      all_of { attr.bytes > 10, attr.tokens < 5 }, attr.segments > 90 },
      Then = log]], { bytes = 11, tokens = 6 }, "allow" },
    { "has words for comparisons", "When = attr.bytes:at_most(5), Then = log",
      { bytes = 5 }, "log" },
    { "knows tools", "When = attr.tool:matches 'shell*', Then = log",
      { tools = { "read", "shell_exec" } }, "log" },
    { "knows tags", "When = attr.tag:is 'vip', Then = log",
      { tags = { "vip" } }, "log" },
    { "knows assurance", "When = assurance < mtls, Then = log",
      { assurance = 2 }, "log" },
    { "is not below it", "When = assurance < mtls, Then = log",
      { assurance = 3 }, "allow" },
    -- 1800000000 is Friday, 15 January 2027, 08:00 UTC.
    { "knows the time", "When = time { from = '08:00', to = '09:00' }, "
      .. "Then = log", {}, "log" },
    { "knows days", "When = time { days = 'sat,sun' }, Then = log", {},
      "allow" },
    { "knows zones", "When = time { from = '09:00', zone = '+02:00' }, "
      .. "Then = log", {}, "log" },
    { "knows nights", "When = time { from = '22:00', to = '09:00' }, "
      .. "Then = log", {}, "log" },
  }
end)

describe("Where", function()
  each {
    { "knows surfaces", "Where = browser, Then = log", {}, "allow" },
    { "knows applications",
      "Where = endpoint { applications = 'openai' }, Then = log",
      { application = "openai" }, "log" },
    { "unites values", "Where = endpoint { applications = { 'a', 'openai' } }, "
      .. "Then = log", { application = "openai" }, "log" },
    { "intersects filters", "Where = endpoint { applications = 'openai', "
      .. "tags = 'vip' }, Then = log", { application = "openai" }, "allow" },
    { "takes patterns", "Where = endpoint { integrations = 'eng-*' }, "
      .. "Then = log", { integration = "eng-macbooks" }, "log" },
    { "unites surfaces", "Where = { browser, endpoint { users = 'ann' } }, "
      .. "Then = log", { user = "ann" }, "log" },
    { "takes away", "Where = anywhere:except(endpoint { groups = 'legal' }), "
      .. "Then = log", { groups = { "legal" } }, "allow" },
    { "keeps the rest", "Where = anywhere:except(endpoint { groups = "
      .. "'legal' }), Then = log", { groups = { "sales" } }, "log" },
    { "knows gateways", "Where = gateway { routes = 'r1' }, Then = log",
      { surface = "gateway", route = "r1" }, "log" },
    { "knows engines", "Where = api { engines = 'e' }, Then = log",
      { surface = "api", engine = "e" }, "log" },
  }
end)

describe("options", function()
  each {
    { "observe", "Then = block 'no', mode = observe", {}, "observed block" },
    { "expires, not yet", "Then = log, expires = '2027-01-15'", {}, "log" },
    { "expired", "Then = log, expires = '2027-01-14'", {}, "allow" },
  }

  it("replaces another within its own Where only", function()
    local policies = {
      all = 'return Policy "all" { Then = log }',
      own = 'return Policy "own" { Where = endpoint { applications = "x" }, '
        .. 'Then = block "no", replaces = "all" }',
    }
    assert.is_nil(case.judge(policies, { application = "x" }).all)
    assert.equal("block", case.judge(policies, { application = "x" }).own)
    assert.equal("log", case.judge(policies, { application = "y" }).all)
  end)
end)

describe("mask", function()
  local function masks(body, t)
    return case.judge('return Policy "p" {' .. body .. "}", t).masks
  end

  it("covers what its conditions found", function()
    assert.same({ "[9,26)" }, masks("When = input:has(pii), Then = mask",
      { input = MAIL }))
  end)

  it("covers no more than it names", function()
    local both = MAIL .. " " .. CARD
    assert.same({ "[9,26)" }, masks(
      "When = input:has(pii), Then = mask { only = pii 'email' }",
      { input = both }))
    assert.equal(2, #masks("When = input:has(pii), Then = mask",
      { input = both }))
  end)

  it("covers nothing while it only observes", function()
    assert.same({}, masks("When = input:has(pii), Then = mask, mode = observe",
      { input = MAIL }))
  end)

  it("needs no condition when it says what", function()
    assert.same({ "[9,26)" }, masks("Then = mask { only = pii }",
      { input = MAIL }))
  end)
end)

describe("an operator's function", function()
  local function word(fn)
    local words = { w = 'return Word "w" { needs = pii, is = ' .. fn .. " }" }
    return pcall(case.judge, 'return Policy "p" { When = w, Then = log }',
      { input = MAIL, application = "x" }, words)
  end

  it("sees findings and attributes", function()
    local _, said = word [[function(findings, attr)
      return #findings == 1 and findings[1].entity == "pii.email"
        and findings[1].text == "ann@acme-corp.com" and attr.application == "x"
    end]]
    assert.equal("log", said.p)
  end)

  it("may say no", function()
    local _, said = word "function() return false end"
    assert.is_nil(said.p)
  end)
end)
