/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/difference.h"
#include "ingest/base/must.h"
#include "rules/ruleset.h"

struct comparison {
    void (*tell)(void *context, enum rule_change change, const struct rule_info *info);
    void *context;
    struct rules_difference found;
};

static void note(struct comparison *c, enum rule_change change, const struct rule_info *info)
{
    MUST(change <= RULE_CHANGED);
    uint32_t *const counts[] = {&c->found.added, &c->found.removed, &c->found.changed};
    (*counts[change])++;
    if (c->tell != NULL) {
        c->tell(c->context, change, info);
    }
}

/* What is compared of a rule or correlation. */
struct written {
    const struct rule_info *info; /* NULL: there is none */
    uint64_t digest;
};

/* Rules first, then correlations. */
static struct written written_at(const struct ruleset *set, uint32_t place)
{
    if (set == NULL || place >= set->count + set->correlation_count) {
        return (struct written){NULL, 0};
    }
    if (place < set->count) {
        return (struct written){&set->rules[place].info, set->rules[place].digest};
    }
    const struct correlation *correlation = &set->correlations[place - set->count];
    return (struct written){&correlation->info, correlation->written};
}

/* The one of the same id; most often it has the same place, or nearly. */
static struct written same(const struct ruleset *set, struct slice id, uint32_t near)
{
    struct written found = written_at(set, near);
    for (uint32_t i = 0; found.info == NULL || !slice_eq(found.info->id, id); i++) {
        found = written_at(set, i);
        if (found.info == NULL) {
            break;
        }
    }
    return found;
}

struct rules_difference rules_compare(const struct ruleset *before, const struct ruleset *after,
                                      void (*tell)(void *context, enum rule_change change,
                                                   const struct rule_info *info),
                                      void *context)
{
    struct comparison c = {.tell = tell, .context = context};
    struct written at = written_at(after, 0);
    for (uint32_t i = 0; at.info != NULL; at = written_at(after, ++i)) {
        struct written old = same(before, at.info->id, i);
        if (old.info == NULL) {
            note(&c, RULE_ADDED, at.info);
        } else if (old.digest != at.digest) {
            note(&c, RULE_CHANGED, at.info);
        }
    }
    at = written_at(before, 0);
    for (uint32_t i = 0; at.info != NULL; at = written_at(before, ++i)) {
        if (same(after, at.info->id, i).info == NULL) {
            note(&c, RULE_REMOVED, at.info);
        }
    }
    return c.found;
}
