/* SPDX-License-Identifier: Apache-2.0 */
/* Correlations in Redis: as the pure machine says, whatever the nodes, the order and the crashes.
 */
#include "alerting/correlated.h"
#include "ingest/host/clock.h"
#include "rules/correlator.h"
#include "storage/applier.h"
#include "tests/support/redis.h"
#include "tests/unit/rules/replay_fixture.h"
#include <stdlib.h>

#define EVENTS_MAX 128u
#define NODES_MAX  4u

/* One node of several: what its journal holds, and the applier that brings it to Redis. */
struct node {
    struct id id;
    const struct effect *records[EVENTS_MAX + 1]; /* by sequence */
    uint64_t end;
    uint64_t position;
    struct applier applier;
};

struct nodes {
    struct redis_server server;
    struct redis_options options;
    struct redis *link;
    struct fixture *f;
    struct arena keep;
    struct effect effects[EVENTS_MAX];
    int64_t at_ms[EVENTS_MAX];
    uint32_t count;
    int64_t newest_ms;
    struct node nodes[NODES_MAX];
    uint64_t seed;
    uint32_t compared; /* facts */
    uint32_t runs;
    uint32_t kills;
    struct buffer said; /* "rule [group] at\n" by what fires */
};

static uint32_t below(struct nodes *n, uint32_t limit)
{
    n->seed = n->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(n->seed >> 33) % limit;
}

static struct nodes *nodes_open(void)
{
    struct nodes *n = calloc(1, sizeof(*n));
    cr_assert(n != NULL && arena_init(&n->keep, (size_t)256 << 20));
    redis_server_start(&n->server);
    cr_assert(!fault_is(redis_parse(slice_str(n->server.url), &n->options)));
    n->link = redis_new(&n->options);
    cr_assert(redis_connect(n->link));
    n->f = fixture_new();
    buffer_init(&n->said, 16u << 20);
    const char *seed = getenv("TOCSIN_SEED"); /* other interleavings, other kills */
    n->seed = seed != NULL ? strtoull(seed, NULL, 10) : 1;
    return n;
}

static void nodes_close(struct nodes *n)
{
    redis_free(n->link);
    redis_server_stop(&n->server);
    fixture_free(n->f);
    arena_done(&n->keep);
    buffer_done(&n->said);
    free(n);
}

/* ---- a scenario: its events as effects, in a time that is yet to come ---- */

static void add_event(struct nodes *n, const struct value *event, int64_t at_ms)
{
    struct subject subject;
    struct effect *effect = &n->effects[n->count];
    cr_assert(n->count < EVENTS_MAX);
    subject_from_value(&subject, event, true, &n->f->event);
    uint32_t count = rules_match(n->f->set, n->f->scratch, &subject, n->f->indexes, 64);
    *effect = (struct effect){.project = 1, .hash_count = 1, .at_us = at_ms * 1000};
    effect->event.bytes[0] = 1;
    effect->event.bytes[1] = (uint8_t)n->count;
    const struct correlation_ask held = {
        .set = n->f->set, .rules = n->f->scratch, .indexes = n->f->indexes, .count = count};
    correlated_windows(&held, &n->f->event, &n->keep, effect);
    n->at_ms[n->count++] = at_ms;
    n->newest_ms = at_ms > n->newest_ms ? at_ms : n->newest_ms;
}

static void note(void *context, const struct correlator_firing *firing)
{
    struct nodes *n = context;
    const struct correlation *correlation = ruleset_correlation(n->f->set, firing->correlation);
    if (correlation->info.is_referenced) {
        return;
    }
    buffer_add(&n->said, correlation->info.id);
    buffer_byte(&n->said, ' ');
    struct json json;
    json_init(&json, &n->said);
    json_list(&json);
    for (uint32_t i = 0; i < correlation->group_count; i++) {
        json_string(&json, firing->group[i]);
    }
    json_list_end(&json);
    buffer_printf(&n->said, " %lld\n", (long long)firing->at_ms);
}

/* What the pure machine says of the events in their order. */
static void ask_correlator(struct nodes *n, const struct value *events, int64_t base_ms)
{
    struct correlator *correlator = correlator_new(n->f->set, note, n);
    uint64_t line = 0;
    for (const struct value *at = value_first(events); at != NULL; at = at->next) {
        int64_t ts = 0;
        uint32_t hits = 0;
        struct subject subject;
        cr_assert(value_integer(value_get(at, SLICE("ts")), &ts));
        subject_from_value(&subject, value_get(at, SLICE("event")), true, &n->f->event);
        uint32_t count = rules_match(n->f->set, n->f->scratch, &subject, n->f->indexes, 64);
        const struct correlation_ask ask = {
            .set = n->f->set, .rules = n->f->scratch, .indexes = n->f->indexes, .count = count};
        const struct correlation_hit *hit = rules_correlate(&ask, &n->f->event, &hits);
        line++;
        for (uint32_t i = 0; i < hits; i++) {
            correlator_add(correlator, &hit[i], base_ms + ts, line, INT64_MIN);
        }
    }
    correlator_settle(correlator, n->newest_ms);
    correlator_free(correlator);
}

static int64_t load(struct nodes *n, struct slice docs, const struct value *events)
{
    int64_t base_ms = clock_wall_us() / 1000 + 3600000;
    struct rules_source source = {SLICE("scenario.yml"), docs};
    fixture_load(n->f, &source, 1);
    arena_reset(&n->keep);
    arena_reset(&n->f->event);
    buffer_reset(&n->said);
    n->count = 0;
    n->newest_ms = 0;
    for (const struct value *at = value_first(events); at != NULL; at = at->next) {
        int64_t ts = 0;
        cr_assert(value_integer(value_get(at, SLICE("ts")), &ts));
        add_event(n, value_get(at, SLICE("event")), base_ms + ts);
    }
    return base_ms;
}

/* ---- nodes ---- */

static void node_start(struct nodes *n, struct node *node)
{
    applier_init(&node->applier, &n->options, node->id, 3600);
    cr_assert(applier_connect(&node->applier, node->end), "%s", node->applier.error);
    node->position = applier_low(&node->applier);
}

/* Applies records up to `last`, those the partitions have not. */
static void node_apply(struct node *node, uint64_t last)
{
    for (uint64_t sequence = node->position + 1; sequence <= last; sequence++) {
        const struct effect *effect = node->records[sequence];
        for (uint32_t i = 0; i < effect->window_count; i++) {
            if (sequence > node->applier.stands[effect->windows[i].partition]) {
                windows_add(node->applier.windows, effect, &effect->windows[i]);
            }
        }
    }
    cr_assert(applier_commit(&node->applier, last), "%s", node->applier.error);
    node->position = last;
}

static void share_out(struct nodes *n, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        n->nodes[i] = (struct node){.id = {{(uint8_t)(i + 1)}}};
    }
    for (uint32_t i = 0; i < n->count; i++) {
        struct node *node = &n->nodes[below(n, count)];
        node->records[++node->end] = &n->effects[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        node_start(n, &n->nodes[i]);
    }
}

/* All records of all nodes in a random interleaving; with `kills`, nodes die now and then and read
 * their journals back from where Redis says they stand. */
static void run(struct nodes *n, uint32_t count, bool kills)
{
    uint32_t left = n->count;
    freeReplyObject(redis_command(n->link, "FLUSHALL"));
    n->runs++;
    share_out(n, count);
    while (left > 0) {
        struct node *node = &n->nodes[below(n, count)];
        uint64_t most = node->end - node->position;
        if (most == 0) {
            continue;
        }
        uint64_t some = 1 + below(n, most < 5 ? (uint32_t)most : 5);
        node_apply(node, node->position + some);
        left -= (uint32_t)some;
        if (kills && below(n, 3) == 0) {
            uint64_t position = node->position;
            n->kills++;
            applier_done(&node->applier);
            node_start(n, node);
            cr_assert_leq(node->position, position);
            left += (uint32_t)(position - node->position);
        }
    }
    for (unsigned i = 0; i < 3; i++) { /* what is settled may make something wait above it */
        cr_assert(applier_settle(&n->nodes[0].applier, n->newest_ms));
    }
    for (uint32_t i = 0; i < count; i++) {
        applier_done(&n->nodes[i].applier);
    }
}

static struct slice field_of(const redisReply *fields, struct slice name)
{
    for (size_t i = 0; i + 1 < fields->elements; i += 2) {
        if (slice_eq(redis_text(fields->element[i]), name)) {
            return redis_text(fields->element[i + 1]);
        }
    }
    return SLICE("");
}

/* Detections in Redis, as `said` has them. */
static void read_facts(struct nodes *n, struct buffer *out)
{
    for (unsigned i = 0; i < PARTITION_COUNT; i++) {
        redisReply *facts =
            redis_command(n->link, "XRANGE t:{%s%d}:facts - +", i < 10 ? "0" : "", i);
        for (size_t k = 0; k < facts->elements; k++) {
            const redisReply *fields = facts->element[k]->element[1];
            cr_expect(slice_eq(field_of(fields, SLICE("kind")), SLICE("detection")));
            buffer_add(out, field_of(fields, SLICE("rule")));
            buffer_byte(out, ' ');
            buffer_add(out, field_of(fields, SLICE("group")));
            buffer_byte(out, ' ');
            buffer_add(out, field_of(fields, SLICE("at")));
            buffer_byte(out, '\n');
        }
        freeReplyObject(facts);
    }
}

/* ---- comparing lines ---- */

static bool has_line(struct slice text, struct slice wanted, bool with_time)
{
    struct slice line;
    while (sample_line(&text, &line)) {
        if (slice_eq(line, wanted) || (!with_time && slice_starts(line, wanted))) {
            return true;
        }
    }
    return false;
}

static uint32_t line_count(struct slice text)
{
    uint32_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += text.at[i] == '\n';
    }
    return count;
}

/* Each line of `left` is in `right`; without the time only rule and group are compared. */
static bool is_in(struct slice left, struct slice right, bool with_time)
{
    struct slice line;
    while (sample_line(&left, &line)) {
        size_t end = line.len;
        while (!with_time && end > 0 && line.at[end - 1] != ' ') {
            end--;
        }
        if (!has_line(right, slice_head(line, end), with_time)) {
            return false;
        }
    }
    return true;
}

/* ---- the tests ---- */

static void expect_same(struct nodes *n, struct slice id, uint32_t count, bool with_time)
{
    struct buffer facts;
    buffer_init(&facts, 16u << 20);
    read_facts(n, &facts);
    struct slice redis = buffer_slice(&facts);
    struct slice pure = buffer_slice(&n->said);
    cr_expect(is_in(redis, pure, with_time) && is_in(pure, redis, with_time) &&
                  (!with_time || line_count(redis) == line_count(pure)),
              "%.*s on %u nodes: Redis\n%.*spure\n%.*s", SLICE_ARG(id), count, SLICE_ARG(redis),
              SLICE_ARG(pure));
    n->compared += line_count(redis);
    buffer_done(&facts);
}

/* Runs one scenario on 1 node in order, and on 1, 2 and 4 in random interleavings with kills. */
static void check(struct nodes *n, struct slice id, struct slice docs, const struct value *events)
{
    int64_t base_ms = load(n, docs, events);
    ask_correlator(n, events, base_ms);
    run(n, 1, false);
    expect_same(n, id, 1, true);
    for (uint32_t count = 1; count <= NODES_MAX; count *= 2) {
        run(n, count, true);
        expect_same(n, id, count, false);
    }
}

Test(correlated, scenarios_are_the_same_on_one_node_and_on_many_with_kills, .timeout = 280)
{
    struct nodes *n = nodes_open();
    struct slice text;
    struct slice line;
    struct arena rows;
    cr_assert(arena_init(&rows, (size_t)64 << 20));
    if (!sample_read(&n->f->arena, "sigma/correlation_scenarios.jsonl.gz", &text)) {
        cr_skip_test("no shared data");
    }
    while (sample_line(&text, &line)) {
        struct value *row = NULL;
        arena_reset(&rows);
        cr_assert(!fault_is(value_parse_json(&rows, line, &row)));
        check(n, value_string(value_get(row, SLICE("id"))),
              value_string(value_get(row, SLICE("docs"))), value_get(row, SLICE("events")));
    }
    cr_expect_gt(n->compared, 500);
    if (getenv("TOCSIN_SEED") != NULL) {
        fprintf(stderr, "%u runs, %u kills, %u detections compared\n", n->runs, n->kills,
                n->compared);
    }
    arena_done(&rows);
    nodes_close(n);
}

static struct value *random_events(struct nodes *n, struct arena *arena)
{
    struct slice all = SLICE("[");
    int64_t ts = 0;
    struct value *events = NULL;
    for (uint32_t i = 0; i < 60; i++) {
        ts += 1 + below(n, 3000);
        all =
            arena_printf(arena, "%.*s%s{\"ts\":%lld,\"event\":{\"r\":\"%c\",\"g\":%u,\"v\":%u.%u}}",
                         SLICE_ARG(all), i != 0 ? "," : "", (long long)ts, 'a' + (int)below(n, 3),
                         below(n, 2), below(n, 4), below(n, 2) * 5);
    }
    struct slice parts[] = {all, SLICE("]")};
    cr_assert(!fault_is(value_parse_json(arena, arena_concat(arena, parts, 2), &events)));
    return events;
}

/* Types and conditions that the recorded scenarios lack. */
Test(correlated, every_type_is_what_the_pure_machine_says, .timeout = 200)
{
    static const char *const correlations[] = {
        "type: event_count, rules: a, group-by: [g], timespan: 5s, condition: {eq: 0}",
        "type: event_count, rules: [a, b], group-by: [g], timespan: 5s, condition: {lt: 2}",
        "type: event_count, rules: [a, b], timespan: 5s, condition: {gt: 1, lte: 3}",
        "type: value_count, rules: a, timespan: 9s, condition: {field: [v, g], gte: 3}",
        "type: temporal, group-by: [g], timespan: 4s, condition: a and not (b or c)",
        "type: temporal, rules: [a, b, c], group-by: [g], timespan: 4s, condition: {gte: 2}",
        "type: temporal_ordered, rules: [a, a, b], timespan: 4s",
        "type: value_sum, rules: a, group-by: [g], timespan: 5s, condition: {field: v, gt: 5.5}",
        "type: value_avg, rules: a, group-by: [g], timespan: 5s, condition: {field: v, lt: 1.2}",
        "type: value_median, rules: [a, b], timespan: 9s, condition: {field: v, gte: 2.25}",
        "type: value_percentile, rules: [a, b], timespan: 9s, condition: {field: v, gt: 2.9, "
        "percentile: 90}",
    };
    struct nodes *n = nodes_open();
    struct arena arena;
    cr_assert(arena_init(&arena, (size_t)64 << 20));
    for (size_t i = 0; i < 3 * sizeof(correlations) / sizeof(correlations[0]); i++) {
        arena_reset(&arena);
        struct slice docs = arena_printf(&arena, REPLAY_ONE("%s"), correlations[i / 3]);
        const struct value *events = random_events(n, &arena);
        int64_t base_ms = load(n, docs, events);
        ask_correlator(n, events, base_ms);
        run(n, 1, false);
        expect_same(n, slice_str(correlations[i / 3]), 1, true);
    }
    cr_expect_gt(n->compared, 100);
    arena_done(&arena);
    nodes_close(n);
}
