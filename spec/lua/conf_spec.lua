local conf = require "moongate.conf"

local SETTINGS = {
  ["limits.body"] = { kind = "bytes" }, workers = { kind = "number" },
  ["listen.plain"] = { kind = "list" }, ["upstream.connect"] = { kind = "map" },
}

local function read(text, env) return conf("m.lua", text, SETTINGS, env) end

describe("moongate.lua", function()
  it("is flattened into dotted names with their lines", function()
    assert.same({ { "limits.body", "1MiB", 2 }, { "workers", "2", 3 } },
      read "return {\n  limits = { body = '1MiB' },\n  workers = 2 }")
  end)

  it("may hold lists, maps and nothing", function()
    assert.same({ { "listen.plain", "a", 1 }, { "listen.plain", "b", 1 } },
      read "return { listen = { plain = { 'a', 'b' } } }")
    assert.same({ { "listen.plain", "", 1 } },
      read "return { listen = { plain = {} } }")
    assert.same({ { "upstream.connect", "x=y", 1 } },
      read "return { upstream = { connect = { x = 'y' } } }")
  end)

  it("keeps large numbers whole", function()
    assert.equal("123456789012",
      read("return { workers = 123456789012 }")[1][2])
  end)

  it("reads the environment by name", function()
    assert.equal("7", read("return { workers = env 'N' }", { N = "7" })[1][2])
    local _, why = read "return { workers = env 'N' }"
    assert.truthy(why:find("m.lua:1: env: there is no variable 'N'", 1, true))
  end)

  it("passes unknown names on, for the core to refuse", function()
    assert.same({ { "limits.bdoy", "1", 1 } },
      read "return { limits = { bdoy = 1 } }")
  end)

  for title, row in pairs {
    ["reaches nothing"] = { "return { x = os.time() }", "unknown word 'os'" },
    ["defines nothing"] = { "x = 1", "may not define 'x'" },
    ["ends"] = { "while true do end", "budget is spent" },
    ["returns a table"] = { "return 1", "must return one table" },
    ["is text"] = { string.dump(function() end), "bytecode" },
    ["is Lua"] = { "return {", "m.lua:1:" },
  } do
    it(title, function()
      local value, why = read(row[1])
      assert.is_nil(value)
      assert.truthy(why:find(row[2], 1, true), why)
    end)
  end
end)
