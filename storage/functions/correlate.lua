-- SPDX-License-Identifier: Apache-2.0
-- part of tocsin_storage
--
-- The state machines of correlations over Redis: rules/correlate.h tells what they do, and the names
-- here are those there. A step is a part of tocsin_commit, in the partition of a correlation's group.
--
-- A plan (JSON, made by rules/correlation_tree.c) is a correlation that fires with all that feed it,
-- its tree: {id, title, level, late, nodes}; nodes[1] fires, each other one feeds `parent`. All nodes
-- of a tree lie in the partition of the group of nodes[1], so a step is atomic.
--
-- Keys, all of the partition: w:<n>:<n> the state of one node and group (MessagePack), trees: digest
-- -> plan, waiting: zset of states by when time must be told of them, g:<digest>: zset of a tree's
-- states by last use.

local GROUPS_KEPT = 2048
local HITS_MIN, NUMBERS_MAX = 256, 8192
local FACTS_KEPT = 100000
local NEVER = 9007199254740991
-- Places in a hit.
local AT, ID, SOURCES, VALUE, JUDGED, HOLDS, GAP, HELD = 1, 2, 3, 4, 5, 6, 7, 8

local function decimal(number)
    return string.format('%.0f', number)
end

-- ---- the window: correlate_window.c ----

local compare = {
    eq = function(a, b) return a == b end,
    neq = function(a, b) return a ~= b end,
    lt = function(a, b) return a < b end,
    lte = function(a, b) return a <= b end,
    gt = function(a, b) return a > b end,
    gte = function(a, b) return a >= b end,
}

local function bounds_hold(node, number)
    for _, bound in ipairs(node.bounds) do
        if not compare[bound[1]](number, bound[2]) then
            return false
        end
    end
    return true
end

local function window_new(node, hits, first)
    return {node = node, hits = hits, first = first, last = first, numbers = 0, distinct = 0,
        fractions = 0, sum = 0, counts = {}, sorted = {}, seen = {}, start = {}}
end

local function sorted_place(sorted, value)
    local low, high = 1, #sorted + 1
    while low < high do
        local middle = math.floor((low + high) / 2)
        if sorted[middle] < value then
            low = middle + 1
        else
            high = middle
        end
    end
    return low
end

local function change_count(window, value, by)
    local before = window.counts[value] or 0
    window.counts[value] = before + by
    if before == 0 or before + by == 0 then
        window.distinct = window.distinct + by
    end
end

local function change(window, value, by)
    if not value then
        return
    end
    local kind = window.node.type
    if kind == 'value_count' then
        change_count(window, value, by)
    elseif kind == 'percentile' then
        local place = sorted_place(window.sorted, value)
        if by > 0 then
            table.insert(window.sorted, place, value)
        else
            table.remove(window.sorted, place)
        end
    elseif value == math.floor(value) and math.abs(value) < 9007199254740992 then
        window.sum = window.sum + by * value
    else
        window.fractions = window.fractions + by
    end
    window.numbers = window.numbers + by
end

local function has_source(hit, source)
    return bit.band(hit[SOURCES], bit.lshift(1, source)) ~= 0
end

local function follow_order(window, hit)
    window.start[0] = hit[AT]
    for n = window.node.sources, 1, -1 do
        local before = window.start[n - 1]
        if before and has_source(hit, n - 1) and before > (window.start[n] or -1) then
            window.start[n] = before
        end
    end
end

local function window_push(window)
    local hit = window.hits[window.last]
    window.last = window.last + 1
    if window.node.type == 'temporal' then
        for source = 0, window.node.sources - 1 do
            if has_source(hit, source) then
                window.seen[source] = hit[AT]
            end
        end
    elseif window.node.type == 'ordered' then
        follow_order(window, hit)
    end
    change(window, hit[VALUE], 1)
end

local function window_cut(window, from)
    while window.first < window.last and window.hits[window.first][AT] < from do
        change(window, window.hits[window.first][VALUE], -1)
        window.first = window.first + 1
    end
end

local function was_seen(window, source, from)
    return window.seen[source] ~= nil and window.seen[source] >= from
end

local function steps_hold(window, from)
    local stack = {}
    for _, step in ipairs(window.node.steps) do
        if step >= 0 then
            stack[#stack + 1] = was_seen(window, step, from)
        elseif step == -3 then
            stack[#stack] = not stack[#stack]
        else
            local right = table.remove(stack)
            local left = stack[#stack]
            stack[#stack] = step == -1 and (left and right) or step == -2 and (left or right)
        end
    end
    return stack[1]
end

local function sum_of(window)
    if window.fractions == 0 then
        return window.sum
    end
    local all = 0
    for i = window.first, window.last - 1 do
        all = all + (window.hits[i][VALUE] or 0)
    end
    return all
end

local function percentile_of(window)
    local rank = window.node.percentile / 100 * (window.numbers - 1)
    local below = math.floor(rank)
    local low = window.sorted[below + 1]
    local high = window.sorted[below + 2] or low
    return low + (high - low) * (rank - below)
end

-- What the bounds are asked about, by type; nil: does not hold.
local number_of = {
    event_count = function(window) return window.last - window.first end,
    value_count = function(window) return window.distinct end,
    temporal = function(window, from)
        local count = 0
        for source = 0, window.node.sources - 1 do
            count = count + (was_seen(window, source, from) and 1 or 0)
        end
        return count
    end,
    ordered = function(window, from)
        local reached = 0
        for n = 1, window.node.sources do
            if window.start[n] and window.start[n] >= from then
                reached = n
            end
        end
        return reached
    end,
    sum = sum_of,
    average = function(window)
        return window.numbers ~= 0 and sum_of(window) / window.numbers or nil
    end,
    percentile = function(window)
        return window.numbers ~= 0 and percentile_of(window) or nil
    end,
}

local function window_holds(window, at)
    local from = at - window.node.span
    if #window.node.steps > 0 then
        return steps_hold(window, from)
    end
    local number = number_of[window.node.type](window, from)
    return number ~= nil and bounds_hold(window.node, number)
end

-- ---- states: correlate.c. A state is {tree, node, group, first, judged, absent, hits, about, due} ----

local function is_before(hit, at, id)
    return hit[AT] < at or (hit[AT] == at and hit[ID] < id)
end

-- The first place whose hit is not before (at, id).
local function place_of(hits, at, id)
    local low, high = 1, #hits + 1
    while low < high do
        local middle = math.floor((low + high) / 2)
        if is_before(hits[middle], at, id) then
            low = middle + 1
        else
            high = middle
        end
    end
    return low
end

local function forget(hits, place)
    local hit, behind = hits[place], hits[place + 1]
    if behind then
        behind[GAP] = behind[GAP] or hit[GAP] or not hit[HOLDS]
    end
    table.remove(hits, place)
end

-- ---- what may be forgotten: correlate_prune.c ----

local function equal_beside(node, hits, place, step)
    local what = node.type == 'value_count' and VALUE or SOURCES
    local i = place + step
    while hits[i] and math.abs(hits[i][AT] - hits[place][AT]) <= node.span do
        if hits[i][what] == hits[place][what] then
            return i
        end
        i = i + step
    end
    return nil
end

local function forget_between(node, hits, middle)
    if not middle or not hits[middle] or not hits[middle][JUDGED] then
        return false
    end
    local before = equal_beside(node, hits, middle, -1)
    local behind = equal_beside(node, hits, middle, 1)
    if not before or not behind or hits[behind][AT] - hits[before][AT] > node.span then
        return false
    end
    forget(hits, middle)
    return true
end

local function prune_equal(node, hits, place)
    local behind = equal_beside(node, hits, place, 1)
    local before = equal_beside(node, hits, place, -1)
    return forget_between(node, hits, behind) or forget_between(node, hits, place) or
        forget_between(node, hits, before)
end

local function prune_counted(node, hits, place)
    local enough = node.type == 'value_count' and 2 * node.enough or node.enough
    for _, at in ipairs({place, place - enough, place + enough}) do
        local before, behind = hits[at - enough], hits[at + enough]
        if hits[at] and before and behind and behind[AT] - before[AT] <= node.span then
            forget(hits, at)
            return
        end
    end
end

local function prune_order(hits, room)
    local i = 2
    while #hits > room and i < #hits do
        if hits[i][SOURCES] == hits[i - 1][SOURCES] and hits[i][SOURCES] == hits[i + 1][SOURCES] then
            forget(hits, i)
        else
            i = i + 1
        end
    end
end

local function prune(node, hits, place)
    local kind, before = node.type, #hits
    local newest = hits[before][AT]
    if kind == 'value_count' or kind == 'temporal' then
        prune_equal(node, hits, place)
    end
    if #hits == before and (kind == 'event_count' or kind == 'value_count') then
        prune_counted(node, hits, place)
    end
    if kind == 'ordered' and #hits > node.room then
        prune_order(hits, math.floor(node.room / 2))
    end
    while #hits > 1 and hits[1][AT] < newest - node.late or #hits > node.room do
        forget(hits, 1)
    end
end

-- ---- judging ----

local function continues(hits, place)
    return place > 1 and hits[place] and hits[place][HOLDS] and hits[place - 1][HOLDS] and
        not hits[place][GAP]
end

local function mark_runs(hits, from, to, marks)
    local i = from
    while i <= to do
        if hits[i][HOLDS] then
            local last = i
            local is_new = not hits[i][HELD] and not (i == from and continues(hits, i))
            while last < to and continues(hits, last + 1) do
                last = last + 1
                is_new = is_new and not hits[last][HELD]
            end
            is_new = is_new and not (last == to and continues(hits, to + 1))
            for k = i, last do
                if not hits[k][HELD] then
                    marks[#marks + 1] = {hits[k][AT], hits[k][ID], is_new}
                    is_new = false
                end
            end
            i = last
        end
        i = i + 1
    end
end

local function judge(node, hits, from, to, marks)
    local window = window_new(node, hits, place_of(hits, hits[from][AT] - node.span, 0))
    for i = window.last, to do
        local hit = hits[i]
        window_push(window)
        if i >= from then
            window_cut(window, hit[AT] - node.span)
            hit[HELD] = hit[JUDGED] and hit[HOLDS]
            hit[HOLDS] = window_holds(window, hit[AT])
            hit[JUDGED] = true
        end
    end
    mark_runs(hits, from, to, marks)
end

local function first_waiting(hits)
    local place = #hits + 1
    while place > 1 and not hits[place - 1][JUDGED] do
        place = place - 1
    end
    return place
end

local function judge_from(node, state, place, settled, marks)
    local hits = state.hits
    local stop
    if node.waits then
        place = math.min(place, first_waiting(hits))
        stop = place_of(hits, settled + 1, 0)
    else
        stop = place_of(hits, hits[place][AT] + node.span + 1, 0)
    end
    if place < stop then
        judge(node, hits, place, stop - 1, marks)
    end
    local waiting = node.waits and hits[first_waiting(hits)]
    state.due = waiting and waiting[AT] or NEVER
end

-- correlate_absence.c
local function next_point(window)
    local coming, leaving = window.hits[window.last], NEVER
    if window.first < window.last then
        leaving = window.hits[window.first][AT] + window.node.span + 1
    end
    if coming and coming[AT] <= leaving then
        window_push(window)
        return coming[AT]
    elseif leaving ~= NEVER then
        window_cut(window, leaving - window.node.span)
        return leaving
    end
    return nil
end

local function absence_judge(node, state, settled, marks)
    local window, is_absent = window_new(node, state.hits, 1), state.absent
    local start = state.first + node.span + 1
    state.due = NEVER
    local at = next_point(window)
    while at and state.due == NEVER do
        if at > state.judged and at >= start then
            local holds = window_holds(window, at)
            local begins = holds and not is_absent
            is_absent = holds
            if at > settled then
                state.due = begins and at or NEVER
            else
                state.absent = holds
                if begins then
                    marks[#marks + 1] = {at, state.hits[window.last - 1][ID], true}
                end
            end
        end
        at = next_point(window)
    end
    state.judged = math.max(state.judged, settled)
end

-- Adds a hit {at, id, source, value}; gives the marks, {at, id, is_edge} each.
local function add(node, state, at, id, source, value, settled)
    local hits, marks, sources = state.hits, {}, bit.lshift(1, source)
    local place = place_of(hits, at, id)
    local there = hits[place]
    if there and (there[AT] ~= at or there[ID] ~= id) then
        there = nil
    end
    if there and bit.bor(there[SOURCES], sources) == there[SOURCES] then
        return marks
    end
    if #hits > 0 and at < hits[#hits][AT] - node.late then
        return marks
    end
    if there then
        there[SOURCES] = bit.bor(there[SOURCES], sources)
    else
        table.insert(hits, place, {at, id, bit.tobit(sources), value, false, false, false, false})
        state.first = math.min(state.first, at)
    end
    if node.absence then
        absence_judge(node, state, settled, marks)
    else
        judge_from(node, state, place, settled, marks)
    end
    prune(node, hits, place)
    return marks
end

local function settle(node, state, settled)
    local marks = {}
    if settled >= state.due and #state.hits > 0 then
        if node.absence then
            absence_judge(node, state, settled, marks)
        elseif node.waits then
            judge_from(node, state, first_waiting(state.hits), settled, marks)
        end
    end
    return marks
end

-- ---- states in Redis ----

-- 96 bits of a hash, as two numbers.
local function name_of(digest, number, group)
    local hash = redis.sha1hex(digest .. ':' .. number .. ':' .. cmsgpack.pack(group))
    return decimal(tonumber(string.sub(hash, 1, 12), 16)) .. ':' ..
        decimal(tonumber(string.sub(hash, 13, 24), 16))
end

-- What one call has open: states by name, written back once at its end.
local function session_new(prefix)
    return {prefix = prefix, trees = {}, states = {}, facts = 0, forgotten = {}}
end

local function tree_of(session, digest)
    local tree = session.trees[digest]
    if not tree then
        local text = redis.call('HGET', session.prefix .. 'trees', digest)
        tree = text and cjson.decode(text) or nil
        session.trees[digest] = tree
    end
    return tree
end

local function open_state(session, name)
    local state = session.states[name]
    local packed = not state and redis.call('GET', session.prefix .. 'w:' .. name)
    if packed then
        local tree, number, group, first, judged, absent, hits, about, due =
            unpack(cmsgpack.unpack(packed))
        state = {tree = tree, node = number, group = group, first = first, judged = judged,
            absent = absent, hits = hits, about = about, due = due, was_due = due}
        session.states[name] = state
    end
    return state
end

-- A tree follows so many groups; the one that was idle longest is forgotten. Groups of the batch are not
-- in the list before its end: they may be so many more until the next one.
local function make_room(session, digest, name)
    local key = session.prefix .. 'g:' .. digest
    while redis.call('ZCARD', key) >= GROUPS_KEPT do
        local idle = redis.call('ZPOPMIN', key)[1]
        redis.call('DEL', session.prefix .. 'w:' .. idle)
        redis.call('ZREM', session.prefix .. 'waiting', idle)
        session.states[idle] = nil
        local id = tree_of(session, digest).id
        session.forgotten[id] = (session.forgotten[id] or 0) + 1
    end
end

local function want_state(session, digest, number, group)
    local name = name_of(digest, number, group)
    local state = open_state(session, name)
    if not state then
        make_room(session, digest, name)
        state = {tree = digest, node = number, group = group, first = NEVER, judged = -NEVER,
            absent = false, hits = {}, about = {}, due = NEVER, was_due = NEVER}
        session.states[name] = state
    end
    state.is_touched = true
    return state
end

local function close(session)
    for name, state in pairs(session.states) do
        local tree = session.trees[state.tree]
        local late = tree.nodes[state.node].late
        redis.call('SET', session.prefix .. 'w:' .. name, cmsgpack.pack({state.tree, state.node,
            state.group, state.first, state.judged, state.absent, state.hits, state.about, state.due}),
            'PX', decimal(late))
        if state.due ~= state.was_due then
            if state.due == NEVER then
                redis.call('ZREM', session.prefix .. 'waiting', name)
            else
                redis.call('ZADD', session.prefix .. 'waiting', decimal(state.due), name)
            end
        end
        if state.is_touched and #state.hits > 0 then
            local key = session.prefix .. 'g:' .. state.tree
            redis.call('ZADD', key, decimal(state.hits[#state.hits][AT]), name)
            redis.call('PEXPIRE', key, decimal(late))
        end
    end
end

-- cjson cannot know that an empty table is a list.
local function encode_list(list)
    return #list == 0 and '[]' or cjson.encode(list)
end

-- ---- firing, and feeding what stands above ----

local function fire(session, tree, state, at)
    local about = state.about
    redis.call('XADD', session.prefix .. 'facts', 'MAXLEN', '~', FACTS_KEPT, '*', 'kind', 'detection',
        'project', about[1], 'issue', '0', 'event', about[2], 'title', tree.title, 'culprit', '',
        'level', '', 'platform', '', 'type', '', 'environment', about[3], 'release', about[4],
        'at', decimal(at), 'n', 1, 'rule', tree.id, 'rule_title', tree.title,
        'rule_level', tree.level, 'group', encode_list(state.group), 'group_by',
        encode_list(tree.nodes[state.node].group_by))
    session.facts = session.facts + 1
end

local function value_of(node, group)
    if not node.parent_values or #node.parent_values == 0 then
        return false
    end
    local parts = {}
    for i, from in ipairs(node.parent_values) do
        parts[i] = #group[from] .. ':' .. group[from]
    end
    if node.parent_counts then
        return tonumber(string.sub(redis.sha1hex(table.concat(parts)), 1, 13), 16)
    end
    return tonumber(group[node.parent_values[1]]) or false
end

local feed

-- As deep as correlations stand on each other.
local function tell(session, state, marks, settled)
    local tree = session.trees[state.tree]
    local node = tree.nodes[state.node]
    for _, mark in ipairs(marks) do
        if not node.parent and mark[3] then
            fire(session, tree, state, mark[1])
        elseif node.parent then
            local group = {}
            for i, from in ipairs(node.parent_group) do
                group[i] = state.group[from]
            end
            feed(session, state.tree, node.parent, group, state.about, mark[1], mark[2],
                node.parent_source, value_of(node, state.group), settled)
        end
    end
end

feed = function(session, digest, number, group, about, at, id, source, value, settled)
    local node = tree_of(session, digest).nodes[number]
    local state = want_state(session, digest, number, group)
    state.about = about
    tell(session, state, add(node, state, at, id, source, value, settled), settled)
end

-- Groups that were forgotten: {rule, how many, ...}.
local function forgotten_list(session)
    local list = {}
    for id, count in pairs(session.forgotten) do
        list[#list + 1] = id
        list[#list + 1] = count
    end
    return list
end

-- Hits, a batch's second half (MessagePack, written by storage/windows.c); gives how many facts, and
-- the groups that were forgotten:
--   {{digest, plan}...}, {{digest, node, source, value, at, id, group, about}...}
--   about: {project, event, environment, release}
local function apply_windows(prefix, batch, settled)
    local session = session_new(prefix)
    for _, tree in ipairs(batch[1]) do
        redis.call('HSETNX', prefix .. 'trees', tree[1], tree[2])
    end
    for _, hit in ipairs(batch[2]) do
        local digest, number, source, value, at, id, group, about = unpack(hit)
        feed(session, digest, number, group, about, at, id, source, value, settled)
    end
    close(session)
    return session.facts, forgotten_list(session)
end

-- Entries of a stream, "ms-n": whether the first is behind the second.
local function is_behind(entry, other)
    local ms, n = string.match(entry, '^(%d+)-(%d+)$')
    local other_ms, other_n = string.match(other, '^(%d+)-(%d+)$')
    ms, other_ms = tonumber(ms), tonumber(other_ms)
    return ms > other_ms or (ms == other_ms and tonumber(n) > tonumber(other_n))
end

-- What the facts of another partition have hit. They are read in the order of their stream, by whatever
-- node, and again by another one when that failed: one that was taken here is not taken again. Gives
-- whether it was new, how many facts it made, and the groups that were forgotten.
local function apply_fed(prefix, from, entry, batch, settled)
    local key = prefix .. 'fed'
    local last = redis.call('HGET', key, from)
    if last and not is_behind(entry, last) then
        return 0, 0, {}
    end
    redis.call('HSET', key, from, entry)
    return 1, apply_windows(prefix, batch, settled)
end

-- settled_ms, most -> facts made, states that were due, groups that were forgotten.
local function settle_due(prefix, settled, most)
    local session = session_new(prefix)
    local due = redis.call('ZRANGEBYSCORE', prefix .. 'waiting', '-inf', decimal(settled), 'LIMIT', 0,
        most)
    for _, name in ipairs(due) do
        local state = open_state(session, name)
        local tree = state and tree_of(session, state.tree)
        if tree then
            tell(session, state, settle(tree.nodes[state.node], state, settled), settled)
        else
            session.states[name] = nil
            redis.call('ZREM', prefix .. 'waiting', name)
        end
    end
    close(session)
    return session.facts, #due, forgotten_list(session)
end
