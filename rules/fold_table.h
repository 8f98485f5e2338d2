/* SPDX-License-Identifier: Apache-2.0 */
/* fold_table — Unicode's simple case folding beyond ASCII, as ranges in order. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* Every `step`th code point of [first, last] becomes itself + `delta`. */
struct fold_range {
    uint32_t first;
    uint32_t last;
    int32_t delta;
    uint32_t step;
};

extern const struct fold_range fold_ranges[];
extern const size_t fold_range_count;
