/* SPDX-License-Identifier: Apache-2.0 */
/* filter — events a project does not want: inbound filters, all off by default.
 *
 *   releases, environments, messages   patterns with * for any text, case ignored
 *   localhost                          from a developer's own browser
 *   browser_extensions                 errors of what users have installed
 *   crawlers                           browsers nobody sits in front of
 *
 * What is filtered is counted with its reason, and neither makes an issue nor reaches a rule. Pure.
 */
#pragma once
#include "ingest/event/event.h"

#define FILTER_PATTERNS_MAX 64u /* of each kind: more are a rule's work */

struct patterns {
    const struct slice *list; /* borrowed */
    uint32_t count;
};

struct filter {
    struct patterns releases;
    struct patterns environments;
    struct patterns messages;
    bool localhost;
    bool browser_extensions;
    bool crawlers;
};

/* The reason of the first filter that applies to the normalised event, as Sentry's outcomes name
 * it ("release-version", "localhost" …); NULL: it passes. */
const char *filter_event(const struct filter *filter, const struct event *event,
                         struct slice user_agent);

/* True when `text` is what `pattern` says: * stands for any text, ASCII case is ignored. Takes at
 * most |pattern| × |text| steps. */
bool filter_matches(struct slice pattern, struct slice text);
