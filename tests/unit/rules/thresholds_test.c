/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/thresholds.h"
#include "tests/unit/rules/fixture.h"
#include <math.h>

static bool holds(enum compare how, double a, double b)
{
    switch (how) {
    case COMPARE_EQ:
        return a == b;
    case COMPARE_LT:
        return a < b;
    case COMPARE_LTE:
        return a <= b;
    case COMPARE_GT:
        return a > b;
    case COMPARE_GTE:
        return a >= b;
    }
    return false;
}

Test(thresholds, a_value_passes_what_each_comparison_says_by_itself)
{
    static const double numbers[] = {-5,    -0.5,  0, 0.5, 1, 1, 7, 1e15, 9007199254740992.0,
                                     1e300, -1e300};
    static const double values[] = {-6,
                                    -5,
                                    -0.5,
                                    -0.0,
                                    0,
                                    0.25,
                                    0.5,
                                    1,
                                    2,
                                    7,
                                    8,
                                    9007199254740991.0,
                                    9007199254740992.0,
                                    9007199254740994.0,
                                    1e300,
                                    2e300,
                                    -1e300,
                                    -2e300};
    struct fixture *f = fixture_new();
    struct atoms atoms = {.arena = &f->arena};
    for (unsigned how = 0; how < COMPARES; how++) {
        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
            struct atom proto = {.op = ATOM_COMPARE, .field = 1 + how % 2, .number = numbers[i]};
            proto.compare = (enum compare)how;
            proto.text = arena_printf(&f->arena, "%zu", i); /* equal numbers as written apart */
            cr_assert_neq(atoms_add(&atoms, &proto), ATOM_NONE);
        }
    }
    for (uint32_t field = 1; field <= 2; field++) {
        const struct thresholds *all = thresholds_new(&f->arena, &atoms, field);
        cr_assert_not_null(all);
        for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
            uint64_t passed[2] = {0};
            for (unsigned how = 0; how < COMPARES; how++) {
                uint32_t at = 0;
                uint32_t end = 0;
                thresholds_passed(all, (enum compare)how, values[v], &at, &end);
                for (; at < end; at++) {
                    passed[all->at[at].atom / 64] |= UINT64_C(1) << all->at[at].atom % 64;
                }
            }
            for (uint32_t i = 0; i < atoms.count; i++) {
                const struct atom *atom = &atoms.at[i];
                bool wanted = atom->field == field && holds(atom->compare, values[v], atom->number);
                cr_expect_eq((passed[i / 64] >> i % 64 & 1) != 0, wanted, "%g %u %g", values[v],
                             (unsigned)atom->compare, atom->number);
            }
        }
    }
    cr_expect_null(thresholds_new(&f->arena, &atoms, 3));
    fixture_free(f);
}

Test(thresholds, rules_of_numbers_agree_with_the_oracle_at_the_borders)
{
    struct fixture *f = fixture_new();
    fixture_text(f, "title: a\nlogsource: {category: c}\n"
                    "detection: {s: {a|gte: 5, a|lt: 10}, condition: s}\n---\n"
                    "title: b\nlogsource: {category: c}\n"
                    "detection: {s: {a|gt: -1.5}, t: {a|lte: 5}, condition: s and not t}\n---\n"
                    "title: c\nlogsource: {category: c}\n"
                    "detection: {s: {a|gt: 9007199254740992}, condition: s}\n");
    static const struct {
        const char *event;
        uint32_t count;
    } cases[] = {
        {"{\"a\": 5}", 1},
        {"{\"a\": 4.999999}", 0},
        {"{\"a\": \"5.5\"}", 2},
        {"{\"a\": 10}", 1},
        {"{\"a\": 9.999}", 2},
        {"{\"a\": -1.5}", 0},
        {"{\"a\": -1}", 0},
        {"{\"a\": \"x\"}", 0},
        {"{\"a\": \"\"}", 0},
        {"{\"a\": [4, 7]}", 1},
        {"{\"a\": \"5 \"}", 0},
        {"{\"a\": null}", 0},
        {"{\"b\": 7}", 0},
        {"{\"a\": 1e1}", 1},
        {"{\"a\": 9007199254740994}", 2},
        {"{\"a\": true}", 0},
        {"{\"a\": 9007199254740992}", 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)fixture_holds(f, cases[i].event);
        cr_expect_eq(f->count, cases[i].count, "%s: %u", cases[i].event, f->count);
    }
    fixture_free(f);
}
