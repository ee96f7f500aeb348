/**
 * What HAProxy's own rules cannot say. `rehome_hop` takes away the headers that the Connection header names.
 * `rehome_over` finds a home for a request that none of the servers of its home takes: another one with a share and a
 * server that is up, or any with a share that has one again within the given time; never one without a share. A
 * request that went over is marked, so that one that no home takes does not go round for ever.
 */
export function renderLua(map: string): string {
  return `-- Written by rehome. Changes by hand are overwritten.
local splits = Map.new(${JSON.stringify(map)}, Map._str)
local kept = { ["close"] = true, ["keep-alive"] = true, ["upgrade"] = true, ["host"] = true,
  ["content-length"] = true, ["transfer-encoding"] = true }

core.register_action("rehome_hop", { "http-req" }, function(txn)
  local values = txn.http:req_get_headers()["connection"] or {}
  for _, value in pairs(values) do
    for name in value:gmatch("[^,%s]+") do
      if not kept[name:lower()] then txn.http:req_del_header(name:lower()) end
    end
  end
end)

local function has_server(pool)
  local backend = core.backends[pool]
  if backend == nil then return false end
  for name, server in pairs(backend.servers) do
    if name ~= "over" then
      local status = server:get_stats()["status"]
      if status:sub(1, 2) == "UP" or status == "no check" then return true end
    end
  end
  return false
end

-- Homes with a share, in the order of their names: the ends of their stretches are in the map.
local function with_share(homes, split)
  local ends = {}
  for one in split:gmatch("%d+") do ends[#ends + 1] = tonumber(one) end
  local found, before = {}, 0
  for at, home in ipairs(homes) do
    local last = 10000
    if at < #homes then last = ends[at] or before end
    if last > before then found[#found + 1] = home end
    before = math.max(before, last)
  end
  return found
end

local function pool_of(front, own, candidates)
  for _, home in ipairs(candidates) do
    if home ~= own and has_server(front .. ":" .. home) then return front .. ":" .. home end
  end
  for _, home in ipairs(candidates) do
    if home == own and has_server(front .. ":" .. home) then return front .. ":" .. home end
  end
  return nil
end

-- front, the home that comes here, all homes joined by commas, the longest wait in ms
core.register_action("rehome_over", { "http-req" }, function(txn, front, own, all, wait)
  local headers = txn.http:req_get_headers()["x-rehome-over"]
  local times = headers and tonumber(headers[0]) or 0
  if times >= 5 then return end
  local homes = {}
  for home in all:gmatch("[^,]+") do homes[#homes + 1] = home end
  for _ = 0, tonumber(wait), 25 do
    -- Looked up each time: shares may change meanwhile.
    local split = splits:lookup(front) or txn:get_var("txn.split")
    local pool = pool_of(front, own, with_share(homes, split))
    if pool then
      txn.http:req_set_header("x-rehome-over", tostring(times + 1))
      txn:set_var("txn.go", pool)
      return
    end
    core.msleep(25)
  end
end, 4)
`;
}
