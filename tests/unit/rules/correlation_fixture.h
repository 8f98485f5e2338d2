/* SPDX-License-Identifier: Apache-2.0 */
/* correlation_fixture — what loading one correlation says. */
#pragma once
#include "tests/unit/rules/replay_fixture.h"

struct load_case {
    const char *correlation; /* the members of `correlation`, YAML flow */
    const char *said;        /* in the first problem; "": none */
};

static inline void load_check(const struct load_case *cases, size_t count)
{
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < count; i++) {
        struct slice yaml = arena_printf(&f->arena, REPLAY_ONE("%s"), cases[i].correlation);
        problems_init(&f->problems, &f->arena);
        fixture_text(f, arena_str(&f->arena, yaml));
        bool is_well = cases[i].said[0] == '\0';
        cr_expect_eq(f->problems.errors + f->problems.warnings == 0, is_well, "%s: %s",
                     cases[i].correlation, fixture_problem(f));
        cr_expect(strstr(fixture_problem(f), cases[i].said) != NULL, "%s: %s, not %s",
                  cases[i].correlation, fixture_problem(f), cases[i].said);
        cr_expect_eq(ruleset_correlation_count(f->set), f->problems.errors == 0);
        cr_expect_eq(ruleset_count(f->set), 4);
    }
    fixture_free(f);
}
