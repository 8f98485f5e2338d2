/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/stack_config.h"
#include "tests/unit/ingest/normalise/fixture.h"
#include <stdio.h>

static struct problems problems;
static struct frame frames[4];
static struct stacktrace stack;

static const struct stack_config *parse(const char *text)
{
    fixture_start();
    problems_init(&problems, &arena);
    return stack_config_parse(&arena, slice_str(text), SLICE("stack.rules"), &problems);
}

/* Frames a, b, c, d of the application, of a KeyError, after the rules: for each 'A' or 's' for the
 * side it is on, and 'x' where it is ignored. */
static const char *apply(const char *text)
{
    static char seen[16];
    struct exception failure = {.type = SLICE("KeyError")};
    struct event event = {.platform = SLICE("python")};
    struct slice categories[4] = {SLICE("ui"), SLICE(""), SLICE(""), SLICE("system")};
    const char *names[] = {"a", "b", "c", "d"};
    const struct stack_config *config = parse(text);
    cr_assert_not_null(config, "%s", text);
    for (size_t i = 0; i < 4; i++) {
        frames[i] = (struct frame){.function = slice_str(names[i]), .in_app = YES};
    }
    stack = (struct stacktrace){frames, 4, NULL, 0, 0};
    stack_config_apply(config, &event, &failure, &stack, categories);
    size_t used = 0;
    for (size_t i = 0; i < 4; i++) {
        seen[used++] = frames[i].in_app == YES ? 'A' : 's';
        if (frames[i].ignored_by != NULL) {
            seen[used++] = 'x';
        }
    }
    seen[used] = '\0';
    return seen;
}

Test(stack_config, actions_change_a_frame_or_those_around_it)
{
    static const char *const rows[][2] = {
        {"function:b -app", "AsAA"},
        {"function:b -group", "AAxAA"},
        {"function:b ^-app", "AAss"},
        {"function:b v-app", "sAAA"},
        {"function:b -app ^-group", "AsAxAx"},
        {"function:b v-group -group", "AxAxAA"},
        {"function:* -app\nfunction:c +app", "ssAs"},
        {"function:* -app\nfunction:b +app v+app", "AAss"},
        {"function:b -app -group\nfunction:b +group", "AsAA"},
        {"[ function:a ] | function:* -app", "AsAA"},
        {"function:* | [ function:d ] -app", "AAsA"},
        {"category:ui -app", "sAAA"},
        {"function:b category=mine\ncategory:mine -app", "AsAA"},
        {"type:KeyError function:c -app", "AAsA"},
        {"type:Other function:c -app", "AAAA"},
        {"function:b -app\napp:no ^-group", "AsAxAx"},
        {"# nothing\n\n", "AAAA"},
        {"function:b -app # and why", "AsAA"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_str_eq(apply(rows[i][0]), rows[i][1], "%s", rows[i][0]);
    }
}

Test(stack_config, explains_itself_with_its_line)
{
    (void)apply("  function:b -group  ");
    cr_expect_str_eq(frames[1].ignored_by, "the project's stack rule function:b -group");
}

Test(stack_config, limits_are_of_the_whole_stack_trace)
{
    (void)apply("function:b max-frames=2 min-frames=1");
    cr_expect_eq(stack.frames_max, 2);
    cr_expect_eq(stack.frames_min, 1);
    (void)apply("function:z max-frames=2");
    cr_expect_eq(stack.frames_max, 0);
}

Test(stack_config, mistakes_are_told_with_line_and_column)
{
    static const struct {
        const char *text;
        uint32_t line;
        uint32_t column;
    } rows[] = {
        {"function:a", 1, 11},
        {"\nfunction:a +ap", 2, 12},
        {"function:a +apps", 1, 16},
        {"function:a app", 1, 12},
        {"function:a ^app", 1, 12},
        {"function:a max-frames=x", 1, 24},
        {"function:a max-frames=251", 1, 26},
        {"function:a category=", 1, 21},
        {"message:a -app", 1, 1},
        {"-app", 1, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_null(parse(rows[i].text), "%s", rows[i].text);
        cr_assert_eq(problems.errors, 1, "%s: %u errors", rows[i].text, problems.errors);
        cr_expect(problems.first->line == rows[i].line && problems.first->column == rows[i].column,
                  "%s: %u:%u %.*s", rows[i].text, problems.first->line, problems.first->column,
                  SLICE_ARG(problems.first->message));
    }
    cr_expect_null(parse("functio:a -app\nfunction:b -app\nfunction:c -ap"));
    cr_expect_eq(problems.errors, 2, "all mistakes of a file are told");
}

Test(stack_config, rules_at_the_limit_are_taken_and_one_more_is_not)
{
    static char text[(GROUPING_RULES_MAX + 1) * 11];
    static _Alignas(16) char room[4 << 20];
    for (uint32_t i = 0; i <= GROUPING_RULES_MAX; i++) {
        memcpy(text + (size_t)i * 11, "app:1 -app\n", 11);
    }
    for (uint32_t more = 0; more <= 1; more++) {
        struct slice rules = slice_of(text, (size_t)(GROUPING_RULES_MAX + more) * 11);
        arena_over(&arena, room, sizeof(room));
        problems_init(&problems, &arena);
        const struct stack_config *config =
            stack_config_parse(&arena, rules, SLICE("x"), &problems);
        cr_expect_eq(stack_config_count(config), more == 0 ? GROUPING_RULES_MAX : 0);
        cr_expect_eq(problems.errors, more);
    }
}

Test(stack_config, applies_after_our_own_rules)
{
    struct frame own[] = {
        {.function = SLICE("run"), .filename = SLICE("node_modules/x/y.js"), .in_app = YES}};
    struct event event = {.platform = SLICE("javascript"), .stacktrace = {own, 1, NULL, 0, 0}};
    const struct stack_config *config = parse("path:**/node_modules/** +app");
    cr_assert_not_null(config);
    step_stack_rules(&arena, &input, &event);
    cr_expect_eq(own[0].in_app, NO);
    own[0].in_app = YES;
    input.stack_config = config;
    step_stack_rules(&arena, &input, &event);
    cr_expect_eq(own[0].in_app, YES);
}
