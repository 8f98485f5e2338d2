/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/problem.h"
#include <criterion/criterion.h>
#include <stdio.h>

static struct arena arena;
static struct problems problems;

static void setup(void)
{
    cr_assert(arena_init(&arena, 4u << 20));
    problems_init(&problems, &arena);
}

static void teardown(void)
{
    arena_done(&arena);
}

TestSuite(problem, .init = setup, .fini = teardown);

static void expect_text(const struct problem *problem, const char *expected)
{
    struct slice text = problem_text(problem, &arena);
    cr_expect(slice_eq(text, slice_str(expected)), "'%.*s', not '%s'", SLICE_ARG(text), expected);
}

Test(problem, is_written_the_way_compilers_do)
{
    static const struct {
        uint32_t line;
        uint32_t column;
        bool is_warning;
        const char *expected;
    } cases[] = {
        {12, 3, false, "a.yml:12:3: unknown key 'x'"},
        {12, 3, true, "a.yml:12:3: warning: unknown key 'x'"},
        {0, 0, false, "a.yml: unknown key 'x'"},
        {0, 9, true, "a.yml: warning: unknown key 'x'"},
        {UINT32_MAX, UINT32_MAX, false, "a.yml:4294967295:4294967295: unknown key 'x'"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        problems_init(&problems, &arena);
        (cases[i].is_warning ? problem_warning : problem_error)(
            &problems, SLICE("a.yml"), cases[i].line, cases[i].column, "unknown key '%s'", "x");
        cr_assert_not_null(problems.first);
        expect_text(problems.first, cases[i].expected);
    }
}

Test(problem, copies_what_it_is_told)
{
    char file[] = "a.yml";
    char what[] = "first";
    problem_error(&problems, slice_str(file), 1, 1, "%s", what);

    memset(file, 'x', sizeof(file) - 1);
    memset(what, 'x', sizeof(what) - 1);

    expect_text(problems.first, "a.yml:1:1: first");
}

Test(problem, errors_and_warnings_are_counted_apart_and_kept_in_order)
{
    problem_warning(&problems, SLICE("b"), 1, 1, "one");
    problem_error(&problems, SLICE("a"), 2, 1, "two");
    problem_warning(&problems, SLICE("b"), 3, 1, "three");

    cr_expect_eq(problems.errors, 1u);
    cr_expect_eq(problems.warnings, 2u);
    cr_expect_eq(problems.kept, 3u);
    uint32_t line = 1;
    for (const struct problem *p = problems.first; p != NULL; p = p->next, line++) {
        cr_expect_eq(p->line, line);
        cr_expect(p->next != NULL || p == problems.last);
    }
    cr_expect_eq(line, 4u);
}

Test(problem, past_the_limit_they_are_counted_only)
{
    for (uint32_t i = 1; i <= PROBLEMS_KEPT_MAX + 1; i++) {
        problem_error(&problems, SLICE("a"), i, 1, "no. %u", i);
        uint32_t kept = i <= PROBLEMS_KEPT_MAX ? i : PROBLEMS_KEPT_MAX;
        cr_assert_eq(problems.kept, kept);
        cr_assert_eq(problems.errors, i);
    }
    cr_expect_eq(problems.last->line, PROBLEMS_KEPT_MAX);
    cr_expect_null(problems.last->next);
}

Test(problem, a_message_is_cut_at_one_kibibyte)
{
    char text[1025];
    for (size_t length = 1022; length <= 1024; length++) {
        memset(text, 'm', length);
        text[length] = '\0';
        problem_error(&problems, SLICE("a"), 1, 1, "%s", text);
        cr_expect_eq(problems.last->message.len, length <= 1023 ? length : 1023u);
    }
}

Test(problem, without_memory_it_is_still_counted)
{
    char room[32];
    struct arena tiny;
    arena_over(&tiny, room, sizeof(room));
    problems_init(&problems, &tiny);

    for (uint32_t i = 0; i < 3; i++) {
        problem_error(&problems, SLICE("a.yml"), 1, 1, "something is wrong");
    }

    cr_expect_eq(problems.errors, 3u);
    cr_expect_eq(problems.kept, 0u);
    cr_expect_null(problems.first);
}
