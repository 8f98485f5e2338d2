/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlator.h"
#include "tests/unit/rules/replay_fixture.h"
#include <math.h>

struct seen {
    uint32_t count;
    int64_t at_ms;
    char group[16];
};

static void note(void *context, const struct correlator_firing *firing)
{
    struct seen *seen = context;
    seen->count++;
    seen->at_ms = firing->at_ms;
    snprintf(seen->group, sizeof(seen->group), "%.*s", SLICE_ARG(firing->group[0]));
}

Test(correlator, groups_do_not_see_each_other)
{
    struct fixture *f = fixture_new();
    struct seen seen = {0};
    fixture_text(f, REPLAY_ONE("type: event_count, rules: a, group-by: [g], timespan: 10s, "
                               "condition: {gte: 2}"));
    struct correlator *correlator = correlator_new(f->set, note, &seen);
    for (uint64_t i = 0; i < 20; i++) {
        char name[2] = {(char)('a' + i % 10), '\0'};
        struct slice group = slice_str(name);
        const struct correlation_hit hit = {0, 0, &group, (double)NAN};
        cr_expect_eq(seen.count, i < 10 ? 0 : i - 10);
        correlator_add(correlator, &hit, (int64_t)i, i, INT64_MIN);
    }
    cr_expect_eq(seen.count, 10);
    cr_expect_str_eq(seen.group, "j");
    cr_expect_eq(correlator_counts(correlator).groups, 10);
    cr_expect_eq(correlator_counts(correlator).forgotten, 0);
    correlator_free(correlator);
    fixture_free(f);
}

Test(correlator, settles_what_is_due_in_order_of_time)
{
    struct fixture *f = fixture_new();
    struct seen seen = {0};
    fixture_text(f, REPLAY_ONE("type: event_count, rules: a, group-by: [g], timespan: 10s, "
                               "condition: {eq: 0}"));
    struct correlator *correlator = correlator_new(f->set, note, &seen);
    const struct slice groups[] = {SLICE("x"), SLICE("y")};
    for (uint64_t i = 0; i < 2; i++) {
        const struct correlation_hit hit = {0, 0, &groups[i], (double)NAN};
        correlator_add(correlator, &hit, (int64_t)(1000 * i), i, INT64_MIN);
    }
    correlator_settle(correlator, 10000);
    cr_expect_eq(seen.count, 0);
    correlator_settle(correlator, 10001);
    cr_expect_eq(seen.count, 1);
    cr_expect_str_eq(seen.group, "x");
    correlator_settle(correlator, 99999);
    cr_expect_eq(seen.count, 2);
    cr_expect_eq(seen.at_ms, 11001);
    correlator_free(correlator);
    fixture_free(f);
}
