/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/time.h"
#include "storage/queries_outcomes.h"
#include "tests/support/books.h"
#include <criterion/criterion.h>

static struct books books;

static void set_up(void)
{
    books_open(&books);
}

static void tear_down(void)
{
    books_close(&books);
}

TestSuite(queries_outcomes, .init = set_up, .fini = tear_down, .timeout = 60);

static void add_count(enum fate fate, const char *reason, uint32_t quantity, int64_t received_us)
{
    struct effect *effect = calloc(1, sizeof *effect);
    struct effect event = books_event("h", "name");
    *effect = (struct effect){.partition = event.partition,
                              .project = event.project,
                              .category = CATEGORY_SESSION,
                              .fate = fate,
                              .reason = slice_str(reason),
                              .quantity = quantity,
                              .received_us = received_us};
    books_add(&books, effect);
    books_commit(&books);
    free(effect);
}

Test(queries_outcomes, are_summed_by_hour_and_the_largest_comes_first)
{
    struct effect event = books_event("h", "name");
    int64_t now_us = event.received_us;
    struct outcome_table table;
    add_count(FATE_ACCEPTED, "", 3, now_us);
    add_count(FATE_ACCEPTED, "", 4, now_us - 3600 * TIME_US_PER_S);
    add_count(FATE_INVALID, "malformed", 2, now_us);
    add_count(FATE_INVALID, "malformed", 90, now_us - 5 * 3600 * TIME_US_PER_S);

    struct fault fault =
        queries_outcomes(books.queries, &books.arena, event.project, now_us, 3, &table);
    cr_assert_not(fault_is(fault), "%s", fault.reason);
    cr_assert_eq(table.count, 2u);
    cr_expect(table.rows[0].fate == FATE_ACCEPTED && table.rows[0].total == 7);
    cr_expect(table.rows[0].series[2] == 3 && table.rows[0].series[1] == 4);
    cr_expect(table.rows[1].total == 2 && table.rows[1].category == CATEGORY_SESSION);
    cr_expect(slice_eq(table.rows[1].reason, SLICE("malformed")));
}

Test(queries_outcomes, events_are_accepted_once_and_then_duplicates)
{
    struct effect event = books_event("h", "name");
    struct outcome_table table;
    for (int i = 0; i < 2; i++) {
        books_add(&books, &event);
        books_commit(&books);
    }
    cr_assert_not(fault_is(queries_outcomes(books.queries, &books.arena, event.project,
                                            event.received_us, 1, &table)));
    cr_assert_eq(table.count, 2u);
    for (uint32_t i = 0; i < 2; i++) {
        cr_expect(table.rows[i].total == 1 && table.rows[i].reason.len == 0);
        cr_expect(table.rows[i].fate == FATE_ACCEPTED || table.rows[i].fate == FATE_DUPLICATE);
    }
}

Test(queries_outcomes, names_that_are_none_are_passed_over)
{
    struct outcome_row row = {0};
    cr_expect(outcome_name_read(SLICE("invalid:error:too_big"), &row));
    cr_expect(row.fate == FATE_INVALID && row.category == CATEGORY_ERROR);
    cr_expect(slice_eq(row.reason, SLICE("too_big")));
    cr_expect(outcome_name_read(SLICE("accepted:span:"), &row) && row.reason.len == 0);
    cr_expect_not(outcome_name_read(SLICE("accepted"), &row));
    cr_expect_not(outcome_name_read(SLICE("lost:error:x"), &row));
    cr_expect_not(outcome_name_read(SLICE(""), &row));
}
