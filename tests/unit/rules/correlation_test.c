/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/replay_fixture.h"
#include <math.h>

static const struct correlation_hit *hits_of(struct fixture *f, const char *json, uint32_t *count)
{
    fixture_match(f, fixture_json(f, slice_str(json)));
    const struct correlation_ask ask = {
        .set = f->set, .rules = f->scratch, .indexes = f->indexes, .count = f->count};
    return rules_correlate(&ask, &f->event, count);
}

static void load(struct fixture *f, const char *body)
{
    struct slice yaml = arena_printf(&f->arena, REPLAY_ONE("%s"), body);
    fixture_text(f, arena_str(&f->arena, yaml));
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
}

Test(correlation, a_hit_has_its_group_by_the_names_of_its_rule)
{
    struct fixture *f = fixture_new();
    uint32_t count = 0;
    load(f, "type: event_count, rules: [a, b], group-by: [who, t.n], timespan: 1m, "
            "condition: {gte: 1}, aliases: {who: {b: other}}");
    const struct correlation_hit *hits =
        hits_of(f, "{\"r\":\"ab\",\"who\":\"x\",\"other\":[\"y\",\"z\"],\"t\":{\"n\":7}}", &count);
    cr_assert_eq(count, 2);
    cr_expect(slice_eq(hits[0].group[0], SLICE("x")) && hits[0].source == 0);
    cr_expect(slice_eq(hits[1].group[0], SLICE("y")) && hits[1].source == 1);
    cr_expect(slice_eq(hits[1].group[1], SLICE("7")));
    cr_expect(isnan(hits[0].value));
    fixture_free(f);
}

Test(correlation, an_event_without_a_field_of_the_group_takes_no_part)
{
    struct fixture *f = fixture_new();
    uint32_t count = 1;
    load(f, "type: event_count, rules: [a], group-by: [g], timespan: 1m, condition: {gte: 1}");
    (void)hits_of(f, "{\"r\":\"a\"}", &count);
    cr_expect_eq(count, 0);
    (void)hits_of(f, "{\"r\":\"a\",\"g\":null}", &count);
    cr_expect_eq(count, 0);
    (void)hits_of(f, "{\"r\":\"a\",\"g\":\"\"}", &count);
    cr_expect_eq(count, 1);
    (void)hits_of(f, "{\"r\":\"d\",\"g\":\"\"}", &count);
    cr_expect_eq(count, 0);
    fixture_free(f);
}

Test(correlation, values_are_hashed_whole_and_numbers_read)
{
    struct fixture *f = fixture_new();
    uint32_t count = 0;
    load(f, "type: value_count, rules: [a], timespan: 1m, condition: {gte: 2, field: [v, w]}");
    double first = hits_of(f, "{\"r\":\"a\",\"v\":\"1\",\"w\":\"23\"}", &count)->value;
    cr_expect(first == hits_of(f, "{\"r\":\"a\",\"v\":1,\"w\":23}", &count)->value);
    cr_expect(first != hits_of(f, "{\"r\":\"a\",\"v\":\"12\",\"w\":\"3\"}", &count)->value);
    cr_expect(isnan(hits_of(f, "{\"r\":\"a\",\"v\":\"12\"}", &count)->value));
    cr_expect(first >= 0 && first < 9007199254740992.0);
    load(f, "type: value_sum, rules: [a], timespan: 1m, condition: {gte: 2, field: v}");
    cr_expect(hits_of(f, "{\"r\":\"a\",\"v\":\"1.5\"}", &count)->value == 1.5);
    cr_expect(isnan(hits_of(f, "{\"r\":\"a\",\"v\":\"x\"}", &count)->value));
    fixture_free(f);
}
