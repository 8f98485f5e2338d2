/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/snapshot.h"
#include <criterion/criterion.h>
#include <pthread.h>

Test(snapshot, is_nothing_before_the_first_is_published)
{
    struct snapshot_box *box = snapshot_box_new();

    cr_expect_null(snapshot_current(box));
    cr_expect_eq(snapshot_generation(box), 0u);

    snapshot_box_free(box);
}

Test(snapshot, outlives_its_successor_while_it_is_used)
{
    struct snapshot_box *box = snapshot_box_new();
    snapshot_publish(box, snapshot_new());
    struct snapshot *old = snapshot_current(box);

    snapshot_publish(box, snapshot_new());
    struct snapshot *new = snapshot_current(box);

    cr_expect_eq(old->generation, 1u);
    cr_expect_eq(new->generation, 2u);
    cr_expect_neq(old, new);
    cr_expect_not_null(arena_alloc(&old->arena, 8), "still whole");
    snapshot_release(old);
    snapshot_release(new);
    snapshot_release(NULL);
    snapshot_box_free(box);
}

static void *read_often(void *data)
{
    for (unsigned i = 0; i < 20000; i++) {
        struct snapshot *snapshot = snapshot_current(data);
        cr_assert(snapshot->generation > 0);
        snapshot_release(snapshot);
    }
    return NULL;
}

Test(snapshot, may_be_swapped_while_threads_take_it)
{
    struct snapshot_box *box = snapshot_box_new();
    pthread_t readers[3];
    snapshot_publish(box, snapshot_new());
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(pthread_create(&readers[i], NULL, read_often, box), 0);
    }
    for (unsigned i = 0; i < 200; i++) {
        snapshot_publish(box, snapshot_new());
    }
    for (unsigned i = 0; i < 3; i++) {
        pthread_join(readers[i], NULL);
    }
    cr_expect_eq(snapshot_generation(box), 201u);
    snapshot_box_free(box);
}
