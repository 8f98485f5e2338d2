/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

void step_ids(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    (void)arena;
    if (!id_is_none(input->envelope_id)) {
        event->id = input->envelope_id;
    } else if (id_is_none(event->id)) {
        event->id = input->seed;
    }
    MUST(!id_is_none(event->id));
}
