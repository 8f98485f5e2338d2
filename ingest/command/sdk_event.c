/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/sdk_event.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/pipeline.h"
#include <stdlib.h>

/* Events without a time happened then, so that a run can be repeated: 2026-01-01. */
#define RECEIVED_US INT64_C(1767225600000000)

struct sdk_events {
    struct pipeline *pipeline;
    struct snapshot *snapshot; /* without rules: who asks brings his own */
    struct arena keep;
};

struct sdk_events *sdk_events_new(void)
{
    struct sdk_events *events = calloc(1, sizeof(*events));
    if (events == NULL) {
        return NULL;
    }
    events->pipeline = pipeline_new();
    events->snapshot = snapshot_new();
    if (events->pipeline == NULL || events->snapshot == NULL ||
        !arena_init(&events->keep, JOB_BYTES)) {
        sdk_events_free(events);
        return NULL;
    }
    events->snapshot->scrubbing.common = NULL; /* rules see events as they were sent */
    return events;
}

void sdk_events_free(struct sdk_events *events)
{
    if (events != NULL) {
        pipeline_free(events->pipeline);
        snapshot_release(events->snapshot);
        arena_done(&events->keep);
        free(events);
    }
}

const struct event *sdk_events_decode(void *context, struct slice json, struct arena *arena,
                                      const char **reason)
{
    struct sdk_events *events = context;
    struct outcome outcome;
    MUST(events != NULL && arena != &events->keep);
    const struct record record = {.kind = RECORD_STORE,
                                  .project = 1,
                                  .seed = {{1}},
                                  .received_us = RECEIVED_US,
                                  .body = json};
    arena_reset(&events->keep);
    struct fault fault =
        pipeline_run(events->pipeline, events->snapshot, &record, arena, &events->keep, &outcome);
    if (fault_is(fault)) {
        *reason = fault.reason;
        return NULL;
    }
    MUST(outcome.event != NULL);
    return outcome.event;
}
