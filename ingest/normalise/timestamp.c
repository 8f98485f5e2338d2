/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

/* How far the sender's clock is behind ours. The network and a queue in the client also take time,
 * so only what is too much for them is believed to be the clock's. */
static int64_t drift(const struct normalise_input *input)
{
    if (input->sent_at_us <= 0) {
        return 0;
    }
    int64_t behind = input->received_us - input->sent_at_us;
    return behind >= CLOCK_DRIFT_US_MIN || behind <= -CLOCK_DRIFT_US_MIN ? behind : 0;
}

void step_timestamp(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    (void)arena;
    int64_t at = event->timestamp_us;
    if (at > 0 && __builtin_add_overflow(at, drift(input), &at)) {
        at = 0;
    }
    bool is_believed = at > 0 && at <= input->received_us + TIMESTAMP_FUTURE_US_MAX &&
                       at >= input->received_us - TIMESTAMP_AGE_US_MAX;
    event->timestamp_us = is_believed ? at : input->received_us;
    MUST(event->timestamp_us > 0);
}
