/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/event/matcher.h"
#include <criterion/criterion.h>
#include <stdio.h>

static struct arena arena;
static struct problems problems;
static char room[1 << 18];

static struct matcher *read_rule(const char *content, unsigned language, uint32_t *count)
{
    struct rule_text text;
    arena_over(&arena, room, sizeof(room));
    problems_init(&problems, &arena);
    rule_text_init(&text, &arena, &problems, SLICE("x"), slice_str(content));
    cr_assert(rule_text_next(&text), "%s", content);
    return matchers_read(&text, language, count);
}

static const struct exception failure = {.type = SLICE_INIT("KeyError"),
                                         .value = SLICE_INIT("No Key"),
                                         .mechanism_type = SLICE_INIT("log")};
static const struct frame buy = {.function = SLICE_INIT("buy"),
                                 .module = SLICE_INIT("com.shop.Cart"),
                                 .package = SLICE_INIT("/usr/lib/libShop.so"),
                                 .abs_path = SLICE_INIT("/srv/Shop/cart.py"),
                                 .in_app = YES};

/* One matcher on the frame above. */
static bool holds(const char *rule)
{
    static const struct event event = {.platform = SLICE_INIT("native")};
    uint32_t count = 0;
    struct matcher *matcher = read_rule(rule, MATCHER_STACK, &count);
    const struct matcher_frame at = {&event, &failure, &buy, SLICE("system")};
    cr_assert(matcher != NULL && count == 1, "%s", rule);
    return matcher_holds_frame(matcher, &at);
}

Test(matcher, asks_what_is_known_of_a_frame)
{
    static const char *const right[] = {
        "function:b*",
        "stack.function:buy",
        "module:com.shop.*",
        "!module:org.**",
        "package:**/libshop.so",
        "path:/srv/shop/*.py",
        "stack.abs_path:**cart.py",
        "app:yes",
        "app:TRUE",
        "!app:no",
        "category:system",
        "family:native,other",
        "family:all",
        "type:Key*",
        "error.value:\"no key\"",
        "error.mechanism:log",
    };
    static const char *const wrong[] = {
        "function:b",     "function:B*", "!function:b*",    "module:com",
        "path:/srv/*.py", "app:no",      "app:maybe",       "family:javascript",
        "type:key*",      "category:ui", "package:libshop",
    };
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        cr_expect(holds(right[i]), "%s", right[i]);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        cr_expect_not(holds(wrong[i]), "%s", wrong[i]);
    }
}

Test(matcher, unknown_is_a_name_that_patterns_can_ask_for)
{
    static const struct frame bare;
    static const struct event event = {.platform = SLICE_INIT("native")};
    const struct matcher_frame at = {&event, NULL, &bare, SLICE("")};
    uint32_t count = 0;
    cr_expect(matcher_holds_frame(read_rule("function:<unknown>", MATCHER_STACK, &count), &at));
    cr_expect_not(matcher_holds_frame(read_rule("module:*", MATCHER_STACK, &count), &at));
    cr_expect(matcher_holds_frame(read_rule("!module:*", MATCHER_STACK, &count), &at));
}

Test(matcher, sdk_is_any_part_of_its_name)
{
    uint32_t count = 0;
    struct matcher *sdk = read_rule("sdk:sentry.javascript,x", MATCHER_FINGERPRINT, &count);
    cr_expect(matcher_holds_text(sdk, SLICE("sentry.javascript.react")));
    cr_expect(matcher_holds_text(sdk, SLICE("sentry.javascript")));
    cr_expect_not(matcher_holds_text(sdk, SLICE("sentry.javascripts")));
    cr_expect_not(matcher_holds_text(sdk, SLICE("sentry")));
}

Test(matcher, neighbours_stand_in_brackets)
{
    uint32_t count = 0;
    struct matcher *list = read_rule(
        "[ function:a ] | !module:b [x] function:c | [function:d] -> v", MATCHER_STACK, &count);
    cr_expect_null(list, "a bracket in the middle is no matcher");
    list = read_rule("[ function:a ] | !module:b function:c | [function:d] +app", MATCHER_STACK,
                     &count);
    cr_assert(list != NULL && count == 4);
    cr_expect_eq(list[0].place, MATCHER_CALLER);
    cr_expect(list[1].place == MATCHER_HERE && list[1].is_negated);
    cr_expect_eq(list[3].place, MATCHER_CALLEE);
    cr_expect(slice_eq(list[3].pattern, SLICE("d")));
}

Test(matcher, kinds_tell_what_must_hold_together)
{
    uint32_t count = 0;
    struct matcher *list =
        read_rule("function:a type:b tags.x:c family:d", MATCHER_FINGERPRINT, &count);
    cr_assert(list != NULL && count == 4);
    cr_expect_eq(matcher_kind(&list[0], MATCHER_FINGERPRINT), MATCHER_FRAME);
    cr_expect_eq(matcher_kind(&list[1], MATCHER_FINGERPRINT), MATCHER_EXCEPTION);
    cr_expect_eq(matcher_kind(&list[2], MATCHER_FINGERPRINT), MATCHER_TAG);
    cr_expect(slice_eq(list[2].tag, SLICE("x")));
    cr_expect_eq(matcher_kind(&list[3], MATCHER_FINGERPRINT), MATCHER_FAMILY);
    cr_expect_eq(matcher_kind(&list[3], MATCHER_STACK), MATCHER_FRAME);
}

Test(matcher, mistakes_are_told)
{
    static const struct {
        const char *rule;
        unsigned language;
        uint32_t column;
    } rows[] = {
        {"+app", MATCHER_STACK, 1},
        {"functio:a", MATCHER_STACK, 1},
        {"message:a", MATCHER_STACK, 1},
        {"category:a", MATCHER_FINGERPRINT, 1},
        {"function:", MATCHER_STACK, 10},
        {"function:\"a", MATCHER_STACK, 10},
        {"!function", MATCHER_STACK, 10},
        {"[ function:a | function:b", MATCHER_STACK, 14},
        {"[ function:a ] function:b", MATCHER_STACK, 16},
        {"function:a | function:b", MATCHER_STACK, 14},
        {"[ message:a ] | function:b", MATCHER_FINGERPRINT, 16},
        {"[ function:a ] |", MATCHER_STACK, 17},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint32_t count = 0;
        cr_expect_null(read_rule(rows[i].rule, rows[i].language, &count), "%s", rows[i].rule);
        cr_assert_eq(problems.errors, 1, "%s", rows[i].rule);
        cr_expect_eq(problems.first->column, rows[i].column, "%s: column %u: %.*s", rows[i].rule,
                     problems.first->column, SLICE_ARG(problems.first->message));
    }
}

Test(matcher, as_many_as_allowed_and_not_one_more)
{
    char rule[(GROUPING_MATCHERS_MAX + 1) * 8 + 1];
    uint32_t count = 0;
    for (uint32_t i = 0; i <= GROUPING_MATCHERS_MAX; i++) {
        memcpy(rule + i * 8, "app:yes ", 8);
    }
    rule[GROUPING_MATCHERS_MAX * 8] = '\0';
    cr_expect_not_null(read_rule(rule, MATCHER_STACK, &count));
    cr_expect_eq(count, GROUPING_MATCHERS_MAX);
    rule[GROUPING_MATCHERS_MAX * 8] = 'a';
    rule[sizeof(rule) - 1] = '\0';
    cr_expect_null(read_rule(rule, MATCHER_STACK, &count));
}
