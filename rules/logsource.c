/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/logsource.h"
#include "ingest/base/hash.h"
#include "ingest/base/must.h"
#include "rules/grow.h"

static bool is_same(const struct logsource *a, const struct logsource *b)
{
    return slice_eq_nocase(a->category, b->category) && slice_eq_nocase(a->product, b->product) &&
           slice_eq_nocase(a->service, b->service);
}

uint32_t logsources_add(struct logsources *all, struct logsource logsource)
{
    for (uint32_t i = 0; i < all->count; i++) {
        if (is_same(&all->at[i], &logsource)) {
            return i;
        }
    }
    struct logsource *at = grow(all->arena, all->at, all->count, &all->room, sizeof(*at));
    if (at == NULL) {
        return UINT32_MAX;
    }
    all->at = at;
    at[all->count] = (struct logsource){arena_copy(all->arena, logsource.category),
                                        arena_copy(all->arena, logsource.product),
                                        arena_copy(all->arena, logsource.service)};
    return all->arena->exhausted ? UINT32_MAX : all->count++;
}

static bool agrees(struct slice rule, struct slice facet, bool is_open)
{
    return rule.len == 0 || (is_open && facet.len == 0) || slice_eq_nocase(rule, facet);
}

static bool needs_init(struct logsource_needs *needs, const struct logsources *all,
                       struct arena *arena)
{
    needs->keys = ARENA_ARRAY(arena, (size_t)all->field_words * 64, uint16_t);
    needs->texts = ARENA_ARRAY(arena, all->field_words, uint64_t);
    needs->scans = ARENA_ARRAY(arena, all->scan_words, uint64_t);
    needs->rules = ARENA_ARRAY(arena, all->rule_words, uint64_t);
    return needs->keys != NULL && needs->texts != NULL && needs->scans != NULL &&
           needs->rules != NULL;
}

static void add_bits(uint64_t *to, const uint64_t *bits, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++) {
        to[i] |= bits[i];
    }
}

uint32_t logsources_category(const struct logsources *all, uint32_t logsource)
{
    MUST(logsource < all->count);
    uint32_t i = 0;
    while (!slice_eq_nocase(all->at[i].category, all->at[logsource].category)) {
        i++;
    }
    return i;
}

bool logsources_prepare(struct logsources *all, uint32_t field_count, uint32_t rule_count,
                        uint32_t scan_count)
{
    MUST(all->needs == NULL);
    all->field_words = field_count / 64 + 1;
    all->scan_words = scan_count / 64 + 1;
    all->rule_words = rule_count / 64 + 1;
    all->needs = ARENA_ARRAY(all->arena, all->count + 1u, struct logsource_needs);
    bool well = all->needs != NULL;
    for (uint32_t i = 0; i < all->count && well; i++) {
        well = needs_init(&all->needs[i], all, all->arena);
    }
    return well;
}

bool logsource_applies(const struct logsource *rule, const struct subject *subject)
{
    if (subject->any_logsource) {
        return true;
    }
    MUST(subject->facet_count <= FACETS_MAX);
    for (uint32_t i = 0; i < subject->facet_count; i++) {
        const struct logsource *facet = &subject->facets[i];
        if (agrees(rule->category, facet->category, subject->is_open) &&
            agrees(rule->product, facet->product, subject->is_open) &&
            agrees(rule->service, facet->service, subject->is_open)) {
            return true;
        }
    }
    return false;
}

static bool entry_init(struct logsource_entry *entry, const struct logsources *all,
                       struct arena *arena)
{
    entry->allowed = ARENA_ARRAY(arena, all->count + 1u, bool);
    return entry->allowed != NULL && needs_init(&entry->needs, all, arena);
}

bool logsource_cache_init(struct logsource_cache *cache, const struct logsources *all,
                          struct arena *arena)
{
    MUST(all->needs != NULL);
    *cache = (struct logsource_cache){0};
    bool well = entry_init(&cache->unkept, all, arena);
    for (uint32_t i = 0; i < LOGSOURCE_CACHE_SIZE && well; i++) {
        well = entry_init(&cache->entries[i], all, arena);
    }
    return well;
}

/* Appends a text and a byte that no text has; false when it does not fit. */
static bool put(char key[static LOGSOURCE_CACHE_KEY_BYTES], uint32_t *used, struct slice text)
{
    if (text.len + 1 > LOGSOURCE_CACHE_KEY_BYTES - *used) {
        return false;
    }
    if (text.len != 0) {
        memcpy(key + *used, text.at, text.len);
    }
    *used += (uint32_t)text.len;
    key[(*used)++] = '\xff';
    return true;
}

/* The facets spelt out; 0 when they are too long to remember. */
static uint32_t spell(const struct subject *subject, char key[static LOGSOURCE_CACHE_KEY_BYTES])
{
    uint32_t used = 0;
    key[used++] = (char)('0' + subject->is_open * 2 + subject->any_logsource);
    for (uint32_t i = 0; i < subject->facet_count; i++) {
        const struct logsource *facet = &subject->facets[i];
        if (!put(key, &used, facet->category) || !put(key, &used, facet->product) ||
            !put(key, &used, facet->service)) {
            return 0;
        }
    }
    return used;
}

static void work_out(const struct logsources *all, const struct subject *subject,
                     struct logsource_entry *entry)
{
    memset(entry->needs.keys, 0, all->field_words * 64 * sizeof(uint16_t));
    memset(entry->needs.texts, 0, all->field_words * sizeof(uint64_t));
    memset(entry->needs.scans, 0, all->scan_words * sizeof(uint64_t));
    memset(entry->needs.rules, 0, all->rule_words * sizeof(uint64_t));
    for (uint32_t i = 0; i < all->count; i++) {
        entry->allowed[i] = logsource_applies(&all->at[i], subject);
        if (entry->allowed[i]) {
            for (uint32_t field = 0; field < all->field_words * 64; field++) {
                entry->needs.keys[field] |= all->needs[i].keys[field];
            }
            add_bits(entry->needs.texts, all->needs[i].texts, all->field_words);
            add_bits(entry->needs.scans, all->needs[i].scans, all->scan_words);
            add_bits(entry->needs.rules, all->needs[i].rules, all->rule_words);
        }
    }
}

const struct logsource_entry *logsource_cache_get(struct logsource_cache *cache,
                                                  const struct logsources *all,
                                                  const struct subject *subject)
{
    char key[LOGSOURCE_CACHE_KEY_BYTES];
    uint32_t key_bytes = spell(subject, key);
    if (key_bytes == 0) {
        work_out(all, subject, &cache->unkept);
        return &cache->unkept;
    }
    uint64_t hash = hash_fnv1a(HASH_FNV1A_START, slice_of(key, key_bytes));
    struct logsource_entry *entry = &cache->entries[hash % LOGSOURCE_CACHE_SIZE];
    if (entry->key_bytes != key_bytes || memcmp(entry->key, key, key_bytes) != 0) {
        work_out(all, subject, entry);
        memcpy(entry->key, key, key_bytes);
        entry->key_bytes = key_bytes;
    }
    return entry;
}
