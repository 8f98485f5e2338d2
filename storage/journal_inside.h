/* SPDX-License-Identifier: Apache-2.0 */
/* journal_inside — what readers see of the journal and nobody else. */
#pragma once
#include "storage/journal.h"
#include "storage/segments.h"

/* Borrows, until journal_close. */
struct segments *journal_segments(const struct journal *journal);
