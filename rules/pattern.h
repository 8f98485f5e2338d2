/* SPDX-License-Identifier: Apache-2.0 */
/* pattern — Sigma's strings: text, `*` (any run), `?` (one character), and the dashes of `windash`.
 *
 *   C:\Win\*\x     one part:     text `C:\Win*\x`      (`\*` is a plain star)
 *   *\\cmd?.exe    four parts:   *  `\cmd`  ?  `.exe`  (`\\` is one backslash)
 *
 * A backslash escapes only `*`, `?` and itself; before anything else it is a plain backslash.
 * `windash` turns a dash or slash that starts an option into a class of five characters: one part,
 * where writing out the combinations would be 5^n strings.
 */
#pragma once
#include "ingest/base/arena.h"
#include <stdint.h>

enum part_kind { PART_TEXT, PART_ANY, PART_ONE, PART_DASH };

struct part {
    enum part_kind kind;
    struct slice text; /* of a PART_TEXT, never empty */
};

struct pattern {
    struct part *parts;
    uint32_t count;
};

/* Reads a string as written in a rule. Parts live in `arena` (see arena->exhausted). */
struct pattern pattern_parse(struct arena *arena, struct slice written);

/* One text part, or none when it is empty; nothing in it is special. */
struct pattern pattern_literal(struct arena *arena, struct slice text);

/* With a PART_ANY at the start and/or end where there is none yet. */
struct pattern pattern_open(struct arena *arena, struct pattern pattern, bool start, bool end);

/* The dashes and slashes that stand after no word character and before one become PART_DASH. */
struct pattern pattern_windash(struct arena *arena, struct pattern pattern);

/* The same pattern with its texts folded. */
struct pattern pattern_fold(struct arena *arena, struct pattern pattern);

/* Whether it has no part but text; `out` is then all of its text. */
bool pattern_is_literal(struct pattern pattern, struct slice *out);

/* Whether all of `text` matches. */
bool pattern_match(struct pattern pattern, struct slice text);

/* The longest text any match must contain; empty when there is none. */
struct slice pattern_needle(struct pattern pattern);
