/* SPDX-License-Identifier: Apache-2.0 */
/* utf8 — which bytes are characters (RFC 3629: no overlong forms, no surrogates). Pure. */
#pragma once
#include "ingest/base/slice.h"

/* Bytes of the sequence that `text` (not empty) begins with; 0 when it begins with none. */
size_t utf8_first_bytes(struct slice text);

/* Whether all of it is UTF-8. */
bool utf8_is(struct slice text);
