/*
 * What Redis does in one step each. Scripts are Lua 5.1, whose numbers are doubles: whole microseconds since the epoch are
 * exact in them until the year 2255. Times are the server's own, so gateways whose clocks differ count as one.
 */

/** `take` of the cache port, the twin of `gcra`: KEYS[1]; period in microseconds, burst, cost. Answers allowed, kept and wait in microseconds. */
export const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local period = tonumber(ARGV[1])
local from = tonumber(redis.call('GET', KEYS[1]) or '0')
if from < now then from = now end
local after = from + period * tonumber(ARGV[3])
local wait = after - period * tonumber(ARGV[2]) - now
if wait > 0 then return {0, from - now, wait} end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return {1, after - now, 0}
`;

/**
 * `putNewer` of the cache port: KEYS[1] holds the version, a colon and the value; version, value, lifetime in milliseconds.
 * Answers 1 when it was kept. What has no version in front is nothing of ours, and is written over.
 */
export const PUT_NEWER = `
local known = redis.call('GET', KEYS[1])
local version = tonumber(known and string.match(known, '^(%d+):') or '-1')
if version >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[2], 'PX', ARGV[3])
return 1
`;

/**
 * `raise` of the cache port: KEYS[1] holds versions by field, KEYS[2] the order in which they were raised; field, version,
 * lifetime in milliseconds, most fields. An older version than is there changes the order and the lifetime only.
 */
export const RAISE = `
local known = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '-1')
if known < tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
local last = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')
redis.call('ZADD', KEYS[2], (tonumber(last[2] or '0')) + 1, ARGV[1])
if redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[4]) then
  local oldest = redis.call('ZPOPMIN', KEYS[2])
  redis.call('HDEL', KEYS[1], oldest[1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
`;

/** `fields` of the cache port: the fields in the order in which they were raised, each with its version behind it. */
export const FIELDS = `
local answer = {}
for _, field in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local version = redis.call('HGET', KEYS[1], field)
  if version then
    answer[#answer + 1] = field
    answer[#answer + 1] = version
  end
end
return answer
`;
