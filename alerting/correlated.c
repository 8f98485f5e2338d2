/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/correlated.h"
#include "ingest/base/hash.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

/* All states of a tree lie where the group of what fires does. */
static uint32_t partition_of(const struct correlation *root, const struct correlation_place *place,
                             const struct slice *group)
{
    uint64_t hash = hash_fnv1a(HASH_FNV1A_START, root->digest);
    for (uint32_t i = 0; i < root->group_count; i++) {
        const struct slice *value = &group[place->to_root[i]];
        hash = hash_fnv1a(hash, slice_of((const char *)&value->len, sizeof(value->len)));
        hash = hash_fnv1a(hash, *value);
    }
    return (uint32_t)((hash ^ hash >> 32) % PARTITION_COUNT);
}

/* The texts of a tree, copied once an event. */
static void take_tree(const struct correlation *root, struct arena *keep,
                      const struct effect *effect, struct effect_window *window)
{
    for (uint32_t i = 0; i < effect->window_count; i++) {
        if (slice_eq(effect->windows[i].digest, root->digest)) {
            window->digest = effect->windows[i].digest;
            window->tree = effect->windows[i].tree;
            return;
        }
    }
    window->digest = arena_copy(keep, root->digest);
    window->tree = arena_copy(keep, root->tree);
}

static const struct slice *take_group(const struct correlation_hit *hit, uint32_t count,
                                      struct arena *keep)
{
    struct slice *group = ARENA_ARRAY(keep, count + 1u, struct slice);
    for (uint32_t i = 0; i < count && group != NULL; i++) {
        group[i] = arena_copy(keep, slice_cut_utf8(hit->group[i], TAG_VALUE_BYTES_MAX));
    }
    return group;
}

static uint32_t places_of(const struct ruleset *set, const struct correlation_hit *hits,
                          uint32_t count)
{
    uint32_t places = 0;
    for (uint32_t i = 0; i < count; i++) {
        places += ruleset_correlation(set, hits[i].correlation)->place_count;
    }
    return places < EFFECT_WINDOWS_MAX ? places : EFFECT_WINDOWS_MAX;
}

void correlated_windows(const struct correlation_ask *held, struct arena *scratch,
                        struct arena *keep, struct effect *effect)
{
    uint32_t count = 0;
    const struct correlation_hit *hits = rules_correlate(held, scratch, &count);
    uint32_t room = places_of(held->set, hits, count);
    struct effect_window *windows =
        room != 0 ? ARENA_ARRAY(keep, room, struct effect_window) : NULL;
    MUST(effect->window_count == 0);
    effect->windows = windows;
    for (uint32_t i = 0; i < count && windows != NULL; i++) {
        const struct correlation *correlation = ruleset_correlation(held->set, hits[i].correlation);
        const struct slice *group = take_group(&hits[i], correlation->group_count, keep);
        for (uint32_t p = 0;
             p < correlation->place_count && effect->window_count < room && group != NULL; p++) {
            const struct correlation_place *place = &correlation->places[p];
            const struct correlation *root = ruleset_correlation(held->set, place->root);
            struct effect_window *window = &windows[effect->window_count];
            *window = (struct effect_window){.partition = partition_of(root, place, group),
                                             .node = place->node,
                                             .source = hits[i].source,
                                             .value = hits[i].value,
                                             .group = group,
                                             .group_count = correlation->group_count};
            take_tree(root, keep, effect, window);
            effect->window_count++;
        }
    }
}
