/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/queries.h"

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

TestSuite(queries, .init = set_up, .fini = tear_down, .timeout = 60);

/* `count` issues, seen `step_us` apart, the last one latest. */
static void make_issues(unsigned count, int64_t step_us)
{
    struct effect *events = calloc(count, sizeof *events);
    for (unsigned i = 0; i < count; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "h%u", i);
        events[i] = books_event(name, name);
        events[i].at_us += (int64_t)i * step_us;
        books_add(&books, &events[i]);
    }
    books_commit(&books);
    free(events);
}

/* Walks all pages of `limit`; gives how many issues there were, each once and none out of order. */
static unsigned walk(struct issue_filter filter)
{
    unsigned count = 0;
    bool has_more = true;
    int64_t before_us = INT64_MAX;
    static uint64_t seen[1024];
    while (has_more) {
        struct issue_page page;
        arena_reset(&books.arena);
        cr_assert(!fault_is(queries_issues(books.queries, &books.arena, &filter, &page)));
        cr_assert(page.count <= filter.limit);
        for (unsigned i = 0; i < page.count; i++) {
            cr_assert(page.issues[i].last_seen_us <= before_us);
            before_us = page.issues[i].last_seen_us;
            for (unsigned k = 0; k < count; k++) {
                cr_assert(seen[k] != page.issues[i].id, "twice");
            }
            seen[count++] = page.issues[i].id;
        }
        has_more = page.has_more;
        filter.before_ms = page.next_ms;
        filter.before_id = page.next_id;
    }
    return count;
}

Test(queries, pages_hold_every_issue_once_newest_first)
{
    static const unsigned limits[] = {1, 7, 99, 100};
    make_issues(250, 1000);

    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct issue_filter filter = {.project = BOOKS_PROJECT, .limit = limits[i]};
        cr_expect_eq(walk(filter), 250, "limit %u", limits[i]);
    }
}

Test(queries, pages_hold_every_issue_once_when_all_are_of_one_millisecond)
{
    make_issues(350, 0);

    struct issue_filter filter = {.project = BOOKS_PROJECT, .limit = 13};
    cr_expect_eq(walk(filter), 350);
}

Test(queries, a_filter_takes_the_statuses_it_names)
{
    static const struct {
        unsigned statuses;
        unsigned count;
    } cases[] = {{0, 250},
                 {1u << ISSUE_RESOLVED, 2},
                 {1u << ISSUE_IGNORED, 1},
                 {1u << ISSUE_UNRESOLVED, 247},
                 {1u << ISSUE_RESOLVED | 1u << ISSUE_IGNORED, 3}};
    struct issue_change changes[] = {{0, ISSUE_RESOLVED, SLICE("ada"), BOOKS_NOW_US},
                                     {0, ISSUE_RESOLVED, SLICE("ada"), BOOKS_NOW_US},
                                     {0, ISSUE_IGNORED, SLICE("ada"), BOOKS_NOW_US}};
    static const char *const hashes[] = {"h0", "h120", "h249"};
    make_issues(250, 1000);
    for (unsigned i = 0; i < 3; i++) {
        bool has_changed = false;
        changes[i].issue = books_issue_id(&books, hashes[i]);
        cr_assert(!fault_is(queries_set_status(books.queries, &changes[i], &has_changed)));
    }

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct issue_filter filter = {
            .project = BOOKS_PROJECT, .statuses = cases[i].statuses, .limit = 50};
        cr_expect_eq(walk(filter), cases[i].count, "case %d", (int)i);
    }
}

Test(queries, a_project_without_issues_has_an_empty_page)
{
    struct issue_page page = {.has_more = true};
    struct issue_filter filter = {.project = 1234, .limit = 10};

    cr_assert(!fault_is(queries_issues(books.queries, &books.arena, &filter, &page)));
    cr_expect(page.count == 0 && !page.has_more);
}

Test(queries, an_event_is_found_by_its_id_while_it_is_indexed)
{
    struct effect event = books_event("e1", "h1");
    struct place place;
    uint64_t issue = 0;
    event.index = 2;
    books.sequence = 99;
    books_write(&books, event);
    static const struct {
        int64_t hours;
        bool is_found;
    } cases[] = {{0, true}, {-1, true}, {1, true}, {3, true}, {4, false}, {-2, false}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fault fault =
            queries_event(books.queries, BOOKS_PROJECT, books_id("e1"),
                          BOOKS_NOW_US + cases[i].hours * BOOKS_HOUR_US, &place, &issue);
        cr_expect_eq(fault.kind, cases[i].is_found ? FAULT_NONE : FAULT_NOT_FOUND, "%d hours",
                     (int)cases[i].hours);
    }
    cr_expect(place.sequence == 100 && place.index == 2);
    cr_expect(memcmp(place.node, "node", 4) == 0);
    cr_expect_eq(issue, books_issue_id(&books, "h1"));
    cr_expect_eq(queries_event(books.queries, BOOKS_PROJECT + 1, books_id("e1"), BOOKS_NOW_US,
                               &place, &issue)
                     .kind,
                 FAULT_NOT_FOUND, "of another project");
}

Test(queries, a_status_is_changed_once)
{
    bool has_changed = false;
    books_write(&books, books_event("e1", "h1"));
    struct issue_change change = {books_issue_id(&books, "h1"), ISSUE_RESOLVED, SLICE("a b\n"),
                                  BOOKS_NOW_US};

    cr_assert(!fault_is(queries_set_status(books.queries, &change, &has_changed)));
    cr_expect(has_changed);
    cr_assert(!fault_is(queries_set_status(books.queries, &change, &has_changed)));
    cr_expect(!has_changed);
    cr_expect_str_eq(books_facts(&books, "resolved", "actor"), "a b\n ");
}

Test(queries, what_does_not_exist_is_not_found)
{
    struct issue issue = {.count = 77};
    bool has_changed = false;
    struct issue_change change = {640007, ISSUE_RESOLVED, SLICE("ada"), BOOKS_NOW_US};

    cr_expect_eq(queries_issue(books.queries, &books.arena, 640007, &issue).kind, FAULT_NOT_FOUND);
    cr_expect_eq(issue.count, 77, "untouched");
    cr_expect_eq(queries_set_status(books.queries, &change, &has_changed).kind, FAULT_NOT_FOUND);
    cr_expect_eq(queries_issue(books.queries, &books.arena, UINT64_MAX, &issue).kind,
                 FAULT_NOT_FOUND);
}

Test(queries, an_arena_that_is_full_is_told)
{
    char space[600];
    struct arena small;
    struct issue issue;
    struct issue_page page;
    struct issue_filter filter = {.project = BOOKS_PROJECT, .limit = 50};
    make_issues(3, 1000);

    arena_over(&small, space, 16);
    cr_expect_eq(queries_issue(books.queries, &small, books_issue_id(&books, "h1"), &issue).kind,
                 FAULT_TOO_BIG);
    arena_over(&small, space, sizeof space);
    cr_expect_eq(queries_issues(books.queries, &small, &filter, &page).kind, FAULT_TOO_BIG);
    /* All replies were taken: the next question gets its own answer. */
    cr_expect(!fault_is(
        queries_issue(books.queries, &books.arena, books_issue_id(&books, "h1"), &issue)));
}

Test(queries, a_redis_that_is_away_is_told_and_found_again)
{
    struct issue issue;
    struct storage_statistics statistics;
    struct issue_page page;
    struct place place;
    uint64_t number = 0;
    bool has_changed = false;
    struct issue_change change = {71, ISSUE_RESOLVED, SLICE("ada"), BOOKS_NOW_US};
    struct issue_filter filter = {.project = BOOKS_PROJECT, .limit = 5};
    make_issues(3, 1000);
    uint64_t id = books_issue_id(&books, "h1");
    cr_assert(!fault_is(queries_issue(books.queries, &books.arena, id, &issue)));
    redis_server_kill(&books.server);

    cr_expect_eq(queries_issue(books.queries, &books.arena, id, &issue).kind, FAULT_UNAVAILABLE);
    cr_expect_eq(queries_issues(books.queries, &books.arena, &filter, &page).kind,
                 FAULT_UNAVAILABLE);
    cr_expect_eq(
        queries_event(books.queries, 7, books_id("h1"), BOOKS_NOW_US, &place, &number).kind,
        FAULT_UNAVAILABLE);
    cr_expect_eq(queries_set_status(books.queries, &change, &has_changed).kind, FAULT_UNAVAILABLE);
    cr_expect_eq(queries_statistics(books.queries, &statistics).kind, FAULT_UNAVAILABLE);
    cr_expect(strlen(queries_error(books.queries)) > 0);

    redis_server_restart(&books.server);
    cr_expect(!fault_is(queries_issue(books.queries, &books.arena, id, &issue)));
}

Test(queries, statistics_tell_what_redis_is)
{
    struct storage_statistics statistics;
    make_issues(3, 1000);

    cr_assert(!fault_is(queries_statistics(books.queries, &statistics)));

    cr_expect(statistics.keys >= 6 && statistics.memory_bytes > 100000);
    cr_expect(statistics.durable);
    cr_expect(strchr(statistics.redis_version, '.') != NULL, "%s", statistics.redis_version);
}

Test(queries, statuses_have_names)
{
    enum issue_status status = ISSUE_IGNORED;
    for (unsigned i = 0; i < ISSUE_STATUS_COUNT; i++) {
        cr_assert(issue_status_parse(slice_str(issue_status_name((enum issue_status)i)), &status));
        cr_expect_eq(status, i);
    }
    cr_expect(!issue_status_parse(SLICE("closed"), &status));
    cr_expect(!issue_status_parse(SLICE(""), &status));
}
