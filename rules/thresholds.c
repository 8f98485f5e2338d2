/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/thresholds.h"
#include "ingest/base/must.h"
#include <stdlib.h>

static int by_number(const void *left, const void *right)
{
    const struct threshold *a = left;
    const struct threshold *b = right;
    if (a->number != b->number) {
        return a->number < b->number ? -1 : 1;
    }
    return a->atom < b->atom ? -1 : a->atom > b->atom;
}

static uint32_t count_of(const struct atoms *atoms, uint32_t field)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < atoms->count; i++) {
        count += atoms->at[i].op == ATOM_COMPARE && atoms->at[i].field == field;
    }
    return count;
}

const struct thresholds *thresholds_new(struct arena *arena, const struct atoms *atoms,
                                        uint32_t field)
{
    uint32_t count = count_of(atoms, field);
    struct thresholds *all = count != 0 ? ARENA_NEW(arena, struct thresholds) : NULL;
    struct threshold *at = all != NULL ? ARENA_ARRAY(arena, count, struct threshold) : NULL;
    uint32_t used = 0;
    if (at == NULL) {
        return NULL;
    }
    for (unsigned compare = 0; compare < COMPARES; compare++) {
        all->from[compare] = used;
        for (uint32_t i = 0; i < atoms->count; i++) {
            const struct atom *atom = &atoms->at[i];
            if (atom->op == ATOM_COMPARE && atom->field == field && atom->compare == compare) {
                at[used++] = (struct threshold){atom->number, i};
            }
        }
        qsort(at + all->from[compare], used - all->from[compare], sizeof(*at), by_number);
    }
    MUST(used == count);
    all->from[COMPARES] = used;
    all->at = at;
    return all;
}

/* The first from `low` to `high` whose number is not below the value, or is above it. */
static uint32_t bound(const struct thresholds *all, uint32_t low, uint32_t high, double value,
                      bool is_above)
{
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        double number = all->at[middle].number;
        if (number < value || (is_above && number == value)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void thresholds_passed(const struct thresholds *all, enum compare compare, double value,
                       uint32_t *first, uint32_t *end)
{
    MUST(compare < COMPARES);
    uint32_t from = all->from[compare];
    uint32_t to = all->from[compare + 1];
    bool is_after = compare == COMPARE_LT || compare == COMPARE_GTE;
    uint32_t at = bound(all, from, to, value, is_after);
    *first = compare == COMPARE_GT || compare == COMPARE_GTE ? from : at;
    *end = compare == COMPARE_LT || compare == COMPARE_LTE ? to
           : compare == COMPARE_EQ                         ? bound(all, at, to, value, true)
                                                           : at;
}
