/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/event_json.h"
#include <criterion/criterion.h>
#include <stdio.h>

static _Alignas(16) char room[131072];
static struct arena arena;
static struct event event;

static void decode(const char *json)
{
    struct value *root = NULL;
    arena_over(&arena, room, sizeof(room));
    struct fault fault = value_parse_json(&arena, slice_str(json), &root);
    cr_assert_not(fault_is(fault), "%s: %s", json, fault.reason);
    fault = event_decode(&arena, root, &event);
    cr_assert_not(fault_is(fault), "%s: %s", json, fault.reason);
}

static void expect_text(struct slice text, const char *expected)
{
    cr_expect(slice_eq(text, slice_str(expected)), "%.*s is not %s", SLICE_ARG(text), expected);
}

Test(event_json, reads_the_scalars)
{
    decode(
        "{\"event_id\":\"9ec79c33-ec99-42ab-8353-589fcb2e04dc\",\"timestamp\":1700000000.25,"
        "\"platform\":\"python\",\"level\":\"warning\",\"logger\":\"app\",\"transaction\":\"/x\","
        "\"server_name\":\"web\",\"release\":\"1.2\",\"dist\":\"7\",\"environment\":\"prod\","
        "\"checksum\":\"abc\",\"sdk\":{\"name\":\"sentry.python\",\"version\":\"1.9\"}}");

    cr_expect_eq(event.id.bytes[0], 0x9e);
    cr_expect_eq(event.timestamp_us, INT64_C(1700000000250000));
    cr_expect(event.has_level && event.level == LEVEL_WARNING);
    expect_text(event.platform, "python");
    expect_text(event.logger, "app");
    expect_text(event.transaction, "/x");
    expect_text(event.server_name, "web");
    expect_text(event.release, "1.2");
    expect_text(event.dist, "7");
    expect_text(event.environment, "prod");
    expect_text(event.checksum, "abc");
    expect_text(event.sdk_name, "sentry.python");
    expect_text(event.sdk_version, "1.9");
    cr_expect_eq(event.type, EVENT_DEFAULT);
    cr_expect_not_null(event.root);
}

Test(event_json, only_what_is_no_object_is_a_fault)
{
    static const char *const bad[] = {"[]", "null", "7", "\"text\""};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct value *root = NULL;
        struct event other = {.exception_count = 9};
        arena_over(&arena, room, sizeof(room));
        cr_assert_not(fault_is(value_parse_json(&arena, slice_str(bad[i]), &root)));
        struct fault fault = event_decode(&arena, root, &other);
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "%s", bad[i]);
        cr_expect_str_eq(fault.reason, "event: not a JSON object");
        cr_expect_eq(other.exception_count, 9);
    }
    decode("{}");
    cr_expect_eq(event.timestamp_us, 0);
    cr_expect(id_is_none(event.id));
}

/* Every member in every wrong shape: nothing of it may fail or be believed. */
Test(event_json, odd_shapes_are_left_out)
{
    static const char *const names[] = {
        "event_id", "timestamp",   "platform",    "level",      "exception", "message",
        "logentry", "logger",      "tags",        "extra",      "user",      "request",
        "contexts", "modules",     "breadcrumbs", "sdk",        "threads",   "stacktrace",
        "type",     "fingerprint", "culprit",     "debug_meta", "release",   "checksum"};
    static const char *const shapes[] = {"null",
                                         "true",
                                         "-1",
                                         "1e999",
                                         "\"\"",
                                         "\"\\u0000\"",
                                         "[]",
                                         "{}",
                                         "[null]",
                                         "[[]]",
                                         "[[[]]]",
                                         "[{}]",
                                         "{\"values\":null}",
                                         "{\"values\":[7]}",
                                         "{\"values\":{}}",
                                         "[[1,2,3]]",
                                         "[[null,null]]",
                                         "{\"\":{}}",
                                         "{\"frames\":[[{}]]}"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        for (size_t j = 0; j < sizeof(shapes) / sizeof(shapes[0]); j++) {
            char json[128];
            snprintf(json, sizeof(json), "{\"%s\":%s,\"dist\":\"d\"}", names[i], shapes[j]);
            decode(json);
            expect_text(event.dist, "d");
        }
    }
}

Test(event_json, numbers_stand_where_text_belongs)
{
    decode("{\"release\":1.20,\"user\":{\"id\":7},\"message\":42,\"environment\":true,"
           "\"server_name\":12}");

    expect_text(event.release, "1.20");
    expect_text(event.user.id, "7");
    expect_text(event.message, "42");
    expect_text(event.environment, "true");
    expect_text(event.server_name, "12");
}

Test(event_json, reads_time_as_number_or_text)
{
    static const struct {
        const char *json;
        int64_t us;
    } cases[] = {
        {"{\"timestamp\":1700000000}", INT64_C(1700000000000000)},
        {"{\"timestamp\":\"1700000000.5\"}", INT64_C(1700000000500000)},
        {"{\"timestamp\":\"2023-11-14T22:13:20.123Z\"}", INT64_C(1700000000123000)},
        {"{\"timestamp\":\"2023-11-14T22:13:20\"}", INT64_C(1700000000000000)},
        {"{\"timestamp\":\"yesterday\"}", 0},
        {"{\"timestamp\":null}", 0},
        {"{\"timestamp\":-5}", 0},
        {"{\"timestamp\":1e300}", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        decode(cases[i].json);
        cr_expect_eq(event.timestamp_us, cases[i].us, "%s", cases[i].json);
    }
}

Test(event_json, reads_levels_as_names_or_pythons_numbers)
{
    static const struct {
        const char *json;
        bool has_level;
        enum level level;
    } cases[] = {
        {"{\"level\":\"fatal\"}", true, LEVEL_FATAL}, {"{\"level\":\"WARN\"}", true, LEVEL_WARNING},
        {"{\"level\":40}", true, LEVEL_ERROR},        {"{\"level\":\"20\"}", true, LEVEL_INFO},
        {"{\"level\":10}", true, LEVEL_DEBUG},        {"{\"level\":5}", true, LEVEL_DEBUG},
        {"{\"level\":99}", true, LEVEL_FATAL},        {"{\"level\":-1}", false, LEVEL_DEBUG},
        {"{\"level\":\"loud\"}", false, LEVEL_DEBUG}, {"{}", false, LEVEL_DEBUG},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        decode(cases[i].json);
        cr_expect_eq(event.has_level, cases[i].has_level, "%s", cases[i].json);
        cr_expect_eq(event.level, cases[i].level, "%s", cases[i].json);
    }
}

Test(event_json, reads_messages_in_every_shape)
{
    static const struct {
        const char *json;
        const char *message;
        const char *formatted;
        bool has_params;
    } cases[] = {
        {"{\"message\":\"m\"}", "m", "", false},
        {"{\"logentry\":\"m\"}", "m", "", false},
        {"{\"message\":{\"formatted\":\"f\"}}", "", "f", false},
        {"{\"message\":{\"message\":\"m\",\"formatted\":\"f\",\"params\":[1]}}", "m", "f", true},
        {"{\"logentry\":{\"message\":\"m %s\",\"params\":[1]}}", "m %s", "", true},
        {"{\"logentry\":{\"message\":\"m {a}\",\"params\":{\"a\":1}}}", "m {a}", "", true},
        {"{\"logentry\":{\"message\":\"m %s\"},\"message\":\"m 1\"}", "m %s", "m 1", false},
        {"{\"logentry\":null,\"message\":\"m\"}", "m", "", false},
        {"{\"sentry.interfaces.Message\":{\"message\":\"m\",\"params\":7}}", "m", "", false},
        {"{\"message\":[\"a\",1]}", "[\"a\",1]", "", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        decode(cases[i].json);
        expect_text(event.message, cases[i].message);
        expect_text(event.formatted, cases[i].formatted);
        cr_expect_eq(event.params != NULL, cases[i].has_params, "%s", cases[i].json);
    }
}

Test(event_json, reads_tags_as_map_pairs_or_objects)
{
    static const char *const shapes[] = {
        "{\"tags\":{\"a\":\"1\",\"b\":2,\"c\":true,\"n\":null,\"\":1,\"l\":[],\"e\":\"\"}}",
        "{\"tags\":[[\"a\",\"1\"],[\"b\",2],[\"c\",true],[\"n\",null],[],[\"x\"],7,[\"e\",\"\"]]}",
        "{\"tags\":[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":2},null,"
        "{\"key\":\"c\",\"value\":true},{\"key\":\"n\"},{\"key\":\"e\",\"value\":\"\"}]}",
    };
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        decode(shapes[i]);
        cr_expect_eq(event.tag_count, 4, "%s: %u", shapes[i], event.tag_count);
        expect_text(event_tag(&event, SLICE("a")), "1");
        expect_text(event_tag(&event, SLICE("b")), "2");
        expect_text(event_tag(&event, SLICE("c")), "true");
    }
}

Test(event_json, reads_fingerprints_as_sentry_does)
{
    decode("{\"fingerprint\":[\"{{ default }}\",7,-2.9,1e3,true,false,null,[],{}]}");

    static const char *const parts[] = {"{{ default }}", "7", "-2", "1e3", "True", "False"};
    cr_assert_eq(event.fingerprint_count, 6);
    for (uint32_t i = 0; i < 6; i++) {
        expect_text(event.fingerprint[i], parts[i]);
    }
    decode("{\"fingerprint\":\"alone\"}");
    cr_assert_eq(event.fingerprint_count, 1);
    expect_text(event.fingerprint[0], "alone");
    decode("{\"fingerprint\":[]}");
    cr_expect_eq(event.fingerprint_count, 0);
}

Test(event_json, reads_the_names_of_2013)
{
    decode("{\"sentry.interfaces.Exception\":{\"type\":\"E\"},\"sentry.interfaces.Http\":"
           "{\"method\":\"GET\"},\"sentry.interfaces.User\":{\"id\":\"u\"},"
           "\"sentry.interfaces.Stacktrace\":{\"frames\":[{\"function\":\"f\"}]},"
           "\"sentry.interfaces.Breadcrumbs\":{\"values\":[{}]},\"culprit\":\"c\","
           "\"sentry.interfaces.Contexts\":{\"os\":{}}}");

    cr_expect_eq(event.exception_count, 1);
    expect_text(event.request.method, "GET");
    expect_text(event.user.id, "u");
    cr_expect_eq(event.stacktrace.count, 1);
    cr_expect_eq(event.breadcrumbs->count, 1);
    cr_expect_not_null(value_get(event.contexts, SLICE("os")));
    expect_text(event.transaction, "c");
}

Test(event_json, prefers_todays_names_wherever_they_stand)
{
    decode("{\"culprit\":\"old\",\"transaction\":\"new\",\"user\":{\"id\":\"new\"},"
           "\"sentry.interfaces.User\":{\"id\":\"old\"}}");

    expect_text(event.transaction, "new");
    expect_text(event.user.id, "new");
}

Test(event_json, breadcrumbs_become_a_list)
{
    decode("{\"breadcrumbs\":[{},{}]}");
    cr_expect_eq(event.breadcrumbs->count, 2);
    decode("{\"breadcrumbs\":{\"values\":[{},{},{}]}}");
    cr_expect_eq(event.breadcrumbs->count, 3);
    decode("{\"breadcrumbs\":{\"message\":\"m\"},\"dist\":\"d\"}");
    cr_expect_eq(event.breadcrumbs->count, 1);
    cr_expect_null(value_first(event.breadcrumbs)->next);
    decode("{\"breadcrumbs\":\"x\"}");
    cr_expect_null(event.breadcrumbs);
}

Test(event_json, is_of_the_type_it_says_or_its_content)
{
    decode("{\"type\":\"transaction\"}");
    cr_expect_eq(event.type, EVENT_TRANSACTION);
    decode("{\"type\":\"csp\"}");
    cr_expect_eq(event.type, EVENT_CSP);
    decode("{\"exception\":[{}]}");
    cr_expect_eq(event.type, EVENT_ERROR);
    decode("{\"message\":\"m\",\"type\":\"?\"}");
    cr_expect_eq(event.type, EVENT_DEFAULT);
}

Test(event_json, keeps_the_rest_as_trees)
{
    decode("{\"contexts\":{\"os\":{}},\"extra\":{\"a\":1},\"modules\":{\"m\":\"1\"},"
           "\"debug_meta\":{\"images\":[]},\"unheard_of\":1}");

    cr_expect(event.contexts != NULL && event.extra != NULL && event.modules != NULL);
    cr_expect_not_null(event.debug_meta);
    cr_expect_not_null(value_get(event.root, SLICE("unheard_of")));
    decode("{\"contexts\":[],\"extra\":7,\"modules\":\"x\"}");
    cr_expect(event.contexts == NULL && event.extra == NULL && event.modules == NULL);
}

Test(event_json, is_too_big_in_an_arena_of_any_size_that_does_not_hold_it)
{
    struct value *root = NULL;
    struct arena trees;
    arena_over(&trees, room, sizeof(room) / 2);
    cr_assert_not(fault_is(value_parse_json(
        &trees,
        SLICE("{\"exception\":[{\"stacktrace\":{\"frames\":[{}]},\"value\":{}}],\"tags\":{\"a\":1},"
              "\"fingerprint\":[1],\"threads\":[{}],\"breadcrumbs\":{\"a\":1},"
              "\"request\":{\"headers\":{\"a\":[1]},\"query_string\":{\"a\":1}}}"),
        &root)));
    bool fitted = false;
    for (size_t size = 0; size < sizeof(room) / 2 && !fitted; size += 16) {
        arena_over(&arena, room + sizeof(room) / 2, size);
        struct fault fault = event_decode(&arena, root, &event);
        fitted = !fault_is(fault);
        cr_assert(fitted || fault.kind == FAULT_TOO_BIG, "%zu", size);
    }
    cr_expect(fitted);
}
