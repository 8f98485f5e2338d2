/* SPDX-License-Identifier: Apache-2.0 */
/* regex_wide — an expression for vectorscan that is found wherever PCRE2 finds the given one. Pure.
 *
 *   on\w{1,30}\s{0,4}=[^>]{2}    ─▶  on\w+\s*=[^>]+     (bounded repeats cost an automaton dearly:
 *                                                        minutes to build, for nothing gained)
 *   (?>a+)b    \p{Lu}x    a{2}{3} ─▶  none: PCRE2 alone looks
 *
 * Finding more is fine, since PCRE2 confirms; finding less is never. So whatever the two libraries
 * might read differently gives none: it is a list of what is known to be the same
 * (tests/unit/rules/regex_wide_test.c compares them).
 */
#pragma once
#include "ingest/base/arena.h"

/* In `arena`; empty when there is none. */
struct slice regex_wide(struct arena *arena, struct slice pattern, bool is_caseless);
