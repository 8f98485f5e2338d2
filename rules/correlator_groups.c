/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlator_groups.h"
#include "ingest/base/hash.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <stdlib.h>

enum { BUCKETS_FIRST = 256 };

bool correlator_groups_init(struct correlator_groups *groups, uint32_t correlations)
{
    *groups = (struct correlator_groups){.bucket_count = BUCKETS_FIRST};
    groups->buckets = calloc(groups->bucket_count, sizeof(*groups->buckets));
    groups->lists = calloc(correlations + 1u, sizeof(*groups->lists));
    return groups->buckets != NULL && groups->lists != NULL;
}

static void free_one(struct followed *followed)
{
    correlate_state_done(&followed->state);
    free(followed);
}

void correlator_groups_done(struct correlator_groups *groups)
{
    for (uint32_t i = 0; i < groups->bucket_count && groups->buckets != NULL; i++) {
        while (groups->buckets[i] != NULL) {
            struct followed *next = groups->buckets[i]->next;
            free_one(groups->buckets[i]);
            groups->buckets[i] = next;
        }
    }
    free(groups->buckets);
    free(groups->heap);
    free(groups->lists);
}

/* ---- the heap ---- */

static void put(struct correlator_groups *groups, uint32_t place, struct followed *followed)
{
    groups->heap[place] = followed;
    followed->heap_place = place;
}

static int64_t due_at(const struct correlator_groups *groups, uint32_t place)
{
    return groups->heap[place]->state.due_ms;
}

static void rise(struct correlator_groups *groups, uint32_t place)
{
    struct followed *followed = groups->heap[place];
    while (place > 1 && due_at(groups, place / 2) > followed->state.due_ms) {
        put(groups, place, groups->heap[place / 2]);
        place /= 2;
    }
    put(groups, place, followed);
}

static void sink(struct correlator_groups *groups, uint32_t place)
{
    struct followed *followed = groups->heap[place];
    while (2 * place <= groups->heap_count) {
        uint32_t child = 2 * place;
        child += child < groups->heap_count && due_at(groups, child + 1) < due_at(groups, child);
        if (due_at(groups, child) >= followed->state.due_ms) {
            break;
        }
        put(groups, place, groups->heap[child]);
        place = child;
    }
    put(groups, place, followed);
}

static void leave_heap(struct correlator_groups *groups, struct followed *followed)
{
    uint32_t place = followed->heap_place;
    struct followed *last = groups->heap[groups->heap_count--];
    MUST(place > 0 && groups->heap[place] == followed);
    followed->heap_place = 0;
    if (last != followed) {
        put(groups, place, last);
        rise(groups, place);
        sink(groups, last->heap_place);
    }
}

static void enter_heap(struct correlator_groups *groups, struct followed *followed)
{
    if (groups->heap_count + 1 >= groups->heap_room) {
        groups->heap_room = groups->heap_room == 0 ? 64 : 2 * groups->heap_room;
        groups->heap = realloc(groups->heap, groups->heap_room * sizeof(struct followed *));
        MUST(groups->heap != NULL);
    }
    put(groups, ++groups->heap_count, followed);
    rise(groups, groups->heap_count);
}

void correlator_groups_due(struct correlator_groups *groups, struct followed *followed)
{
    if (followed->heap_place != 0) {
        leave_heap(groups, followed);
    }
    if (followed->state.due_ms != INT64_MAX) {
        enter_heap(groups, followed);
    }
}

struct followed *correlator_groups_first(const struct correlator_groups *groups)
{
    return groups->heap_count != 0 ? groups->heap[1] : NULL;
}

/* ---- the lists by last use ---- */

static void unlink_use(struct follow_list *list, struct followed *followed)
{
    MUST(list->count > 0);
    *(followed->newer != NULL ? &followed->newer->older : &list->newest) = followed->older;
    *(followed->older != NULL ? &followed->older->newer : &list->oldest) = followed->newer;
    list->count--;
}

static void link_use(struct follow_list *list, struct followed *followed)
{
    followed->newer = NULL;
    followed->older = list->newest;
    *(list->newest != NULL ? &list->newest->newer : &list->oldest) = followed;
    list->newest = followed;
    list->count++;
}

/* ---- the table ---- */

static uint64_t hash_of(uint32_t correlation, const struct slice *group, uint32_t count)
{
    uint64_t hash =
        hash_fnv1a(HASH_FNV1A_START, slice_of((const char *)&correlation, sizeof(correlation)));
    for (uint32_t i = 0; i < count; i++) {
        hash = hash_fnv1a(hash, slice_of((const char *)&group[i].len, sizeof(group[i].len)));
        hash = hash_fnv1a(hash, group[i]);
    }
    return hash ^ hash >> 29;
}

static bool is_it(const struct followed *followed, uint64_t hash, uint32_t correlation,
                  const struct slice *group)
{
    bool is_same = followed->hash == hash && followed->correlation == correlation;
    for (uint32_t i = 0; i < followed->group_count && is_same; i++) {
        is_same = slice_eq(followed->group[i], group[i]);
    }
    return is_same;
}

static void widen(struct correlator_groups *groups)
{
    uint32_t wide = groups->bucket_count * 2;
    struct followed **buckets = calloc(wide, sizeof(*buckets));
    MUST(buckets != NULL);
    for (uint32_t i = 0; i < groups->bucket_count; i++) {
        while (groups->buckets[i] != NULL) {
            struct followed *moved = groups->buckets[i];
            groups->buckets[i] = moved->next;
            moved->next = buckets[moved->hash & (wide - 1)];
            buckets[moved->hash & (wide - 1)] = moved;
        }
    }
    free(groups->buckets);
    groups->buckets = buckets;
    groups->bucket_count = wide;
}

static struct followed *make(const struct slice *group, uint32_t count)
{
    size_t bytes = sizeof(struct followed) + count * sizeof(struct slice);
    for (uint32_t i = 0; i < count; i++) {
        bytes += group[i].len;
    }
    struct followed *followed = calloc(1, bytes);
    MUST(followed != NULL);
    followed->group = (struct slice *)(void *)(followed + 1);
    followed->group_count = count;
    char *text = (char *)(followed->group + count);
    for (uint32_t i = 0; i < count; i++) {
        if (group[i].len != 0) {
            memcpy(text, group[i].at, group[i].len);
        }
        followed->group[i] = slice_of(text, group[i].len);
        text += group[i].len;
    }
    correlate_state_init(&followed->state);
    return followed;
}

static void forget(struct correlator_groups *groups, struct followed *followed)
{
    struct followed **link = &groups->buckets[followed->hash & (groups->bucket_count - 1)];
    while (*link != followed) {
        link = &(*link)->next;
    }
    *link = followed->next;
    if (followed->heap_place != 0) {
        leave_heap(groups, followed);
    }
    unlink_use(&groups->lists[followed->correlation], followed);
    groups->count--;
    groups->forgotten++;
    free_one(followed);
}

struct followed *correlator_groups_want(struct correlator_groups *groups, uint32_t correlation,
                                        const struct slice *group, uint32_t group_count)
{
    uint64_t hash = hash_of(correlation, group, group_count);
    struct follow_list *list = &groups->lists[correlation];
    struct followed *at = groups->buckets[hash & (groups->bucket_count - 1)];
    while (at != NULL && !is_it(at, hash, correlation, group)) {
        at = at->next;
    }
    if (at != NULL) {
        unlink_use(list, at);
        link_use(list, at);
        return at;
    }
    if (list->count == CORRELATION_GROUPS_MAX) {
        forget(groups, list->oldest);
    }
    if (groups->count == groups->bucket_count) {
        widen(groups);
    }
    at = make(group, group_count);
    at->hash = hash;
    at->correlation = correlation;
    at->next = groups->buckets[hash & (groups->bucket_count - 1)];
    groups->buckets[hash & (groups->bucket_count - 1)] = at;
    groups->count++;
    link_use(list, at);
    return at;
}
