/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(logentry, .init = fixture_start);

static struct slice format(const char *message, const char *params)
{
    struct event event = {.message = slice_str(message),
                          .params = params != NULL ? fixture_tree(params) : NULL};
    step_logentry(&arena, &input, &event);
    return event.formatted;
}

Test(logentry, parameters_fill_the_template)
{
    static const char *const rows[][3] = {
        {"user %s is %d", "[\"ann\",7]", "user ann is 7"},
        {"%(who)s is %(age)5.1f", "{\"who\":\"ann\",\"age\":7.25}", "ann is 7.25"},
        {"{} and {}", "[1,true]", "1 and true"},
        {"{1} and {0}", "[\"a\",\"b\"]", "b and a"},
        {"{who} at {where:>10}", "{\"who\":\"ann\",\"where\":\"home\"}", "ann at home"},
        {"100%% of %s", "[\"x\"]", "100% of x"},
        {"%s and %s", "[null]", "null and %s"},
        {"%s", "[[1]]", ""},
        {"{0} {7}", "[\"a\"]", "a {7}"},
        {"{-1}", "[\"a\"]", "{-1}"},
        {"{not a name} %z %", "[\"a\"]", "{not a name} %z %"},
        {"%(open", "[\"a\"]", "%(open"},
        {"{open", "[\"a\"]", "{open"},
        {"no hole", "[\"a\"]", "no hole"},
        {"%s", "[]", "%s"},
        {"%s", "\"a\"", "%s"},
        {"%s", NULL, "%s"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        EXPECT_TEXT(format(rows[i][0], rows[i][1]), rows[i][2]);
    }
}

Test(logentry, text_that_was_sent_filled_in_stays)
{
    struct event event = {.message = SLICE("user %s"),
                          .formatted = SLICE("user ann"),
                          .params = fixture_tree("[\"bob\"]")};
    step_logentry(&arena, &input, &event);
    EXPECT_TEXT(event.formatted, "user ann");
    EXPECT_TEXT(event.message, "user %s");
}

Test(logentry, texts_at_the_limit_stay_and_past_it_are_cut)
{
    static char text[MESSAGE_BYTES_MAX + 1];
    memset(text, 'x', sizeof(text));
    struct event event = {.message = slice_of(text, MESSAGE_BYTES_MAX)};
    step_logentry(&arena, &input, &event);
    cr_expect_eq(event.formatted.len, MESSAGE_BYTES_MAX);
    event = (struct event){.message = slice_of(text, MESSAGE_BYTES_MAX + 1)};
    step_logentry(&arena, &input, &event);
    cr_expect_eq(event.message.len, MESSAGE_BYTES_MAX);
    cr_expect_eq(event.formatted.len, MESSAGE_BYTES_MAX);
}

Test(logentry, filled_in_text_has_the_same_limit)
{
    static char text[MESSAGE_BYTES_MAX];
    struct value *params = value_new(&arena, VALUE_LIST);
    memset(text, 'x', sizeof(text));
    value_append(params, SLICE(""), value_new_string(&arena, slice_of(text, sizeof(text))));
    struct event event = {.message = SLICE("a %s b"), .params = params};
    step_logentry(&arena, &input, &event);
    cr_expect_eq(event.formatted.len, MESSAGE_BYTES_MAX);
}

Test(logentry, parameters_past_the_limit_are_not_looked_for)
{
    struct value *list = value_new(&arena, VALUE_LIST);
    for (uint32_t i = 0; i < PARAMS_MAX + 1; i++) {
        value_append(list, SLICE(""), value_new_string(&arena, SLICE("x")));
    }
    struct event event = {.message = SLICE("{99} {100}"), .params = list};
    step_logentry(&arena, &input, &event);
    EXPECT_TEXT(event.formatted, "x {100}");

    struct value *map = value_new(&arena, VALUE_MAP);
    for (uint32_t i = 0; i < PARAMS_MAX - 1; i++) {
        value_append(map, SLICE("other"), value_new_string(&arena, SLICE("x")));
    }
    value_append(map, SLICE("last"), value_new_string(&arena, SLICE("y")));
    value_append(map, SLICE("past"), value_new_string(&arena, SLICE("z")));
    event = (struct event){.message = SLICE("{last} {past}"), .params = map};
    step_logentry(&arena, &input, &event);
    EXPECT_TEXT(event.formatted, "y {past}");
}
