/* SPDX-License-Identifier: Apache-2.0 */
/* render_inside — what the files of render share. Private to render*.c. */
#pragma once
#include "ingest/base/json.h"
#include "ingest/event/event.h"

/* A member whose empty text is null. */
static inline void render_text(struct json *json, const char *key, struct slice text)
{
    json_key(json, key);
    if (slice_is_empty(text)) {
        json_null(json);
    } else {
        json_string(json, text);
    }
}

/* Fills the fields that Sentry lists as tags too, where the sender has no tag of that name; gives
 * how many. They stand before the sender's tags. */
#define RENDER_TAG_FIELDS 6u
uint32_t render_tag_fields(const struct event *event, struct tag out[static RENDER_TAG_FIELDS]);

/* Writes the member `user`: who it was and where, or null. */
void render_user(struct json *json, const struct event *event);
