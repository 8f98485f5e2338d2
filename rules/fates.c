/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/fates.h"
#include "ingest/base/must.h"
#include "rules/correlation.h"
#include <stdatomic.h>
#include <stdlib.h>

struct counters {
    atomic_uint_fast64_t of[RULE_FATE_COUNT];
};

struct rule_fates {
    const struct ruleset *set;
    uint32_t rules;
    uint32_t count;
    struct counters counters[];
};

struct rule_fates *rule_fates_new(const struct ruleset *set)
{
    MUST(set != NULL);
    uint32_t rules = ruleset_count(set);
    uint32_t count = rules + ruleset_correlation_count(set);
    struct rule_fates *fates =
        calloc(1, sizeof(*fates) + (size_t)count * sizeof(fates->counters[0]));
    if (fates != NULL) {
        fates->set = set;
        fates->rules = rules;
        fates->count = count;
    }
    return fates;
}

void rule_fates_free(struct rule_fates *fates)
{
    free(fates);
}

uint32_t rule_fates_count(const struct rule_fates *fates)
{
    MUST(fates != NULL);
    return fates->count;
}

uint32_t rule_fates_find(const struct rule_fates *fates, struct slice id)
{
    MUST(fates != NULL);
    uint32_t rule = ruleset_find(fates->set, id);
    if (rule < fates->rules) {
        return rule;
    }
    return fates->rules + ruleset_correlation_find(fates->set, id);
}

void rule_fates_add(struct rule_fates *fates, uint32_t place, enum rule_fate fate, uint64_t count)
{
    MUST(fate < RULE_FATE_COUNT);
    if (fates != NULL && place < fates->count) {
        atomic_fetch_add_explicit(&fates->counters[place].of[fate], count, memory_order_relaxed);
    }
}

uint64_t rule_fates_get(const struct rule_fates *fates, uint32_t place, enum rule_fate fate)
{
    MUST(place < fates->count && fate < RULE_FATE_COUNT);
    return atomic_load_explicit(&fates->counters[place].of[fate], memory_order_relaxed);
}

const struct rule_info *rule_fates_info(const struct rule_fates *fates, uint32_t place)
{
    MUST(place < fates->count);
    return place < fates->rules ? ruleset_rule(fates->set, place)
                                : &ruleset_correlation(fates->set, place - fates->rules)->info;
}
