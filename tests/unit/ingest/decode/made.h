/* SPDX-License-Identifier: Apache-2.0 */
/* made — for tests of what makes event trees: an arena, texts as trees, and a look into them. */
#pragma once
#include "ingest/base/json.h"
#include "ingest/base/value.h"
#include <criterion/criterion.h>

#define MADE_BYTES (4u << 20)

static struct arena made;

static inline void made_start(void)
{
    cr_assert(arena_init(&made, MADE_BYTES));
}

static inline void made_end(void)
{
    arena_done(&made);
}

static inline struct value *made_of(const char *json)
{
    struct value *root = NULL;
    struct fault fault = value_parse_json(&made, slice_str(json), &root);
    cr_assert_not(fault_is(fault), "%s: %s", json, fault.reason);
    return root;
}

/* What lies at "a/b/0/c". */
static inline const struct value *made_at(const struct value *value, const char *path)
{
    struct slice rest = slice_str(path);
    while (rest.len != 0 && value != NULL) {
        struct slice step = slice_head(rest, slice_find(rest, '/'));
        rest = slice_from(rest, step.len + 1);
        if (value->kind == VALUE_LIST) {
            const struct value *at = value_first(value);
            for (int i = step.at[0] - '0'; i > 0 && at != NULL; i--) {
                at = at->next;
            }
            value = at;
        } else {
            value = value_get(value, step);
        }
    }
    return value;
}

static inline void made_expect(const struct value *root, const char *path, const char *expected)
{
    struct slice found = value_text(made_at(root, path));
    cr_expect(slice_eq(found, slice_str(expected)), "%s is \"%.*s\", not \"%s\"", path,
              SLICE_ARG(found), expected);
}
