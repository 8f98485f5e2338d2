/* SPDX-License-Identifier: Apache-2.0 */
/* What tocsin_commit and tocsin_issue_status of functions/commit.lua do to an issue. */
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

TestSuite(commit, .init = set_up, .fini = tear_down, .timeout = 60);

static void set_status(const char *hash, enum issue_status status, int64_t now_us)
{
    bool has_changed = false;
    struct issue_change change = {books_issue_id(&books, hash), status, SLICE("ada"), now_us};
    cr_assert(!fault_is(queries_set_status(books.queries, &change, &has_changed)));
    cr_assert(has_changed);
}

Test(commit, the_first_event_makes_an_issue_and_one_fact)
{
    books_write(&books, books_event("e1", "h1"));

    struct issue issue = books_issue(&books, "h1");
    cr_expect_eq(issue.id % PARTITION_COUNT, 7);
    cr_expect(issue.project == 7 && issue.count == 1 && issue.status == ISSUE_UNRESOLVED);
    cr_expect(slice_eq(issue.title, SLICE("ValueError: no")) && issue.level == LEVEL_ERROR);
    cr_expect(issue.first_seen_us == BOOKS_NOW_US - 5000000 &&
              id_eq(issue.first_event, books_id("e1")));
    cr_expect(issue.last_place.sequence == 1 && memcmp(issue.last_place.node, "node", 4) == 0);
    cr_expect_str_eq(books_facts(&books, "", "kind project title environment release level n"),
                     "new 7 ValueError: no error production 1.0 1 ");
}

Test(commit, many_events_of_an_issue_in_one_batch_are_one_fact)
{
    struct effect events[50];
    for (unsigned i = 0; i < 50; i++) {
        events[i] = books_event((char[]){'e', (char)('A' + (char)i), '\0'}, "h1");
        events[i].at_us += i * 1000;
        books_add(&books, &events[i]);
    }

    books_commit(&books);

    struct issue issue = books_issue(&books, "h1");
    cr_expect_eq(issue.count, 50);
    cr_expect(issue.last_seen_us == events[49].at_us && issue.last_place.sequence == 50);
    cr_expect_str_eq(books_facts(&books, "", "kind n"), "new 50 ");
    cr_expect(books.applier.counts.batches == 1 && books.applier.counts.events == 50);
}

Test(commit, any_known_hash_names_the_issue_and_the_others_are_attached)
{
    struct effect two = books_event("e2", "h2");
    struct effect three = books_event("e3", "h4");
    two.hashes[1] = books_id("h1");
    two.hash_count = 2;
    three.hashes[1] = books_id("h3");
    three.hashes[2] = books_id("h2");
    three.hash_count = 3;

    books_write(&books, books_event("e1", "h1"));
    books_write(&books, two);
    books_write(&books, three);

    uint64_t id = books_issue_id(&books, "h1");
    cr_expect(id != 0 && books_issue_id(&books, "h2") == id);
    cr_expect(books_issue_id(&books, "h3") == id && books_issue_id(&books, "h4") == id);
    cr_expect_eq(books_issue(&books, "h4").count, 3);
    cr_expect_eq(books.applier.counts.issues_new, 1);
}

Test(commit, of_two_known_issues_the_first_hash_decides)
{
    struct effect both = books_event("e3", "h2");
    both.hashes[1] = books_id("h1");
    both.hash_count = 2;
    books_write(&books, books_event("e1", "h1"));
    books_write(&books, books_event("e2", "h2"));

    books_write(&books, both);

    cr_expect_eq(books_issue(&books, "h2").count, 2);
    cr_expect_eq(books_issue(&books, "h1").count, 1);
}

Test(commit, projects_of_one_partition_keep_their_issues_apart)
{
    struct effect other = books_event("e2", "h1");
    other.project = 7 + PARTITION_COUNT;
    books_write(&books, books_event("e1", "h1"));
    books_write(&books, other);

    cr_expect_eq(books_issue(&books, "h1").count, 1);
    cr_expect_eq(books.applier.counts.issues_new, 2);
}

Test(commit, an_event_received_after_the_resolution_is_a_regression_once)
{
    books_write(&books, books_event("e1", "h1"));
    set_status("h1", ISSUE_RESOLVED, BOOKS_NOW_US + 1000000);
    struct effect after = books_event("e2", "h1");
    after.received_us += 2000000;
    struct effect again = books_event("e3", "h1");
    again.received_us += 3000000;

    books_write(&books, after);
    books_write(&books, again);

    cr_expect_eq(books_issue(&books, "h1").status, ISSUE_UNRESOLVED);
    cr_expect_str_eq(books_facts(&books, "", "kind n"), "new 1 |resolved 0 |regressed 1 ");
}

Test(commit, an_event_that_was_under_way_at_the_resolution_is_none)
{
    books_write(&books, books_event("e1", "h1"));
    set_status("h1", ISSUE_RESOLVED, BOOKS_NOW_US + 1000000);

    books_write(&books, books_event("e2", "h1"));

    struct issue issue = books_issue(&books, "h1");
    cr_expect(issue.status == ISSUE_RESOLVED && issue.count == 2);
    cr_expect_str_eq(books_facts(&books, "regressed", "kind"), "");
}

Test(commit, an_ignored_issue_counts_and_stays_ignored)
{
    books_write(&books, books_event("e1", "h1"));
    set_status("h1", ISSUE_IGNORED, BOOKS_NOW_US);
    struct effect later = books_event("e2", "h1");
    later.received_us += BOOKS_HOUR_US;

    books_write(&books, later);

    struct issue issue = books_issue(&books, "h1");
    cr_expect(issue.status == ISSUE_IGNORED && issue.count == 2);
    cr_expect_str_eq(books_facts(&books, "", "kind"), "new |ignored ");
}

Test(commit, an_older_event_moves_the_first_and_not_the_last)
{
    struct effect older = books_event("e2", "h1");
    older.at_us -= 60000000;
    older.title = SLICE("older");
    older.release = SLICE("0.9");
    books_write(&books, books_event("e1", "h1"));

    books_write(&books, older);

    struct issue issue = books_issue(&books, "h1");
    cr_expect(issue.first_seen_us == older.at_us && id_eq(issue.first_event, books_id("e2")));
    cr_expect(issue.last_seen_us == BOOKS_NOW_US - 5000000 &&
              id_eq(issue.last_event, books_id("e1")));
    cr_expect(slice_eq(issue.first_release, SLICE("0.9")) &&
              slice_eq(issue.last_release, SLICE("1.0")));
    cr_expect(slice_eq(issue.title, SLICE("ValueError: no")));
}

Test(commit, an_id_counts_once_in_its_hour_and_the_ones_beside_it)
{
    static const struct {
        int64_t hours;
        uint64_t count;
    } cases[] = {{0, 1}, {-1, 1}, {1, 1}, {3, 2}, {-3, 3}};
    books_write(&books, books_event("e1", "h1"));

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct effect event = books_event("e1", "h1");
        event.received_us += cases[i].hours * BOOKS_HOUR_US;
        books_write(&books, event);
        cr_expect_eq(books_issue(&books, "h1").count, cases[i].count, "%d hours away",
                     (int)cases[i].hours);
    }
    cr_expect_eq(books.applier.counts.duplicates, 3);
}

Test(commit, an_id_twice_in_one_batch_counts_once)
{
    struct effect event = books_event("e1", "h1");
    struct effect other = books_event("e2", "h1");
    books_add(&books, &event);
    books_add(&books, &other);
    books_add(&books, &event);

    books_commit(&books);

    cr_expect_eq(books_issue(&books, "h1").count, 2);
    cr_expect_eq(books.applier.counts.duplicates, 1);
    cr_expect_str_eq(books_facts(&books, "", "kind n"), "new 2 ");
}

Test(commit, a_batch_of_nothing_but_duplicates_changes_nothing)
{
    struct effect_match match = {SLICE("r1"), SLICE("Rule"), SLICE("high")};
    struct effect event = books_event("e1", "h1");
    event.matches = &match;
    event.match_count = 1;
    books_write(&books, event);
    struct issue before = books_issue(&books, "h1");
    event.hashes[0] = books_id("h2");

    books_write(&books, event);

    struct issue after = books_issue(&books, "h1");
    cr_expect(after.count == before.count && after.last_place.sequence == 1);
    cr_expect_eq(books_issue_id(&books, "h2"), 0);
    cr_expect_str_eq(books_facts(&books, "", "kind"), "new |detection ");
}

Test(commit, matches_are_one_fact_for_each_rule_and_environment)
{
    struct effect_match both[] = {{SLICE("r1"), SLICE("One"), SLICE("high")},
                                  {SLICE("r2"), SLICE("Two"), SLICE("low")}};
    struct effect events[3];
    for (unsigned i = 0; i < 3; i++) {
        events[i] = books_event((char[]){'e', (char)('1' + (char)i), '\0'}, "h1");
        events[i].matches = both;
        events[i].match_count = i == 0 ? 2 : 1;
        events[i].environment = i == 2 ? SLICE("staging") : SLICE("production");
        books_add(&books, &events[i]);
    }

    books_commit(&books);

    cr_expect_str_eq(books_facts(&books, "detection", "rule rule_title rule_level environment n"),
                     "production 2 r1 One high |production 1 r2 Two low |staging 1 r1 One high ");
    cr_expect_eq(books.applier.counts.facts, 4);
}

Test(commit, users_are_estimated)
{
    struct effect events[300];
    char users[300][16];
    for (unsigned i = 0; i < 300; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "event%u", i);
        (void)snprintf(users[i], sizeof users[i], "id:%u", i % 100);
        events[i] = books_event(id, "h1");
        events[i].user = slice_str(users[i]);
        books_add(&books, &events[i]);
    }

    books_commit(&books);

    uint64_t found = books_issue(&books, "h1").users;
    cr_expect(found >= 97 && found <= 103, "%d", (int)found);
}

Test(commit, a_batch_larger_than_luas_stack_is_counted_whole)
{
    enum { MANY = 9000 };
    struct effect *events = calloc(MANY, sizeof *events);
    char(*users)[16] = calloc(MANY, sizeof *users);
    for (unsigned i = 0; i < MANY; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "event%u", i);
        (void)snprintf(users[i], sizeof users[i], "id:%u", i);
        events[i] = books_event(id, i % 3 == 0 ? "h1" : "h2");
        events[i].user = slice_str(users[i]);
        books_add(&books, &events[i]);
    }

    books_commit(&books);

    cr_expect_eq(books_issue(&books, "h1").count, MANY / 3);
    cr_expect_eq(books_issue(&books, "h2").count, MANY - MANY / 3);
    free(users);
    free(events);
}

Test(commit, the_index_of_events_expires)
{
    books_write(&books, books_event("e1", "h1"));

    redisReply *keys = redis_command(books.link, "KEYS t:{07}:p:7:e:*");
    cr_assert_eq(keys->elements, 1);
    redisReply *ttl = redis_command(books.link, "TTL %s", keys->element[0]->str);
    cr_expect(ttl->integer > 3 * 3600 - 60 && ttl->integer <= 3 * 3600);
    freeReplyObject(ttl);
    freeReplyObject(keys);
}

Test(commit, a_change_of_status_is_a_fact_that_names_its_actor)
{
    books_write(&books, books_event("e1", "h1"));
    set_status("h1", ISSUE_RESOLVED, BOOKS_NOW_US);
    set_status("h1", ISSUE_UNRESOLVED, BOOKS_NOW_US);

    cr_expect_str_eq(books_facts(&books, "", "kind actor"), "new |resolved ada |unresolved ada ");
    cr_expect_eq(books_issue(&books, "h1").status, ISSUE_UNRESOLVED);
}

Test(commit, a_partition_that_stands_elsewhere_is_not_touched)
{
    books_write(&books, books_event("e1", "h1"));
    books.applier.stands[7] = 0;
    struct effect event = books_event("e2", "h1");
    books_add(&books, &event);

    cr_expect(!applier_commit(&books.applier, books.sequence));

    cr_expect_eq(books_issue(&books, "h1").count, 1);
    cr_expect_eq(books.applier.counts.mismatches, 1);
}

/* As an event of a version that tells "n1" and "n2" apart, where the version before had "old". */
static void write_newer(const char *event, const char *hash)
{
    struct effect effect = books_event(event, hash);
    effect.hashes[1] = books_id("old");
    effect.hash_count = 2;
    effect.hash_own = 1;
    effect.grouping = 2;
    books_write(&books, effect);
}

Test(commit, a_better_version_never_splits_an_issue_that_exists)
{
    struct effect before = books_event("e1", "old");
    before.grouping = 1;
    books_write(&books, before);
    write_newer("e2", "n1");
    write_newer("e3", "n2");

    uint64_t id = books_issue_id(&books, "old");
    cr_expect(books_issue_id(&books, "n1") == id && books_issue_id(&books, "n2") == id);
    cr_expect_eq(books_issue(&books, "old").count, 3);
}

Test(commit, a_better_version_tells_new_issues_apart)
{
    write_newer("e1", "n1");
    write_newer("e2", "n2");

    cr_expect_neq(books_issue_id(&books, "n1"), books_issue_id(&books, "n2"));
    cr_expect_eq(books_issue_id(&books, "old"), 0, "an older hash only finds, and is not kept");
    cr_expect_eq(books.applier.counts.issues_new, 2);
}
