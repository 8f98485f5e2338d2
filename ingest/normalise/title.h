/* SPDX-License-Identifier: Apache-2.0 */
/* title — where an event happened, for those who learn more of its frames after normalise. Pure. */
#pragma once
#include "ingest/event/event.h"

/* Transaction, or "module in function" of the frame that failed, as step_title sets it. In the
 * arena, or borrowed from the event. */
struct slice title_culprit(struct arena *arena, const struct event *event);
