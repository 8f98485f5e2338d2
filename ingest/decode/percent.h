/* SPDX-License-Identifier: Apache-2.0 */
/* percent — URL text as it was before its percent-encoding (RFC 3986), and lists of name=value.
 *
 *   sentry_client=sentry.javascript.node%2F11.12.0&sentry_version=7
 *
 * A '%' without two hex digits stands for itself, as browsers read it. Pure.
 */
#pragma once
#include "ingest/base/arena.h"

/* Gives `text` decoded: itself where nothing is encoded, else a copy in `arena` (the empty slice
 * when full). In queries `plus_is_space`, in paths and headers it is not. */
struct slice percent_decode(struct arena *arena, struct slice text, bool plus_is_space);

/* Takes the next name=value off the front of `*rest`; parts stand between `separator`s, empty ones
 * are skipped, a part without '=' has an empty value. Spaces around both are dropped. False when
 * there is none left. Borrows `*rest`; nothing is decoded. */
bool percent_next_pair(struct slice *rest, char separator, struct slice *name, struct slice *value);
