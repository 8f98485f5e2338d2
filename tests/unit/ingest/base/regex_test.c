/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/regex.h"
#include <criterion/criterion.h>
#include <stdlib.h>

static struct regex_scratch *scratch;

static void setup(void)
{
    scratch = regex_scratch_new();
    cr_assert_not_null(scratch);
}

static void teardown(void)
{
    regex_scratch_free(scratch);
}

TestSuite(regex, .init = setup, .fini = teardown);

static struct regex *compiled(struct slice pattern, unsigned flags)
{
    struct regex_error error = {0};
    struct regex *regex = regex_new(pattern, flags, &error);
    cr_assert_not_null(regex, "%.*s: %s", SLICE_ARG(pattern), error.message);
    return regex;
}

static enum regex_result found(const char *pattern, unsigned flags, struct slice subject,
                               size_t *start, size_t *end)
{
    struct regex *regex = compiled(slice_str(pattern), flags);
    enum regex_result result = regex_find(regex, scratch, subject, 0, start, end);
    regex_free(regex);
    return result;
}

Test(regex, finds_the_first_match_anywhere)
{
    const struct {
        const char *pattern;
        unsigned flags;
        struct slice subject;
        bool holds;
        size_t start;
        size_t end;
    } cases[] = {
        {"b+", 0, SLICE("aabbbb-b"), true, 2, 6},
        {"", 0, SLICE("x"), true, 0, 0},
        {"", 0, {NULL, 0}, true, 0, 0},
        {"^b", 0, SLICE("ab"), false, 0, 0},
        {"EXE$", 0, SLICE("cmd.exe"), false, 0, 0},
        {"EXE$", REGEX_CASELESS, SLICE("cmd.exe"), true, 4, 7},
        {"^two", 0, SLICE("one\ntwo"), false, 0, 0},
        {"^two", REGEX_MULTILINE, SLICE("one\ntwo"), true, 4, 7},
        {"e.t", 0, SLICE("one\ntwo"), false, 0, 0},
        {"e.t", REGEX_DOTALL, SLICE("one\ntwo"), true, 2, 5},
        {"\\x{e9}", 0, SLICE("caf\xc3\xa9"), true, 3, 5},
        {"^.$", 0, SLICE("\xc3\xa9"), true, 0, 2},
        {"^..$", REGEX_BYTES, SLICE("\xc3\xa9"), true, 0, 2},
        {"a\\x00b", 0, SLICE("xa\0b"), true, 1, 4},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t start = SIZE_MAX;
        size_t end = SIZE_MAX;
        enum regex_result result =
            found(cases[i].pattern, cases[i].flags, cases[i].subject, &start, &end);
        cr_expect_eq(result, cases[i].holds ? REGEX_YES : REGEX_NO, "case %zu", i);
        cr_expect_eq(start, cases[i].holds ? cases[i].start : SIZE_MAX, "case %zu", i);
        cr_expect_eq(end, cases[i].holds ? cases[i].end : SIZE_MAX, "case %zu", i);
    }
}

Test(regex, bytes_that_are_not_utf_8_match_nothing_but_do_not_stop_the_search)
{
    size_t start = 0;
    size_t end = 0;

    cr_expect_eq(found(".", 0, SLICE("\xff"), &start, &end), REGEX_NO);
    cr_expect_eq(found("b", 0,
                       SLICE("\xff\xff"
                             "b"),
                       &start, &end),
                 REGEX_YES);
    cr_expect_eq(start, 2u);
}

Test(regex, says_what_is_wrong_with_a_pattern_and_where)
{
    const struct {
        struct slice pattern;
        size_t offset;
        const char *message;
    } cases[] = {
        {SLICE("a(b"), 3, "missing closing parenthesis"},
        {SLICE("a{2,1}"), 5, "numbers out of order"},
        {SLICE("[a"), 2, "missing terminating ]"},
        {SLICE("\\C"), 2, "using \\C is disabled"},
        {SLICE("\xff"), 0, "UTF-8 error"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct regex_error error = {0};
        struct regex *regex = regex_new(cases[i].pattern, 0, &error);
        cr_expect_null(regex, "case %zu", i);
        cr_expect_eq(error.offset, cases[i].offset, "case %zu: %zu", i, error.offset);
        cr_expect_not_null(strstr(error.message, cases[i].message), "case %zu: %s", i,
                           error.message);
        regex_free(regex);
    }
}

Test(regex, goes_on_from_where_it_is_told)
{
    struct regex *regex = compiled(SLICE("ab"), 0);
    struct slice subject = SLICE("ab-ab");
    static const struct {
        size_t from;
        enum regex_result result;
        size_t start;
    } cases[] = {{0, REGEX_YES, 0}, {1, REGEX_YES, 3}, {3, REGEX_YES, 3},
                 {4, REGEX_NO, 0},  {5, REGEX_NO, 0},  {6, REGEX_NO, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t start = 0;
        size_t end = 0;
        cr_expect_eq(regex_find(regex, scratch, subject, cases[i].from, &start, &end),
                     cases[i].result, "from %zu", cases[i].from);
        cr_expect_eq(start, cases[i].start, "from %zu", cases[i].from);
    }
    regex_free(regex);
}

Test(regex, a_pattern_that_needs_too_many_steps_is_told_and_not_a_no)
{
    char subject[64];
    size_t start = 0;
    size_t end = 0;
    memset(subject, 'a', sizeof(subject));

    enum regex_result result =
        found("^(a|a|a)*[bc]$", 0, slice_of(subject, sizeof(subject)), &start, &end);

    cr_expect_eq(result, REGEX_LIMIT);
}

Test(regex, looks_at_so_many_bytes_of_a_subject_and_no_more)
{
    char *subject = malloc(REGEX_SUBJECT_BYTES_MAX + 1);
    cr_assert_not_null(subject);
    for (size_t at = REGEX_SUBJECT_BYTES_MAX - 1; at <= REGEX_SUBJECT_BYTES_MAX; at++) {
        size_t start = 0;
        size_t end = 0;
        memset(subject, 'a', REGEX_SUBJECT_BYTES_MAX + 1);
        subject[at] = 'b';
        cr_expect_eq(found("b", 0, slice_of(subject, REGEX_SUBJECT_BYTES_MAX + 1), &start, &end),
                     at < REGEX_SUBJECT_BYTES_MAX ? REGEX_YES : REGEX_NO, "at %zu", at);
    }
    free(subject);
}

Test(regex, tells_which_group_took_part)
{
    struct regex *regex = compiled(SLICE("(?<ip>\\d+\\.\\d+)|(?<int>\\d+)|x"), 0);
    static const struct {
        const char *subject;
        uint32_t group;
    } cases[] = {{"1.2", 1}, {"12", 2}, {"x", 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t start = 0;
        size_t end = 0;
        cr_assert_eq(regex_find(regex, scratch, slice_str(cases[i].subject), 0, &start, &end),
                     REGEX_YES);
        cr_expect_eq(regex_group(scratch), cases[i].group, "%s", cases[i].subject);
    }
    regex_free(regex);
}

Test(regex, of_more_groups_than_it_keeps_the_first_are_told)
{
    char pattern[512] = "";
    size_t start = 0;
    size_t end = 0;
    for (unsigned i = 0; i < 100; i++) {
        memcpy(pattern + strlen(pattern), "(a)?", 5);
    }
    memcpy(pattern + strlen(pattern), "(b)", 4);

    cr_expect_eq(found(pattern, 0, SLICE("b"), &start, &end), REGEX_YES);

    cr_expect_eq(regex_group(scratch), 0u, "group 101 is not kept");
}

Test(regex, freeing_nothing_is_fine)
{
    regex_free(NULL);
    regex_scratch_free(NULL);
}
