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

/* The rule of the same id; most often it has the same index, or nearly. */
static const struct rule *same(const struct ruleset *set, const struct rule *rule, uint32_t near)
{
    if (set == NULL) {
        return NULL;
    }
    if (near < set->count && slice_eq(set->rules[near].info.id, rule->info.id)) {
        return &set->rules[near];
    }
    for (uint32_t i = 0; i < set->count; i++) {
        if (slice_eq(set->rules[i].info.id, rule->info.id)) {
            return &set->rules[i];
        }
    }
    return NULL;
}

struct rules_difference rules_compare(const struct ruleset *before, const struct ruleset *after,
                                      void (*tell)(void *context, enum rule_change change,
                                                   const struct rule_info *info),
                                      void *context)
{
    struct comparison c = {.tell = tell, .context = context};
    for (uint32_t i = 0; after != NULL && i < after->count; i++) {
        const struct rule *rule = &after->rules[i];
        const struct rule *old = same(before, rule, i);
        if (old == NULL) {
            note(&c, RULE_ADDED, &rule->info);
        } else if (old->digest != rule->digest) {
            note(&c, RULE_CHANGED, &rule->info);
        }
    }
    for (uint32_t i = 0; before != NULL && i < before->count; i++) {
        if (same(after, &before->rules[i], i) == NULL) {
            note(&c, RULE_REMOVED, &before->rules[i].info);
        }
    }
    return c.found;
}
