/* SPDX-License-Identifier: Apache-2.0 */
/* match_lines — the core of `tocsin rules match`: events in, one a line; matches out, one line
 * each.
 *
 *   {"EventID":4688,…}   ─▶   {"line":1,"matches":["<id>",…]}      ids sorted by their bytes
 *   not JSON             ─▶   {"line":2,"error":"json: not valid JSON here","offset":17}
 *
 * Empty lines are counted and skipped. Pure: the caller reads and writes.
 */
#pragma once
#include "ingest/base/buffer.h"
#include "rules/rule_test.h"

struct match_lines; /* one thread */

/* `set` must outlive it. NULL without memory. */
struct match_lines *match_lines_new(const struct ruleset *set, bool any_logsource);
void match_lines_free(struct match_lines *lines); /* NULL is fine */

/* From now on lines are events of SDKs, which `decode` (see rules/rule_test.h) makes of JSON. */
void match_lines_decode(struct match_lines *lines, rule_test_decode *decode, void *context);

/* Takes one line without its newline and appends its answer, newline included. False when the line
 * was no event (its answer says why). */
bool match_lines_add(struct match_lines *lines, struct slice line, struct buffer *out);

/* The scratch it matches with, for its counters. */
const struct rules_scratch *match_lines_scratch(const struct match_lines *lines);
