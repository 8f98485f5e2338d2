/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/projects.h"
#include <criterion/criterion.h>
#include <stdio.h>

static struct arena arena;

static void setup(void)
{
    cr_assert(arena_init(&arena, 16u << 20));
}

static void teardown(void)
{
    arena_done(&arena);
}

TestSuite(projects, .init = setup, .fini = teardown);

static const struct id key = {{0xab, 1, 2, 3}};

Test(projects, reads_back_what_it_wrote)
{
    struct projects none = {0};
    struct projects one;
    struct projects two;
    struct projects read;
    cr_assert_not(fault_is(projects_add(&arena, &none, SLICE("default"), key, &one)));
    cr_assert_not(fault_is(projects_add(&arena, &one, SLICE("shop-2"), key, &two)));

    struct slice text = projects_write(&arena, &two);
    cr_assert_not(fault_is(projects_parse(&arena, text, &read)));

    cr_assert_eq(read.count, 2u);
    cr_expect_eq(read.list[0].id, 1u);
    cr_expect_eq(read.list[1].id, 2u);
    cr_expect(slice_eq(read.list[1].slug, SLICE("shop-2")));
    cr_expect(project_has_key(&read.list[1], key));
    cr_expect_not(project_has_key(&read.list[1], (struct id){{1}}));
}

Test(projects, finds_by_id_and_by_slug)
{
    struct projects projects;
    cr_assert_not(fault_is(
        projects_parse(&arena,
                       SLICE("{\"projects\":[{\"id\":3,\"slug\":\"a\"},{\"id\":7,\"slug\":\"b\"},"
                             "{\"id\":4000000000,\"slug\":\"c\"}]}"),
                       &projects)));

    cr_expect_eq(projects_by_id(&projects, 7)->id, 7u);
    cr_expect_null(projects_by_id(&projects, 5));
    cr_expect_eq(projects_by_name(&projects, SLICE("b"))->id, 7u);
    cr_expect_eq(projects_by_name(&projects, SLICE("3"))->id, 3u);
    cr_expect_eq(projects_by_name(&projects, SLICE("4000000000"))->id, 4000000000u);
    cr_expect_null(projects_by_name(&projects, SLICE("9999999999")));
    cr_expect_null(projects_by_name(&projects, SLICE("")));
}

Test(projects, refuses_files_that_are_not_ours)
{
    static const char *const cases[] = {
        "",
        "{",
        "[]",
        "{\"projects\":{}}",
        "{\"projects\":[{\"slug\":\"a\"}]}",
        "{\"projects\":[{\"id\":0,\"slug\":\"a\"}]}",
        "{\"projects\":[{\"id\":1,\"slug\":\"A b\"}]}",
        "{\"projects\":[{\"id\":1,\"slug\":\"123\"}]}",
        "{\"projects\":[{\"id\":1,\"slug\":\"a\",\"keys\":[\"xyz\"]}]}",
        "{\"projects\":[{\"id\":2,\"slug\":\"a\"},{\"id\":1,\"slug\":\"b\"}]}",
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct projects projects = {0};
        struct fault fault = projects_parse(&arena, slice_str(cases[i]), &projects);
        cr_expect(fault_is(fault), "%s", cases[i]);
        cr_expect_eq(projects.count, 0u);
    }
}

Test(projects, refuses_names_that_are_taken_or_read_as_something_else)
{
    static const char *const bad[] = {"",
                                      "Upper",
                                      "with space",
                                      "123",
                                      "a/b",
                                      "default",
                                      "a23456789012345678901234567890123456789012345678901"};
    struct projects none = {0};
    struct projects one;
    struct projects out = {0};
    cr_assert_not(fault_is(projects_add(&arena, &none, SLICE("default"), key, &one)));

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        cr_expect(fault_is(projects_add(&arena, &one, slice_str(bad[i]), key, &out)), "%s", bad[i]);
    }
    cr_expect_not(fault_is(projects_add(
        &arena, &one, SLICE("a2345678901234567890123456789012345678901234567890"), key, &out)));
}

Test(projects, holds_so_many_keys_and_no_more)
{
    for (unsigned count = PROJECT_KEYS_MAX; count <= PROJECT_KEYS_MAX + 1; count++) {
        char text[2048];
        int at = snprintf(text, sizeof(text), "{\"projects\":[{\"id\":1,\"slug\":\"a\",\"keys\":[");
        for (unsigned i = 0; i < count; i++) {
            at +=
                snprintf(text + at, sizeof(text) - (size_t)at, "%s\"%032x\"", i > 0 ? "," : "", i);
        }
        snprintf(text + at, sizeof(text) - (size_t)at, "]}]}");
        struct projects projects;
        struct fault fault = projects_parse(&arena, slice_str(text), &projects);
        cr_expect_eq(fault_is(fault), count > PROJECT_KEYS_MAX);
    }
}
