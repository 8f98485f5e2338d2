#!lua name=tocsin_alerting
-- SPDX-License-Identifier: Apache-2.0
-- What alerting changes in Redis, each in one atomic step. Decisions are made in C (alerting/policy);
-- here things are only compared, stored and moved between queues. All keys of a call lie in one
-- partition; the first key names it.
--
--   facts_read      hash: cursor (last fact read), version (steps taken)
--   alerts          zset: alerts that fire, by when they began
--   alert:<key>     hash                 i:<issue>:alerts   set of keys
--   group:<id>      hash                 due                zset: a:<key> and g:<id>, by when
--   lanes           set of lanes with notices waiting
--   outbox:<lane>   zset: notice ids, by when they are due
--   notice:<id>     hash                 dead               zset: notice ids, by when given up

local BLOCKED = 9e15 -- due never: waits for an earlier notice of its group

local function prefix_of(key)
    return string.match(key, '^t:{%d%d}:')
end

-- Stores a hash whole; `keep_ms` of 0 keeps it for ever.
local function put_hash(key, keep_ms, fields, from, to)
    redis.call('DEL', key)
    for i = from, to, 2 do
        redis.call('HSET', key, fields[i], fields[i + 1])
    end
    if keep_ms > 0 then
        redis.call('PEXPIRE', key, keep_ms)
    end
end

local function leave_outbox(prefix, lane, id)
    local outbox = prefix .. 'outbox:' .. lane
    redis.call('ZREM', outbox, id)
    if redis.call('EXISTS', outbox) == 0 then
        redis.call('SREM', prefix .. 'lanes', lane)
    end
end

local function bury(prefix, id, now_ms, why, dead_max)
    local dead = prefix .. 'dead'
    redis.call('HSET', prefix .. 'notice:' .. id, 'state', 'dead', 'why', why, 'ended', now_ms)
    redis.call('ZADD', dead, now_ms, id)
    local extra = redis.call('ZCARD', dead) - dead_max
    if extra > 0 then
        for _, old in ipairs(redis.call('ZRANGE', dead, 0, extra - 1)) do
            redis.call('DEL', prefix .. 'notice:' .. old)
            redis.call('ZREM', dead, old)
        end
    end
end

-- The next notice of the same group may go now.
local function release_next(prefix, lane, id, now_ms)
    local following = redis.call('HGET', prefix .. 'notice:' .. id, 'next')
    if following then
        redis.call('ZADD', prefix .. 'outbox:' .. lane, 'XX', now_ms, following)
    end
end

-- id, lane, due_ms, after (id of the notice before it, or ''), outbox_max, dead_max, then fields.
-- Says whether it was queued.
local function queue_notice(prefix, a, from, to)
    local id, lane, due_ms, after = a[from], a[from + 1], a[from + 2], a[from + 3]
    local outbox = prefix .. 'outbox:' .. lane
    put_hash(prefix .. 'notice:' .. id, 0, a, from + 6, to)
    redis.call('HSET', prefix .. 'notice:' .. id, 'lane', lane, 'attempts', 0, 'state', 'waiting')
    if redis.call('ZCARD', outbox) >= tonumber(a[from + 4]) then
        bury(prefix, id, due_ms, 'its outbox is full', tonumber(a[from + 5]))
        return 0
    end
    if after ~= '' and redis.call('ZSCORE', outbox, after) then
        redis.call('HSET', prefix .. 'notice:' .. after, 'next', id)
        due_ms = BLOCKED
    end
    redis.call('ZADD', outbox, due_ms, id)
    redis.call('SADD', prefix .. 'lanes', lane)
    return 1
end

local step = {}

function step.alert(prefix, a, from, to) -- key, issue, fires (start in ms, or ''), keep_ms, fields
    local key, issue, fires = a[from], a[from + 1], a[from + 2]
    put_hash(prefix .. 'alert:' .. key, tonumber(a[from + 3]), a, from + 4, to)
    redis.call('SADD', prefix .. 'i:' .. issue .. ':alerts', key)
    if fires ~= '' then
        redis.call('ZADD', prefix .. 'alerts', fires, key)
    else
        redis.call('ZREM', prefix .. 'alerts', key)
    end
    return 0
end

function step.group(prefix, a, from, to) -- id, keep_ms, fields; no fields: forget it
    put_hash(prefix .. 'group:' .. a[from], tonumber(a[from + 1]), a, from + 2, to)
    return 0
end

function step.due(prefix, a, from) -- member, ms; '' : none
    if a[from + 1] == '' then
        redis.call('ZREM', prefix .. 'due', a[from])
    else
        redis.call('ZADD', prefix .. 'due', a[from + 1], a[from])
    end
    return 0
end

step.notice = queue_notice

-- KEYS facts_read; ARGV version, cursor ('' : stays), then steps: name, count, arguments.
-- {1, version, queued} when it was done, {0, version, 0} when another node was faster.
local function commit(keys, args)
    local prefix = prefix_of(keys[1])
    local version = tonumber(redis.call('HGET', keys[1], 'version') or '0')
    if version ~= tonumber(args[1]) then
        return {0, version, 0}
    end
    local queued = 0
    local at = 3
    while at <= #args do
        local count = tonumber(args[at + 1])
        queued = queued + step[args[at]](prefix, args, at + 2, at + 1 + count)
        at = at + 2 + count
    end
    redis.call('HSET', keys[1], 'version', version + 1)
    if args[2] ~= '' then
        redis.call('HSET', keys[1], 'cursor', args[2])
    end
    return {1, version + 1, queued}
end

-- Takes up to `room` due notices of one lane; appends them to `out`.
local function claim_lane(prefix, lane, room, call, out)
    local outbox = prefix .. 'outbox:' .. lane
    local ids = redis.call('ZRANGEBYSCORE', outbox, '-inf', call.now_ms, 'LIMIT', 0, room)
    for _, id in ipairs(ids) do
        local notice = prefix .. 'notice:' .. id
        if redis.call('EXISTS', notice) == 0 then
            leave_outbox(prefix, lane, id)
        else
            redis.call('ZADD', outbox, call.now_ms + call.lease_ms, id)
            redis.call('HSET', notice, 'owner', call.owner)
            redis.call('HINCRBY', notice, 'attempts', 1)
            local f = redis.call('HMGET', notice, 'attempts', 'created', 'body')
            out[#out + 1] = {id, lane, f[1], f[2], f[3] or ''}
        end
    end
    return #ids
end

-- KEYS lanes; ARGV owner, now_ms, lease_ms, room in all, room per lane, then lane, its room ...
-- {due of the earliest notice left in a lane with room (ms, or ''), notices waiting, claimed ...}
local function claim(keys, args)
    local prefix = prefix_of(keys[1])
    local call = {owner = args[1], now_ms = tonumber(args[2]), lease_ms = tonumber(args[3])}
    local room = tonumber(args[4])
    local rooms, out, depth, first = {}, {}, 0, nil
    for i = 6, #args, 2 do
        rooms[args[i]] = tonumber(args[i + 1])
    end
    for _, lane in ipairs(redis.call('SMEMBERS', keys[1])) do
        local lane_room = math.min(room, rooms[lane] or tonumber(args[5]))
        local taken = 0
        if lane_room > 0 then
            taken = claim_lane(prefix, lane, lane_room, call, out)
            room = room - taken
        end
        local outbox = prefix .. 'outbox:' .. lane
        depth = depth + redis.call('ZCARD', outbox)
        if taken < lane_room then
            local head = redis.call('ZRANGE', outbox, 0, 0, 'WITHSCORES')
            if head[2] and (first == nil or tonumber(head[2]) < first) then
                first = tonumber(head[2])
            end
        end
    end
    return {first and string.format('%.0f', first) or '', depth, unpack(out)}
end

-- KEYS lanes; ARGV id, lane, now_ms, keep_ms, why. 1 when it was waiting.
local function done(keys, args)
    local prefix = prefix_of(keys[1])
    local id, lane, now_ms = args[1], args[2], args[3]
    if not redis.call('ZSCORE', prefix .. 'outbox:' .. lane, id) then
        return 0
    end
    release_next(prefix, lane, id, now_ms)
    leave_outbox(prefix, lane, id)
    redis.call('HSET', prefix .. 'notice:' .. id, 'state', 'delivered', 'why', args[5], 'ended', now_ms)
    redis.call('PEXPIRE', prefix .. 'notice:' .. id, args[4])
    return 1
end

-- KEYS lanes; ARGV id, lane, owner, due_ms, why. 1 when it was still the owner's.
local function again(keys, args)
    local prefix = prefix_of(keys[1])
    local notice = prefix .. 'notice:' .. args[1]
    if redis.call('HGET', notice, 'owner') ~= args[3] then
        return 0
    end
    redis.call('HSET', notice, 'why', args[5])
    redis.call('HDEL', notice, 'owner')
    redis.call('ZADD', prefix .. 'outbox:' .. args[2], 'XX', args[4], args[1])
    return 1
end

-- KEYS lanes; ARGV id, lane, now_ms, dead_max, why. 1 when it was waiting.
local function give_up(keys, args)
    local prefix = prefix_of(keys[1])
    local id, lane, now_ms = args[1], args[2], args[3]
    if not redis.call('ZSCORE', prefix .. 'outbox:' .. lane, id) then
        return 0
    end
    release_next(prefix, lane, id, now_ms)
    leave_outbox(prefix, lane, id)
    bury(prefix, id, now_ms, args[5], tonumber(args[4]))
    return 1
end

-- KEYS lanes; ARGV owner, now_ms. What this owner had claimed before it died is due again.
local function recover(keys, args)
    local prefix = prefix_of(keys[1])
    local count = 0
    for _, lane in ipairs(redis.call('SMEMBERS', keys[1])) do
        local outbox = prefix .. 'outbox:' .. lane
        for _, id in ipairs(redis.call('ZRANGE', outbox, 0, -1)) do
            local notice = prefix .. 'notice:' .. id
            if redis.call('HGET', notice, 'owner') == args[1] then
                redis.call('HDEL', notice, 'owner')
                redis.call('ZADD', outbox, args[2], id)
                count = count + 1
            end
        end
    end
    return count
end

-- KEYS lanes; ARGV id, now_ms. A dead letter is tried again from the start, with its old id.
local function replay(keys, args)
    local prefix = prefix_of(keys[1])
    local notice = prefix .. 'notice:' .. args[1]
    local lane = redis.call('HGET', notice, 'lane')
    if redis.call('ZREM', prefix .. 'dead', args[1]) == 0 or not lane then
        return 0
    end
    redis.call('HSET', notice, 'state', 'waiting', 'attempts', 0, 'created', args[2])
    redis.call('HDEL', notice, 'owner', 'ended', 'next')
    redis.call('ZADD', prefix .. 'outbox:' .. lane, args[2], args[1])
    redis.call('SADD', keys[1], lane)
    return 1
end

redis.register_function('tocsin_alerting_commit', commit)
redis.register_function('tocsin_outbox_claim', claim)
redis.register_function('tocsin_outbox_done', done)
redis.register_function('tocsin_outbox_again', again)
redis.register_function('tocsin_outbox_dead', give_up)
redis.register_function('tocsin_outbox_recover', recover)
redis.register_function('tocsin_outbox_replay', replay)
