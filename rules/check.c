/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/check.h"
#include "ingest/base/must.h"

static const char *plural(uint32_t count)
{
    return count == 1 ? "" : "s";
}

static void put_problem(const struct problem *problem, struct buffer *out)
{
    buffer_add(out, problem->file);
    if (problem->line != 0) {
        buffer_printf(out, ":%u:%u", problem->line, problem->column);
    }
    buffer_printf(out, ": %s", problem->is_warning ? "warning: " : "");
    buffer_add(out, problem->message);
    buffer_byte(out, '\n');
}

int rules_check_text(const struct ruleset *set, const struct problems *problems, struct buffer *out)
{
    MUST(problems->kept <= problems->errors + problems->warnings);
    for (const struct problem *at = problems->first; at != NULL; at = at->next) {
        put_problem(at, out);
    }
    uint32_t rules = set != NULL ? ruleset_count(set) : 0;
    buffer_printf(out, "%u rule%s, %u error%s, %u warning%s\n", rules, plural(rules),
                  problems->errors, plural(problems->errors), problems->warnings,
                  plural(problems->warnings));
    return problems->errors != 0 || set == NULL ? 1 : 0;
}
