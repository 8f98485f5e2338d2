/* SPDX-License-Identifier: Apache-2.0 */
/* request_json — the HTTP request and the user of an event's JSON.
 *
 * Part of event_json: same rules, same ownership. Each function fills its part from a value that
 * may be NULL or of any shape. Pure.
 */
#pragma once
#include "ingest/event/event.h"

/* Headers that are a map or pairs become a LIST of [name, value] pairs of text; a header whose
 * value is a list (PHP) becomes one pair for each. The query string becomes text. */
void request_decode(struct arena *arena, const struct value *value, struct request *out);

void request_decode_user(const struct value *value, struct user *out);
