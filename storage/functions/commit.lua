#!lua name=tocsin_storage
-- SPDX-License-Identifier: Apache-2.0
--
-- What the committer and the API change in Redis. KEYS[1] is always the partition's `applied` key; all
-- other keys have its prefix, so they lie on the same node of a cluster (storage/keys.h lists them).
--
-- A batch is MessagePack, written by storage/batch.c:
--   {index_seconds, {section...}}
--   section: {project, hour, ids, places, ats, metas, {group...}, category, {sum...}}
--            ids to metas are columns, one row an event; there may be none
--   sum:     {fate, reason, quantity}                      what is counted and is no event
--   group:   {hashes, received_ms, from, to, users, {match...}, own, grouping}    rows from..to of the
--            section; the first `own` hashes are of version `grouping`, the others of older ones
--   match:   {rule, title, level, environment, {row...}}
--   meta:    MessagePack of {title, culprit, level, platform, type, logger, environment, release,
--            server_name}; empty: as in the row above

local FACTS_KEPT = 100000
local OUTCOMES_KEPT_S = 90 * 86400
-- Arguments of one redis.call are pushed on Lua's stack, which ends at 8000.
local CHUNK = 1000

local function prefix_of(key)
    return string.sub(key, 1, -string.len('applied') - 1)
end

local function decimal(number)
    return string.format('%.0f', number)
end

-- Moves the partition from `after` to `last`. Gives where it stands, and whether it was moved.
local function advance(key, node, after, last)
    local stands = redis.call('HGET', key, node) or '0'
    if stands ~= after then
        return stands, false
    end
    redis.call('HSET', key, node, last)
    return last, true
end

local function mark_known(known, key, ids)
    for from = 1, #ids, CHUNK do
        local got = redis.call('HMGET', key, unpack(ids, from, math.min(from + CHUNK - 1, #ids)))
        for i = 1, #got do
            if got[i] then
                known[ids[from + i - 1]] = true
            end
        end
    end
end

-- The rows whose event id was not counted in this hour or one beside it (clocks differ), nor higher
-- up in the batch.
local function fresh_rows(ids, base, hour)
    local known, fresh = {}, {}
    for beside = -1, 1 do
        local key = base .. decimal(hour + beside)
        if redis.call('EXISTS', key) == 1 then
            mark_known(known, key, ids)
        end
    end
    for row = 1, #ids do
        if not known[ids[row]] then
            known[ids[row]] = true
            fresh[row] = true
        end
    end
    return fresh
end

local function meta_of(section, row)
    local metas = section[6]
    while metas[row] == '' do
        row = row - 1
    end
    return cmsgpack.unpack(metas[row])
end

-- Two digits of each byte; made with the first use, since a library has no `string` while it loads.
local HEX = {}

local function hex(id)
    if not HEX.a then
        for byte = 0, 255 do
            HEX[string.char(byte)] = string.format('%02x', byte)
        end
    end
    return (string.gsub(id, '.', HEX))
end

-- "node:sequence:index" of 4 + 8 + 2 bytes, big endian.
local function place_text(place)
    local high, low, index = struct.unpack('>I4I4I2', string.sub(place, 5))
    return hex(string.sub(place, 1, 4)) .. ':' .. decimal(high * 4294967296 + low) .. ':' .. index
end

-- How many rows count, and which of them happened first and last.
local function tally(section, group, fresh)
    local ats, count, first, last = section[5], 0, nil, nil
    for row = group[3], group[4] do
        if fresh[row] then
            count = count + 1
            if not first or ats[row] < ats[first] then
                first = row
            end
            if not last or ats[row] >= ats[last] then
                last = row
            end
        end
    end
    return count, first, last
end

-- The issue of a set of hashes: the first that is known names it, the others are attached to it. Those
-- of older versions only find it: a new issue must not gather what the newer version tells apart.
local function issue_of(prefix, project, hashes, own)
    local key = prefix .. 'p:' .. project .. ':hashes'
    local known = redis.call('HMGET', key, unpack(hashes))
    local issue, missing = nil, {}
    for i = 1, #hashes do
        issue = issue or known[i]
        if not known[i] and i <= own then
            missing[#missing + 1] = hashes[i]
        end
    end
    if not issue then
        local partition = tonumber(string.match(prefix, '{(%d+)}'))
        issue = decimal(redis.call('INCR', prefix .. 'issue_seq') * 64 + partition)
    end
    for i = 1, #missing do
        redis.call('HSET', key, missing[i], issue)
        redis.call('SADD', prefix .. 'i:' .. issue .. ':hashes', missing[i])
    end
    return issue
end

-- What people have merged (merge.lua): the issue it is part of, and the record of the part.
local function merged(prefix, issue)
    local key = prefix .. 'i:' .. issue
    local got = redis.call('HMGET', key, 'merged_into', 'parts')
    if got[1] then
        return got[1], key
    end
    return issue, got[2] and key .. ':own' or nil
end

local function add_fact(prefix, kind, fields)
    redis.call('XADD', prefix .. 'facts', 'MAXLEN', '~', FACTS_KEPT, '*', 'kind', kind,
        unpack(fields))
end

local function fact_fields(section, row, issue, count)
    local meta = meta_of(section, row)
    return {'project', section[1], 'issue', issue, 'event', hex(section[3][row]), 'title', meta[1],
        'culprit', meta[2], 'level', meta[3], 'platform', meta[4], 'type', meta[5],
        'environment', meta[7], 'release', meta[8], 'at', decimal(section[5][row]), 'n', count}
end

local function append(list, ...)
    for i = 1, select('#', ...) do
        list[#list + 1] = (select(i, ...))
    end
end

local function set_first(set, section, row)
    append(set, 'first_seen', decimal(section[5][row]), 'first_event', hex(section[3][row]),
        'first_release', meta_of(section, row)[8])
end

local function set_last(set, section, row)
    local meta = meta_of(section, row)
    append(set, 'last_seen', decimal(section[5][row]), 'last_event', hex(section[3][row]),
        'last_place', place_text(section[4][row]), 'title', meta[1], 'culprit', meta[2],
        'level', meta[3], 'platform', meta[4], 'type', meta[5], 'logger', meta[6],
        'last_release', meta[8])
end

-- Brings the issue's hash up to date. Gives 'new', 'regressed' or nil.
local function update_issue(prefix, issue, section, group, count, first, last)
    local key, ats, set, what = prefix .. 'i:' .. issue, section[5], {}, nil
    local old = redis.call('HMGET', key, 'first_seen', 'last_seen', 'status', 'resolved_at')
    local seen_last = old[2] and tonumber(old[2])
    if not old[1] then
        what = 'new'
        append(set, 'project', section[1], 'status', 'unresolved')
    elseif old[3] == 'resolved' and group[2] > tonumber(old[4] or '0') then
        what = 'regressed'
        append(set, 'status', 'unresolved')
    end
    if not old[1] or ats[first] < tonumber(old[1]) then
        set_first(set, section, first)
    end
    if not seen_last or ats[last] >= seen_last then
        set_last(set, section, last)
        redis.call('ZADD', prefix .. 'p:' .. section[1] .. ':issues', decimal(ats[last]), issue)
    end
    if what == 'new' then
        append(set, 'count', count, 'grouping', group[8])
    else
        redis.call('HINCRBY', key, 'count', count)
    end
    if #set > 0 then
        redis.call('HSET', key, unpack(set))
    end
    return what
end

-- Counts for the part of a merged issue, so that it can be taken out again.
local function update_part(key, section, count, first, last)
    local ats, set = section[5], {}
    local old = redis.call('HMGET', key, 'first_seen', 'last_seen')
    if ats[first] < tonumber(old[1]) then
        set_first(set, section, first)
    end
    if ats[last] >= tonumber(old[2]) then
        set_last(set, section, last)
    end
    if #set > 0 then
        redis.call('HSET', key, unpack(set))
    end
    redis.call('HINCRBY', key, 'count', count)
end

local function add_users(key, users)
    for from = 1, #users, CHUNK do
        redis.call('PFADD', key .. ':users',
            unpack(users, from, math.min(from + CHUNK - 1, #users)))
    end
end

-- One fact for each rule and environment that a counted event of the group matched.
local function add_detections(prefix, issue, section, matches, fresh)
    local facts, ats = 0, section[5]
    for i = 1, #matches do
        local rule, title, level, _, rows = unpack(matches[i])
        local count, last = 0, nil
        for j = 1, #rows do
            if fresh[rows[j]] then
                count = count + 1
                if not last or ats[rows[j]] >= ats[last] then
                    last = rows[j]
                end
            end
        end
        if count > 0 then
            local fields = fact_fields(section, last, issue, count)
            append(fields, 'rule', rule, 'rule_title', title, 'rule_level', level)
            add_fact(prefix, 'detection', fields)
            facts = facts + 1
        end
    end
    return facts
end

local function add_pairs(pairs_of, section, group, fresh, issue)
    local ids, places = section[3], section[4]
    for row = group[3], group[4] do
        if fresh[row] then
            pairs_of[#pairs_of + 1] = ids[row]
            pairs_of[#pairs_of + 1] = places[row] .. issue
        end
    end
end

local function apply_group(prefix, section, group, fresh, pairs_of, sums)
    local count, first, last = tally(section, group, fresh)
    sums.duplicates = sums.duplicates + group[4] - group[3] + 1 - count
    if count == 0 then
        return
    end
    local origin = issue_of(prefix, section[1], group[1], group[7])
    local issue, part = merged(prefix, origin)
    local what = update_issue(prefix, issue, section, group, count, first, last)
    sums.counted = sums.counted + count
    if what then
        local row = what == 'new' and first or last
        add_fact(prefix, what, fact_fields(section, row, issue, count))
        sums.facts = sums.facts + 1
        sums.new = sums.new + (what == 'new' and 1 or 0)
    end
    add_users(prefix .. 'i:' .. issue, group[5])
    if part then
        update_part(part, section, count, first, last)
        add_users(part, group[5])
    end
    sums.facts = sums.facts + add_detections(prefix, issue, section, group[6], fresh)
    add_pairs(pairs_of, section, group, fresh, origin)
end

local function apply_events(prefix, section, index_seconds, sums)
    local base = prefix .. 'p:' .. section[1] .. ':e:'
    local this_hour = base .. decimal(section[2])
    local fresh = fresh_rows(section[3], base, section[2])
    local pairs_of, is_first = {}, redis.call('EXISTS', this_hour) == 0
    for _, group in ipairs(section[7]) do
        apply_group(prefix, section, group, fresh, pairs_of, sums)
    end
    for from = 1, #pairs_of, 2 * CHUNK do
        redis.call('HSET', this_hour, unpack(pairs_of, from, math.min(from + 2 * CHUNK - 1, #pairs_of)))
    end
    if is_first and #pairs_of > 0 then
        redis.call('EXPIRE', this_hour, index_seconds)
    end
end

-- Adds to the outcomes of the section's project and hour, and to what the caller is told.
local function count_outcome(prefix, section, sums, fate, reason, quantity)
    local key = prefix .. 'p:' .. section[1] .. ':o:' .. decimal(section[2])
    local short = fate .. ':' .. section[8]
    if quantity > 0 then
        redis.call('HINCRBY', key, short .. ':' .. reason, quantity)
        redis.call('EXPIRE', key, OUTCOMES_KEPT_S, 'NX')
        sums.outcomes[short] = (sums.outcomes[short] or 0) + quantity
    end
end

local function apply_section(prefix, section, index_seconds, sums)
    local counted, duplicates = sums.counted, sums.duplicates
    if #section[3] > 0 then
        apply_events(prefix, section, index_seconds, sums)
    end
    count_outcome(prefix, section, sums, 'accepted', '', sums.counted - counted)
    count_outcome(prefix, section, sums, 'duplicate', '', sums.duplicates - duplicates)
    for _, sum in ipairs(section[9]) do
        count_outcome(prefix, section, sums, sum[1], sum[2], sum[3])
    end
end

-- node, after, last, batch, windows, settled_ms (these two: correlate.lua) -> where the partition
-- stands now (not `last`: nothing was done), events counted, duplicates, issues made, facts made,
-- {"fate:category", quantity, ...}, {rule, groups forgotten, ...}.
local function commit(keys, args)
    local stands, is_moved = advance(keys[1], args[1], args[2], args[3])
    local sums = {counted = 0, duplicates = 0, new = 0, facts = 0, outcomes = {}}
    local told, forgotten = {}, {}
    if is_moved then
        local batch = args[4] ~= '' and cmsgpack.unpack(args[4]) or {0, {}}
        for _, section in ipairs(batch[2]) do
            apply_section(prefix_of(keys[1]), section, batch[1], sums)
        end
        if args[5] ~= '' then
            local facts
            facts, forgotten = apply_windows(prefix_of(keys[1]), cmsgpack.unpack(args[5]),
                tonumber(args[6]))
            sums.facts = sums.facts + facts
        end
    end
    for short, quantity in pairs(sums.outcomes) do
        append(told, short, quantity)
    end
    return {stands, sums.counted, sums.duplicates, sums.new, sums.facts, told, forgotten}
end

-- settled_ms, most -> correlations that waited for time to be over: facts made, how many were due,
-- {rule, groups forgotten, ...}.
local function settle_windows(keys, args)
    return {settle_due(prefix_of(keys[1]), tonumber(args[1]), tonumber(args[2]))}
end

-- partition of the fact, its entry, windows, settled_ms -> whether it was new here, facts made,
-- {rule, groups forgotten, ...}.
local function feed_windows(keys, args)
    return {apply_fed(prefix_of(keys[1]), args[1], args[2], cmsgpack.unpack(args[3]),
        tonumber(args[4]))}
end

-- node, after, last -> where the partition stands now: for records of which it has nothing.
local function applied(keys, args)
    return (advance(keys[1], args[1], args[2], args[3]))
end

-- node, last: the journal ends before what was applied from it (an older copy of it was put back).
local function rewind(keys, args)
    local stands = redis.call('HGET', keys[1], args[1]) or '0'
    if tonumber(stands) > tonumber(args[2]) then
        redis.call('HSET', keys[1], args[1], args[2])
        return 1
    end
    return 0
end

-- issue, status, actor, now_ms -> 1 changed, 0 it had that status, -1 there is no such issue.
local function issue_status(keys, args)
    local prefix, issue, status = prefix_of(keys[1]), args[1], args[2]
    local key = prefix .. 'i:' .. issue
    local old = redis.call('HMGET', key, 'status', 'project', 'last_event', 'title', 'culprit', 'level',
        'platform', 'type', 'last_release')
    if not old[1] then
        return -1
    end
    if old[1] == status then
        return 0
    end
    redis.call('HSET', key, 'status', status)
    if status == 'resolved' then
        redis.call('HSET', key, 'resolved_at', args[4])
    end
    add_fact(prefix, status, {'project', old[2], 'issue', issue, 'event', old[3] or '',
        'title', old[4] or '', 'culprit', old[5] or '', 'level', old[6] or '', 'platform', old[7] or '',
        'type', old[8] or '', 'environment', '', 'release', old[9] or '', 'at', args[4], 'n', 0,
        'actor', args[3]})
    return 1
end

redis.register_function('tocsin_commit', commit)
redis.register_function('tocsin_settle', settle_windows)
redis.register_function('tocsin_feed', feed_windows)
redis.register_function('tocsin_applied', applied)
redis.register_function('tocsin_rewind', rewind)
redis.register_function('tocsin_issue_status', issue_status)
