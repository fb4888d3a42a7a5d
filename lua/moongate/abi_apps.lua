--- Applications and shapes across the border. Only abi.lua requires ffi; it
-- hands it to this module, which hands out an ordinary object:
--
--   local applications = require "moongate.abi_apps" (ffi, C)
--   local apps = applications(pointer)   -- a C owner's, or nil for a new one
--   apps:add(id, status, block)          -> index, or nil and why
--   apps:add_host(index, list, pattern)  -> true, or nil and why
--   apps:shape { { pattern =, role =, flags = }, ... }  -> a shape
--   apps:add_endpoint(index, { name =, method =, path =, request =, reply =,
--                              event =, stream = })  -> true, or nil and why
--   apps:cover(host)                     -> "covered", index; "bypassed", ...
--   apps:read { application =, stage =, method =, path =, content_type =,
--               body = }  -> what a surface would see in it, or nil and why

return function(ffi, C)
  local COVERAGE = {
    [C.MG_UNCOVERED] = "uncovered", [C.MG_COVERED] = "covered",
    [C.MG_BYPASSED] = "bypassed", [C.MG_CHATTY] = "chatty",
  }
  local NOBODY = 0xffffffff

  local function outcome(code)
    if code < 0 then return nil, ffi.string(C.mg_strerror(code)) end
    return true
  end

  local Apps = {}
  Apps.__index = Apps

  local pointer_of = setmetatable({}, { __mode = "k" })

  function Apps:add(id, status, block)
    local index = C.mg_apps_add(pointer_of[self], id, #id, status, block,
      #block)
    if index < 0 then return outcome(index) end
    return index
  end

  function Apps:add_host(index, list, pattern)
    return outcome(C.mg_apps_add_host(pointer_of[self], index or NOBODY, list,
      pattern, #pattern))
  end

  -- A shape belongs to whoever collects it until an endpoint takes it.
  function Apps.shape(_, rules)
    local shape = ffi.gc(C.mg_shape_new(), C.mg_shape_free)
    for _, rule in ipairs(rules) do
      local err = C.mg_shape_add(shape, rule.pattern, #rule.pattern, rule.role,
        rule.flags)
      if err < 0 then
        error(("shape: '%s' is refused"):format(rule.pattern), 2)
      end
    end
    if C.mg_shape_compile(shape) < 0 then error("shape: too many states", 2) end
    local token = {}
    pointer_of[token] = shape
    return token
  end

  local function taken(token)
    return token and ffi.gc(pointer_of[token], nil)
  end

  function Apps:add_endpoint(index, ep)
    return outcome(C.mg_apps_add_endpoint(pointer_of[self], index,
      ep.name, #ep.name, ep.method, #ep.method, ep.path, #ep.path,
      taken(ep.request), taken(ep.reply), ep.stream, taken(ep.event)))
  end

  local found = ffi.new "uint32_t[1]"

  function Apps:cover(host)
    found[0] = NOBODY
    local coverage = C.mg_apps_cover(pointer_of[self], host, #host, found)
    return COVERAGE[coverage], found[0] ~= NOBODY and found[0] or nil
  end

  local ROLE_NAMES = {
    [C.MG_ROLE_OTHER] = "other", [C.MG_ROLE_SYSTEM] = "system",
    [C.MG_ROLE_USER] = "user", [C.MG_ROLE_ASSISTANT] = "assistant",
    [C.MG_ROLE_TOOL_CALL] = "tool_call",
    [C.MG_ROLE_TOOL_RESULT] = "tool_result",
    [C.MG_ROLE_TOOL_DEFINITION] = "tool_definition",
    [C.MG_ROLE_DOCUMENT] = "document", [C.MG_ROLE_THINKING] = "thinking",
  }
  local KIND_NAMES = {
    [C.MG_SEGMENT_TEXT] = "text", [C.MG_SEGMENT_SEALED] = "sealed",
    [C.MG_SEGMENT_ATTACHMENT] = "attachment",
  }

  local function str(slice)
    return ffi.string(slice.at, slice.len)
  end

  local function segments_of(reading, count)
    local list = {}
    for i = 1, count do
      local seg = C.mg_reading_at(reading, i - 1)
      list[i] = {
        role = ROLE_NAMES[seg.role], kind = KIND_NAMES[seg.kind],
        path = str(seg.path), text = str(seg.text),
        unread = seg.unread ~= 0,
      }
    end
    return list
  end

  local function tools_of(reading)
    local list = {}
    local name = C.mg_reading_tool(reading, 0)
    while name ~= nil do
      list[#list + 1] = str(name)
      name = C.mg_reading_tool(reading, #list)
    end
    return list
  end

  function Apps:read(what)
    local reading = ffi.gc(C.mg_reading_new(), C.mg_reading_free)
    local kind = what.content_type or ""
    local count = C.mg_reading_body(reading, pointer_of[self],
      what.application or NOBODY,
      what.stage == "reply" and C.MG_REPLY or C.MG_REQUEST,
      what.method, #what.method, what.path, #what.path, kind, #kind,
      what.body, #what.body)
    if count < 0 then return outcome(count) end
    return {
      endpoint = str(C.mg_reading_endpoint(reading)),
      model = str(C.mg_reading_model(reading)),
      stream = C.mg_reading_stream(reading) ~= 0,
      unread = C.mg_reading_unread(reading),
      tokens_in = tonumber(C.mg_reading_tokens_in(reading)),
      tokens_out = tonumber(C.mg_reading_tokens_out(reading)),
      tools = tools_of(reading),
      segments = segments_of(reading, count),
    }
  end

  return function(pointer)
    local apps = setmetatable({}, Apps)
    if pointer then
      pointer_of[apps] = ffi.cast("struct mg_apps *", pointer)
    else
      pointer_of[apps] = ffi.gc(C.mg_apps_new(), C.mg_apps_free)
    end
    return apps
  end
end
