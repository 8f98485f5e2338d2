/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/explain_correlation.h"
#include "tests/unit/rules/replay_fixture.h"

struct explained {
    struct fixture *f;
    struct buffer text;
    bool is_hit;
};

/* The last correlation of the set and one event. */
static void explained_by(struct explained *e, const char *event, bool as_json)
{
    struct fixture *f = e->f;
    struct subject subject;
    struct value *value = NULL;
    struct json json;
    buffer_reset(&e->text);
    cr_assert_not(fault_is(value_parse_json(&f->event, slice_str(event), &value)));
    subject_from_value(&subject, value, true, &f->event);
    uint32_t count = rules_match(f->set, f->scratch, &subject, f->indexes, 64);
    const struct correlation_ask ask = {
        .set = f->set, .rules = f->scratch, .indexes = f->indexes, .count = count};
    uint32_t last = ruleset_correlation_count(f->set) - 1;
    json_init(&json, &e->text);
    e->is_hit = as_json ? explain_correlation_json(&ask, last, &f->event, &json)
                        : explain_correlation_text(&ask, last, &f->event, &e->text);
    buffer_byte(&e->text, '\0');
}

static struct explained explained_new(const char *yaml)
{
    struct explained e = {.f = fixture_new()};
    problems_init(&e.f->problems, &e.f->arena);
    fixture_text(e.f, yaml);
    cr_assert_eq(e.f->problems.errors, 0, "%s", fixture_problem(e.f));
    buffer_init(&e.text, 1u << 16);
    return e;
}

static void explained_free(struct explained *e)
{
    buffer_done(&e->text);
    fixture_free(e->f);
}

#define EXPECT_TEXT(e, expected)                                                                   \
    cr_expect_str_eq(buffer_slice(&(e)->text).at, expected, "%s", buffer_slice(&(e)->text).at)

Test(explain_correlation, tells_for_each_rule_whether_the_event_is_a_hit_and_of_whom)
{
    struct explained e = explained_new(REPLAY_ONE(
        "type: event_count, rules: [a, b], group-by: [g, k], timespan: 90s, condition: {gte: 2, "
        "lt: 9}"));
    explained_by(&e, "{\"r\":\"a\",\"g\":\"ada\",\"k\":7}", false);
    cr_expect(e.is_hit);
    EXPECT_TEXT(&e, "HIT       x  (medium)  test.yml:21\n"
                    "holds     when event_count is gte 2 and lt 9 within 90s, by g, k\n\n"
                    "yes  a  a hit of g \"ada\", k \"7\"\n"
                    "no   b  does not hold\n");
    explained_by(&e, "{\"r\":\"b\",\"g\":\"ada\"}", false);
    cr_expect_not(e.is_hit);
    EXPECT_TEXT(&e, "NO HIT    x  (medium)  test.yml:21\n"
                    "holds     when event_count is gte 2 and lt 9 within 90s, by g, k\n\n"
                    "no   a  does not hold\n"
                    "no   b  holds, but the event has no k\n");
    explained_free(&e);
}

Test(explain_correlation, tells_of_values_chains_and_conditions)
{
    struct explained e = explained_new(
        REPLAY_ONE("type: value_sum, rules: a, timespan: 1m, condition: {field: v, gt: 1.5}"));
    explained_by(&e, "{\"r\":\"a\"}", false);
    cr_expect(strstr(buffer_slice(&e.text).at, "value_sum is gt 1.5 within 60s\n") != NULL);
    cr_expect(strstr(buffer_slice(&e.text).at, "a hit, without a value") != NULL);
    explained_free(&e);

    e = explained_new(REPLAY_ONE(
        "type: event_count, rules: a, timespan: 1m, condition: {gte: 2}") "---\ntitle: y\nname: "
                                                                          "y\ncorrelation: {type: "
                                                                          "temporal, rules: [x, "
                                                                          "b], "
                                                                          "timespan: 1m, "
                                                                          "condition: x and not "
                                                                          "b}\n");
    explained_by(&e, "{\"r\":\"b\"}", false);
    cr_expect(strstr(buffer_slice(&e.text).at, "temporal satisfies its condition") != NULL);
    cr_expect(strstr(buffer_slice(&e.text).at, "     x  a correlation: hits where") != NULL);
    cr_expect(e.is_hit);
    explained_free(&e);
}

Test(explain_correlation, tells_the_same_as_json)
{
    struct explained e = explained_new(REPLAY_ONE(
        "type: event_count, rules: [a, b], group-by: [g], timespan: 90s, condition: {gte: 2}"));
    explained_by(&e, "{\"r\":\"ab\",\"g\":\"ada\"}", true);
    EXPECT_TEXT(&e, "{\"correlation\":\"x\",\"title\":\"x\",\"hits\":true,"
                    "\"type\":\"event_count\",\"timespan_ms\":90000,\"group_by\":[\"g\"],"
                    "\"condition\":{\"gte\":2},\"sources\":["
                    "{\"rule\":\"a\",\"kind\":\"rule\",\"holds\":true,\"hits\":true,"
                    "\"group\":[\"ada\"]},"
                    "{\"rule\":\"b\",\"kind\":\"rule\",\"holds\":true,\"hits\":true,"
                    "\"group\":[\"ada\"]}]}");
    explained_by(&e, "{\"r\":\"a\"}", true);
    cr_expect(strstr(buffer_slice(&e.text).at, "\"missing\":\"g\"") != NULL);
    cr_expect_not(e.is_hit);
    explained_free(&e);
}
