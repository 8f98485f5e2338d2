/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/inbox.h"

#include "ingest/base/time.h"
#include "ingest/host/clock.h"
#include "tests/support/entries.h"
#include <criterion/criterion.h>

enum { MANY = 20 };

static struct inbox inbox;
static struct test_entry entries[MANY + 1]; /* by sequence */

static void set_up(void)
{
    inbox_init(&inbox, 10, 0);
    for (unsigned i = 1; i <= MANY; i++) {
        test_entry_fill(&entries[i], i);
        entries[i].entry.record.sequence = i;
        entries[i].entry.effects = &entries[i].effect;
        atomic_init(&entries[i].entry.holders, 1);
    }
}

static void tear_down(void)
{
    inbox_done(&inbox);
}

TestSuite(inbox, .init = set_up, .fini = tear_down, .timeout = 30);

static void give(unsigned first, unsigned last)
{
    for (unsigned i = first; i < last; i++) {
        entries[i].entry.next = &entries[i + 1].entry;
    }
    inbox_give(&inbox, &entries[first].entry);
}

static unsigned released(void)
{
    unsigned count = 0;
    for (unsigned i = 1; i <= MANY; i++) {
        count += (unsigned)atomic_load(&entries[i].releases);
    }
    return count;
}

static bool is_behind(void)
{
    bool behind = false;
    uint64_t queued = 0;
    uint64_t handed = 0;
    inbox_look(&inbox, &behind, &queued, &handed);
    return behind;
}

/* Takes and drops; gives how many, having checked their order. */
static unsigned take(uint32_t events_max, uint64_t first)
{
    unsigned count = 0;
    struct journal_entry *list = inbox_take(&inbox, events_max);
    for (struct journal_entry *entry = list; entry != NULL; entry = entry->next) {
        cr_assert_eq(entry->record.sequence, first + count);
        count++;
    }
    inbox_drop(list);
    return count;
}

Test(inbox, begins_behind_and_lets_go_of_what_comes)
{
    give(1, 5);

    cr_expect(is_behind());
    cr_expect_eq(released(), 5);
    cr_expect_eq(take(100, 1), 0);
}

Test(inbox, keeps_what_comes_once_caught_up)
{
    cr_expect(inbox_caught_up(&inbox, 0));
    give(1, 3);
    give(4, 5);

    cr_expect(!is_behind());
    cr_expect_eq(released(), 0);
    cr_expect_eq(take(100, 1), 5);
    cr_expect_eq(released(), 5);
}

Test(inbox, is_not_caught_up_before_the_last_that_was_given)
{
    give(1, 5);

    cr_expect(!inbox_caught_up(&inbox, 4) && is_behind());
    cr_expect(inbox_caught_up(&inbox, 5) && !is_behind());
    cr_expect(inbox_caught_up(&inbox, 9), "the journal may be ahead of us");
}

Test(inbox, over_its_bound_it_keeps_what_it_has_and_drops_what_comes)
{
    (void)inbox_caught_up(&inbox, 0);
    give(1, 10);
    cr_expect(!is_behind(), "at the bound");
    give(11, 12);
    cr_expect(is_behind(), "past it");
    give(13, 15);

    cr_expect_eq(released(), 3);
    cr_expect_eq(take(100, 1), 12);
    cr_expect(!inbox_caught_up(&inbox, 12) && inbox_caught_up(&inbox, 15));
}

Test(inbox, a_record_is_never_split)
{
    static struct effect more[3];
    (void)inbox_caught_up(&inbox, 0);
    entries[2].effect.next = &more[0];
    more[0].next = &more[1];
    more[1].next = &more[2];
    entries[3].entry.effects = NULL;
    give(1, 5);

    cr_expect_eq(take(2, 1), 2, "one event and four");
    cr_expect_eq(take(1, 3), 2, "none and one");
    cr_expect_eq(take(1, 5), 1);
}

Test(inbox, letting_go_drops_all_and_is_behind)
{
    (void)inbox_caught_up(&inbox, 0);
    give(1, 5);
    inbox_let_go(&inbox);

    cr_expect(is_behind());
    cr_expect_eq(released(), 5);
    cr_expect_eq(take(100, 1), 0);
}

Test(inbox, waiting_ends_with_an_entry_the_time_or_the_stop)
{
    int64_t started_us = clock_monotonic_us();
    inbox_wait(&inbox, 1, started_us + 20 * TIME_US_PER_MS);
    cr_expect(clock_monotonic_us() - started_us >= 20 * TIME_US_PER_MS);

    (void)inbox_caught_up(&inbox, 0);
    give(1, 1);
    inbox_wait(&inbox, 1, clock_monotonic_us() + 3600 * TIME_US_PER_S);
    cr_expect_eq(take(1, 1), 1);

    inbox_stop(&inbox, 0);
    inbox_wait(&inbox, 1, clock_monotonic_us() + 3600 * TIME_US_PER_S);
}

Test(inbox, waiting_for_many_ends_with_as_many_or_when_it_falls_behind)
{
    int64_t far_us = clock_monotonic_us() + 3600 * TIME_US_PER_S;
    (void)inbox_caught_up(&inbox, 0);
    give(1, 4);
    int64_t started_us = clock_monotonic_us();
    inbox_wait(&inbox, 5, started_us + 20 * TIME_US_PER_MS);
    cr_expect(clock_monotonic_us() - started_us >= 20 * TIME_US_PER_MS);
    give(5, 5);
    inbox_wait(&inbox, 5, far_us);
    cr_expect_eq(take(100, 1), 5);
}

Test(inbox, it_is_over_when_asked_to_and_empty_or_late)
{
    (void)inbox_caught_up(&inbox, 0);
    give(1, 1);
    cr_expect(!inbox_is_over(&inbox, INT64_MAX) && !inbox_is_stopping(&inbox));

    inbox_stop(&inbox, 1000);
    cr_expect(inbox_is_stopping(&inbox));
    cr_expect(!inbox_is_over(&inbox, 999) && inbox_is_over(&inbox, 1000));
    cr_expect_eq(take(1, 1), 1);
    cr_expect(inbox_is_over(&inbox, 0));
}
