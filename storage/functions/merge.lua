#!lua name=tocsin_merge
-- SPDX-License-Identifier: Apache-2.0
--
-- Issues that people put together, and take apart again. KEYS[1] is the partition's `applied` key, as
-- in commit.lua; issues of one project lie in one partition.
--
--   i:65 {count 7 …, parts 2}  ◀─ what is shown: the sum of its parts
--   i:65:own {count 3 …}          what it would be alone
--   i:129 {count 4 …, merged_into 65}     i:65:parts = {129}
--
-- A hash still names the issue it was first seen with, so that taking apart is only forgetting
-- `merged_into`; tocsin_commit counts an event for the part and for the whole. Issues that were merged
-- are in no list, and are found by their ids as what they became.

local FIRST = {'first_seen', 'first_event', 'first_release'}
local LAST = {'last_seen', 'last_event', 'last_place', 'title', 'culprit', 'level', 'platform', 'type',
    'logger', 'last_release'}

local function prefix_of(key)
    return string.sub(key, 1, -string.len('applied') - 1)
end

-- What `issue` is a part of now; false when there is no such issue.
local function whole_of(prefix, issue)
    local got = redis.call('HMGET', prefix .. 'i:' .. issue, 'project', 'merged_into')
    return got[1] and (got[2] or issue)
end

local function copy_record(from, to)
    redis.call('COPY', from, to, 'REPLACE')
    if redis.call('EXISTS', from .. ':users') == 1 then
        redis.call('COPY', from .. ':users', to .. ':users', 'REPLACE')
    else
        redis.call('DEL', to .. ':users')
    end
end

-- The records of which `issue` is the sum: its own first.
local function records_of(prefix, issue)
    local records = {prefix .. 'i:' .. issue .. ':own'}
    for _, part in ipairs(redis.call('SMEMBERS', prefix .. 'i:' .. issue .. ':parts')) do
        records[#records + 1] = prefix .. 'i:' .. part
    end
    return records
end

local function copy_fields(from, to, fields)
    local values, set = redis.call('HMGET', from, unpack(fields)), {}
    for i = 1, #fields do
        set[#set + 1] = fields[i]
        set[#set + 1] = values[i] or ''
    end
    redis.call('HSET', to, unpack(set))
end

-- Makes `issue` the sum of its parts; without parts it is what it was alone.
local function sum_up(prefix, issue)
    local key, records = prefix .. 'i:' .. issue, records_of(prefix, issue)
    local count, first, last, first_seen, last_seen = 0, nil, nil, nil, nil
    local users = {}
    for _, record in ipairs(records) do
        local got = redis.call('HMGET', record, 'count', 'first_seen', 'last_seen')
        count = count + tonumber(got[1] or '0')
        if not first or tonumber(got[2]) < first_seen then
            first, first_seen = record, tonumber(got[2])
        end
        if not last or tonumber(got[3]) > last_seen then
            last, last_seen = record, tonumber(got[3])
        end
        users[#users + 1] = record .. ':users'
    end
    copy_fields(first, key, FIRST)
    copy_fields(last, key, LAST)
    redis.call('HSET', key, 'count', count, 'parts', #records - 1)
    redis.call('DEL', key .. ':users')
    redis.call('PFMERGE', key .. ':users', unpack(users))
    redis.call('ZADD', prefix .. 'p:' .. redis.call('HGET', key, 'project') .. ':issues', last_seen, issue)
    if #records == 1 then
        redis.call('HDEL', key, 'parts')
        redis.call('DEL', key .. ':own', key .. ':own:users', key .. ':parts')
    end
end

-- Makes `part`, which nothing is merged into, a part of `issue`.
local function join(prefix, issue, part)
    local key = prefix .. 'i:' .. issue
    redis.call('HSET', prefix .. 'i:' .. part, 'merged_into', issue)
    redis.call('SADD', key .. ':parts', part)
end

-- What was merged into `issue` goes to `target` with it, so that merging is never two steps deep.
local function hand_over(prefix, issue, target)
    local key = prefix .. 'i:' .. issue
    for _, part in ipairs(redis.call('SMEMBERS', key .. ':parts')) do
        join(prefix, target, part)
    end
    if redis.call('EXISTS', key .. ':own') == 1 then
        local status = redis.call('HMGET', key, 'status', 'resolved_at')
        copy_record(key .. ':own', key)
        redis.call('HSET', key, 'status', status[1], 'resolved_at', status[2] or '0')
        redis.call('DEL', key .. ':own', key .. ':own:users', key .. ':parts')
    end
    join(prefix, target, issue)
end

-- target, issue... -> how many became part of it now, and the id of what they are; -1: one is not
-- there, or of another project; nothing was done then.
local function merge(keys, args)
    local prefix = prefix_of(keys[1])
    local target, parts, project = whole_of(prefix, args[1]), {}, nil
    for i = 1, #args do
        local whole = whole_of(prefix, args[i])
        local of = whole and redis.call('HGET', prefix .. 'i:' .. whole, 'project')
        if not whole or (project and of ~= project) then
            return {-1, '0'}
        end
        project = of
        if whole ~= target then
            parts[whole] = true
        end
    end
    local count = 0
    for part in pairs(parts) do
        if redis.call('EXISTS', prefix .. 'i:' .. target .. ':own') == 0 then
            copy_record(prefix .. 'i:' .. target, prefix .. 'i:' .. target .. ':own')
        end
        hand_over(prefix, part, target)
        redis.call('ZREM', prefix .. 'p:' .. project .. ':issues', part)
        count = count + 1
    end
    if count > 0 then
        sum_up(prefix, target)
    end
    return {count, target}
end

-- issue, hash -> the issue that this hash, and those which came with it, are again; -1: there is no
-- such issue or hash in it; -2: it is the issue's own, not one that was merged.
local function unmerge(keys, args)
    local prefix = prefix_of(keys[1])
    local whole = whole_of(prefix, args[1])
    if not whole then
        return -1
    end
    local project = redis.call('HGET', prefix .. 'i:' .. whole, 'project')
    local part = redis.call('HGET', prefix .. 'p:' .. project .. ':hashes', args[2])
    if not part or whole_of(prefix, part) ~= whole then
        return -1
    end
    if part == whole then
        return -2
    end
    local key = prefix .. 'i:' .. part
    redis.call('HDEL', key, 'merged_into')
    redis.call('SREM', prefix .. 'i:' .. whole .. ':parts', part)
    redis.call('ZADD', prefix .. 'p:' .. project .. ':issues', redis.call('HGET', key, 'last_seen'), part)
    sum_up(prefix, whole)
    return tonumber(part)
end

-- issue -> {issue of the part, its events, its last event, {hash...}} for each part; nothing when there
-- is no such issue.
local function hashes(keys, args)
    local prefix, out = prefix_of(keys[1]), {}
    local whole = whole_of(prefix, args[1])
    if not whole then
        return out
    end
    local parts = redis.call('SMEMBERS', prefix .. 'i:' .. whole .. ':parts')
    table.sort(parts)
    table.insert(parts, 1, whole)
    for i, part in ipairs(parts) do
        local record = prefix .. 'i:' .. part .. ((i == 1 and #parts > 1) and ':own' or '')
        local got = redis.call('HMGET', record, 'count', 'last_event')
        local list = redis.call('SMEMBERS', prefix .. 'i:' .. part .. ':hashes')
        table.sort(list)
        out[#out + 1] = {part, got[1] or '0', got[2] or '', list}
    end
    return out
end

redis.register_function('tocsin_merge', merge)
redis.register_function('tocsin_unmerge', unmerge)
redis.register_function{function_name = 'tocsin_issue_hashes', callback = hashes, flags = {'no-writes'}}
