/* SPDX-License-Identifier: Apache-2.0 */
/* explain — why an event is grouped as it is, for people: a tree for each hash.
 *
 *   grouped by exception
 *   app 9c0fd94a8e1e4d6a8e6c9f1b1d1c7a10
 *     + exception
 *       + type "KeyError"
 *       - value "no key <int>"   the stack trace tells more
 *
 * '+' counts, '-' does not.
 */
#pragma once
#include "ingest/base/value.h"

/* Prints what fingerprint_explain wrote, to standard output. */
void explain_print(const struct value *explanation);
