/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/settings.h"
#include <criterion/criterion.h>

static struct arena arena;

static void setup(void)
{
    cr_assert(arena_init(&arena, 4u << 20));
}

static void teardown(void)
{
    arena_done(&arena);
}

TestSuite(settings, .init = setup, .fini = teardown);

static struct fault read(const char *text, struct project_settings *out)
{
    struct value *json = NULL;
    cr_assert_not(fault_is(value_parse_json(&arena, slice_str(text), &json)), "%s", text);
    return settings_read(&arena, json, out);
}

Test(settings, say_what_a_project_takes)
{
    struct project_settings settings;
    struct fault fault =
        read("{\"origins\":[\"*.shop.example\"],\"filters\":{\"releases\":[\"*-beta\"],"
             "\"crawlers\":true,"
             "\"localhost\":false},\"limits\":[{\"name\":\"daily\",\"categories\":[\"error\","
             "\"session\"],"
             "\"count\":10000,\"seconds\":86400,\"per_key\":true},{\"name\":\"all\",\"count\":1,"
             "\"seconds\":1}]}",
             &settings);
    cr_assert_not(fault_is(fault), "%s", fault.reason);
    cr_expect(settings.origins.count == 1 && settings.filter.releases.count == 1);
    cr_expect(settings.filter.crawlers && !settings.filter.localhost);
    cr_assert_eq(settings.limit_count, 2u);
    const struct limit *daily = &settings.limits[0];
    cr_expect(slice_eq(daily->name, SLICE("daily")) && daily->count == 10000);
    cr_expect(daily->seconds == 86400 && daily->per_key);
    cr_expect(limit_covers(daily, CATEGORY_SESSION) && !limit_covers(daily, CATEGORY_SPAN));
    cr_expect(limit_covers(&settings.limits[1], CATEGORY_SPAN));
    cr_expect_not(limit_covers(&settings.limits[1], CATEGORY_INTERNAL));
    cr_expect_not(fault_is(settings_read(&arena, NULL, &settings)));
    cr_expect(settings.limit_count == 0 && settings.json == NULL);
}

Test(settings, that_are_written_wrong_are_refused)
{
    static const char *const texts[] = {
        "[]",
        "{\"origins\":\"*\"}",
        "{\"origins\":[1]}",
        "{\"origins\":[\"\"]}",
        "{\"filters\":[]}",
        "{\"filters\":{\"localhost\":\"yes\"}}",
        "{\"filters\":{\"local\":true}}",
        "{\"limits\":{}}",
        "{\"limits\":[{}]}",
        "{\"limits\":[{\"name\":\"A b\",\"count\":1,\"seconds\":1}]}",
        "{\"limits\":[{\"name\":\"a\",\"count\":0,\"seconds\":1}]}",
        "{\"limits\":[{\"name\":\"a\",\"count\":1,\"seconds\":2678401}]}",
        "{\"limits\":[{\"name\":\"a\",\"count\":1000000001,\"seconds\":1}]}",
        "{\"limits\":[{\"name\":\"a\",\"count\":1,\"seconds\":1,\"categories\":[\"errors\"]}]}",
        "{\"limits\":[{\"name\":\"a\",\"count\":1,\"seconds\":1,\"per_key\":1}]}",
        "{\"limits\":[{\"name\":\"abcdefghijklmnopqrstuvwxyz0123456\",\"count\":1,\"seconds\":1}]}",
    };
    struct project_settings settings;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        cr_expect_eq(read(texts[i], &settings).kind, FAULT_MALFORMED, "%s", texts[i]);
    }
}

Test(settings, lists_have_a_length_they_may_not_exceed)
{
    struct project_settings settings;
    for (unsigned over = 0; over < 2; over++) {
        struct value *root = value_new(&arena, VALUE_MAP);
        struct value *origins = value_new(&arena, VALUE_LIST);
        for (unsigned i = 0; i < FILTER_PATTERNS_MAX + over; i++) {
            value_append(origins, SLICE(""), value_new_string(&arena, SLICE("*")));
        }
        value_append(root, SLICE("origins"), origins);
        cr_expect_eq(fault_is(settings_read(&arena, root, &settings)), over);
    }
}

Test(settings, are_changed_one_at_a_time)
{
    struct project_settings settings;
    struct fault fault =
        settings_change(&arena, NULL, SLICE("filters"), SLICE("{\"localhost\":true}"), &settings);
    cr_assert_not(fault_is(fault));
    fault = settings_change(&arena, settings.json, SLICE("origins"), SLICE("[\"a.b\"]"), &settings);
    cr_expect(!fault_is(fault) && settings.filter.localhost && settings.origins.count == 1);
    fault = settings_change(&arena, settings.json, SLICE("filters"), SLICE("null"), &settings);
    cr_expect(!fault_is(fault) && !settings.filter.localhost && settings.origins.count == 1);
    cr_expect(fault_is(settings_change(&arena, NULL, SLICE("other"), SLICE("1"), &settings)));
    cr_expect(fault_is(settings_change(&arena, NULL, SLICE("limits"), SLICE("{"), &settings)));
    cr_expect(fault_is(settings_change(&arena, NULL, SLICE("limits"), SLICE("1"), &settings)));
}
