/* SPDX-License-Identifier: Apache-2.0 */
/* fixture — an arena, parts in it, and what of them counts as one readable text. */
#pragma once
#include "ingest/base/id.h"
#include "ingest/fingerprint/ways.h"
#include <criterion/criterion.h>

#define S(literal) SLICE_INIT(literal)

static struct arena arena;
static struct parts parts;
static _Alignas(16) char fixture_room[1 << 20];

static inline void fixture_start(void)
{
    arena_over(&arena, fixture_room, sizeof(fixture_room));
    parts_init(&parts, &arena);
}

/* The leaves that count in `variant`, with '|' between. */
static inline struct slice fixture_counted(unsigned variant)
{
    struct slice joined = SLICE("");
    for (const struct part *at = parts.first; at != NULL; at = at->next) {
        if ((at->counts & variant) != 0 && at->text.len != 0) {
            struct slice pieces[] = {joined, joined.len != 0 ? SLICE("|") : SLICE(""), at->text};
            joined = arena_concat(&arena, pieces, 3);
        }
    }
    return joined;
}

#define EXPECT_COUNTED(variant, expected)                                                          \
    do {                                                                                           \
        struct slice counted = fixture_counted(variant);                                           \
        cr_expect(slice_eq(counted, slice_str(expected)), "%.*s is not %s", SLICE_ARG(counted),    \
                  (const char *)(expected));                                                       \
    } while (0)

/* The tree of `json`, which must be valid. */
static inline const struct value *fixture_tree(const char *json)
{
    struct value *root = NULL;
    cr_assert_not(fault_is(value_parse_json(&arena, slice_str(json), &root)), "%s", json);
    return root;
}
