/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/replay_fixture.h"

#define CHAIN                                                                                      \
    REPLAY_RULES                                                                                   \
    "title: many\nname: many\ncorrelation: {type: event_count, rules: a, group-by: [h, g], "       \
    "timespan: 10s, condition: {gte: 2}}\n---\n"                                                   \
    "title: then\nname: then\nlevel: high\ncorrelation: {type: temporal_ordered, rules: "          \
    "[many, b], group-by: [g], timespan: 10s}\n"

Test(correlation_tree, is_of_what_fires_with_all_that_feeds_it)
{
    struct fixture *f = fixture_new();
    struct value *tree = NULL;
    fixture_text(f, CHAIN);
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    const struct correlation *many = ruleset_correlation(f->set, 0);
    const struct correlation *then = ruleset_correlation(f->set, 1);
    cr_expect_eq(many->tree.len, 0, "it fires nothing itself");
    cr_assert(!fault_is(value_parse_json(&f->arena, then->tree, &tree)));
    cr_expect(slice_eq(value_string(value_get(tree, SLICE("level"))), SLICE("high")));
    const struct value *root = value_first(value_get(tree, SLICE("nodes")));
    int64_t parent = 0;
    cr_expect(slice_eq(value_string(value_get(root, SLICE("type"))), SLICE("ordered")));
    cr_expect(value_get(root, SLICE("parent")) == NULL);
    cr_expect(value_integer(value_get(root->next, SLICE("parent")), &parent) && parent == 1);
    fixture_free(f);
}

Test(correlation_tree, a_place_tells_the_group_of_what_fires)
{
    struct fixture *f = fixture_new();
    fixture_text(f, CHAIN);
    const struct correlation *many = ruleset_correlation(f->set, 0);
    cr_assert_eq(many->place_count, 1);
    cr_expect_eq(many->places[0].root, 1);
    cr_expect_eq(many->places[0].node, 2);
    cr_expect_eq(many->places[0].to_root[0], 1, "g is its second field");
    fixture_free(f);
}

Test(correlation_tree, another_condition_is_another_digest)
{
    struct fixture *f = fixture_new();
    char digests[2][32];
    for (int i = 0; i < 2; i++) {
        fixture_text(f, i == 0 ? REPLAY_ONE("type: event_count, rules: a, timespan: 1m, "
                                            "condition: {gte: 2}")
                               : REPLAY_ONE("type: event_count, rules: a, timespan: 1m, "
                                            "condition: {gte: 3}"));
        snprintf(digests[i], sizeof(digests[i]), "%.*s",
                 SLICE_ARG(ruleset_correlation(f->set, 0)->digest));
    }
    cr_expect_str_neq(digests[0], digests[1]);
    fixture_free(f);
}

/* As a full binary tree: each level names the one below twice. */
Test(correlation_tree, has_as_many_nodes_as_the_limit_and_not_more)
{
    struct fixture *f = fixture_new();
    for (uint32_t depth = 6; depth <= 7; depth++) { /* 63 and 127 nodes */
        struct slice yaml = SLICE(REPLAY_RULES);
        for (uint32_t i = 0; i < depth; i++) {
            struct slice below =
                i == 0 ? SLICE("a") : arena_printf(&f->arena, "n%u, n%u", i - 1, i - 1);
            yaml = arena_printf(&f->arena,
                                "%.*stitle: n%u\nname: n%u\ncorrelation: {type: event_count, "
                                "rules: [%.*s], timespan: 1m, condition: {gte: 1}}\n---\n",
                                SLICE_ARG(yaml), i, i, SLICE_ARG(below));
        }
        problems_init(&f->problems, &f->arena);
        fixture_text(f, arena_str(&f->arena, yaml));
        cr_expect_eq(f->problems.errors, depth > 6, "%s", fixture_problem(f));
    }
    fixture_free(f);
}
