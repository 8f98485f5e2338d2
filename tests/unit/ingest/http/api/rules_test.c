/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/http/api/api_rig.h"

#define RULES                                                                                      \
    PASS_RULE("11111111-1111-1111-1111-111111111111", "Broke", "broke")                            \
    "---\n" PASS_RULE("22222222-2222-2222-2222-222222222222", "Slow",                              \
                      "slow") "---\ntitle: Never\nid: 33333333-3333-3333-3333-333333333333\n"      \
                              "logsource: {category: application}\n"                               \
                              "detection: {sel: {nobody.has.it: 1}, condition: sel}\n"

static struct api_rig rig;

static void setup(void)
{
    api_rig_open(&rig);
}

static void teardown(void)
{
    api_rig_close(&rig);
}

TestSuite(api_rules, .init = setup, .fini = teardown);

/* Gives the API three rules, and a pipeline that has seen `count` events that broke. */
static void with_rules(unsigned count)
{
    struct snapshot *snapshot = pass_snapshot(RULES);
    struct outcome outcome;
    snapshot->ledger = rule_ledger_new(snapshot->rules);
    cr_assert_not_null(snapshot->ledger);
    snapshot_publish(rig.box, snapshot);
    snapshot_release(rig.api->snapshot);
    rig.api->snapshot = snapshot_current(rig.box);
    cr_assert(pipeline_follow(rig.api->pipeline, rig.api->snapshot));
    for (unsigned i = 0; i < count; i++) {
        struct record record = pass_record(RECORD_STORE, SLICE("{\"message\":\"it broke\"}"));
        cr_assert_not(fault_is(pipeline_run(rig.api->pipeline, rig.api->snapshot, &record,
                                            &rig.api->arena, &rig.api->keep, &outcome)));
        arena_reset(&rig.api->arena);
        arena_reset(&rig.api->keep);
    }
}

static struct fault list(const char *query)
{
    rig.request = (struct http_request){.query = slice_str(query)};
    return api_rig_call(&rig, api_rules, "", "");
}

Test(api_rules, without_rules_are_not_found)
{
    cr_expect_eq(list("").kind, FAULT_NOT_FOUND);
}

Test(api_rules, tell_what_each_has_cost_and_found)
{
    with_rules(5);
    cr_assert_not(fault_is(list("sort=matched")));
    const char *const parts[] = {
        "\"rules\":3,\"events\":5,",
        "\"oracle\":{\"every\":0,\"checked\":0,\"differences\":0}",
        "\"items\":[{\"id\":\"11111111-1111-1111-1111-111111111111\",\"title\":\"Broke\",\"level\":"
        "\"high\",\"file\":\"t.yml\",\"line\":1,\"evaluated\":5,\"matched\":5,\"errors\":0,",
        "\"unseenFields\":[]",
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        cr_expect(strstr(rig.text, parts[i]) != NULL, "%s in %s", parts[i], rig.text);
    }
    cr_expect_eq(api_rig_count(&rig, "\"title\""), 3u);
}

Test(api_rules, are_sorted_and_cut_as_asked)
{
    static const struct {
        const char *query;
        unsigned count;
        const char *part;
    } cases[] = {
        {"", 3, "\"title\":\"Broke\""},         {"sort=time", 3, "\"title\":\"Slow\""},
        {"sort=matched&limit=1", 1, "Broke"},   {"sort=evaluated&limit=1", 1, "\"evaluated\":2"},
        {"sort=errors", 0, "\"items\":[]"},     {"sort=dead", 2, "\"title\":\"Never\""},
        {"sort=dead", 2, "\"title\":\"Slow\""}, {"limit=0", 0, "\"items\":[]"},
        {"limit=9999999999", 3, "Never"},
    };
    with_rules(2);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_assert_not(fault_is(list(cases[i].query)));
        cr_expect_eq(api_rig_count(&rig, "\"title\""), cases[i].count, "%s: %s", cases[i].query,
                     rig.text);
        cr_expect(strstr(rig.text, cases[i].part) != NULL, "%s: %s in %s", cases[i].query,
                  cases[i].part, rig.text);
    }
}

Test(api_rules, that_are_dead_name_the_fields_nobody_has)
{
    with_rules(1);
    cr_assert_not(fault_is(list("sort=dead")));
    cr_expect(strstr(rig.text, "\"unseenFields\":[\"nobody.has.it\"]") != NULL, "%s", rig.text);
}
