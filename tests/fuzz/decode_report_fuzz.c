/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a report holds, each event made of it is an event. */
#include "ingest/decode/event_json.h"
#include "ingest/decode/report.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct value *root = NULL;
    struct reports reports;
    const struct report_source source = {.received_us = 1, .parameters = SLICE("sentry_release=1")};
    if (fault_is(value_parse_json(&arena, slice_of((const char *)data, size), &root)) ||
        fault_is(report_events(&arena, &source, root, &reports))) {
        return 0;
    }
    for (const struct value *at = value_first(reports.events); at != NULL; at = at->next) {
        struct event event;
        struct fault fault = event_decode(&arena, at, &event);
        MUST(fault_is(fault) || slice_is_empty(event.message) == (event.message.len == 0));
    }
    return 0;
}
