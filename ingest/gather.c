/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/gather.h"
#include "ingest/base/must.h"

void gather_start(struct gather *gather, const struct record *record, struct arena *scratch,
                  struct arena *keep, struct outcome *out)
{
    *out = (struct outcome){0};
    *gather = (struct gather){.record = record,
                              .scratch = scratch,
                              .keep = keep,
                              .out = out,
                              .last_event = &out->effects,
                              .last_passed = &out->events};
}

static struct effect *find(const struct gather *gather, const struct count *count, uint32_t project)
{
    struct effect *at = gather->counts;
    while (at != NULL &&
           (at->project != project || at->fate != count->fate || at->category != count->category ||
            !slice_eq(at->reason, count->reason))) {
        at = at->next;
    }
    return at;
}

void gather_count(struct gather *gather, const struct count *count)
{
    uint32_t project = count->project != 0 ? count->project : gather->record->project;
    if (count->quantity == 0 || count->category == CATEGORY_INTERNAL) {
        return;
    }
    struct effect *effect = find(gather, count, project);
    if (effect != NULL) {
        effect->quantity += count->quantity;
        return;
    }
    effect = ARENA_NEW(gather->keep, struct effect);
    if (effect == NULL) {
        return;
    }
    *effect = (struct effect){.next = gather->counts,
                              .partition = effect_partition(project),
                              .project = project,
                              .category = count->category,
                              .fate = count->fate,
                              .reason = arena_copy(gather->keep, count->reason),
                              .quantity = count->quantity,
                              .received_us = gather->record->received_us};
    gather->counts = effect;
}

void gather_event(struct gather *gather, const struct event *event, struct effect *effect,
                  size_t bytes)
{
    struct outcome *out = gather->out;
    struct passed_event *passed =
        event != NULL ? ARENA_NEW(gather->scratch, struct passed_event) : NULL;
    MUST(!effect_is_count(effect) && effect->category < CATEGORY_COUNT);
    effect->index = gather->events++;
    *gather->last_event = effect;
    gather->last_event = &effect->next;
    out->accepted[effect->category]++;
    if (effect->index == 0) {
        out->event_id = effect->event;
        out->event = event;
        out->event_bytes = bytes;
    }
    if (passed != NULL) {
        *passed = (struct passed_event){.event = event, .effect = effect, .bytes = bytes};
        *gather->last_passed = passed;
        gather->last_passed = &passed->next;
    }
}

/* Events of one record must not share an id that we made. */
struct id gather_seed(const struct gather *gather)
{
    struct id seed = gather->record->seed;
    seed.bytes[15] ^= (uint8_t)gather->events;
    seed.bytes[14] ^= (uint8_t)(gather->events >> 8);
    return seed;
}

void gather_parts(struct gather *gather, const struct envelope_item *item,
                  const struct contents *contents)
{
    bool is_report = item_category(item->kind) == CATEGORY_SECURITY;
    gather_count(gather, &(struct count){0, FATE_INVALID, CATEGORY_SECURITY, SLICE("unknown_type"),
                                         is_report ? contents->left_out : 0});
    for (uint32_t i = 0; i < contents->discard_count; i++) {
        const struct discard *discard = &contents->discards[i];
        gather_count(gather, &(struct count){0, FATE_CLIENT_DISCARD, discard->category,
                                             discard->reason, discard->quantity});
    }
}

struct fault gather_end(struct gather *gather)
{
    MUST(*gather->last_event == NULL);
    *gather->last_event = gather->counts;
    return gather->scratch->exhausted || gather->keep->exhausted
               ? fault_make(FAULT_TOO_BIG, "event: needs more memory than allowed")
               : FAULT_OK;
}
