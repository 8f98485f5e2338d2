/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/http/guard.h"

#include <criterion/criterion.h>

struct fixture {
    struct guard_budget budget;
    struct guard guard;
    _Atomic uint64_t killed;
};

static void open_http2(struct fixture *fixture)
{
    *fixture =
        (struct fixture){.budget = {.body_bytes_max = 1u << 30, .body_bytes_of_one_max = 1000}};
    fixture->budget.killed[GUARD_RESETS] = &fixture->killed;
    guard_init(&fixture->guard, &fixture->budget, 1000);
    guard_begin_http2(&fixture->guard);
}

static enum guard_reason see(struct fixture *fixture, unsigned type, uint32_t length)
{
    return guard_frame(&fixture->guard, (struct guard_frame){type, GUARD_FLAG_END_HEADERS, length});
}

/* Frames of a type that a connection takes before it is killed, up to `most`. */
static unsigned taken(unsigned type, uint32_t length, unsigned most)
{
    struct fixture fixture;
    unsigned count = 0;
    open_http2(&fixture);
    while (count < most && see(&fixture, type, length) == GUARD_FINE) {
        count++;
    }
    guard_done(&fixture.guard);
    return count;
}

Test(guard, prices_each_kind_of_frame)
{
    static const struct {
        unsigned type;
        uint32_t length;
        unsigned most;
    } cases[] = {
        {GUARD_FRAME_DATA, 64, 100000},      {GUARD_FRAME_DATA, 63, 4000},
        {GUARD_FRAME_DATA, 0, 4000},         {GUARD_FRAME_HEADERS, 10, 2000},
        {GUARD_FRAME_PRIORITY, 5, 4000},     {GUARD_FRAME_RST_STREAM, 4, 200},
        {GUARD_FRAME_SETTINGS, 0, 400},      {GUARD_FRAME_SETTINGS, 60, 200},
        {GUARD_FRAME_SETTINGS, 16380, 1},    {GUARD_FRAME_SETTINGS, (1u << 24) - 1, 0},
        {GUARD_FRAME_PUSH_PROMISE, 9, 4000}, {GUARD_FRAME_PING, 8, 4000},
        {GUARD_FRAME_GOAWAY, 8, 400},        {GUARD_FRAME_WINDOW_UPDATE, 4, 4000},
        {GUARD_FRAME_UNKNOWN, 0, 4000},      {0x42, 100, 4000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned count = taken(cases[i].type, cases[i].length, 100000);
        cr_expect_eq(count, cases[i].most, "type %u: %u", cases[i].type, count);
    }
}

Test(guard, takes_settings_acknowledgements_cheaply)
{
    struct fixture fixture;
    open_http2(&fixture);
    struct guard_frame ack = {GUARD_FRAME_SETTINGS, GUARD_FLAG_ACK, 0};
    for (unsigned i = 0; i < HTTP_CREDITS_MAX; i++) {
        cr_assert_eq(guard_frame(&fixture.guard, ack), GUARD_FINE);
    }
    cr_expect_eq(guard_frame(&fixture.guard, ack), GUARD_FRAMES);
    guard_done(&fixture.guard);
}

Test(guard, gives_credits_back_with_time)
{
    struct fixture fixture;
    open_http2(&fixture);
    for (unsigned ms = 0; ms < 60000; ms += 5) {
        fixture.guard.now_ms = 1000 + ms;
        cr_assert_eq(see(&fixture, GUARD_FRAME_PING, 8), GUARD_FINE, "at %u ms", ms);
        cr_assert_eq(see(&fixture, GUARD_FRAME_PING, 8), GUARD_FINE, "at %u ms", ms);
    }
    guard_done(&fixture.guard);
}

Test(guard, never_tires_of_requests_that_are_answered)
{
    struct fixture fixture;
    open_http2(&fixture);
    for (unsigned i = 0; i < 100000; i++) {
        cr_assert_eq(see(&fixture, GUARD_FRAME_HEADERS, 20), GUARD_FINE);
        cr_assert_eq(see(&fixture, GUARD_FRAME_DATA, 10), GUARD_FINE);
        if (i % 10 == 9) {
            cr_assert_eq(see(&fixture, GUARD_FRAME_RST_STREAM, 4), GUARD_FINE);
        } else {
            guard_answered(&fixture.guard);
        }
    }
    guard_done(&fixture.guard);
}

Test(guard, counts_resets_of_both_sides_and_stays_dead)
{
    struct fixture fixture;
    open_http2(&fixture);
    for (unsigned i = 0; i < 101; i++) {
        guard_reset_sent(&fixture.guard);
        see(&fixture, GUARD_FRAME_RST_STREAM, 4);
    }
    cr_expect_eq(fixture.guard.reason, GUARD_RESETS);
    fixture.guard.now_ms += 100000;
    cr_expect_eq(see(&fixture, GUARD_FRAME_PING, 8), GUARD_RESETS);
    cr_expect_eq(guard_kill(&fixture.guard, GUARD_BODY), GUARD_RESETS);
    cr_expect_eq(fixture.killed, 1u);
    guard_done(&fixture.guard);
}

Test(guard, cuts_a_body_one_byte_past_the_limit_and_holds_what_it_keeps)
{
    struct fixture fixture;
    open_http2(&fixture);
    guard_stream_open(&fixture.guard, 1);
    guard_stream_open(&fixture.guard, 3);
    cr_expect_eq(guard_body(&fixture.guard, 1, 900), 900u);
    cr_expect_eq(guard_body(&fixture.guard, 1, 900), 101u);
    cr_expect_eq(guard_body(&fixture.guard, 1, 900), 0u);
    cr_expect_eq(guard_body(&fixture.guard, 3, 500), 500u);
    cr_expect_eq(fixture.budget.body_bytes, 1501u);
    guard_stream_close(&fixture.guard, 1);
    cr_expect_eq(fixture.budget.body_bytes, 500u);
    guard_stream_close(&fixture.guard, 1);
    guard_done(&fixture.guard);
    cr_expect_eq(fixture.budget.body_bytes, 0u);
}

Test(guard, leaves_bodies_of_unknown_streams_to_the_library)
{
    struct fixture fixture;
    open_http2(&fixture);
    cr_expect_eq(guard_body(&fixture.guard, 5, 70000), 70000u);
    cr_expect_eq(fixture.guard.body_bytes, 0u);
    guard_done(&fixture.guard);
}

Test(guard, kills_a_connection_with_too_many_streams)
{
    struct fixture fixture;
    open_http2(&fixture);
    for (uint32_t i = 0; i < GUARD_STREAMS_MAX; i++) {
        guard_stream_open(&fixture.guard, 2 * i + 1);
    }
    cr_expect_eq(fixture.guard.reason, GUARD_FINE);
    guard_stream_open(&fixture.guard, 9999);
    cr_expect_eq(fixture.guard.reason, GUARD_RESETS);
    guard_stream_close(&fixture.guard, 9999);
    guard_done(&fixture.guard);
}

Test(guard, holds_what_an_http1_connection_has_read_until_it_is_done)
{
    struct fixture fixture;
    fixture = (struct fixture){.budget = {.body_bytes_max = 1000, .body_bytes_of_one_max = 1000}};
    guard_init(&fixture.guard, &fixture.budget, 0);
    cr_expect_eq(guard_held(&fixture.guard, 1000), GUARD_FINE);
    cr_expect_eq(guard_held(&fixture.guard, 10), GUARD_FINE);
    cr_expect_eq(fixture.budget.body_bytes, 10u);
    guard_begin_http2(&fixture.guard);
    cr_expect_eq(fixture.budget.body_bytes, 0u);
    guard_done(&fixture.guard);
}
