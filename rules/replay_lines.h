/* SPDX-License-Identifier: Apache-2.0 */
/* replay_lines — the core of `tocsin rules replay`: timestamped events in, one a line; one line out
 * for each time a correlation begins to hold.
 *
 *   {"ts":1000,"event":{…}}  ─▶  {"rule":"many_failures","group":["1.1.1.1"],"ts":1000,"line":7}
 *
 * `ts` is milliseconds and need not ascend; `line` is that of the event at which the correlation
 * holds (of an absence: the line that moved time past `ts`). What waits for time to be over is
 * judged CORRELATION_SETTLE_MS behind the newest event, and all of it at the end. Correlations that
 * others name are told too; rules are not, `tocsin rules match` does that. Pure.
 */
#pragma once
#include "ingest/base/buffer.h"
#include "rules/rule_test.h"

struct replay_lines; /* one thread */

/* `set` must outlive it. NULL without memory. */
struct replay_lines *replay_lines_new(const struct ruleset *set, bool any_logsource);
void replay_lines_free(struct replay_lines *lines); /* NULL is fine */

/* From now on `event` is an SDK's, which `decode` (see rules/rule_test.h) makes of its JSON. */
void replay_lines_decode(struct replay_lines *lines, rule_test_decode *decode, void *context);

/* Takes one line without its newline and appends what fires, a line each. False when it was no
 * event; what is wrong is then appended as {"line":n,"error":…}. */
bool replay_lines_add(struct replay_lines *lines, struct slice line, struct buffer *out);

/* Appends what fires once nothing more comes: time ends with the newest event. */
void replay_lines_end(struct replay_lines *lines, struct buffer *out);
