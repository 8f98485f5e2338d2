/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/fold.h"
#include "rules/fold_table.h"
#include <criterion/criterion.h>

Test(fold_table, ranges_are_in_order_and_do_not_overlap)
{
    cr_assert_gt(fold_range_count, 0u);
    for (size_t i = 0; i < fold_range_count; i++) {
        const struct fold_range *range = &fold_ranges[i];
        cr_expect_leq(range->first, range->last, "range %zu", i);
        cr_expect(i == 0 || fold_ranges[i - 1].last < range->first, "range %zu", i);
        cr_expect_geq(range->step, 1u, "range %zu", i);
        cr_expect_eq((range->last - range->first) % range->step, 0u, "range %zu ends on one", i);
        cr_expect_neq(range->delta, 0, "range %zu", i);
    }
}

Test(fold_table, every_point_becomes_a_valid_one_beyond_none_that_utf_8_can_say)
{
    for (size_t i = 0; i < fold_range_count; i++) {
        const struct fold_range *range = &fold_ranges[i];
        for (uint32_t point = range->first; point <= range->last; point += range->step) {
            int64_t folded = (int64_t)point + range->delta;
            cr_expect(folded > 0 && folded <= 0x10ffff, "U+%04X", point);
            cr_expect(folded < 0xd800 || folded > 0xdfff, "U+%04X to a surrogate", point);
        }
    }
}

/* Folding is done once on rules and once on values: it must not lead on. */
Test(fold_table, what_is_folded_stays_as_it_is)
{
    for (uint32_t point = 0; point <= 0x10ffff; point++) {
        uint32_t folded = fold_point(point);
        if (fold_point(folded) != folded) {
            cr_expect(false, "U+%04X to U+%04X to U+%04X", point, folded, fold_point(folded));
        }
    }
}

Test(fold_table, has_so_many_points_as_unicode_14_folds_simply)
{
    size_t points = 0;
    for (size_t i = 0; i < fold_range_count; i++) {
        points += (fold_ranges[i].last - fold_ranges[i].first) / fold_ranges[i].step + 1;
    }

    /* CaseFolding-14.0.0.txt: 1,454 lines of status C or S, of which A to Z are not in the table.
     */
    cr_expect_eq(points, 1454u - 26u, "%zu", points);
}

Test(fold_table, knows_the_letters_that_go_wrong_elsewhere)
{
    static const struct {
        uint32_t point;
        uint32_t folded;
        const char *why;
    } cases[] = {
        {0x212a, 'k', "the Kelvin sign"},
        {0x017f, 's', "the long s"},
        {0x212b, 0xe5, "the Angstrom sign"},
        {0x0130, 0x0130, "I with a dot has no simple folding"},
        {0x0131, 0x0131, "the dotless i is nobody's"},
        {0x1e9e, 0xdf, "the capital sharp s"},
        {0x03c2, 0x03c3, "the final sigma"},
        {0x00d7, 0x00d7, "the multiplication sign lies between letters"},
        {0x023a, 0x2c65, "two bytes become three"},
        {0x1e921, 0x1e943, "the last range"},
        {0x1e922, 0x1e922, "one past the last range"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(fold_point(cases[i].point), cases[i].folded, "%s: U+%04X", cases[i].why,
                     fold_point(cases[i].point));
    }
}
