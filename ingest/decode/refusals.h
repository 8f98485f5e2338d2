/* SPDX-License-Identifier: Apache-2.0 */
/* refusals — what was refused before the journal, counted, on its way through the journal.
 *
 *   17 rate_limited error 250 key_limit\n        project fate category quantity reason
 *
 * A request that is refused leaves no record, and a flood of them must not become a flood of
 * writes: each worker counts its own and writes the sums every few seconds, as one record whose
 * body is such lines. From there they are counted exactly once, as everything is. Pure.
 */
#pragma once
#include "ingest/base/slice.h"
#include "ingest/event/category.h"
#include "ingest/event/fate.h"
#include <stdint.h>

#define REFUSAL_LINE_BYTES_MAX 160u

struct refusal {
    uint32_t project;
    enum fate fate;
    enum category category;
    uint32_t quantity;
    struct slice reason; /* [a-z0-9_.-]{0,64} */
};

/* Fills one line and gives it. */
struct slice refusal_write(const struct refusal *refusal, char out[static REFUSAL_LINE_BYTES_MAX]);

/* Takes the next line off `*text`; false at the end. Lines that are wrong are passed over. */
bool refusal_next(struct slice *text, struct refusal *out);
