/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/scrubbed.h"

TestSuite(scrub_event, .init = fixture_start);

/* The document after scrubbing; `notes`, when not NULL, gets its `_meta`. */
static struct slice scrubbed(const struct scrub_rules *rules, const char *json,
                             const struct value **notes)
{
    struct value *root = NULL;
    cr_assert_not(fault_is(value_parse_json(&arena, slice_str(json), &root)), "%s", json);
    struct event event = {.root = root, .platform = SLICE("other")};
    scrub_event(&arena, rules, root, &event);
    if (notes != NULL) {
        *notes = event.meta;
    }
    return scrubbed_json(root);
}

/* The values that a part lost, by the rest of the document. */
Test(scrub_event, each_part_is_scrubbed_by_its_own_rules)
{
    static const struct scrubbed_row rows[] = {
        {"{\"extra\":{\"a\":{\"b\":[{\"password\":\"x\"}]}}}",
         "{\"extra\":{\"a\":{\"b\":[{\"password\":\"[Filtered]\"}]}}"},
        {"{\"extra\":{\"password\":17}}", "{\"extra\":{\"password\":\"[Filtered]\"}"},
        {"{\"extra\":{\"secrets\":[\"a\",\"b\"]}}", "{\"extra\":{\"secrets\":null}"},
        {"{\"extra\":{\"n\":4111111111111111}}", "{\"extra\":{\"n\":\"[Filtered]\"}"},
        {"{\"extra\":[[\"password\",\"x\"],[\"a\",\"b\"]]}",
         "{\"extra\":[[\"password\",\"[Filtered]\"],[\"a\",\"b\"]]"},
        {"{\"tags\":{\"api_key\":\"x\"}}", "{\"tags\":{\"api_key\":\"[Filtered]\"}"},
        {"{\"tags\":[{\"key\":\"token\",\"value\":\"x\"}]}",
         "{\"tags\":[{\"key\":\"token\",\"value\":\"[Filtered]\"}]"},
        {"{\"user\":{\"id\":1,\"data\":{\"otp\":\"1\"}}}",
         "{\"user\":{\"id\":1,\"data\":{\"otp\":\"[Filtered]\"}}"},
        {"{\"contexts\":{\"my\":{\"jwt\":\"x\"}}}",
         "{\"contexts\":{\"my\":{\"jwt\":\"[Filtered]\"}}"},
        {"{\"request\":{\"url\":\"https://u:p@h/?token=x\"}}",
         "{\"request\":{\"url\":\"https://[Filtered]@h/?token=[Filtered]\"}"},
        {"{\"request\":{\"query_string\":[[\"token\",\"x\"]]}}",
         "{\"request\":{\"query_string\":[[\"token\",\"[Filtered]\"]]}"},
        {"{\"request\":{\"cookies\":\"a=b; sid=1\"}}",
         "{\"request\":{\"cookies\":\"a=b; sid=[Filtered]\"}"},
        {"{\"request\":{\"cookies\":{\"a\":\"b\",\"sessionid\":\"1\"}}}",
         "{\"request\":{\"cookies\":{\"a\":\"b\",\"sessionid\":\"[Filtered]\"}}"},
        {"{\"request\":{\"headers\":[[\"X-Api-Key\",\"x\"],[\"Cookie\",\"a=b; sid=1\"]]}}",
         "{\"request\":{\"headers\":[[\"X-Api-Key\",\"[Filtered]\"],"
         "[\"Cookie\",\"a=b; sid=[Filtered]\"]]}"},
        {"{\"request\":{\"headers\":{\"Authorization\":[\"x\"],\"Set-Cookie\":[\"sid=1\"]}}}",
         "{\"request\":{\"headers\":{\"Authorization\":null,\"Set-Cookie\":[\"sid=[Filtered]\"]}}"},
        {"{\"request\":{\"data\":\"a=1&password=x\"}}",
         "{\"request\":{\"data\":\"a=1&password=[Filtered]\"}"},
        {"{\"request\":{\"env\":{\"MYSQL_PWD\":\"x\"}}}",
         "{\"request\":{\"env\":{\"MYSQL_PWD\":\"[Filtered]\"}}"},
        {"{\"breadcrumbs\":[{\"message\":\"token=x\",\"data\":{\"secret\":\"x\"}}]}",
         "{\"breadcrumbs\":[{\"message\":\"token=[Filtered]\",\"data\":{\"secret\":"
         "\"[Filtered]\"}}]"},
        {"{\"exception\":{\"values\":[{\"value\":\"pwd Bearer x1\",\"stacktrace\":{\"frames\":[{"
         "\"vars\":{\"passwd\":\"x\"},\"context_line\":\"secret='x'\"}]}}]}}",
         "{\"exception\":{\"values\":[{\"value\":\"pwd [Filtered]\",\"stacktrace\":{\"frames\":[{"
         "\"vars\":{\"passwd\":\"[Filtered]\"},\"context_line\":\"secret='[Filtered]'\"}]}}]}"},
        {"{\"threads\":[{\"stacktrace\":{\"frames\":[{\"vars\":{\"pin\":\"1\"}}]}}]}",
         "{\"threads\":[{\"stacktrace\":{\"frames\":[{\"vars\":{\"pin\":\"[Filtered]\"}}]}}]"},
        {"{\"logentry\":{\"message\":\"token=x\",\"params\":{\"password\":\"x\"}}}",
         "{\"logentry\":{\"message\":\"token=[Filtered]\",\"params\":{\"password\":"
         "\"[Filtered]\"}}"},
        {"{\"unknown\":{\"credentials\":\"x\"}}", "{\"unknown\":{\"credentials\":\"[Filtered]\"}"},
    };
    const struct scrub_rules *rules = scrubbed_rules();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice is = scrubbed(rules, rows[i].before, NULL);
        cr_expect(slice_starts(is, slice_str(rows[i].after)), "%.*s\n  is not %s", SLICE_ARG(is),
                  rows[i].after);
        cr_expect_neq(slice_search(is, SLICE("\"_meta\"")), is.len);
        EXPECT_TEXT(scrubbed(rules, arena_str(&arena, is), NULL), arena_str(&arena, is));
    }
}

Test(scrub_event, what_is_no_secret_stays_as_it_was)
{
    static const char *const documents[] = {
        "{\"extra\":{\"author\":\"Jane\",\"password\":null,\"secret\":true,\"auth\":{\"a\":1}}}",
        "{\"exception\":[{\"type\":\"PasswordError\",\"value\":\"password is wrong\","
        "\"module\":\"app.auth\"}]}",
        "{\"release\":\"4111111111111111\",\"modules\":{\"auth\":\"1.0\"}}",
        "{\"debug_meta\":{\"images\":[{\"code_file\":\"secret\"}]}}",
        "{\"breadcrumbs\":{\"values\":[{\"category\":\"auth\",\"message\":\"signed in\"}]}}",
        "{\"tags\":{\"logger\":\"django.contrib.auth\"}}",
        "{\"user\":{\"id\":\"7\",\"email\":\"jane@example.com\",\"ip_address\":\"192.0.2.1\"}}",
    };
    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
        const struct value *notes = NULL;
        EXPECT_TEXT(scrubbed(scrubbed_rules(), documents[i], &notes), documents[i]);
        cr_expect_null(notes);
    }
}

Test(scrub_event, notes_say_which_rule_where_and_how_much)
{
    const struct value *notes = NULL;
    (void)scrubbed(scrubbed_rules(),
                   "{\"extra\":{\"password\":\"h\xc3\xa4\",\"secrets\":[1],\"url\":\"x://a:b@c\"}}",
                   &notes);
    EXPECT_TEXT(scrubbed_json(notes),
                "{\"extra\":{\"password\":{\"\":{\"rem\":[[\"@password:filter\",\"s\",0,"
                "10]],\"len\":2}},\"secrets\":{\"\":{\"rem\":[[\"@password:filter\",\"x\"]]}},"
                "\"url\":{\"\":{\"rem\":[[\"@urlauth:filter\",\"s\",4,14]],\"len\":9}}}}");
}

Test(scrub_event, addresses_go_when_asked_and_safe_names_stay)
{
    const struct slice safe[] = {SLICE("token")};
    const struct scrub_options options = {.remove_addresses = true, .safe = safe, .safe_count = 1};
    const struct scrub_rules *rules = scrub_rules_new(&arena, &options);
    struct slice is = scrubbed(
        rules,
        "{\"user\":{\"ip_address\":\"192.0.2.1\",\"username\":\"192.0.2.2\"},\"extra\":{\"token\":"
        "{\"password\":\"x\"},\"a\":\"192.0.2.3\"},\"sdk\":{\"client_ip\":\"x\"},"
        "\"request\":{\"env\":{\"REMOTE_ADDR\":\"192.0.2.4\"}}}",
        NULL);
    cr_expect(
        slice_starts(is,
                     SLICE("{\"user\":{\"ip_address\":null,\"username\":\"[ip]\"},\"extra\":{"
                           "\"token\":{\"password\":\"x\"},\"a\":\"[ip]\"},\"sdk\":{"
                           "\"client_ip\":null},\"request\":{\"env\":{\"REMOTE_ADDR\":\"[ip]\"}}")),
        "%.*s", SLICE_ARG(is));
}

Test(scrub_event, a_project_s_own_names_are_told_apart)
{
    const struct slice fields[] = {SLICE("mysekret")};
    const struct scrub_options options = {.fields = fields, .field_count = 1};
    const struct value *notes = NULL;
    struct slice is =
        scrubbed(scrub_rules_new(&arena, &options),
                 "{\"extra\":{\"mysekret_1\":\"x\",\"b\":\"has mysekret in it\"}}", &notes);
    cr_expect(slice_starts(is, SLICE("{\"extra\":{\"mysekret_1\":\"[Filtered]\",\"b\":"
                                     "\"[Filtered]\"}")));
    struct slice told = scrubbed_json(notes);
    cr_expect_neq(slice_search(told, SLICE("[\"strip-fields\",\"s\",0,10]")), told.len);
}

Test(scrub_event, a_sender_s_notes_are_taken_over_without_values)
{
    struct slice is = scrubbed(
        scrubbed_rules(),
        "{\"extra\":{\"a\":1},\"_meta\":{\"extra\":{\"a\":{\"\":{\"len\":5,\"val\":\"x\"}}}}}",
        NULL);
    EXPECT_TEXT(is, "{\"extra\":{\"a\":1},\"_meta\":{\"extra\":{\"a\":{\"\":{\"len\":5}}}}}");
}
