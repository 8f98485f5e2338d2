/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/event.h"
#include <criterion/criterion.h>

Test(event, levels_go_by_gravity_and_their_names_lead_back)
{
    static const char *const names[] = {"debug", "info", "warning", "error", "fatal"};
    cr_assert_eq(sizeof(names) / sizeof(names[0]), (size_t)LEVEL_COUNT);
    for (unsigned i = 0; i < LEVEL_COUNT; i++) {
        enum level level = LEVEL_COUNT;
        cr_expect_str_eq(level_name((enum level)i), names[i]);
        cr_expect(level_parse(slice_str(names[i]), &level));
        cr_expect_eq(level, (enum level)i, "%s", names[i]);
    }
}

Test(event, levels_of_other_loggers_are_understood_in_any_case)
{
    static const struct {
        const char *name;
        enum level level;
    } cases[] = {
        {"WARN", LEVEL_WARNING},  {"Err", LEVEL_ERROR},    {"CRITICAL", LEVEL_FATAL},
        {"crit", LEVEL_FATAL},    {"alert", LEVEL_FATAL},  {"emergency", LEVEL_FATAL},
        {"log", LEVEL_INFO},      {"notice", LEVEL_INFO},  {"trace", LEVEL_DEBUG},
        {"verbose", LEVEL_DEBUG}, {"sample", LEVEL_DEBUG}, {"FaTaL", LEVEL_FATAL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum level level = LEVEL_COUNT;
        cr_expect(level_parse(slice_str(cases[i].name), &level), "%s", cases[i].name);
        cr_expect_eq(level, cases[i].level, "%s", cases[i].name);
    }
}

Test(event, a_level_that_nobody_knows_leaves_the_answer_alone)
{
    const struct slice cases[] = {SLICE("severe"), SLICE("warnin"), SLICE("warnings"),
                                  SLICE(" info"),  SLICE("40"),     SLICE("info\0"),
                                  {NULL, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum level level = LEVEL_FATAL;
        cr_expect_not(level_parse(cases[i], &level), "%.*s", SLICE_ARG(cases[i]));
        cr_expect_eq(level, LEVEL_FATAL);
    }
}

Test(event, each_type_has_the_name_that_sentry_lists_it_under)
{
    static const char *const names[] = {
        [EVENT_DEFAULT] = "default",
        [EVENT_ERROR] = "error",
        [EVENT_CSP] = "csp",
        [EVENT_NEL] = "nel",
        [EVENT_TRANSACTION] = "transaction",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        cr_expect_str_eq(event_type_name((enum event_type)i), names[i]);
    }
}

Test(event, a_tag_is_found_by_its_exact_key_and_the_first_one_wins)
{
    struct tag tags[] = {{SLICE("region"), SLICE("eu")},
                         {SLICE("Region"), SLICE("us")},
                         {SLICE("region"), SLICE("asia")},
                         {SLICE("empty"), {NULL, 0}}};
    const struct event event = {.tags = tags, .tag_count = 4};
    static const struct {
        const char *key;
        const char *value;
    } cases[] = {{"region", "eu"}, {"Region", "us"}, {"REGION", ""},
                 {"reg", ""},      {"empty", ""},    {"", ""}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice value = event_tag(&event, slice_str(cases[i].key));
        cr_expect(slice_eq(value, slice_str(cases[i].value)), "%s", cases[i].key);
    }
}

Test(event, an_event_without_tags_has_none)
{
    const struct event event = {0};

    cr_expect(slice_is_empty(event_tag(&event, SLICE("region"))));
}
