/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/command/sdk_event.h"
#include <criterion/criterion.h>

static struct sdk_events *events;
static struct arena arena;
static const char *reason;

static void setup(void)
{
    events = sdk_events_new();
    cr_assert(events != NULL && arena_init(&arena, SCRATCH_BYTES));
}

static void teardown(void)
{
    sdk_events_free(events);
    arena_done(&arena);
}

TestSuite(sdk_event, .init = setup, .fini = teardown);

static const struct event *decoded(const char *json)
{
    reason = NULL;
    return sdk_events_decode(events, slice_str(json), &arena, &reason);
}

Test(sdk_event, is_normalised_as_the_server_does_it)
{
    const struct event *event =
        decoded("{\"logentry\":{\"message\":\"it %s\",\"params\":[\"broke\"]},\"level\":\"WARN\"}");

    cr_assert_not_null(event, "%s", reason);
    cr_expect(slice_eq(event->formatted, SLICE("it broke")), "%.*s", SLICE_ARG(event->formatted));
    cr_expect_eq(event->level, LEVEL_WARNING);
    cr_expect_not(id_is_none(event->id));
    cr_expect_null(reason);
}

Test(sdk_event, the_same_text_gives_the_same_event_whenever_it_is_read)
{
    const struct event *first = decoded("{\"message\":\"x\"}");
    const struct event *second = decoded("{\"message\":\"x\"}");

    cr_expect(id_eq(first->id, second->id));
    cr_expect_eq(first->timestamp_us, second->timestamp_us);
    cr_expect_eq(first->timestamp_us, INT64_C(1767225600000000), "2026-01-01, not now");
}

Test(sdk_event, what_is_no_event_has_a_reason)
{
    static const char *const cases[] = {"", "[]", "1", "{\"message\":"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_null(decoded(cases[i]), "%s", cases[i]);
        cr_expect(reason != NULL && reason[0] != '\0', "%s", cases[i]);
    }
}

Test(sdk_event, freeing_nothing_is_fine)
{
    sdk_events_free(NULL);
}
