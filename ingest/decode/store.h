/* SPDX-License-Identifier: Apache-2.0 */
/* store — the body of the old endpoint /api/{id}/store/: one event.
 *
 *   {"message":…                      JSON                       Python, Go, Node 4 to 6
 *   eyJtZXNzYWdlIjo…                  base64 of JSON             ?sentry_data= of the GET pixel
 *   eJyrVspNLS5OTE9VsqoFAC…           base64 of zlib of JSON     raven for Ruby, Go, Node
 *
 * Nothing but the first byte tells them apart; Content-Type says octet-stream or lies.
 * The envelope endpoint's event items are read by `store_parse` too, since Python's json module
 * writes NaN, Infinity and -Infinity, which are not JSON: they become null.
 */
#pragma once
#include "ingest/base/value.h"
#include "ingest/decode/inflate.h"

/* Fills `*json` with the JSON text in `body` (after its Content-Encoding); borrows `body`, or lies
 * in `arena`. Faults: MALFORMED, with the offset in `body` for base64; TOO_BIG. Pure. */
MUST_USE struct fault store_open(struct inflate_scratch *scratch, struct arena *arena,
                                 struct slice body, struct slice *json);

/* As value_parse_json, reading Python's three numbers as null. The tree borrows `json` (or a copy
 * in `arena`). Costs nothing for JSON that is valid. Pure. */
MUST_USE struct fault store_parse(struct arena *arena, struct slice json, struct value **out);
