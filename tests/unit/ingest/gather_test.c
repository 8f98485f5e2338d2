/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/gather.h"
#include <criterion/criterion.h>

static struct arena scratch;
static struct arena keep;
static struct outcome outcome;
static struct gather gather;
static const struct record record = {.project = 7, .received_us = 5, .seed = {{1}}};

static void setup(void)
{
    cr_assert(arena_init(&scratch, 1u << 16) && arena_init(&keep, 1u << 16));
    gather_start(&gather, &record, &scratch, &keep, &outcome);
}

static void teardown(void)
{
    arena_done(&scratch);
    arena_done(&keep);
}

TestSuite(gather, .init = setup, .fini = teardown);

static void count(enum fate fate, const char *reason, uint32_t quantity)
{
    gather_count(&gather, &(struct count){0, fate, CATEGORY_SESSION, slice_str(reason), quantity});
}

Test(gather, the_same_counts_become_one)
{
    count(FATE_ACCEPTED, "", 2);
    count(FATE_INVALID, "malformed", 1);
    count(FATE_ACCEPTED, "", 3);
    count(FATE_ACCEPTED, "", 0);
    gather_count(&gather, &(struct count){0, FATE_ACCEPTED, CATEGORY_INTERNAL, SLICE(""), 1});
    gather_count(&gather,
                 &(struct count){9, FATE_INVALID, CATEGORY_SESSION, SLICE("malformed"), 4});
    cr_assert_not(fault_is(gather_end(&gather)));

    uint32_t sums[2] = {0};
    for (const struct effect *at = outcome.effects; at != NULL; at = at->next) {
        cr_assert(effect_is_count(at) && at->received_us == 5);
        cr_expect_eq(at->partition, at->project == 9 ? 9u : 7u);
        sums[at->fate == FATE_INVALID] += at->quantity;
    }
    cr_expect(sums[0] == 5 && sums[1] == 5);
}

Test(gather, events_come_before_counts_and_in_order)
{
    static const struct event events[2] = {{.id = {{1}}}, {.id = {{2}}}};
    struct effect effects[2] = {{.hash_count = 1, .category = CATEGORY_ERROR},
                                {.hash_count = 1, .category = CATEGORY_ERROR}};
    struct id seeds[2];
    count(FATE_ACCEPTED, "", 1);
    for (size_t i = 0; i < 2; i++) {
        seeds[i] = gather_seed(&gather);
        gather_event(&gather, &events[i], &effects[i], 10 + i);
    }
    cr_assert_not(fault_is(gather_end(&gather)));

    cr_expect_eq(outcome.effects, &effects[0]);
    cr_expect(effects[0].next == &effects[1] && effect_is_count(effects[1].next));
    cr_expect(effects[0].index == 0 && effects[1].index == 1);
    cr_expect(outcome.event == &events[0] && outcome.accepted[CATEGORY_ERROR] == 2);
    cr_expect(outcome.events->event == &events[0] && outcome.events->next->event == &events[1]);
    cr_expect(outcome.events->next->bytes == 11 && outcome.events->next->next == NULL);
    cr_expect_not(id_eq(seeds[0], seeds[1]));
    cr_expect(id_eq(seeds[0], record.seed));
}

Test(gather, a_full_arena_shows_at_the_end)
{
    while (!keep.exhausted) {
        (void)arena_alloc(&keep, 512);
    }
    count(FATE_ACCEPTED, "", 1);
    cr_expect_eq(gather_end(&gather).kind, FAULT_TOO_BIG);
}
