/* SPDX-License-Identifier: Apache-2.0 */
/* client_report — what an SDK threw away before sending, by reason and category.
 *
 *   {"timestamp":…,"discarded_events":[{"reason":"sample_rate","category":"error","quantity":3}]}
 *
 * Reasons are the sender's words: those of the SDKs are kept, all others become "unknown", so that
 * nobody can fill the books with names. Pure.
 */
#pragma once
#include "ingest/decode/contents.h"

/* Fills discards of `out`. MALFORMED when it is no map; lines that are wrong are left out. */
MUST_USE struct fault client_report_read(struct arena *arena, const struct value *root,
                                         struct contents *out);
