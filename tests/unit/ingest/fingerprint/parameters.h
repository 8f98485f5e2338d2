/* SPDX-License-Identifier: Apache-2.0 */
/* parameters — tables of texts and what parameterise makes of them. */
#pragma once
#include "ingest/fingerprint/parameterise.h"
#include <criterion/criterion.h>
#include <stdio.h>

struct parameters_row {
    const char *text;
    const char *plain; /* NULL: the same */
};

static inline void parameters_check_one(const char *before, const struct parameters_row *row,
                                        const char *after)
{
    static _Alignas(16) char room[1 << 16];
    char text[1024];
    char expected[1024];
    struct arena arena;
    arena_over(&arena, room, sizeof(room));
    snprintf(text, sizeof(text), "%s%s%s", before, row->text, after);
    snprintf(expected, sizeof(expected), "%s%s%s", before,
             row->plain != NULL ? row->plain : row->text, after);
    struct slice plain = parameterise(&arena, slice_str(text));
    cr_expect(slice_eq(plain, slice_str(expected)), "%s\n  is   %.*s\n  not  %s", text,
              SLICE_ARG(plain), expected);
}

/* Each row alone and between words: what stands around a value does not change it. */
static inline void parameters_check(const struct parameters_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        parameters_check_one("", &rows[i], "");
        parameters_check_one("before ", &rows[i], "");
        parameters_check_one("", &rows[i], " after");
        parameters_check_one("before ", &rows[i], " after");
    }
}
