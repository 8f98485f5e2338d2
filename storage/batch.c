/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/batch.h"

#include "ingest/base/hash.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "storage/batch_inside.h"

#define US_PER_HOUR (3600 * TIME_US_PER_S)

/* A batch is at most COMMIT_EVENTS_MAX and one record; each event has some 2 KB of texts. */
#define PAYLOAD_BYTES_MAX (256u << 20)

void batch_reset(struct batch *batch)
{
    batch->rows.count = 0;
    batch->groups.count = 0;
    batch->sections.count = 0;
    batch->sums.count = 0;
    memset(batch->first_section, 0xff, sizeof batch->first_section);
    memset(batch->slots, 0xff, batch->slot_count * sizeof *batch->slots);
}

struct batch *batch_new(void)
{
    struct batch *batch = calloc(1, sizeof *batch);
    MUST(batch != NULL);
    batch->slot_count = 1024;
    batch->slots = calloc(batch->slot_count, sizeof *batch->slots);
    MUST(batch->slots != NULL);
    buffer_init(&batch->payload, PAYLOAD_BYTES_MAX);
    buffer_init(&batch->meta, PAYLOAD_BYTES_MAX);
    buffer_init(&batch->last_meta, PAYLOAD_BYTES_MAX);
    batch_reset(batch);
    return batch;
}

void batch_free(struct batch *batch)
{
    if (batch == NULL) {
        return;
    }
    free(batch->rows.at);
    free(batch->groups.at);
    free(batch->sections.at);
    free(batch->sums.at);
    free(batch->detections.at);
    free(batch->hits.at);
    free(batch->slots);
    buffer_done(&batch->payload);
    buffer_done(&batch->meta);
    buffer_done(&batch->last_meta);
    free(batch);
}

static int64_t hour_of(const struct effect *effect)
{
    MUST(effect->received_us >= 0);
    return effect->received_us / US_PER_HOUR;
}

static bool is_same_group(const struct effect *a, const struct effect *b)
{
    MUST(a->hash_count <= EFFECT_HASHES_MAX && b->hash_count <= EFFECT_HASHES_MAX);
    return a->partition == b->partition && a->project == b->project && hour_of(a) == hour_of(b) &&
           a->category == b->category && a->hash_count == b->hash_count &&
           a->hash_own == b->hash_own && a->grouping == b->grouping &&
           memcmp(a->hashes, b->hashes, a->hash_count * sizeof a->hashes[0]) == 0;
}

static uint32_t slot_of(const struct effect *effect, uint32_t slot_count)
{
    MUST((slot_count & (slot_count - 1)) == 0);
    uint64_t hash = hash_fnv1a(HASH_FNV1A_START,
                               slice_of((const char *)effect->hashes, sizeof effect->hashes[0]));
    hash ^= (uint64_t)effect->project * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(hash ^ hash >> 32) & (slot_count - 1);
}

/* The slot of the effect's group, or the empty one where it belongs. */
static uint32_t find_slot(const struct batch *batch, const struct effect *effect)
{
    uint32_t slot = slot_of(effect, batch->slot_count);
    while (batch->slots[slot] != NONE &&
           !is_same_group(group_at(batch, batch->slots[slot])->effect, effect)) {
        slot = (slot + 1) & (batch->slot_count - 1);
    }
    return slot;
}

/* Keeps the table at most half full. */
static void make_slots(struct batch *batch)
{
    MUST(batch->groups.count <= batch->slot_count);
    if (batch->groups.count * 2 < batch->slot_count) {
        return;
    }
    batch->slot_count *= 2;
    free(batch->slots);
    batch->slots = malloc(batch->slot_count * sizeof *batch->slots);
    MUST(batch->slots != NULL);
    memset(batch->slots, 0xff, batch->slot_count * sizeof *batch->slots);
    for (uint32_t group = 0; group < batch->groups.count; group++) {
        batch->slots[find_slot(batch, group_at(batch, group)->effect)] = group;
    }
}

static uint32_t find_section(struct batch *batch, const struct effect *effect)
{
    MUST(effect->partition < PARTITION_COUNT);
    uint32_t *link = &batch->first_section[effect->partition];
    while (*link != NONE) {
        struct section *section = section_at(batch, *link);
        if (section->project == effect->project && section->hour == hour_of(effect) &&
            section->category == effect->category) {
            return *link;
        }
        link = &section->next;
    }
    /* `link` may point into the list that is about to move. */
    uint32_t made = batch->sections.count;
    *link = made;
    struct section *section = list_add(&batch->sections, sizeof *section);
    *section = (struct section){.project = effect->project,
                                .hour = hour_of(effect),
                                .category = effect->category,
                                .first_group = NONE,
                                .last_group = NONE,
                                .first_sum = NONE,
                                .next = NONE};
    return made;
}

static struct group *find_group(struct batch *batch, const struct effect *effect)
{
    make_slots(batch);
    MUST(batch->groups.count * 2 <= batch->slot_count);
    uint32_t slot = find_slot(batch, effect);
    if (batch->slots[slot] != NONE) {
        return group_at(batch, batch->slots[slot]);
    }
    uint32_t made = batch->groups.count;
    uint32_t in = find_section(batch, effect);
    struct group *group = list_add(&batch->groups, sizeof *group);
    *group = (struct group){effect, 0, NONE, NONE, 0, in, NONE};
    struct section *section = section_at(batch, in);
    if (section->groups++ == 0) {
        section->first_group = made;
    } else {
        group_at(batch, section->last_group)->next = made;
    }
    section->last_group = made;
    batch->slots[slot] = made;
    return group;
}

static void add_count(struct batch *batch, const struct effect *effect)
{
    uint32_t in = find_section(batch, effect);
    uint32_t at = section_at(batch, in)->first_sum;
    MUST(section_at(batch, in)->sums == 0 || at != NONE);
    while (at != NONE && (sum_at(batch, at)->effect->fate != effect->fate ||
                          !slice_eq(sum_at(batch, at)->effect->reason, effect->reason))) {
        at = sum_at(batch, at)->next;
    }
    if (at != NONE) {
        sum_at(batch, at)->quantity += effect->quantity;
        return;
    }
    at = batch->sums.count;
    struct sum *sum = list_add(&batch->sums, sizeof *sum);
    struct section *section = section_at(batch, in);
    *sum = (struct sum){effect, effect->quantity, section->first_sum};
    section->first_sum = at;
    section->sums++;
}

void batch_add(struct batch *batch, uint64_t sequence, const struct effect *effect)
{
    MUST(effect->partition < PARTITION_COUNT);
    MUST(effect->hash_count <= EFFECT_HASHES_MAX);
    if (effect_is_count(effect)) {
        add_count(batch, effect);
        return;
    }
    struct group *group = find_group(batch, effect);
    uint32_t made = batch->rows.count;
    struct row *row = list_add(&batch->rows, sizeof *row);
    *row = (struct row){effect, sequence, NONE};
    if (group->rows++ == 0) {
        group->first_row = made;
    } else {
        row_at(batch, group->last_row)->next = made;
    }
    group->last_row = made;
    MUST(batch_has(batch, effect->partition));
    section_at(batch, group->section)->rows++;
    group->received_us =
        group->received_us > effect->received_us ? group->received_us : effect->received_us;
}

uint32_t batch_count(const struct batch *batch)
{
    return batch->rows.count;
}

bool batch_is_empty(const struct batch *batch)
{
    return batch->sections.count == 0;
}

bool batch_has(const struct batch *batch, uint32_t partition)
{
    MUST(partition < PARTITION_COUNT);
    return batch->first_section[partition] != NONE;
}
