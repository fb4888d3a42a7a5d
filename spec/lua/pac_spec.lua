local abi = require "moongate.abi"
local apps = require "moongate.apps"
local pac = dofile "pac-gen/pac.lua"

local PROXY = "HTTPS proxy.example.com:8443"

local function setting(tables, lists)
  return { tables = tables, lists = lists or {}, proxies = { PROXY } }
end

local function with_hosts(...)
  return setting { { id = "one", hosts = { ... } } }
end

-- Names around a pattern: itself, above, below, beside, and look-alikes.
local function neighbours(pattern)
  local name = pattern:gsub("^%*?%.?", ""):gsub("^%-", "")
  return {
    name, name:upper(), name .. ".", "a." .. name, "a.b." .. name,
    "evil" .. name, "x-" .. name, "us-east-" .. name, "-" .. name,
    name .. ".evil.com", name:gsub("^[^.]*%.", ""), name:gsub("%.", "-"),
    "*." .. name, "*-" .. name, "*" .. name, name .. "x",
  }
end

describe("the PAC file", function()
  it("covers exactly the hosts that the proxy covers", function()
    local lists = {
      ai = { ".ai.example.org", "*.below.example.org", "*-x.example.org",
        "api.openai.com", "bare.example.org" },
      chatty = { "chat.ai.example.org", ".quiet.example.org" },
      bypass = { "never.ai.example.org", "*.claude.ai" },
    }
    local handle = abi.applications()
    local tables = assert(apps.load(handle, {}, lists))
    local corpus, patterns = {}, {}
    for _, app in ipairs(tables) do
      for _, p in ipairs(app.hosts or {}) do patterns[#patterns + 1] = p end
      for _, p in ipairs(app.leave or {}) do patterns[#patterns + 1] = p end
    end
    for _, list in pairs(lists) do
      for _, p in ipairs(list) do patterns[#patterns + 1] = p end
    end
    for _, p in ipairs(patterns) do
      for _, host in ipairs(neighbours(p)) do corpus[#corpus + 1] = host end
    end
    assert.is_true(#corpus > 500)

    local text = assert(pac.ask(setting(tables, lists),
      table.concat(corpus, "\n")))
    local i = 0
    for line in (text .. "\n"):gmatch "([^\n]*)\n" do
      i = i + 1
      local covered = handle:cover(corpus[i]) == "covered"
      -- A star is a sign of patterns; no device asks for such a name.
      if not corpus[i]:find("*", 1, true) then
        assert.equal(covered and PROXY or "DIRECT", line, corpus[i])
      end
    end
    assert.equal(#corpus, i)
  end)

  it("is ASCII, and ES3 in every word", function()
    local text = assert(pac.render(setting(assert(apps.tables {}))))
    assert.is_nil(text:find "[^\t\n\32-\126]")
    for _, word in ipairs { "let ", "const ", "=>", "`", "dnsResolve",
      "isInNet", "isResolvable", "myIpAddress", "shExpMatch" } do
      assert.is_nil(text:find(word, 1, true), word)
    end
    assert.is_not_nil(text:find("isPlainHostName", 1, true))
  end)

  it("is the same every time", function()
    local tables = assert(apps.tables {})
    assert.equal(pac.render(setting(tables)), pac.render(setting(tables)))
  end)

  it("fails closed or open, as asked", function()
    local shut = assert(pac.render(with_hosts "a.com"))
    assert.is_not_nil(shut:find('"' .. PROXY .. '"', 1, true))
    local s = with_hosts "a.com"
    s.open, s.proxies = true, { PROXY, "PROXY p:1" }
    assert.is_not_nil(assert(pac.render(s)):find(
      '"' .. PROXY .. '; PROXY p:1; DIRECT"', 1, true))
  end)

  for _, wrong in ipairs { 'a.com"', "a.com\n", "a b.com", "a..com", "",
    "a.com;", "*", "*.", ".", "a.*.com", "-a.com", "a-.com", "\xc3\xa4.com",
    "a.com\\", "</script>", ("a"):rep(64) .. ".com", "*-com" } do
    it(("refuses the pattern %q"):format(wrong), function()
      local text, why = pac.render(with_hosts(wrong))
      assert.is_nil(text)
      assert.is_truthy(why:find("is no host pattern", 1, true))
    end)
  end

  for _, wrong in ipairs { "HTTPS a", "HTTPS a:0", "HTTPS a:65536",
    'HTTPS a":1', "SOCKS a:1", "HTTPS a:1; DIRECT", "DIRECT", "",
    "HTTPS a:1\n" } do
    it(("refuses the proxy %q"):format(wrong), function()
      local s = with_hosts "a.com"
      s.proxies = { wrong }
      local text, why = pac.render(s)
      assert.is_nil(text)
      assert.is_truthy(why:find("is no proxy", 1, true))
    end)
  end

  it("needs a proxy", function()
    local s = with_hosts "a.com"
    s.proxies = {}
    local text, why = pac.render(s)
    assert.is_nil(text)
    assert.is_truthy(why:find("no proxy", 1, true))
  end)

  it("writes what is no plain letter as an escape", function()
    local text = assert(pac.render(with_hosts "a_b.com"))
    assert.is_not_nil(text:find('".a\\x5fb.com": 1', 1, true))
  end)

  it("stays under a megabyte", function()
    local hosts = {}
    for i = 1, 20000 do
      hosts[i] = ("host-%d.%s.example.com"):format(i, ("x"):rep(30))
    end
    local text, why = pac.render(setting { { id = "big", hosts = hosts } })
    assert.is_nil(text)
    assert.is_truthy(why:find("more than clients read", 1, true))
  end)
end)
