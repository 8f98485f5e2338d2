/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/fingerprint_rule.h"
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(fingerprint_rule, .init = fixture_start);

static struct frame first[] = {{.function = S("main"), .module = S("shop"), .in_app = YES},
                               {.function = S("get"), .module = S("requests"), .in_app = NO}};
static struct exception exceptions[] = {
    {.type = S("OSError"), .value = S("no file"), .stacktrace = {first, 2, NULL, 0, 0}},
    {.type = S("KeyError"), .value = S("No Key")},
};
static struct thread threads[] = {{.name = S("Main"), .is_crashed = true}, {.name = S("io")}};
static struct tag tags[] = {{S("tenant"), S("acme")}};
static const struct event event = {.platform = S("python"),
                                   .level = LEVEL_ERROR,
                                   .logger = S("shop.log"),
                                   .release = S("Shop@1.2"),
                                   .sdk_name = S("sentry.python.django"),
                                   .formatted = S("It broke"),
                                   .exceptions = exceptions,
                                   .exception_count = 2,
                                   .threads = threads,
                                   .thread_count = 2,
                                   .tags = tags,
                                   .tag_count = 1};

static bool matches(const char *line)
{
    struct problems problems;
    struct rule_text text;
    struct fingerprint_rule rule = {0};
    problems_init(&problems, &arena);
    rule_text_init(&text, &arena, &problems, SLICE("x"), slice_str(line));
    cr_assert(rule_text_next(&text));
    rule.matchers = matchers_read(&text, MATCHER_FINGERPRINT, &rule.matcher_count);
    cr_assert_not_null(rule.matchers, "%s", line);
    return fingerprint_rule_matches(&rule, &event);
}

Test(fingerprint_rule, holds_for_what_the_event_has)
{
    static const char *const right[] = {
        "type:KeyError",
        "type:OSError value:\"NO FILE\"",
        "message:\"no key\"",
        "message:\"it *\"",
        "function:main module:shop",
        "function:get app:no",
        "[ function:main ] | function:get",
        "function:main | [ function:get ]",
        "family:other",
        "logger:shop.* level:ERROR",
        "tags.tenant:acme",
        "!tags.tenant:other",
        "sdk:sentry.python",
        "release:shop@*",
        "thread.name:main thread.crashed:yes",
        "thread.crashed:no",
        "type:KeyError function:main tags.tenant:acme",
    };
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        cr_expect(matches(right[i]), "%s", right[i]);
    }
}

Test(fingerprint_rule, matchers_of_a_kind_hold_for_the_same_thing)
{
    static const char *const wrong[] = {
        "type:KeyError value:\"no file\"",
        "function:main module:requests",
        "thread.name:io thread.crashed:yes",
        "[ function:get ] | function:main",
        "[ function:* ] | function:main",
        "function:get | [ function:* ]",
        "logger:shop.log level:info",
        "tags.other:*",
        "family:native",
        "type:KeyError tags.tenant:other",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        cr_expect_not(matches(wrong[i]), "%s", wrong[i]);
    }
}
