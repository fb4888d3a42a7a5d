--- The commands that read policies, through the program itself.

local function run(command, input)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(input or "")
  file:close()
  local pipe = assert(io.popen(("build/moongate %s <%s 2>&1; echo rc=$?")
    :format(command, path)))
  local out = pipe:read "*a"
  pipe:close()
  os.remove(path)
  return out:match "^(.*)rc=%d+\n$", tonumber(out:match "rc=(%d+)\n$")
end

local function contains(text, what)
  assert.truthy(text:find(what, 1, true), text)
end

local function shell(command)
  local pipe = assert(io.popen(command))
  local out = pipe:read "*a"
  pipe:close()
  return out
end

local CHAT = [[{"id":"1","application":"openai","method":"POST",]]
  .. [["path":"/v1/chat/completions",%s}]]

local function judge(rest)
  return run("judge --policies policies", CHAT:format(rest) .. "\n")
end

describe("judge", function()
  it("masks in place and changes nothing else", function()
    local out, rc = judge([["body":{"model":"m", "messages":[{"role":"user",]]
      .. [["content":"write to ann@acme-corp.com"}],"x" :1.0}]])
    assert.equal(0, rc)
    contains(out, [["action":"mask"]])
    contains(out, [["body":{"model":"m", "messages":[{"role":"user",]]
      .. [["content":"write to [EMAIL_1]"}],"x" :1.0}]])
  end)

  it("gives back in the answer what a token stood for", function()
    local out = run("judge --policies policies", CHAT:format(
      [["body":{"messages":[{"role":"user",]]
      .. [["content":"to ann@acme-corp.com"}]}]])
      .. "\n" .. CHAT:format([["stage":"reply","body":{"choices":[{"message":]]
      .. [[{"role":"assistant","content":"Dear [EMAIL_1]"}}]}]]) .. "\n")
    contains(out, [["content":"Dear ann@acme-corp.com"]])
  end)

  it("blocks in the service's own shape", function()
    local out = judge([["body":"key AKIA]] .. "QX7ZM2VNT4KDPR5W" .. [["]])
    contains(out, [["action":"block"]])
    contains(out, [["status":403]])
    contains(out, [[Request blocked by Moongate: This text holds a credential]])
  end)

  it("reads through Content-Encoding", function()
    local packed = shell([[printf '{"messages":[{"role":"user","content":]]
      .. [["mail ann@acme-corp.com"}]}' | gzip | base64 -w0]])
    local out = judge([["headers":{"Content-Encoding":"gzip","content-type":]]
      .. [["application/json"},"body_base64":"]] .. packed .. [["]])
    contains(out, [["action":"mask"]])
    contains(out, [[mail [EMAIL_1]\"]])
  end)

  it("blocks what it cannot decode", function()
    local out = judge [["headers":{"content-encoding":"gzip"},"body":"plain"]]
    contains(out, [["action":"block"]])
    contains(out, [["failure":"encoding"]])
  end)

  it("only records where it observes", function()
    local out = judge([["mode":"observe","body":"key AKIA]]
      .. "QX7ZM2VNT4KDPR5W" .. [["]])
    contains(out, [["action":"log","mode":"observe","observed":true]])
    contains(out, [["status":200]])
  end)

  it("answers a broken line and goes on", function()
    local out, rc = run("judge --policies policies",
      "nonsense\n" .. CHAT:format [["body":"hello"]] .. "\n")
    assert.equal(1, rc)
    contains(out, [[{"line":1,"error":"it is not a JSON object"}]])
    contains(out, [["action":"allow"]])
  end)
end)

describe("check", function()
  local dir

  before_each(function()
    dir = os.tmpname()
    os.remove(dir)
    assert(os.execute("mkdir " .. dir) == 0)
  end)

  after_each(function() os.execute("rm -r " .. dir) end)

  local function file(name, text)
    local out = assert(io.open(dir .. "/" .. name, "w"))
    out:write(text)
    out:close()
  end

  it("points at the word", function()
    file("p.lua", 'return Policy "p" {\n  When = input:has(pi),\n}')
    local out, rc = run("check " .. dir)
    assert.equal(78, rc)
    contains(out, dir .. "/p.lua:2:20: unknown word 'pi'")
    contains(out, "\n    When = input:has(pi),\n" .. (" "):rep(21) .. "^\n")
  end)

  it("reports settings with their lines", function()
    file("moongate.lua", 'return {\n  modee = "observe",\n}')
    local out, rc = run("check --config " .. dir .. "/moongate.lua")
    assert.equal(78, rc)
    contains(out, "moongate.lua:2:3: there is no setting 'modee', did you mean "
      .. "'mode'?")
  end)

  it("lists what is well", function()
    local out, rc = run "check policies"
    assert.equal(0, rc)
    contains(out, "secrets-stay-home")
    contains(out, "a detector or a policy fails     block")
  end)
end)

describe("scan", function()
  it("counts code points", function()
    local out = run("scan", '{"id":7,"text":"h\195\169 ann@acme-corp.com"}\n')
    contains(out, [["id":7]])
    contains(out, [["entity":"pii.email"]])
    contains(out, [["from":3,"to":20]])
  end)

  it("lists what can be found", function()
    local out, rc = run "scan --entities"
    assert.equal(0, rc)
    contains(out, "pii.email")
  end)

  it("says what it does not know", function()
    local out, rc = run "scan --only piii"
    assert.equal(2, rc)
    contains(out, "nothing finds 'piii'")
  end)
end)

describe("the program", function()
  it("suggests a command", function()
    local out, rc = run "chekc"
    assert.equal(2, rc)
    contains(out, "did you mean 'check'?")
  end)

  it("explains every command with two examples", function()
    local out = run "help"
    for name in out:gmatch "\n  (%l+) " do
      local help, rc = run(name .. " --help")
      assert.equal(0, rc)
      contains(help, "examples:\n")
      assert.is_true(select(2, help:gsub("\n  [^\n]*moongate", "")) >= 2, help)
    end
  end)
end)
