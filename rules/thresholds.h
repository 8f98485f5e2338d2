/* SPDX-License-Identifier: Apache-2.0 */
/* thresholds — the numbers a set compares fields with, sorted: a value is looked for once, and what
 * holds is then one run of each comparison.
 *
 *   value 7      gt:  1  5  9          lt:  3  7  8  20
 *                    └──┘ hold                  └────┘ hold
 *
 * Built while loading, in an arena of the caller's; immutable then.
 */
#pragma once
#include "rules/atom.h"

#define COMPARES (COMPARE_GTE + 1u)

struct threshold {
    double number;
    uint32_t atom;
};

/* Of one field: each comparison's numbers, ascending, from from[compare] to from[compare + 1]. */
struct thresholds {
    const struct threshold *at;
    uint32_t from[COMPARES + 1];
};

/* All COMPARE atoms of one field. NULL without memory, or when there are none. */
const struct thresholds *thresholds_new(struct arena *arena, const struct atoms *atoms,
                                        uint32_t field);

/* Fills which of a comparison's numbers a value passes: `at` from `*first` to before `*end`. */
void thresholds_passed(const struct thresholds *all, enum compare compare, double value,
                       uint32_t *first, uint32_t *end);
