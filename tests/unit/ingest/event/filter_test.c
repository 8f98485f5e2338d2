/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/filter.h"
#include <criterion/criterion.h>

static const char *reason_of(const struct filter *filter, const struct event *event)
{
    const char *reason = filter_event(filter, event, SLICE("Mozilla/5.0 Googlebot/2.1"));
    return reason != NULL ? reason : "";
}

Test(filter, is_off_unless_something_is_set)
{
    const struct filter off = {0};
    const struct event event = {.release = SLICE("1"),
                                .request = {.url = SLICE("http://localhost/")}};
    cr_expect_str_eq(reason_of(&off, &event), "");
}

Test(filter, patterns_take_stars_and_ignore_case)
{
    static const struct {
        const char *pattern;
        const char *text;
        bool fits;
    } cases[] = {
        {"1.*", "1.2", true},
        {"1.*", "2.1", false},
        {"*", "", true},
        {"", "", true},
        {"", "a", false},
        {"*beta*", "x-BETA-1", true},
        {"a*b*c", "aXbYbZc", true},
        {"a*b*c", "aXbYbZ", false},
        {"**a**", "bab", true},
        {"a", "aa", false},
        {"*a", "aab", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(filter_matches(slice_str(cases[i].pattern), slice_str(cases[i].text)),
                     cases[i].fits, "%s on %s", cases[i].pattern, cases[i].text);
    }
}

Test(filter, says_which_one_it_was)
{
    const struct slice beta[] = {SLICE("*-beta")};
    const struct slice dev[] = {SLICE("dev*")};
    const struct slice noise[] = {SLICE("ResizeObserver*"), SLICE("TypeError: *null*")};
    const struct filter filter = {.releases = {beta, 1},
                                  .environments = {dev, 1},
                                  .messages = {noise, 2},
                                  .localhost = true,
                                  .browser_extensions = true,
                                  .crawlers = true};
    struct exception exception = {.type = SLICE("TypeError"), .value = SLICE("x is null")};
    struct frame frame = {.abs_path = SLICE("moz-extension://abc/content.js")};
    struct exception foreign = {
        .type = SLICE("E"), .value = SLICE("v"), .stacktrace = {.frames = &frame, .count = 1}};
    const struct {
        struct event event;
        const char *reason;
    } cases[] = {
        {{.release = SLICE("1-beta")}, "release-version"},
        {{.environment = SLICE("Development")}, "environment"},
        {{.message = SLICE("ResizeObserver loop")}, "error-message"},
        {{.exceptions = &exception, .exception_count = 1}, "error-message"},
        {{.request = {.url = SLICE("http://localhost:3000/x")}}, "localhost"},
        {{.request = {.url = SLICE("http://shop.localhost/x")}}, "localhost"},
        {{.user = {.ip_address = SLICE("127.0.0.1")}}, "localhost"},
        {{.exceptions = &foreign, .exception_count = 1}, "browser-extensions"},
        {{.request = {.url = SLICE("http://localhost.example/")}}, "web-crawlers"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_str_eq(reason_of(&filter, &cases[i].event), cases[i].reason, "case %zu", i);
    }
    cr_expect_null(filter_event(&filter, &(struct event){0}, SLICE("Mozilla/5.0 Firefox")));
}
