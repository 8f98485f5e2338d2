/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/rule_text.h"
#include <criterion/criterion.h>

static struct arena arena;
static struct problems problems;
static struct rule_text text;
static char room[1 << 16];

static void start(const char *content)
{
    arena_over(&arena, room, sizeof(room));
    problems_init(&problems, &arena);
    rule_text_init(&text, &arena, &problems, SLICE("x.rules"), slice_str(content));
}

static void expect(struct slice is, const char *expected)
{
    cr_expect(slice_eq(is, slice_str(expected)), "%.*s is not %s", SLICE_ARG(is), expected);
}

Test(rule_text, lines_without_anything_to_say_are_passed_over)
{
    start("\n  # a comment\n\t\r\n  first # no comment\nsecond");
    cr_assert(rule_text_next(&text));
    cr_expect_eq(text.number, 4);
    expect(rule_text_name(&text), "first");
    cr_expect_not(rule_text_is_done(&text));
    cr_assert(rule_text_next(&text));
    expect(rule_text_name(&text), "second");
    cr_expect(rule_text_is_done(&text));
    cr_expect_not(rule_text_next(&text));
}

Test(rule_text, values_are_words_or_quoted)
{
    struct slice value;
    start("plain,next \"two words \\\"x\\\" \\\\\" -> z");
    cr_assert(rule_text_next(&text));
    cr_assert(rule_text_value(&text, ",", &value));
    expect(value, "plain");
    cr_expect(rule_text_take(&text, SLICE(",")));
    cr_assert(rule_text_value(&text, ",", &value));
    expect(value, "next");
    cr_expect_not(rule_text_take(&text, SLICE("->")));
    cr_assert(rule_text_value(&text, ",", &value));
    expect(value, "two words \"x\" \\");
    cr_expect(rule_text_take(&text, SLICE("->")));
    cr_expect_str_eq(rule_text_line(&text), "plain,next \"two words \\\"x\\\" \\\\\" -> z");
    cr_expect_eq(problems.errors, 0);
}

Test(rule_text, mistakes_are_told_with_their_place)
{
    struct slice value;
    start("\na \"open");
    cr_assert(rule_text_next(&text));
    expect(rule_text_name(&text), "a");
    cr_expect_not(rule_text_is_done(&text));
    cr_expect_not(rule_text_value(&text, "", &value));
    cr_assert_eq(problems.errors, 1);
    expect(problem_text(problems.first, &arena), "x.rules:2:3: a quote that is never closed");

    start("  ");
    cr_expect_not(rule_text_next(&text));
    cr_expect_not(rule_text_value(&text, "", &value));
    cr_expect_eq(problems.errors, 1);
}
