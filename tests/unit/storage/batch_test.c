/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/batch.h"

#include "ingest/base/time.h"
#include "storage/batch_inside.h"
#include <criterion/criterion.h>

#define HOUR_US (3600 * TIME_US_PER_S)

static struct batch *batch;

static void set_up(void)
{
    batch = batch_new();
}

static void tear_down(void)
{
    batch_free(batch);
}

TestSuite(batch, .init = set_up, .fini = tear_down);

static struct effect event_of(uint32_t project, uint32_t hash, int64_t hour)
{
    struct effect effect = {.partition = effect_partition(project),
                            .project = project,
                            .hash_count = 1,
                            .received_us = hour * HOUR_US + 1};
    memcpy(effect.hashes[0].bytes, &hash, sizeof hash);
    return effect;
}

Test(batch, an_empty_one_has_nothing_for_any_partition)
{
    cr_expect_eq(batch_count(batch), 0);
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        cr_expect(!batch_has(batch, i));
    }
}

Test(batch, events_of_one_issue_are_one_group_in_their_order)
{
    struct effect events[5];
    for (uint32_t i = 0; i < 5; i++) {
        events[i] = event_of(3, 1, 10);
        events[i].received_us += i == 2 ? 500 : 0;
        batch_add(batch, 100 + i, &events[i]);
    }

    cr_expect_eq(batch_count(batch), 5);
    cr_expect(batch_has(batch, 3) && !batch_has(batch, 4));
    cr_expect(batch->groups.count == 1 && batch->sections.count == 1);
    cr_expect_eq(group_at(batch, 0)->received_us, 10 * HOUR_US + 501, "the latest");
    uint32_t row = group_at(batch, 0)->first_row;
    for (uint64_t sequence = 100; sequence < 105; sequence++) {
        cr_assert_eq(row_at(batch, row)->sequence, sequence);
        row = row_at(batch, row)->next;
    }
    cr_expect_eq(row, NONE);
}

Test(batch, project_hour_and_every_hash_keep_groups_apart)
{
    struct effect events[6];
    for (uint32_t i = 0; i < 6; i++) {
        events[i] = event_of(3, 1, 10);
    }
    events[1].project = 3 + PARTITION_COUNT;
    events[2].received_us += HOUR_US;
    events[3].hashes[0].bytes[15] = 9;
    events[4].hash_count = 2;
    events[5].hash_count = 2;
    events[5].hashes[1].bytes[0] = 9;

    for (uint32_t i = 0; i < 6; i++) {
        batch_add(batch, i + 1, &events[i]);
        batch_add(batch, i + 1, &events[i]);
    }

    cr_expect_eq(batch->groups.count, 6);
    cr_expect_eq(batch->sections.count, 3);
    cr_expect_eq(batch_count(batch), 12);
}

Test(batch, groups_keep_the_order_of_their_first_events)
{
    struct effect events[3] = {event_of(3, 7, 1), event_of(3, 5, 1), event_of(3, 6, 1)};
    static const uint32_t order[] = {1, 0, 1, 2, 0};
    for (uint32_t i = 0; i < 5; i++) {
        batch_add(batch, i + 1, &events[order[i]]);
    }

    uint32_t first = section_at(batch, 0)->first_group;
    uint32_t second = group_at(batch, first)->next;
    uint32_t third = group_at(batch, second)->next;
    cr_expect_eq(group_at(batch, first)->effect, &events[1]);
    cr_expect_eq(group_at(batch, second)->effect, &events[0]);
    cr_expect_eq(group_at(batch, third)->effect, &events[2]);
    cr_expect_eq(group_at(batch, third)->next, NONE);
}

Test(batch, thousands_of_issues_are_all_found_again)
{
    enum { MANY = 5000 };
    struct effect *events = calloc(MANY, sizeof *events);
    for (uint32_t i = 0; i < MANY; i++) {
        events[i] = event_of(1 + i % 200, i, 10 + i % 2);
    }

    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < MANY; i++) {
            batch_add(batch, 1 + round * MANY + i, &events[i]);
        }
    }

    cr_expect_eq(batch->groups.count, MANY);
    cr_expect_eq(batch->sections.count, 200);
    uint32_t rows = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        cr_assert_eq(group_at(batch, i)->rows, 3);
        cr_assert_eq(group_at(batch, i)->effect, &events[i]);
        rows += group_at(batch, i)->rows;
    }
    cr_expect_eq(rows, batch_count(batch));
    free(events);
}

Test(batch, a_reset_forgets_everything)
{
    struct effect event = event_of(3, 1, 10);
    batch_add(batch, 1, &event);
    batch_reset(batch);

    cr_expect(batch_count(batch) == 0 && !batch_has(batch, 3));
    batch_add(batch, 2, &event);
    cr_expect(batch_count(batch) == 1 && batch->groups.count == 1);
}

Test(batch, freeing_nothing_is_fine)
{
    batch_free(NULL);
}
