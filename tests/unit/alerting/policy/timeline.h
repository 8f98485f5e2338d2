/* SPDX-License-Identifier: Apache-2.0 */
/* timeline — plays a story against the policy on a clock of its own.
 *
 *   "0s held a\n 10s held b\n 1h resolved a\n 9h end"
 *
 * One group, alerts a to z. Each line is a moment and what happens: held, regressed, resolved,
 * ignored, unresolved, ack, and `end` for nothing. Timers the policy asks for go off in between,
 * exact to the microsecond. What comes out is one line a notice, in seconds:
 *
 *   "0 first notification: +a\n 300 new alerts added: +a +b\n ..."
 */
#pragma once
#include "alerting/policy/policy.h"
#include "ingest/base/limits.h"

struct timeline {
    struct route settings;
    bool send_resolved;
    int64_t resolve_after_us;
    struct alert alerts[26];
    struct group_member members[GROUP_ALERTS_MAX];
    struct group group;
    int64_t now_us;
    int64_t group_due_us;
    const char *why;   /* of the last verdict */
    const char *step;  /* of the last change */
    bool believed[26]; /* firing, as far as the receiver knows */
    struct buffer trace;
};

void timeline_init(struct timeline *timeline);
void timeline_done(struct timeline *timeline);

/* Lets timers go off up to a moment. */
void timeline_advance(struct timeline *timeline, int64_t to_us);

/* One thing happens to one alert, now. */
void timeline_input(struct timeline *timeline, uint32_t alert, enum alert_input_kind kind);

/* Plays a story and compares what came out. */
void timeline_play(struct timeline *timeline, const char *story, const char *expected);
