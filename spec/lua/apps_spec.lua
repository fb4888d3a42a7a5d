local abi = require "moongate.abi"
local apps = require "moongate.apps"

local function load(files, lists)
  local handle = abi.applications()
  local list, why = apps.load(handle, files or {}, lists or {})
  local index = {}
  for i, app in ipairs(list or {}) do index[app.id] = i - 1 end
  return handle, index, list, why
end

local function file(text)
  local path = os.tmpname() .. ".lua"
  local out = assert(io.open(path, "w"))
  out:write(text)
  out:close()
  return path
end

local function body_of(name)
  local input = assert(io.open("spec/data/wire/" .. name, "rb"))
  local body = input:read "*a"
  input:close()
  return body
end

-- { role, path, text, "sealed" | "attachment" | "unread" or nil }
local function row(seg)
  local kind = seg.unread and "unread" or seg.kind
  return { seg.role, seg.path, seg.text, kind ~= "text" and kind or nil }
end

describe("a body of every endpoint", function()
  local handle, index = load()

  for _, case in ipairs(dofile "spec/data/wire/index.lua") do
    it("is read whole: " .. case.file, function()
      local got = assert(handle:read {
        application = index[case.application], stage = case.stage,
        method = "POST", path = case.path, body = body_of(case.file),
      })
      local segments = {}
      for i, seg in ipairs(got.segments) do segments[i] = row(seg) end
      assert.same(case.segments, segments)
      assert.equal(case.endpoint, got.endpoint)
      assert.equal(case.model or "", got.model)
      assert.equal(case.stream or false, got.stream)
      assert.equal(case.unread or 0, got.unread)
      assert.same(case.tools or {}, got.tools)
      assert.same(case.tokens or { 0, 0 }, { got.tokens_in, got.tokens_out })
    end)
  end
end)

describe("coverage", function()
  local handle, index = load({}, {
    ai = { ".llm.example", "one.example" },
    chatty = { "metrics.llm.example", "noise.openai.com" },
    bypass = { "private.llm.example", "*.sora.chatgpt.com" },
  })

  local function is(host, coverage, app)
    local got, owner = handle:cover(host)
    assert.equal(coverage, got, host)
    if app then assert.equal(index[app], owner, host) end
  end

  it("knows every application by its hosts", function()
    is("api.openai.com", "covered", "openai")
    is("api.anthropic.com", "covered", "anthropic")
    is("generativelanguage.googleapis.com", "covered", "google")
    is("api2.cursor.sh", "covered", "cursor")
    is("api.githubcopilot.com", "covered", "copilot")
    is("api.mistral.ai", "covered", "mistral")
    is("api.deepseek.com", "covered", "deepseek")
    is("api.groq.com", "covered", "groq")
    is("api.perplexity.ai", "covered", "perplexity")
  end)

  it("follows labels, not letters", function()
    is("files.oaiusercontent.com", "covered", "openai")
    is("oaiusercontent.com", "uncovered")
    is("agent.api5.cursor.sh", "covered", "cursor")
    is("us-central1-aiplatform.googleapis.com", "covered", "google")
    is("aiplatform.googleapis.com.evil.example", "uncovered")
    is("notapi.openai.com", "uncovered")
    is("api.openai.com.evil.example", "uncovered")
    is("xapi.openai.com", "uncovered")
    is("googleapis.com", "uncovered")
  end)

  it("does not care for case and a trailing dot", function()
    is("API.OpenAI.COM.", "covered", "openai")
    is("Claude.AI", "covered", "anthropic")
  end)

  it("puts bypass before chatty, and both before the rest", function()
    is("llm.example", "covered", "generic")
    is("a.b.llm.example", "covered", "generic")
    is("metrics.llm.example", "chatty")
    is("private.llm.example", "bypassed")
    is("one.example", "covered", "generic")
    is("two.one.example", "uncovered")
    is("auth.openai.com", "bypassed")
    is("x.sora.chatgpt.com", "bypassed")
    is("sora.chatgpt.com", "covered", "openai")
  end)

  it("takes nothing that is no host name", function()
    for _, host in ipairs { "", ".", "..", "a..b", ".api.openai.com",
      "api.openai.com:443", "api.openai.com/", "[::1]", "127.0.0.1",
      ("a"):rep(300), "api.openai.com\0" } do
      is(host, "uncovered")
    end
  end)
end)

describe("the built-in tables", function()
  it("keep the promised hosts", function()
    local handle, index = load()
    local promised = {
      openai = { "api.openai.com", "chatgpt.com", "chat.openai.com" },
      anthropic = { "api.anthropic.com", "claude.ai" },
      google = { "generativelanguage.googleapis.com", "gemini.google.com",
        "aistudio.google.com" },
      cursor = { "api2.cursor.sh", "api.cursor.com" },
      copilot = { "copilot.microsoft.com", "api.githubcopilot.com" },
      mistral = { "api.mistral.ai", "chat.mistral.ai" },
      deepseek = { "api.deepseek.com", "chat.deepseek.com" },
      groq = { "api.groq.com" },
      perplexity = { "api.perplexity.ai" },
    }
    for id, hosts in pairs(promised) do
      for _, host in ipairs(hosts) do
        local coverage, owner = handle:cover(host)
        assert.equal("covered", coverage, host)
        assert.equal(index[id], owner, host)
      end
    end
  end)

  it("pass the checks that an operator's tables pass", function()
    for _, app in ipairs(assert(apps.tables())) do
      local path = "lua/moongate/apps/" .. app.id .. ".lua"
      assert.same({}, apps.check(path, app, ""))
    end
  end)

  it("name no path twice", function()
    for _, app in ipairs(assert(apps.tables())) do
      local seen = {}
      for _, ep in ipairs(app.endpoints) do
        local key = ep[2] .. " " .. ep[3]
        assert.is_nil(seen[key], app.id .. ": " .. key)
        seen[key] = true
      end
    end
  end)
end)

describe("an operator's table", function()
  it("adds an application with its own shape", function()
    local handle, index = load { file [[
      return {
        id = "house",
        hosts = { "llm.house.example" },
        block = { status = 451, body = '{"why":"@MESSAGE@"}' },
        endpoints = {
          { "ask", "POST", "/ask/*", stream = "none",
            request = { ["/q"] = "user", ["/key"] = "opaque" } },
        },
      }]] }
    assert.equal("covered", (handle:cover "llm.house.example"))
    local got = handle:read { application = index.house, method = "POST",
      path = "/ask/me", body = '{"key":"k","q":"hi","z":"other"}' }
    assert.equal("ask", got.endpoint)
    assert.equal(2, #got.segments)
    assert.equal("user", got.segments[1].role)
    assert.equal("other", got.segments[2].role)
  end)

  it("extends a built-in one and is asked first", function()
    local handle, index, list = load { file [[
      return { extends = "openai", hosts = { "ai.proxy.example" },
        block = { status = 400 },
        endpoints = { { "mine", "POST", "/v1/chat/completions",
          request = { ["/messages/*/content"] = "document" } } } }]] }
    assert.equal("openai", list[1].id)
    assert.equal(400, list[1].block.status)
    assert.equal("covered", (handle:cover "api.openai.com"))
    local _, owner = handle:cover "ai.proxy.example"
    assert.equal(index.openai, owner)
    local got = handle:read { application = 0, method = "POST",
      path = "/v1/chat/completions",
      body = '{"messages":[{"role":"user","content":"x"}]}' }
    assert.equal("mine", got.endpoint)
    assert.equal("document", got.segments[1].role)
  end)

  it("replaces a built-in one of the same id", function()
    local handle = load { file
      [[return { id = "groq", hosts = { "groq.example" } }]] }
    assert.equal("uncovered", (handle:cover "api.groq.com"))
    assert.equal("covered", (handle:cover "groq.example"))
  end)
end)

describe("an operator's table that is wrong", function()
  local function reason(text)
    local path = file(text)
    local list, why = apps.tables { path }
    assert.is_nil(list)
    assert.equal(path, why:sub(1, #path))
    return why:sub(#path + 1)
  end

  it("is told the line, the word and a suggestion", function()
    assert.matches(":3: unknown word 'usr' for '/q', did you mean 'user'%?",
      reason [[return { id = "x", endpoints = {
  { "ask", "POST", "/ask", request = {
    ["/q"] = "usr" } } } }]])
    assert.matches(":2: unknown field 'host', did you mean 'hosts'%?",
      reason 'return { id = "x",\n host = {} }')
    assert.matches(":2: no shape is called 'openai.chta', "
      .. "did you mean 'openai.chat'%?",
      reason('return { id = "x", endpoints = {\n'
        .. '{ "a", "POST", "/a", like = "openai.chta" } } }'))
  end)

  it("is told about hosts, paths, methods and statuses", function()
    assert.matches("'http://x' in hosts is no host pattern",
      reason 'return { id = "x", hosts = { "http://x" } }')
    assert.matches("path 'a' must begin with '/'",
      reason 'return { id = "x", endpoints = { { "a", "POST", "a" } } }')
    assert.matches("method 'post' is written in capitals",
      reason 'return { id = "x", endpoints = { { "a", "post", "/" } } }')
    assert.matches("block.status must be between 400 and 599",
      reason 'return { id = "x", block = { status = 200 } }')
    assert.matches("extends 'opnai', which is no application, "
      .. "did you mean 'openai'%?", reason 'return { extends = "opnai" }')
    assert.matches("id is missing", reason "return {}")
  end)

  it("cannot do anything", function()
    assert.matches(":1: attempt to index global 'os'",
      reason 'os.execute "true" return {}')
    assert.matches(":1: the file never ends", reason "while true do end")
    assert.matches(":1: compiled code is not read",
      reason(string.dump(function() end)))
    assert.matches(":1: must return one table", reason "return 1")
  end)

  it("leaves nothing half loaded", function()
    local _, _, list, why = load { file "return {" }
    assert.is_nil(list)
    assert.is_string(why)
  end)
end)
