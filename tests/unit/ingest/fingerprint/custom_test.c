/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/fingerprint/custom.h"
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(custom, .init = fixture_start);

static struct frame frames[] = {
    {.function = S("main"), .module = S("shop.run"), .abs_path = S("/a/run.py"), .in_app = YES},
    {.function = S("buy"),
     .module = S("shop.cart"),
     .filename = S("cart.py"),
     .in_app = YES,
     .package = S("/data/app/shop")},
    {.function = S("get"), .module = S("requests"), .in_app = NO},
};
static struct exception exceptions[] = {
    {.type = S("OSError"), .value = S("cause 4711")},
    {.type = S("KeyError"), .value = S("no key 7"), .stacktrace = {frames, 3, NULL, 0, 0}},
};
static struct tag tags[] = {{S("tenant"), S("acme")}};

static struct slice one(const struct event *event, struct slice part)
{
    struct custom custom;
    struct event copy = *event;
    copy.fingerprint = &part;
    copy.fingerprint_count = 1;
    custom_read(&arena, &copy, &custom);
    return custom.count == 1 ? custom.parts[0] : slice_of(NULL, 0);
}

Test(custom, variables_are_the_events)
{
    static const char *const rows[][2] = {
        {"{{ transaction }}", "/cart"},
        {"{{transaction}}", "/cart"},
        {"{{ type }}", "KeyError"},
        {"{{ error.type }}", "KeyError"},
        {"{{ value }}", "no key <int>"},
        {"{{ error.value }}", "no key <int>"},
        {"{{ raw_value }}", "no key 7"},
        {"{{ error.raw_value }}", "no key 7"},
        {"{{ message }}", "no key <int>"},
        {"{{ function }}", "buy"},
        {"{{ stack.function }}", "buy"},
        {"{{ module }}", "shop.cart"},
        {"{{ stack.module }}", "shop.cart"},
        {"{{ package }}", "shop"},
        {"{{ stack.package }}", "shop"},
        {"{{ abs_path }}", "cart.py"},
        {"{{ stack.abs_path }}", "cart.py"},
        {"{{ level }}", "error"},
        {"{{ logger }}", "shop.log"},
        {"{{ release }}", "shop@1"},
        {"{{ tags.tenant }}", "acme"},
        {"{{ tags.other }}", "<no-value-for-tag-other>"},
        {"{{ tags. }}", "<unrecognized-variable-tags.>"},
        {"{{ nothing.known }}", "<unrecognized-variable-nothing.known>"},
        {"{{ path }}", "cart.py"},
        {"{{ stack.filename }}", "cart.py"},
        {"{{ raw_message }}", "no key 7"},
        {"{{ two words }}", "{{ two words }}"},
        {"x {{ type }}", "x {{ type }}"},
        {"{{}}", "{{}}"},
        {"checkout 7", "checkout 7"},
        {"no key 7", "no key <int>"},
        {"cause 4711", "cause <int>"}, /* of another exception than the one shown */
    };
    struct event event = {.transaction = SLICE("/cart"),
                          .level = LEVEL_ERROR,
                          .logger = SLICE("shop.log"),
                          .release = SLICE("shop@1"),
                          .exceptions = exceptions,
                          .exception_count = 2,
                          .tags = tags,
                          .tag_count = 1};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice value = one(&event, slice_str(rows[i][0]));
        cr_expect(slice_eq(value, slice_str(rows[i][1])), "%s: %.*s", rows[i][0], SLICE_ARG(value));
    }
}

Test(custom, variables_without_value_say_so)
{
    static const char *const rows[][2] = {
        {"{{ transaction }}", "<no-transaction>"},
        {"{{ type }}", "<no-type>"},
        {"{{ value }}", "<no-value>"},
        {"{{ message }}", "<no-message>"},
        {"{{ function }}", "<no-function>"},
        {"{{ module }}", "<no-module>"},
        {"{{ package }}", "<no-package>"},
        {"{{ abs_path }}", "<no-abs-path>"},
        {"{{ logger }}", "<no-logger>"},
        {"{{ release }}", "<no-release>"},
    };
    struct event event = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice value = one(&event, slice_str(rows[i][0]));
        cr_expect(slice_eq(value, slice_str(rows[i][1])), "%s: %.*s", rows[i][0], SLICE_ARG(value));
    }
}

Test(custom, crash_frame_is_of_the_only_thread_or_the_event)
{
    struct thread threads[2] = {{.stacktrace = {frames, 2, NULL, 0, 0}}};
    struct event event = {.threads = threads, .thread_count = 1};
    cr_expect(slice_eq(one(&event, SLICE("{{ function }}")), SLICE("buy")));
    event.thread_count = 2;
    cr_expect(slice_eq(one(&event, SLICE("{{ function }}")), SLICE("<no-function>")));
    event.stacktrace = (struct stacktrace){&frames[2], 1, NULL, 0, 0};
    cr_expect(slice_eq(one(&event, SLICE("{{ function }}")), SLICE("get")));
}

Test(custom, default_alone_or_nothing_is_no_fingerprint_of_its_own)
{
    struct slice parts_of[] = {SLICE("{{ default }}"), SLICE("")};
    struct event event = {.fingerprint = parts_of};
    struct custom custom;
    for (event.fingerprint_count = 0; event.fingerprint_count <= 2; event.fingerprint_count++) {
        custom_read(&arena, &event, &custom);
        cr_expect_eq(custom.count, 0, "%u", event.fingerprint_count);
    }
    parts_of[1] = SLICE("x");
    event.fingerprint_count = 2;
    custom_read(&arena, &event, &custom);
    cr_expect(custom.count == 2 && custom.has_default);
    cr_expect_null(custom.parts[0].at);
}

Test(custom, as_many_parts_as_are_decoded_fit)
{
    struct slice list[FINGERPRINT_PARTS_MAX];
    struct custom custom;
    for (size_t i = 0; i < FINGERPRINT_PARTS_MAX; i++) {
        list[i] = SLICE("x");
    }
    struct event event = {.fingerprint = list, .fingerprint_count = FINGERPRINT_PARTS_MAX};
    custom_read(&arena, &event, &custom);
    cr_expect_eq(custom.count, FINGERPRINT_PARTS_MAX);
}

Test(custom, full_arena_is_as_if_none_was_sent)
{
    struct slice part = SLICE("x");
    struct event event = {.fingerprint = &part, .fingerprint_count = 1};
    struct custom custom;
    arena_over(&arena, fixture_room, 0);
    custom_read(&arena, &event, &custom);
    cr_expect(custom.count == 0 && arena.exhausted);
}
