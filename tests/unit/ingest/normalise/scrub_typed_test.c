/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/normalise/scrub_typed.h"
#include "tests/unit/ingest/normalise/scrubbed.h"

TestSuite(scrub_typed, .init = fixture_start);

static struct value *root;
static struct scrub_walk walk;

static void start(const char *json, uint32_t changes)
{
    cr_assert_not(fault_is(value_parse_json(&arena, slice_str(json), &root)));
    walk = (struct scrub_walk){.arena = &arena, .rules = scrubbed_rules(), .changes = changes};
    meta_begin(&walk.meta, &arena, NULL);
}

Test(scrub_typed, fields_follow_the_document)
{
    struct exception exception = {.type = SLICE("E"), .value = SLICE("token=x")};
    struct tag tags[] = {{SLICE("api_key"), SLICE("x")}, {SLICE("a"), SLICE("Bearer x1")}};
    struct event event = {
        .platform = SLICE("other"),
        .message = SLICE("password=x"),
        .exceptions = &exception,
        .exception_count = 1,
        .tags = tags,
        .tag_count = 2,
        .user = {.username = SLICE("my secret"), .email = SLICE("a@b.example")},
        .request = {.url = SLICE("https://u:p@h/"), .query_string = SLICE("a=1&token=2")},
    };
    event.request.headers = fixture_tree("[[\"Authorization\",\"x\"],[\"Accept\",\"y\"]]");
    start("{}", 1);
    scrub_typed(&walk, root, &event);
    EXPECT_TEXT(event.message, "password=[Filtered]");
    EXPECT_TEXT(exception.value, "token=[Filtered]");
    EXPECT_TEXT(event.title, "E: token=[Filtered]");
    EXPECT_TEXT(tags[0].value, "[Filtered]");
    EXPECT_TEXT(tags[1].value, "[Filtered]");
    EXPECT_TEXT(event.user.username, "[Filtered]");
    EXPECT_TEXT(event.user.email, "a@b.example");
    EXPECT_TEXT(event.request.url, "https://[Filtered]@h/");
    EXPECT_TEXT(event.request.query_string, "a=1&token=[Filtered]");
    EXPECT_TEXT(scrubbed_json(event.request.headers),
                "[[\"Authorization\",\"[Filtered]\"],[\"Accept\",\"y\"]]");
    cr_expect_null(walk.meta.root, "the document's walk has told it");
}

Test(scrub_typed, a_message_is_scrubbed_even_when_only_its_parameters_made_it_secret)
{
    struct event event = {.platform = SLICE("other"), .formatted = SLICE("password=x")};
    start("{\"logentry\":{\"message\":\"password=%s\",\"params\":[\"x\"]}}", 0);
    walk.is_formatted_new = scrub_formatted(&walk, &event);
    scrub_typed(&walk, root, &event);
    EXPECT_TEXT(event.formatted, "password=[Filtered]");
    EXPECT_TEXT(event.title, "password=[Filtered]");
    EXPECT_TEXT(value_text(value_get(value_get(root, SLICE("logentry")), SLICE("formatted"))),
                "password=[Filtered]");
}

struct parameter_row {
    const char *params;
    const char *formatted;
    const char *left;
};

/* What is a secret by itself, or by its name, is one where its neighbours hide it. */
Test(scrub_typed, a_secret_parameter_leaves_the_message)
{
    static const struct parameter_row rows[] = {
        {"[\"4111 1111 1111 1111\"]", "paid 4111 1111 1111 111101", "paid [Filtered]01"},
        {"[\"4111 1111 1111 1111\"]", "4111 1111 1111 11110 and 14111 1111 1111 1111",
         "[Filtered]0 and 1[Filtered]"},
        {"{\"password\":\"hunter2\",\"user\":\"kim\"}", "kim came with hunter2",
         "kim came with [Filtered]"},
        {"{\"password\":\"hu\"}", "hu came", "hu came"},
        {"[\"kim\",null,7,[\"hunter2\"]]", "kim came", "kim came"},
        {"[]", "kim came", "kim came"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event event = {.formatted = slice_str(rows[i].formatted)};
        start("{}", 0);
        event.params = fixture_tree(rows[i].params);
        bool is_new = strcmp(rows[i].formatted, rows[i].left) != 0;
        cr_expect_eq(scrub_formatted(&walk, &event), is_new, "row %zu", i);
        EXPECT_TEXT(event.formatted, rows[i].left);
    }
}

Test(scrub_typed, with_too_many_parameters_the_message_is_its_template)
{
    for (uint32_t count = SCRUB_PARAMETERS_MAX; count <= SCRUB_PARAMETERS_MAX + 1; count++) {
        struct value *params = value_new(&arena, VALUE_LIST);
        for (uint32_t i = 0; i < count; i++) {
            value_append(params, SLICE(""), value_new_string(&arena, SLICE("kim")));
        }
        struct event event = {
            .message = SLICE("%s came"), .formatted = SLICE("kim came"), .params = params};
        start("{}", 0);
        bool is_past = count > SCRUB_PARAMETERS_MAX;
        cr_expect_eq(scrub_formatted(&walk, &event), is_past);
        EXPECT_TEXT(event.formatted, is_past ? "%s came" : "kim came");
    }
}

Test(scrub_typed, source_lines_are_read_again)
{
    struct frame frame = {.context_line = SLICE("secret='x'")};
    frame.raw = fixture_tree("{\"context_line\":\"secret='[Filtered]'\"}");
    struct event event = {.platform = SLICE("other"), .stacktrace = {&frame, 1, NULL}};
    start("{}", 1);
    walk.source_changes = 1;
    scrub_typed(&walk, root, &event);
    EXPECT_TEXT(frame.context_line, "secret='[Filtered]'");
}

Test(scrub_typed, a_cut_message_ends_in_dots_as_the_document_does)
{
    static char text[MESSAGE_BYTES_MAX];
    memset(text, 'x', sizeof(text));
    struct event event = {.platform = SLICE("other"), .message = {text, sizeof(text)}};
    start("{}", 1);
    walk.trims = 1;
    scrub_typed(&walk, root, &event);
    cr_expect_eq(event.message.len, MESSAGE_BYTES_MAX);
    cr_expect(slice_ends(event.message, SLICE("x...")));
}

Test(scrub_typed, addresses_go_also_when_nothing_else_did)
{
    const struct scrub_options options = {.remove_addresses = true};
    struct event event = {.platform = SLICE("other"), .user = {.ip_address = SLICE("192.0.2.1")}};
    start("{}", 0);
    walk.rules = scrub_rules_new(&arena, &options);
    scrub_typed(&walk, root, &event);
    EXPECT_TEXT(event.user.ip_address, "");
}
