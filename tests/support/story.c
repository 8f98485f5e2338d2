/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/story.h"

#include "ingest/base/must.h"
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

struct told {
    struct journal_entry entry; /* first */
    struct story *story;
    struct arena arena;
    char body[64];
    _Alignas(16) char space[4096]; /* the effects */
};

static uint64_t mix(uint64_t seed, uint64_t number, uint64_t more)
{
    uint64_t x = seed + number * UINT64_C(0x9e3779b97f4a7c15) + more * UINT64_C(0xd1b54a32d192ed03);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static struct id id_from(uint64_t high, uint64_t low)
{
    struct id id;
    uint64_t words[2] = {mix(1, high, low), mix(2, high, low) | 1};
    memcpy(id.bytes, words, sizeof id.bytes);
    return id;
}

/* Three ways to group: its own, one shared by the other variants, one shared by four kinds. */
static void fill_hashes(struct effect *effect, uint64_t kind, uint64_t variant)
{
    effect->hash_count = 1 + (uint32_t)(kind % 3);
    effect->hashes[0] = id_from(100 + variant, kind);
    effect->hashes[1] = id_from(200, kind);
    effect->hashes[2] = id_from(300, kind / 4);
}

static void fill_matches(struct effect *effect, struct arena *keep, uint64_t random)
{
    static const struct effect_match rules[STORY_RULES] = {
        {SLICE_INIT("rule-a"), SLICE_INIT("Rule A"), SLICE_INIT("low")},
        {SLICE_INIT("rule-b"), SLICE_INIT("Rule B"), SLICE_INIT("high")},
        {SLICE_INIT("rule-c"), SLICE_INIT("Rule C"), SLICE_INIT("critical")}};
    struct effect_match *matches = ARENA_ARRAY(keep, STORY_RULES, struct effect_match);
    MUST(matches != NULL);
    for (unsigned i = 0; i < STORY_RULES; i++) {
        if ((random >> i & 3) == 0) {
            matches[effect->match_count++] = rules[i];
        }
    }
    effect->matches = matches;
}

/* Event `slot` of record `number`, as it was first sent. */
static void fill_event(struct effect *effect, struct arena *keep, uint64_t seed, uint64_t number,
                       uint64_t slot)
{
    static const uint32_t projects[] = {1, 2, 3, 65, 66, 129};
    uint64_t random = mix(seed, number, slot);
    uint64_t kind = (random >> 8) % 100 < 60 ? (random >> 16) % 4 : (random >> 16) % 160;
    uint64_t variant = (random >> 24) % 3;
    /* A permutation of 24 bits. */
    uint64_t ms = (number * 4 + slot) * 9699323 % (1u << 24);
    effect->project = projects[random % 6];
    effect->partition = effect_partition(effect->project);
    effect->event = id_from(seed ^ number << 8, slot);
    effect->at_us = STORY_START_US + (int64_t)ms * 1000;
    effect->level = (enum level)((random >> 32) % LEVEL_COUNT);
    effect->type = (random >> 36) % 2 == 0 ? EVENT_ERROR : EVENT_DEFAULT;
    effect->title = arena_printf(keep, "Kind %" PRIu64 " variant %" PRIu64, kind, variant);
    effect->culprit = arena_printf(keep, "app.kind%" PRIu64, kind);
    effect->platform = kind % 2 == 0 ? SLICE("python") : SLICE("node");
    effect->logger = kind % 5 == 0 ? SLICE("root") : SLICE("");
    effect->environment = (random >> 40) % 4 == 0 ? SLICE("staging") : SLICE("production");
    effect->release = (random >> 44) % 3 == 0 ? SLICE("") : arena_printf(keep, "r%d", (int)kind);
    effect->server_name = SLICE("web-1");
    effect->user = (random >> 48) % 4 == 0 ? SLICE("")
                                           : arena_printf(keep, "id:%" PRIu64, (random >> 50) % 60);
    fill_hashes(effect, kind, variant);
    fill_matches(effect, keep, random >> 56);
}

/* One event in eight was sent before: in one of the last records, or up to three hours ago. */
static uint64_t sent_first_in(uint64_t seed, uint64_t number, uint64_t slot)
{
    uint64_t random = mix(seed ^ 0xd0b1e, number, slot);
    uint64_t back = random % 8 != 0          ? 0
                    : (random >> 8) % 4 == 0 ? (random >> 16) % 1080
                                             : (random >> 16) % 20;
    return back < number ? number - back : number;
}

struct fault story_replay(void *context, const struct record *record, struct arena *keep,
                          struct effect **out_effects)
{
    (void)context;
    char text[64] = "";
    uint64_t seed = 0;
    uint64_t number = 0;
    memcpy(text, record->body.at, record->body.len < 63 ? record->body.len : 63);
    if (sscanf(text, "story %" SCNu64 " record %" SCNu64, &seed, &number) != 2) {
        return fault_make(FAULT_MALFORMED, "story: not one");
    }
    struct effect **link = out_effects;
    *out_effects = NULL;
    for (uint32_t i = 0; i < mix(seed, number, 77) % (STORY_EVENTS_MAX + 1); i++) {
        struct effect *effect = ARENA_NEW(keep, struct effect);
        MUST(effect != NULL);
        fill_event(effect, keep, seed, sent_first_in(seed, number, i), i);
        effect->index = i;
        effect->received_us = record->received_us;
        *link = effect;
        link = &effect->next;
    }
    MUST(!keep->exhausted);
    return FAULT_OK;
}

static void answered(struct journal_entry *entry, struct fault fault)
{
    struct story *story = ((struct told *)(void *)entry)->story;
    atomic_fetch_add(fault_is(fault) ? &story->refused : &story->kept, 1);
    journal_entry_drop(entry);
}

static void released(struct journal_entry *entry)
{
    struct told *told = (struct told *)(void *)entry;
    struct story *story = told->story;
    free(told);
    atomic_fetch_add(&story->released, 1);
}

void story_tell(struct story *story, struct journal *journal, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct told *told = calloc(1, sizeof *told);
        MUST(told != NULL);
        uint64_t number = ++story->told;
        int len = snprintf(told->body, sizeof told->body, "story %" PRIu64 " record %" PRIu64,
                           story->seed, number);
        told->story = story;
        told->entry.record =
            (struct record){.received_us = STORY_START_US + (int64_t)number * STORY_STEP_US,
                            .project = 1,
                            .kind = RECORD_STORE,
                            .body = slice_of(told->body, (size_t)len)};
        told->entry.answer = answered;
        told->entry.release = released;
        arena_over(&told->arena, told->space, sizeof told->space);
        MUST(
            !fault_is(story_replay(NULL, &told->entry.record, &told->arena, &told->entry.effects)));
        journal_submit(journal, &told->entry);
    }
}

void story_settle(struct story *story)
{
    while (atomic_load(&story->released) < story->told ||
           atomic_load(&story->kept) + atomic_load(&story->refused) < story->told) {
        (void)nanosleep(&(struct timespec){0, 500000}, NULL);
    }
}
