/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/normalise.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

void normalise_event(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    MUST(input->received_us > 0);
    MUST(!id_is_none(input->seed));
    event->received_us = input->received_us;
    for (size_t i = 0; i < steps_count; i++) {
        steps[i].run(arena, input, event);
    }
    MUST(!id_is_none(event->id));
    MUST(event->timestamp_us > 0);
    MUST(event->platform.len > 0 && event->title.len > 0);
    MUST(event->title.len <= TITLE_BYTES_MAX);
}
