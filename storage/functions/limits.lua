#!lua name=tocsin_limits
-- SPDX-License-Identifier: Apache-2.0
--
-- Buckets of rate limits and quotas, shared by all nodes. A node takes from its own copy of a bucket at
-- once, and tells here a moment later what it took; what is left is what all of them took together.

-- KEYS[1] the bucket; capacity, window in ms, taken -> what is left, in thousandths (below 0: more was
-- taken than there was, by several nodes in the same moment).
local function bucket(keys, args)
    local capacity, window, taken = tonumber(args[1]), tonumber(args[2]), tonumber(args[3])
    local now = redis.call('TIME')
    local now_ms = now[1] * 1000 + math.floor(now[2] / 1000)
    local old = redis.call('HMGET', keys[1], 'left', 'at')
    local left, at = tonumber(old[1] or ''), tonumber(old[2] or '')
    if not left or not at then
        left, at = capacity, now_ms
    end
    left = math.min(capacity, left + math.max(0, now_ms - at) * capacity / window) - taken
    left = math.max(left, -capacity)
    redis.call('HSET', keys[1], 'left', string.format('%.6f', left), 'at', string.format('%.0f', now_ms))
    redis.call('PEXPIRE', keys[1], 2 * window + 1000)
    return math.floor(left * 1000)
end

redis.register_function('tocsin_bucket', bucket)
