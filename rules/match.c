/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "rules/bits.h"
#include "rules/candidates.h"
#include <stdatomic.h>

/* Only the scratch's own thread writes its counters: no locked instruction is needed. */
static void count(_Atomic uint64_t *counter, uint64_t more)
{
    uint64_t before = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, before + more, memory_order_relaxed);
}

static bool holds(struct rules_scratch *s, uint32_t atom)
{
    if (!bit_is_set(s->known, atom)) {
        scratch_touch(s, atom);
        set_bit(s->known, atom);
        if (atom_holds(&s->set->atoms.at[atom], &s->fields, &s->atoms)) {
            set_bit(s->truth, atom);
        }
    }
    return bit_is_set(s->truth, atom);
}

static bool rule_holds(struct rules_scratch *s, uint32_t rule)
{
    const struct program *program = &s->set->rules[rule].program;
    uint64_t limits = s->atoms.regex_limits;
    uint32_t at = program->start;
    while (at < PROGRAM_REJECT) {
        const struct step *step = &program->steps[at];
        at = holds(s, step->atom) ? step->yes : step->no;
    }
    if (!s->is_oracle) {
        count(&s->counts[rule].candidate, 1);
        count(&s->counts[rule].matched, at == PROGRAM_ACCEPT);
        count(&s->counts[rule].errors, limits != s->atoms.regex_limits);
        count(&s->errors.candidates, 1);
    }
    return at == PROGRAM_ACCEPT;
}

static bool rule_holds_timed(struct rules_scratch *s, uint32_t rule)
{
    uint64_t start_ns = s->now_ns();
    bool truth = rule_holds(s, rule);
    count(&s->counts[rule].timed_ns, s->now_ns() - start_ns);
    count(&s->counts[rule].timed, 1);
    return truth;
}

struct answer {
    uint32_t *indexes;
    uint32_t count;
    uint32_t max;
    bool was_cut;
};

static void try_rule(struct rules_scratch *s, uint32_t rule, struct answer *answer)
{
    if (!(s->is_timed ? rule_holds_timed(s, rule) : rule_holds(s, rule))) {
        return;
    }
    if (answer->count == answer->max) {
        answer->was_cut = true;
        return;
    }
    answer->indexes[answer->count++] = rule;
}

static void start(struct rules_scratch *s, const struct ruleset *set, const struct subject *subject)
{
    MUST(s->set == set && subject->arena != NULL);
    if (!s->is_oracle) {
        uint64_t events = atomic_load_explicit(&s->errors.events, memory_order_relaxed);
        s->is_timed = s->now_ns != NULL && events % s->time_every == 0;
        count(&s->errors.events, 1);
    }
    s->source = logsource_cache_get(&s->logsources, &set->logsources, subject);
    s->fields.skips_keywords = !bit_is_set(s->source->needs.texts, FIELD_KEYWORDS);
    fields_reset(&s->fields);
    fields_fill(&set->names, &s->fields, subject);
    for (uint32_t i = 0; i < s->fields.present_count; i++) {
        atomic_store_explicit(&s->seen[s->fields.present[i]], true, memory_order_relaxed);
    }
}

static uint32_t finish(struct rules_scratch *s, const struct answer *answer)
{
    if (!s->is_oracle) {
        count(&s->errors.memory, s->fields.arena->exhausted);
        count(&s->errors.matches_cut, answer->was_cut);
    }
    atomic_store_explicit(&s->errors.regex_limits, s->atoms.regex_limits, memory_order_relaxed);
    return answer->count;
}

uint32_t rules_match(const struct ruleset *set, struct rules_scratch *scratch,
                     const struct subject *subject, uint32_t *indexes, uint32_t max)
{
    struct answer answer = {.indexes = indexes, .max = max};
    start(scratch, set, subject);
    candidates_find(scratch);
    for (uint32_t word = 0; word <= set->count / 64; word++) {
        uint64_t bits = scratch->candidates[word] & scratch->source->needs.rules[word];
        while (bits != 0) {
            try_rule(scratch, word * 64 + (uint32_t)__builtin_ctzll(bits), &answer);
            bits &= bits - 1;
        }
    }
    return finish(scratch, &answer);
}

uint32_t rules_match_full(const struct ruleset *set, struct rules_scratch *scratch,
                          const struct subject *subject, uint32_t *indexes, uint32_t max)
{
    struct answer answer = {.indexes = indexes, .max = max};
    start(scratch, set, subject);
    scratch->touched_count = SCRATCH_TOUCHED_MAX + 1;
    size_t bytes = (set->atoms.count / 64 + 1u) * sizeof(uint64_t);
    memset(scratch->known, 0, bytes);
    memset(scratch->truth, 0, bytes);
    for (uint32_t rule = 0; rule < set->count; rule++) {
        if (bit_is_set(scratch->source->needs.rules, rule)) {
            try_rule(scratch, rule, &answer);
        }
    }
    return finish(scratch, &answer);
}

uint32_t rules_match_checked(const struct ruleset *set, struct rules_scratch *scratch,
                             const struct subject *subject, uint32_t *indexes, uint32_t max,
                             bool *agrees)
{
    uint32_t room = max < set->count ? max : set->count;
    scratch->is_oracle = true;
    scratch->is_timed = false;
    uint32_t wanted = rules_match_full(set, scratch, subject, scratch->other, room);
    scratch->is_oracle = false;
    uint32_t found = rules_match(set, scratch, subject, indexes, max);
    *agrees = wanted == found && memcmp(indexes, scratch->other, found * sizeof(*indexes)) == 0;
    count(&scratch->errors.checked, 1);
    count(&scratch->errors.differences, !*agrees);
    return found;
}
