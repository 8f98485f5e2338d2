/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/fact.h"
#include "tests/unit/alerting/reply.h"

#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})

Test(fact, reads_all_that_the_committer_writes)
{
    redisReply *entry = reply_entry(
        "1700000000123-4",
        FIELDS("kind", "detection", "project", "3", "issue", "67", "event",
               "0123456789abcdef0123456789abcdef", "title", "T", "culprit", "C", "level", "fatal",
               "platform", "python", "type", "error", "environment", "prod", "release", "1.2", "at",
               "1700000000001", "n", "12", "rule", "r-1", "rule_title", "R", "rule_level", "high"));
    struct fact fact;

    cr_assert(fact_read(entry, &fact));

    cr_expect_eq(fact.kind, FACT_DETECTION);
    cr_expect(slice_eq(fact.entry, SLICE("1700000000123-4")));
    cr_expect(slice_eq(fact.project, SLICE("3")) && slice_eq(fact.issue, SLICE("67")));
    cr_expect(slice_eq(fact.title, SLICE("T")) && slice_eq(fact.culprit, SLICE("C")));
    cr_expect(slice_eq(fact.level, SLICE("fatal")) && slice_eq(fact.platform, SLICE("python")));
    cr_expect(slice_eq(fact.type, SLICE("error")) && slice_eq(fact.release, SLICE("1.2")));
    cr_expect(slice_eq(fact.environment, SLICE("prod")));
    cr_expect(slice_eq(fact.rule, SLICE("r-1")) && slice_eq(fact.rule_title, SLICE("R")));
    cr_expect(slice_eq(fact.rule_level, SLICE("high")));
    cr_expect_eq(fact.at_us, INT64_C(1700000000001000));
    cr_expect_eq(fact.events, 12);
    freeReplyObject(entry);
}

Test(fact, knows_every_kind)
{
    static const char *const kinds[] = {"new",      "regressed", "detection",
                                        "resolved", "ignored",   "unresolved"};
    for (size_t i = 0; i < FACT_KIND_COUNT; i++) {
        redisReply *entry =
            reply_entry("1-0", FIELDS("kind", kinds[i], "project", "1", "issue", "1", "rule", "r"));
        struct fact fact;
        cr_expect(fact_read(entry, &fact), "%s", kinds[i]);
        cr_expect_eq(fact.kind, i, "%s", kinds[i]);
        cr_expect_eq(fact.events, 1, "stands for one at least");
        freeReplyObject(entry);
    }
}

Test(fact, refuses_what_is_none)
{
    const struct {
        const char *name;
        const char *const *fields;
    } cases[] = {
        {"no fields", FIELDS(NULL)},
        {"no kind", FIELDS("project", "1", "issue", "1")},
        {"a kind nobody knows", FIELDS("kind", "exploded", "project", "1", "issue", "1")},
        {"no issue", FIELDS("kind", "new", "project", "1")},
        {"an issue that is no number", FIELDS("kind", "new", "project", "1", "issue", "1x")},
        {"a project that is a key", FIELDS("kind", "new", "project", "1:i", "issue", "1")},
        {"a detection without its rule", FIELDS("kind", "detection", "project", "1", "issue", "1")},
        {"a name without a value", FIELDS("kind", "new", "project", "1", "issue")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        redisReply *entry = reply_entry("1-0", cases[i].fields);
        struct fact fact;
        cr_expect_not(fact_read(entry, &fact), "%s", cases[i].name);
        freeReplyObject(entry);
    }
}

Test(fact, refuses_replies_of_another_shape)
{
    static const char *const shapes[] = {":1\r\n", "$2\r\nab\r\n", "*0\r\n", "*1\r\n$3\r\n1-0\r\n",
                                         "*2\r\n$3\r\n1-0\r\n$-1\r\n"};
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        redisReply *reply = reply_parse(shapes[i], strlen(shapes[i]));
        struct fact fact;
        cr_expect_not(fact_read(reply, &fact), "%s", shapes[i]);
        freeReplyObject(reply);
    }
}

Test(fact, an_absurd_time_is_an_unknown_one)
{
    static const char *const times[] = {"99999999999999999999", "-1", "x", ""};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        redisReply *entry =
            reply_entry("1-0", FIELDS("kind", "new", "project", "1", "issue", "1", "at", times[i]));
        struct fact fact;
        cr_assert(fact_read(entry, &fact));
        cr_expect_eq(fact.at_us, 0, "%s", times[i]);
        freeReplyObject(entry);
    }
}

Test(fact, an_entry_says_when_redis_took_it)
{
    cr_expect_eq(fact_entry_ms(SLICE("1700000000123-4")), INT64_C(1700000000123));
    cr_expect_eq(fact_entry_ms(SLICE("soon")), 0);
}

Test(fact, rules_see_the_action_and_not_what_is_absent)
{
    redisReply *entry = reply_entry(
        "1-0", FIELDS("kind", "regressed", "project", "3", "issue", "67", "title", "Boom"));
    struct subject_pair pairs[FACT_PAIRS_MAX];
    struct fact fact;
    bool has_action = false;
    bool has_title = false;
    cr_assert(fact_read(entry, &fact));

    uint32_t count = fact_pairs(&fact, pairs);

    for (uint32_t i = 0; i < count; i++) {
        cr_expect_neq(pairs[i].value.len, 0, "%.*s", SLICE_ARG(pairs[i].name));
        has_action |= slice_eq(pairs[i].name, SLICE("event.action")) &&
                      slice_eq(pairs[i].value, SLICE("regressed"));
        has_title |=
            slice_eq(pairs[i].name, SLICE("title")) && slice_eq(pairs[i].value, SLICE("Boom"));
    }
    cr_expect(has_action && has_title);
    freeReplyObject(entry);
}
