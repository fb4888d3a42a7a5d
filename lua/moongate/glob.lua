--- Patterns of attributes: `*` is any run of bytes, `?` any one byte; case does
-- not matter. Matched byte by byte, for the string library's patterns cannot
-- be compiled by the JIT and this runs for every request.

local byte = string.byte

local STAR, ANY = byte "*", byte "?"

local M = {}

function M.is_pattern(text) return string.find(text, "[*?]") ~= nil end

--- Both in lower case already.
function M.match(text, pattern)
  local t, p, star, mark = 1, 1, 0, 0
  local tn, pn = #text, #pattern
  while t <= tn do
    local want = p <= pn and byte(pattern, p) or -1
    if want == STAR then
      star, mark = p, t
      p = p + 1
    elseif want == ANY or want == byte(text, t) then
      t, p = t + 1, p + 1
    elseif star > 0 then
      mark = mark + 1
      t, p = mark, star + 1
    else
      return false
    end
  end
  while p <= pn and byte(pattern, p) == STAR do p = p + 1 end
  return p > pn
end

--- A list of names and patterns: { exact = set, globs = list }.
function M.list(values)
  local it = { exact = {}, globs = {} }
  for _, value in ipairs(values) do
    local lower = value:lower()
    if M.is_pattern(lower) then
      it.globs[#it.globs + 1] = lower
    else
      it.exact[lower] = true
    end
  end
  return it
end

--- Does `text`, in lower case, match any of the list?
function M.any(list, text)
  if list.exact[text] then return true end
  local globs = list.globs
  for i = 1, #globs do
    if M.match(text, globs[i]) then return true end
  end
  return false
end

return M
