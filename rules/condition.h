/* SPDX-License-Identifier: Apache-2.0 */
/* condition — reads a rule's `condition` into a tree over its search identifiers.
 *
 *   expression = and ("or" and)*        and = not ("and" not)*        not = "not" not | operand
 *   operand    = "(" expression ")" | ("1" | "any" | "all") "of" ("them" | pattern) | identifier
 *
 * Names that begin with `_` are left out of `them` and of patterns that do not begin with `_`.
 * Stricter than the reference where that one loses text: a selector that matches nothing, `a and
 * not`, and a name that is not there are errors; so is the old pipe, which correlations replaced.
 * `and`, `or`, `not` inside an unbroken word are letters (`android`, `nothing`).
 */
#pragma once
#include "ingest/base/arena.h"
#include <stdint.h>

enum condition_kind {
    CONDITION_AND,
    CONDITION_OR,
    CONDITION_NOT,
    CONDITION_NAME,
    CONDITION_ANY, /* 1 of: children are names */
    CONDITION_ALL  /* all of: children are names */
};

struct condition {
    enum condition_kind kind;
    uint32_t name;     /* CONDITION_NAME: index into the names given */
    struct slice text; /* ANY, ALL: the pattern as written */
    struct condition *first;
    struct condition *next; /* sibling */
};

struct condition_error {
    size_t offset;      /* into the text */
    const char *reason; /* literal; says the way out where one is known */
    struct slice word;  /* what it is about; may be empty */
};

/* Gives the tree in `arena`; NULL fills `error`. Borrows text and names. Limits:
 * CONDITION_BYTES_MAX, CONDITION_DEPTH_MAX. */
struct condition *condition_parse(struct arena *arena, struct slice text, const struct slice *names,
                                  uint32_t name_count, struct condition_error *error);

/* Whether `name` matches a selector's pattern (`*` anywhere, underscore rule applied). */
bool condition_selects(struct slice pattern, struct slice name);
