/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlation.h"
#include "ingest/base/hash.h"
#include "ingest/base/must.h"
#include "rules/ruleset.h"
#include <math.h>

uint32_t ruleset_correlation_count(const struct ruleset *set)
{
    return set->correlation_count;
}

const struct correlation *ruleset_correlation(const struct ruleset *set, uint32_t index)
{
    MUST(index < set->correlation_count);
    return &set->correlations[index];
}

uint32_t ruleset_correlation_find(const struct ruleset *set, struct slice id)
{
    for (uint32_t i = 0; i < set->correlation_count; i++) {
        const struct rule_info *info = &set->correlations[i].info;
        if (slice_eq(info->id, id) || (id.len != 0 && slice_eq(info->name, id))) {
            return i;
        }
    }
    return set->correlation_count;
}

/* What the values of one hit are found in: fields of an event, or a child's group. */
struct values {
    const struct correlation_ask *ask; /* NULL: `group` */
    const struct slice *group;
    struct arena *arena;
};

/* The first value; of a list that of its first member. False: there is none that may be kept. */
static bool value_at(const struct values *values, uint32_t index, struct slice *out)
{
    const struct correlation_ask *ask = values->ask;
    if (ask == NULL) {
        *out = values->group[index];
        return true;
    }
    const struct field_value *first = ask->rules->fields.slots[index].first;
    *out = first != NULL ? first->raw : slice_of(NULL, 0);
    return first != NULL && (ask->clean == NULL || ask->clean(ask->context, values->arena,
                                                              ask->set->names.names[index], out));
}

/* 52 bits of a hash over all values with their lengths; NAN when one is missing. Whoever sends the
 * values must not be able to choose two that look the same, hence the slow hash. */
static double hash_values(const struct values *values, const uint32_t *at, uint32_t count,
                          struct arena *arena)
{
    struct slice *parts = ARENA_ARRAY(arena, 2 * (size_t)count + 1u, struct slice);
    uint8_t digest[32];
    uint64_t number = 0;
    for (uint32_t i = 0; i < count && parts != NULL; i++) {
        if (!value_at(values, at[i], &parts[2 * i + 1])) {
            return (double)NAN;
        }
        parts[2 * i] = arena_printf(arena, "%zu:", parts[2 * i + 1].len);
    }
    if (parts == NULL) {
        return (double)NAN;
    }
    hash_sha256(arena_concat(arena, parts, 2 * (size_t)count), digest);
    memcpy(&number, digest, sizeof(number));
    return (double)(number >> 12);
}

static double number_at(const struct values *values, uint32_t index)
{
    struct slice text;
    double number = 0;
    if (!value_at(values, index, &text) || text.len == 0) {
        return (double)NAN;
    }
    struct value value = {.kind = VALUE_NUMBER, .of.text = text};
    return value_real(&value, &number) ? number : (double)NAN;
}

/* False: a field of the group is missing, or the arena is full. */
static bool make_hit(const struct correlation *correlation, uint32_t source,
                     const struct values *values, struct arena *arena, struct correlation_hit *hit)
{
    const struct correlation_source *from = &correlation->sources[source];
    struct slice *group = ARENA_ARRAY(arena, correlation->group_count + 1u, struct slice);
    MUST(source < correlation->plan.sources);
    for (uint32_t i = 0; i < correlation->group_count && group != NULL; i++) {
        if (!value_at(values, from->group[i], &group[i])) {
            return false;
        }
    }
    hit->group = group;
    hit->source = source;
    hit->value = correlation->value_count == 0 ? (double)NAN
                 : correlation->plan.type == CORRELATE_VALUE_COUNT
                     ? hash_values(values, from->values, correlation->value_count, arena)
                     : number_at(values, from->values[0]);
    return group != NULL;
}

static uint32_t feeds_of(const struct ruleset *set, const uint32_t *indexes, uint32_t count)
{
    uint32_t feeds = 0;
    for (uint32_t i = 0; i < count; i++) {
        MUST(indexes[i] < set->count);
        feeds += set->rules[indexes[i]].feeds.count;
    }
    return feeds;
}

const struct correlation_hit *rules_correlate(const struct correlation_ask *ask,
                                              struct arena *arena, uint32_t *out_count)
{
    const struct ruleset *set = ask->set;
    const struct values values = {.ask = ask, .arena = arena};
    uint32_t room = feeds_of(set, ask->indexes, ask->count);
    struct correlation_hit *hits =
        room != 0 ? ARENA_ARRAY(arena, room, struct correlation_hit) : NULL;
    uint32_t made = 0;
    MUST(ask->rules->set == set);
    for (uint32_t i = 0; i < ask->count && hits != NULL; i++) {
        struct posting feeds = set->rules[ask->indexes[i]].feeds;
        for (uint32_t k = feeds.from; k < feeds.from + feeds.count; k++) {
            struct correlation_parent to = set->feeds[k];
            hits[made].correlation = to.correlation;
            made += make_hit(&set->correlations[to.correlation], to.source, &values, arena,
                             &hits[made]);
        }
    }
    *out_count = made;
    return hits;
}

bool correlation_parent_hit(const struct ruleset *set, const struct correlation_parent *parent,
                            const struct slice *group, struct arena *arena,
                            struct correlation_hit *out)
{
    const struct values values = {.group = group, .arena = arena};
    MUST(parent->correlation < set->correlation_count);
    out->correlation = parent->correlation;
    return make_hit(&set->correlations[parent->correlation], parent->source, &values, arena, out);
}
