--- "did you mean ...?" for a word that is not in `known` (a set or a list).

local function least(a, b, c)
  if b < a then a = b end
  if c < a then a = c end
  return a
end

-- Edits that make b of a: insert, delete, replace, swap neighbours.
local function distance(a, b)
  local before, above, row = {}, {}, {}
  for j = 0, #b do above[j] = j end
  for i = 1, #a do
    row[0] = i
    for j = 1, #b do
      local same = a:byte(i) == b:byte(j)
      row[j] = least(above[j] + 1, row[j - 1] + 1,
        above[j - 1] + (same and 0 or 1))
      if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1)
        and a:byte(i - 1) == b:byte(j) and before[j - 2] + 1 < row[j] then
        row[j] = before[j - 2] + 1
      end
    end
    before, above, row = above, row, before
  end
  return above[#b]
end

--- The nearest name, or nil.
local function nearest(word, known)
  local best
  local limit = math.min(3, math.floor(#word / 2)) + 1
  for key, value in pairs(known) do
    local name = type(key) == "number" and value or key
    if #word < 64 and math.abs(#name - #word) < limit then
      local d = distance(word, name)
      if d < limit or (d == limit and best and name < best) then
        best, limit = name, d
      end
    end
  end
  return best
end

return function(word, known)
  -- Where a budget watches, this is its last word: looking through hundreds of
  -- names is not what was budgeted.
  debug.sethook()
  local best = nearest(word, known)
  return best and ", did you mean '" .. best .. "'?" or ""
end
