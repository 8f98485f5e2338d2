/* SPDX-License-Identifier: Apache-2.0 */
/* golden — answers that were looked at once, and are compared from then on.
 *
 * They lie in tests/golden/<stage>/, JSON with one member a line so that a difference can be read.
 * With UPDATE_GOLDEN=1 in the environment they are written instead: look at the difference.
 */
#pragma once
#include "ingest/base/slice.h"

#define GOLDEN_PATH_BYTES 4096

void golden_path(const char *stage, const char *name, char out[static GOLDEN_PATH_BYTES]);

/* True when `json` is what the file says; tells the first line that differs on standard error. */
bool golden_is(const char *stage, const char *name, struct slice json);
