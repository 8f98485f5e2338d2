/* SPDX-License-Identifier: Apache-2.0 */
/* sdk_event — an SDK's event JSON taken through the very pass the server has, for commands that
 * look at events without a server. One thread. */
#pragma once
#include "ingest/base/slice.h"
#include "ingest/event/event.h"

struct sdk_events;

struct sdk_events *sdk_events_new(void); /* NULL without memory */
void sdk_events_free(struct sdk_events *events);

/* Gives the normalised event in `arena`, borrowing `json`; NULL with `*reason` (a literal) when it
 * is no event. `context` is the sdk_events. Fits rule_test_decode. */
const struct event *sdk_events_decode(void *context, struct slice json, struct arena *arena,
                                      const char **reason);
