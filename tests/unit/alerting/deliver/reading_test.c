/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/reading.h"
#include "ingest/base/yaml.h"
#include <criterion/criterion.h>

struct fixture {
    struct arena arena;
    struct problems problems;
    struct reading reading;
    const struct value *map;
};

static void begin(struct fixture *f, const char *yaml)
{
    struct value *documents = NULL;
    *f = (struct fixture){0};
    cr_assert(arena_init(&f->arena, 1 << 20));
    problems_init(&f->problems, &f->arena);
    f->reading = (struct reading){&f->arena, &f->problems, SLICE("c.yml")};
    cr_assert(yaml_parse(&f->arena, slice_str(yaml), SLICE("c.yml"), &f->problems, &documents));
    f->map = value_first(documents);
}

static void expect_problem(struct fixture *f, const char *expected)
{
    struct slice text = {NULL, 0};
    if (f->problems.first != NULL) {
        text = problem_text(f->problems.first, &f->arena);
    }
    cr_expect(slice_eq(text, slice_str(expected)), "%.*s", SLICE_ARG(text));
    arena_done(&f->arena);
}

Test(reading, unknown_key_gets_the_nearest_known_one)
{
    static const char *const keys[] = {"url", "timeout", "send_resolved"};
    struct fixture f;

    begin(&f, "url: x\nsend_resolve: true\n");
    cr_expect(reading_map(&f.reading, f.map, "a webhook", keys, 3));
    expect_problem(&f,
                   "c.yml:2:15: a webhook has no 'send_resolve'; did you mean 'send_resolved'?");
    begin(&f, "colour: red\n");
    cr_expect(reading_map(&f.reading, f.map, "a webhook", keys, 3));
    expect_problem(&f, "c.yml:1:9: a webhook has no 'colour'");
    begin(&f, "- url\n");
    cr_expect_not(reading_map(&f.reading, f.map, "a webhook", keys, 3));
    expect_problem(&f, "c.yml:1:1: a webhook is written as `key: value` lines");
}

Test(reading, takes_what_has_the_right_shape)
{
    static const struct duration_bounds bounds = {0, 60000000, "up to 1m"};
    struct slice text = SLICE("default");
    bool truth = false;
    uint32_t count = 7;
    int64_t us = 8;
    struct fixture f;
    begin(&f, "text: 12\nbool: true\ncount: 3\nduration: 5s\n");

    reading_text(&f.reading, f.map, "absent", &text);
    cr_expect(slice_eq(text, SLICE("default")));
    reading_text(&f.reading, f.map, "text", &text);
    cr_expect(slice_eq(text, SLICE("12")));
    reading_bool(&f.reading, f.map, "bool", &truth);
    cr_expect(truth);
    reading_count(&f.reading, f.map, "count", &count);
    cr_expect_eq(count, 3);
    reading_duration(&f.reading, f.map, "duration", &bounds, &us);
    cr_expect_eq(us, 5000000);
    cr_expect_eq(f.problems.errors, 0);
    arena_done(&f.arena);
}

Test(reading, wrong_shapes_are_told_with_their_place)
{
    static const struct duration_bounds bounds = {1000000, 60000000, "from 1s to 1m"};
    static const struct {
        const char *yaml;
        const char *expected;
    } cases[] = {
        {"text: [a]\n", "c.yml:1:7: 'text' needs a text"},
        {"text: ''\n", "c.yml:1:7: 'text' needs a text"},
        {"bool: yes\n", "c.yml:1:7: 'bool' is true or false"},
        {"count: -1\n", "c.yml:1:8: 'count' is a whole number from 0"},
        {"count: 3000000000\n", "c.yml:1:8: 'count' is a whole number from 0"},
        {"duration: soon\n", "c.yml:1:11: 'duration' is a duration such as 30s, 5m or 1h30m"},
        {"duration: 2m\n", "c.yml:1:11: 'duration' may be from 1s to 1m"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice text = {NULL, 0};
        bool truth = false;
        uint32_t count = 7;
        int64_t us = 8;
        struct fixture f;
        begin(&f, cases[i].yaml);

        reading_text(&f.reading, f.map, "text", &text);
        reading_bool(&f.reading, f.map, "bool", &truth);
        reading_count(&f.reading, f.map, "count", &count);
        reading_duration(&f.reading, f.map, "duration", &bounds, &us);

        cr_expect_eq(f.problems.errors, 1);
        cr_expect(!truth && count == 7 && us == 8 && text.len == 0);
        expect_problem(&f, cases[i].expected);
    }
}
