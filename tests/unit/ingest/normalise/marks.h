/* SPDX-License-Identifier: Apache-2.0 */
/* marks — tables of single frames and what the stack rules say of them. */
#pragma once
#include "ingest/normalise/stack_rule.h"
#include "tests/unit/ingest/normalise/fixture.h"

struct marks_row {
    const char *platform;
    struct frame frame;
    enum category category;
    unsigned actions;
};

static inline void marks_check(const struct marks_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct event event = {.platform = slice_str(rows[i].platform)};
        struct stack_mark mark = stack_rule_mark(&event, &rows[i].frame);
        cr_expect_eq(mark.category, rows[i].category, "row %zu: category %d", i, mark.category);
        cr_expect_eq(mark.actions, rows[i].actions, "row %zu: actions 0x%x", i, mark.actions);
    }
}

#define MARKS_CHECK(rows) marks_check(rows, sizeof(rows) / sizeof((rows)[0]))
