/* SPDX-License-Identifier: Apache-2.0 */
/* Issues that people put together and take apart, on a real Redis. */
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

TestSuite(queries_merge, .init = set_up, .fini = tear_down, .timeout = 60);

/* An event of `user`, `later_s` seconds after the first. */
static void add(const char *event, const char *hash, const char *user, int64_t later_s)
{
    struct effect effect = books_event(event, hash);
    effect.at_us += later_s * 1000000;
    effect.user = slice_str(user);
    books_write(&books, effect);
}

static struct issue show(uint64_t id)
{
    struct issue issue = {0};
    cr_assert_not(fault_is(queries_issue(books.queries, &books.arena, id, &issue)), "%lu", id);
    return issue;
}

static uint32_t merge(uint64_t a, uint64_t b, uint64_t *out)
{
    const uint64_t list[] = {a, b};
    uint32_t merged = 0;
    cr_assert_not(fault_is(queries_merge(books.queries, list, 2, out, &merged)));
    return merged;
}

static unsigned listed(void)
{
    struct issue_page page;
    const struct issue_filter filter = {.project = BOOKS_PROJECT, .limit = 100};
    cr_assert_not(fault_is(queries_issues(books.queries, &books.arena, &filter, &page)));
    return page.count;
}

Test(queries_merge, makes_one_issue_with_all_that_was_counted)
{
    uint64_t whole = 0;
    add("e1", "h1", "ada", 10);
    add("e2", "h2", "ada", 0);
    add("e3", "h2", "bob", 30);
    uint64_t one = books_issue_id(&books, "h1");
    uint64_t two = books_issue_id(&books, "h2");

    cr_expect_eq(merge(one, two, &whole), 1);

    struct issue issue = show(one);
    cr_expect_eq(whole, one);
    cr_expect(issue.count == 3 && issue.users == 2, "%lu %lu", issue.count, issue.users);
    cr_expect(id_eq(issue.first_event, books_id("e2")) && id_eq(issue.last_event, books_id("e3")));
    cr_expect_eq(issue.last_seen_us - issue.first_seen_us, 30 * 1000000);
    cr_expect_eq(show(two).id, one, "it is found by the id it had");
    cr_expect_eq(listed(), 1);
}

Test(queries_merge, twice_is_as_once)
{
    uint64_t whole = 0;
    add("e1", "h1", "ada", 0);
    add("e2", "h2", "bob", 1);
    uint64_t one = books_issue_id(&books, "h1");
    uint64_t two = books_issue_id(&books, "h2");
    cr_expect_eq(merge(one, two, &whole), 1);
    cr_expect_eq(merge(one, two, &whole), 0);
    cr_expect_eq(merge(two, one, &whole), 0);
    cr_expect_eq(whole, one);
    cr_expect_eq(show(one).count, 2);
}

Test(queries_merge, sticks_for_events_that_come_later)
{
    uint64_t whole = 0;
    add("e1", "h1", "ada", 0);
    add("e2", "h2", "bob", 1);
    uint64_t one = books_issue_id(&books, "h1");
    uint64_t two = books_issue_id(&books, "h2");
    merge(one, two, &whole);
    add("e3", "h2", "eve", 60);
    struct effect attached = books_event("e4", "h3");
    attached.hashes[1] = books_id("h2");
    attached.hash_count = 2;
    books_write(&books, attached);

    struct issue issue = show(one);
    cr_expect(issue.count == 4 && issue.users >= 3);
    cr_expect(id_eq(issue.last_event, books_id("e3")));
    cr_expect_eq(listed(), 1);
    cr_expect_str_eq(books_facts(&books, "", "kind"), "new |new ", "%s", "no fact of a third");
}

Test(queries_merge, parts_can_be_taken_out_again_with_all_that_is_theirs)
{
    uint64_t whole = 0;
    uint64_t part = 0;
    add("e1", "h1", "ada", 0);
    add("e2", "h2", "bob", 1);
    uint64_t one = books_issue_id(&books, "h1");
    uint64_t two = books_issue_id(&books, "h2");
    merge(one, two, &whole);
    add("e3", "h2", "eve", 60);
    add("e4", "h1", "ada", 70);

    cr_assert_not(fault_is(queries_unmerge(books.queries, one, books_id("h2"), &part)));

    cr_expect_eq(part, two);
    struct issue first = show(one);
    struct issue second = show(two);
    cr_expect(first.count == 2 && first.users == 1, "%lu of %lu", first.count, first.users);
    cr_expect(second.id == two && second.count == 2 && second.users == 2);
    cr_expect(id_eq(first.last_event, books_id("e4")) && id_eq(second.last_event, books_id("e3")));
    cr_expect_eq(listed(), 2);
    add("e5", "h2", "bob", 80);
    cr_expect(show(one).count == 2 && show(two).count == 3, "it sticks");
}

Test(queries_merge, what_was_merged_into_a_part_goes_with_it)
{
    uint64_t whole = 0;
    uint64_t part = 0;
    add("e1", "h1", "ada", 0);
    add("e2", "h2", "bob", 1);
    add("e3", "h3", "eve", 2);
    uint64_t one = books_issue_id(&books, "h1");
    uint64_t two = books_issue_id(&books, "h2");
    uint64_t three = books_issue_id(&books, "h3");
    merge(two, three, &whole);
    merge(one, two, &whole);

    cr_expect(show(one).count == 3 && show(three).id == one && listed() == 1);
    cr_assert_not(fault_is(queries_unmerge(books.queries, one, books_id("h2"), &part)));
    cr_expect(part == two && show(two).count == 1 && show(one).count == 2);
    cr_assert_not(fault_is(queries_unmerge(books.queries, one, books_id("h3"), &part)));
    cr_expect(part == three && show(three).count == 1 && show(one).count == 1 && listed() == 3);
    cr_expect_eq(merge(three, one, &whole), 1, "and can be put together anew");
    cr_expect(show(three).count == 2 && show(one).id == three);
}

Test(queries_merge, hashes_are_listed_by_part)
{
    uint64_t whole = 0;
    struct issue_part *parts = NULL;
    uint32_t count = 0;
    add("e1", "h1", "ada", 0);
    add("e2", "h2", "bob", 1);
    uint64_t one = books_issue_id(&books, "h1");
    uint64_t two = books_issue_id(&books, "h2");
    merge(one, two, &whole);
    cr_assert_not(fault_is(queries_parts(books.queries, &books.arena, two, &parts, &count)));
    cr_assert_eq(count, 2);
    cr_expect(parts[0].issue == one && parts[1].issue == two);
    cr_expect(parts[0].count == 1 && id_eq(parts[1].last_event, books_id("e2")));
    cr_expect(parts[1].hash_count == 1 && id_eq(parts[1].hashes[0], books_id("h2")));
}

Test(queries_merge, what_cannot_be_is_refused_and_changes_nothing)
{
    uint64_t out = 0;
    uint32_t merged = 0;
    add("e1", "h1", "ada", 0);
    uint64_t one = books_issue_id(&books, "h1");
    const uint64_t stranger[] = {one, one + 64 * 1000};
    const uint64_t elsewhere[] = {one, one + 1};
    cr_expect_eq(queries_merge(books.queries, stranger, 2, &out, &merged).kind, FAULT_NOT_FOUND);
    cr_expect_eq(queries_merge(books.queries, elsewhere, 2, &out, &merged).kind, FAULT_NOT_FOUND);
    cr_expect_eq(queries_unmerge(books.queries, one, books_id("h1"), &out).kind, FAULT_MALFORMED);
    cr_expect_eq(queries_unmerge(books.queries, one, books_id("h9"), &out).kind, FAULT_NOT_FOUND);
    cr_expect_eq(queries_unmerge(books.queries, 64007, books_id("h1"), &out).kind, FAULT_NOT_FOUND);
    cr_expect(show(one).count == 1 && listed() == 1);
}
