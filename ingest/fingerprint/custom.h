/* SPDX-License-Identifier: Apache-2.0 */
/* custom — the fingerprint as its sender wrote it: texts, and variables that stand for something of
 * the event.
 *
 *   ["{{ default }}", "{{ transaction }}", "checkout"]
 *
 * A variable is the whole of a part: `default` is what we would have taken; transaction, type,
 * value, message, function, module, package, path, level, logger, release, `tags.<name>` are the
 * event's own, "<no-transaction>" and so on where it has none. Of an unknown one is told that it
 * is unknown.
 *
 * The message, as a variable or because an SDK sent its text on its own account, is parameterised.
 *
 * Private to ingest/fingerprint.
 */
#pragma once
#include "ingest/event/event.h"

struct custom {
    const struct slice *parts; /* variables replaced; `default` has `at` NULL */
    uint32_t count;            /* 0: there is none, or it is only `default` */
    bool has_default;
};

/* Fills `out`; borrows the event as long as `out` lives. */
void custom_read(struct arena *arena, const struct event *event, struct custom *out);

/* `text` with each variable in it replaced by what it stands for; `default` stays. */
struct slice custom_expand(struct arena *arena, const struct event *event, struct slice text);
