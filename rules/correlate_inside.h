/* SPDX-License-Identifier: Apache-2.0 */
/* correlate_inside — what correlate.c, correlate_prune.c and correlate_absence.c share. */
#pragma once
#include "rules/correlate_window.h"

void correlate_mark(struct correlate_scratch *scratch, struct correlate_mark mark);

/* Forgets what is of no use since the hit at `place` is there. */
void correlate_prune(const struct correlate_plan *plan, struct correlate_state *state,
                     uint32_t place);

/* Judges an absence at all points up to `settled_ms`, marks where it begins, and finds out when it
 * would begin next. */
void correlate_absence_judge(const struct correlate_plan *plan, struct correlate_state *state,
                             int64_t settled_ms, struct correlate_scratch *scratch);
