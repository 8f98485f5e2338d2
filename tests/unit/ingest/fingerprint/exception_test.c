/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/exception.h"
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(exception, .init = fixture_start);

static struct frame app[] = {{.function = S("buy"), .in_app = YES}};
static struct frame library[] = {{.function = S("get"), .in_app = NO}};

static void add(struct exception exception)
{
    struct event event = {
        .platform = SLICE("python"), .exceptions = &exception, .exception_count = 1};
    fixture_start();
    way_exceptions(&parts, &event);
}

Test(exception, value_counts_only_without_a_stack_trace)
{
    struct exception exception = {.type = SLICE("KeyError"), .value = SLICE("no key 7")};
    add(exception);
    EXPECT_COUNTED(VARIANT_APP, "KeyError|no key <int>");

    exception.stacktrace = (struct stacktrace){app, 1, NULL, 0, 0};
    add(exception);
    EXPECT_COUNTED(VARIANT_APP, "KeyError|buy");
    EXPECT_COUNTED(VARIANT_SYSTEM, "KeyError|buy");

    exception.stacktrace = (struct stacktrace){library, 1, NULL, 0, 0};
    add(exception);
    EXPECT_COUNTED(VARIANT_APP, "KeyError|no key <int>");
    EXPECT_COUNTED(VARIANT_SYSTEM, "KeyError|get");
}

Test(exception, invented_type_does_not_count)
{
    add((struct exception){.type = SLICE("Error"), .value = SLICE("bad"), .is_synthetic = true});
    EXPECT_COUNTED(VARIANT_APP, "bad");
}

Test(exception, apples_errors_are_domain_and_code)
{
    add((struct exception){.type = SLICE("NSError"),
                           .value = SLICE("could not"),
                           .error_domain = SLICE("shop.Cart"),
                           .error_code = -7});
    EXPECT_COUNTED(VARIANT_APP, "NSError|shop.Cart|-7");
}

Test(exception, all_of_a_chain_count_oldest_first)
{
    struct exception chain[] = {
        {.type = SLICE("OSError"), .value = SLICE("a"), .exception_id = -1},
        {.type = SLICE("KeyError"), .value = SLICE("b"), .exception_id = -1},
    };
    struct event event = {.exceptions = chain, .exception_count = 2};
    way_exceptions(&parts, &event);
    EXPECT_COUNTED(VARIANT_APP, "OSError|a|KeyError|b");
}

Test(exception, without_one_adds_nothing)
{
    struct event event = {0};
    way_exceptions(&parts, &event);
    cr_expect_null(parts.first);
}

Test(exception, system_frames_of_a_chain_are_only_of_those_that_have_any)
{
    struct exception chain[] = {
        {.type = SLICE("OSError"), .value = SLICE("a"), .exception_id = -1},
        {.type = SLICE("KeyError"), .stacktrace = {app, 1, NULL, 0, 0}, .exception_id = -1},
    };
    struct event event = {.platform = SLICE("python"), .exceptions = chain, .exception_count = 2};
    way_exceptions(&parts, &event);
    EXPECT_COUNTED(VARIANT_APP, "OSError|a|KeyError|buy");
    EXPECT_COUNTED(VARIANT_SYSTEM, "KeyError|buy");
}
