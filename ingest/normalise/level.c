/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

/* Without a level an event is an error, whatever it holds: so the SDKs document it. A transaction
 * is no complaint. */
void step_level(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    (void)arena;
    (void)input;
    event->platform = slice_trim(event->platform);
    if (event->platform.len == 0) {
        event->platform = SLICE("other");
    }
    if (event->type == EVENT_DEFAULT && event->exception_count > 0) {
        event->type = EVENT_ERROR;
    }
    if (!event->has_level) {
        event->level = event->type == EVENT_TRANSACTION ? LEVEL_INFO : LEVEL_ERROR;
    }
    MUST(event->level < LEVEL_COUNT);
}
