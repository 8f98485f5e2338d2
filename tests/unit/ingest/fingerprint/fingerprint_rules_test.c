/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/fingerprint/fingerprint_rules.h"
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(fingerprint_rules, .init = fixture_start);

static struct problems problems;
static struct event event;

static const struct fingerprint_rules *parse(const char *text)
{
    problems_init(&problems, &arena);
    return fingerprint_rules_parse(&arena, slice_str(text), SLICE("x.rules"), &problems);
}

/* What the rules make of the event's fingerprint, with '|' between. */
static struct slice apply(const char *text)
{
    static struct exception exceptions[1];
    struct slice joined = SLICE("");
    const struct fingerprint_rules *rules = parse(text);
    cr_assert_not_null(rules, "%s", text);
    exceptions[0] = (struct exception){.type = SLICE("KeyError"), .value = SLICE("no key 7")};
    event = (struct event){.platform = SLICE("python"),
                           .logger = SLICE("shop.log"),
                           .transaction = SLICE("/cart"),
                           .title = SLICE("KeyError: no key 7"),
                           .exceptions = exceptions,
                           .exception_count = 1};
    if (!fingerprint_rules_apply(&arena, rules, &event)) {
        return SLICE("none");
    }
    for (uint32_t i = 0; i < event.fingerprint_count; i++) {
        struct slice parts_of[] = {joined, i > 0 ? SLICE("|") : SLICE(""), event.fingerprint[i]};
        joined = arena_concat(&arena, parts_of, 3);
    }
    return joined;
}

Test(fingerprint_rules, values_take_the_place_of_the_senders)
{
    static const char *const rows[][2] = {
        {"type:KeyError -> keys", "keys"},
        {"type:KeyError -> keys, {{ transaction }}", "keys|{{ transaction }}"},
        {"type:KeyError -> keys {{default}}", "keys|{{default}}"},
        {"type:KeyError -> \"two words\", x # why", "two words|x"},
        {"type:Other -> a\ntype:Key* -> b\ntype:KeyError -> c", "b"},
        {"type:Other -> a", "none"},
        {"", "none"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice is = apply(rows[i][0]);
        cr_expect(slice_eq(is, slice_str(rows[i][1])), "%s: %.*s", rows[i][0], SLICE_ARG(is));
    }
}

Test(fingerprint_rules, say_which_and_may_give_a_title)
{
    (void)apply("  type:KeyError -> keys title=\"{{ type }} in {{ logger }}: {{ default }}\" ");
    cr_expect(slice_eq(event.title, SLICE("KeyError in shop.log: {{ default }}")), "%.*s",
              SLICE_ARG(event.title));
    cr_expect(slice_starts(event.fingerprint_rule, SLICE("type:KeyError -> keys")));
    (void)apply("type:KeyError -> keys");
    cr_expect(slice_eq(event.title, SLICE("KeyError: no key 7")));
}

Test(fingerprint_rules, mistakes_are_told_with_line_and_column)
{
    static const struct {
        const char *text;
        uint32_t line;
        uint32_t column;
    } rows[] = {
        {"type:KeyError", 1, 14},
        {"\n\ntype:KeyError keys", 3, 15},
        {"type:KeyError -> ", 1, 18},
        {"type:KeyError -> title=\"x\"", 1, 27},
        {"type:KeyError -> a title=x", 1, 26},
        {"type:KeyError -> a,,b", 1, 20},
        {"typo:KeyError -> a", 1, 1},
        {"-> a", 1, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_null(parse(rows[i].text), "%s", rows[i].text);
        cr_assert_eq(problems.errors, 1, "%s", rows[i].text);
        cr_expect(problems.first->line == rows[i].line && problems.first->column == rows[i].column,
                  "%s: %u:%u %.*s", rows[i].text, problems.first->line, problems.first->column,
                  SLICE_ARG(problems.first->message));
    }
}

Test(fingerprint_rules, rules_at_the_limit_are_taken_and_one_more_is_not)
{
    static char text[(GROUPING_RULES_MAX + 1) * 11];
    static _Alignas(16) char room[4 << 20];
    for (uint32_t i = 0; i <= GROUPING_RULES_MAX; i++) {
        memcpy(text + (size_t)i * 11, "app:1 -> x\n", 11);
    }
    for (uint32_t more = 0; more <= 1; more++) {
        struct slice rules = slice_of(text, (size_t)(GROUPING_RULES_MAX + more) * 11);
        arena_over(&arena, room, sizeof(room));
        problems_init(&problems, &arena);
        const struct fingerprint_rules *parsed =
            fingerprint_rules_parse(&arena, rules, SLICE("x"), &problems);
        cr_expect_eq(fingerprint_rules_count(parsed), more == 0 ? GROUPING_RULES_MAX : 0);
        cr_expect_eq(problems.errors, more);
    }
}
