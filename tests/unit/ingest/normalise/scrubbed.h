/* SPDX-License-Identifier: Apache-2.0 */
/* scrubbed — the default rules, and one text or document scrubbed by them. */
#pragma once
#include "ingest/base/json.h"
#include "ingest/normalise/scrub_tree.h"
#include "tests/unit/ingest/normalise/fixture.h"

static inline const struct scrub_rules *scrubbed_rules(void)
{
    const struct scrub_rules *rules = scrub_rules_new(&arena, NULL);
    cr_assert_not_null(rules);
    return rules;
}

/* The text as it is afterwards: itself when nothing is secret. */
static inline struct slice scrubbed_text(const struct scrub_rules *rules, const char *text,
                                         enum scrub_depth depth)
{
    struct scrub_rewrite rewrite;
    bool is_new = scrub_text(&arena, rules, slice_str(text), depth, &rewrite);
    return is_new ? rewrite.text : slice_str(text);
}

struct scrubbed_row {
    const char *before;
    const char *after; /* NULL: the same */
};

static inline void scrubbed_rows(const struct scrubbed_row *rows, size_t count,
                                 enum scrub_depth depth)
{
    const struct scrub_rules *rules = scrubbed_rules();
    for (size_t i = 0; i < count; i++) {
        const char *after = rows[i].after != NULL ? rows[i].after : rows[i].before;
        struct slice got = scrubbed_text(rules, rows[i].before, depth);
        cr_expect(slice_eq(got, slice_str(after)), "%s\n  became %.*s\n  not    %s", rows[i].before,
                  SLICE_ARG(got), after);
    }
}

#define EXPECT_ROWS(rows, depth) scrubbed_rows(rows, sizeof(rows) / sizeof((rows)[0]), depth)

static inline struct slice scrubbed_json(const struct value *root)
{
    static char room[1 << 19];
    struct buffer buffer;
    struct json json;
    buffer_over(&buffer, room, sizeof(room));
    json_init(&json, &buffer);
    json_value(&json, root);
    return arena_copy(&arena, buffer_slice(&buffer));
}
