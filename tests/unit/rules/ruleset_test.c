/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/fixture.h"

#define RULE(name)                                                                                 \
    "title: " name "\nname: " name "\nlogsource: {}\n"                                             \
    "detection: {s: {f: " name "}, condition: s}\n"

Test(ruleset, one_bad_file_or_rule_leaves_the_others)
{
    static const struct rules_source sources[] = {
        {SLICE_INIT("a.yml"), SLICE_INIT(RULE("a"))},
        {SLICE_INIT("bad.yml"), SLICE_INIT("title: [\n")},
        {SLICE_INIT("half.yml"), SLICE_INIT("title: x\n---\n" RULE("b"))},
    };
    struct fixture *f = fixture_new();
    fixture_load(f, sources, 3);

    cr_expect_eq(ruleset_count(f->set), 2);
    cr_expect(f->problems.errors >= 2);
    cr_expect(slice_eq(f->problems.first->file, SLICE("bad.yml")));
    cr_expect(fixture_holds(f, "{\"f\":\"b\"}"));
    fixture_free(f);
}

Test(ruleset, rules_are_found_by_id_and_name)
{
    struct fixture *f = fixture_new();
    fixture_text(f, RULE("a") "---\n" RULE("b"));

    cr_expect_eq(ruleset_find(f->set, SLICE("b")), 1);
    cr_expect_eq(ruleset_find(f->set, SLICE("c")), 2);
    cr_expect_eq(ruleset_find(f->set, slice_of(NULL, 0)), 2);
    fixture_free(f);
}

Test(ruleset, the_digest_follows_the_texts)
{
    char first[65];
    struct fixture *f = fixture_new();
    fixture_text(f, RULE("a"));
    cr_assert_eq(ruleset_digest(f->set).len, 64u);
    memcpy(first, ruleset_digest(f->set).at, 65);

    fixture_text(f, RULE("a"));
    cr_expect_str_eq(ruleset_digest(f->set).at, first);
    fixture_text(f, RULE("b"));
    cr_expect_str_neq(ruleset_digest(f->set).at, first);
    fixture_free(f);
}

Test(ruleset, an_empty_set_matches_nothing)
{
    struct fixture *f = fixture_new();
    fixture_load(f, NULL, 0);

    cr_expect_eq(ruleset_count(f->set), 0);
    cr_expect_not(fixture_holds(f, "{\"f\":1}"));
    fixture_free(f);
}

Test(ruleset, the_shipped_rules_load_and_hold_for_their_facts)
{
    uint32_t count = 0;
    const struct rules_source *sources = rules_builtin(&count);
    struct fixture *f = fixture_new();
    fixture_load(f, sources, count);
    cr_assert(count >= 2 && f->problems.first == NULL, "%s", fixture_problem(f));

    static const char *const actions[] = {"new", "regressed", "resolved"};
    for (size_t i = 0; i < 3; i++) {
        struct subject_pair pair = {SLICE("event.action"), slice_str(actions[i])};
        struct subject subject;
        arena_reset(&f->event);
        subject_from_pairs(&subject, &pair, 1, &f->event);
        f->count = rules_match(f->set, f->scratch, &subject, f->indexes, 8);
        cr_expect_eq(f->count, i < 2, "%s: %u", actions[i], f->count);
    }
    fixture_free(f);
}
