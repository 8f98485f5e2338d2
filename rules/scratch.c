/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "rules/ruleset.h"
#include <stdatomic.h>
#include <stdlib.h>

/* What one thread's tables take: bits, counters and remembered logsources; rounded up well. */
static size_t bytes_for(const struct ruleset *set)
{
    size_t bits = ((size_t)set->atoms.count / 64 + 2) * 16 + ((size_t)set->count / 64 + 2) * 8;
    size_t fields = (size_t)set->names.count * (sizeof(struct field_slot) + sizeof(uint32_t) + 1);
    size_t counts = (size_t)set->count * (sizeof(struct rule_counts) + sizeof(uint32_t));
    size_t source = set->logsources.count + 64 +
                    (size_t)set->logsources.field_words * (8 + 64 * sizeof(uint16_t)) +
                    (size_t)(set->logsources.rule_words + set->logsources.scan_words) * 8;
    size_t logsources = source * (LOGSOURCE_CACHE_SIZE + 1);
    return bits + fields + counts + logsources + 65536;
}

/* Sized for every database of the set. */
static bool scan_init(struct rules_scratch *s)
{
    for (uint32_t i = 0; i < s->set->index.database_count; i++) {
        const hs_database_t *database = s->set->index.databases[i].database;
        if (database != NULL && hs_alloc_scratch(database, &s->scan) != HS_SUCCESS) {
            return false;
        }
    }
    return true;
}

static bool fill(struct rules_scratch *s)
{
    const struct ruleset *set = s->set;
    struct arena *arena = &s->arena;
    s->fields.slots = ARENA_ARRAY(arena, set->names.count, struct field_slot);
    s->fields.present = ARENA_ARRAY(arena, set->names.count, uint32_t);
    s->known = ARENA_ARRAY(arena, set->atoms.count / 64 + 1u, uint64_t);
    s->truth = ARENA_ARRAY(arena, set->atoms.count / 64 + 1u, uint64_t);
    s->candidates = ARENA_ARRAY(arena, set->count / 64 + 1u, uint64_t);
    s->counts = ARENA_ARRAY(arena, set->count + 1u, struct rule_counts);
    s->other = ARENA_ARRAY(arena, set->count + 1u, uint32_t);
    s->seen = ARENA_ARRAY(arena, set->names.count, _Atomic bool);
    s->atoms.regex = regex_scratch_new();
    return logsource_cache_init(&s->logsources, &set->logsources, arena) && !arena->exhausted &&
           s->atoms.regex != NULL && scan_init(s);
}

struct rules_scratch *rules_scratch_new(const struct ruleset *set)
{
    MUST(set != NULL);
    struct rules_scratch *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        return NULL;
    }
    s->set = set;
    s->touched_count = SCRATCH_TOUCHED_MAX + 1;
    if (!arena_init(&s->arena, bytes_for(set)) || !fill(s)) {
        rules_scratch_free(s);
        return NULL;
    }
    return s;
}

void rules_scratch_free(struct rules_scratch *scratch)
{
    if (scratch != NULL) {
        (void)hs_free_scratch(scratch->scan); /* NULL is fine; it has no other failure here */
        regex_scratch_free(scratch->atoms.regex);
        arena_done(&scratch->arena);
        free(scratch);
    }
}

const struct rules_errors *rules_errors(const struct rules_scratch *scratch)
{
    return &scratch->errors;
}

const struct rule_counts *rules_counts(const struct rules_scratch *scratch, uint32_t index)
{
    MUST(index < scratch->set->count);
    return &scratch->counts[index];
}

void rules_time(struct rules_scratch *scratch, uint64_t (*now_ns)(void), uint32_t every)
{
    MUST(now_ns != NULL && every != 0);
    scratch->now_ns = now_ns;
    scratch->time_every = every;
}

bool rules_has_seen(const struct rules_scratch *scratch, uint32_t field)
{
    MUST(field < scratch->set->names.count);
    return atomic_load_explicit(&scratch->seen[field], memory_order_relaxed);
}
