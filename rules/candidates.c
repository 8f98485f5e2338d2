/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/candidates.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/utf8.h"
#include "rules/bits.h"

static void propose(struct rules_scratch *s, struct posting rules)
{
    const uint32_t *at = s->set->index.postings + rules.from;
    for (uint32_t i = 0; i < rules.count; i++) {
        set_bit(s->candidates, at[i]);
    }
}

/* The atoms under one key that the value really satisfies. */
static void look_up(struct rules_scratch *s, uint64_t hash, const struct field_value *value)
{
    const struct index *index = &s->set->index;
    if (!index_may_have(index, hash)) {
        return;
    }
    for (uint32_t i = index_find(index, hash); i != 0; i = index->entries[i - 1].next) {
        const struct key_entry *entry = &index->entries[i - 1];
        struct slice text = entry->is_cased ? value->raw : value->folded;
        bool is_hit = entry->op == ATOM_EXACT    ? slice_eq(text, entry->text)
                      : entry->op == ATOM_PREFIX ? slice_starts(text, entry->text)
                                                 : slice_ends(text, entry->text);
        if (is_hit && !bit_is_set(s->truth, entry->atom)) {
            set_bit(s->truth, entry->atom);
            propose(s, index->atom_rules[entry->atom]);
        }
    }
}

static void look_up_value(struct rules_scratch *s, uint32_t field, const struct field_value *value)
{
    const struct field_index *at = &s->set->index.fields[field];
    struct slice text = value->folded;
    if (at->has_exact) {
        look_up(s, index_key(field, KEY_EXACT, text), value);
    }
    for (unsigned bit = 0; bit < 4; bit++) {
        size_t size = (size_t)1 << bit;
        if (text.len < size) {
            return;
        }
        if ((at->prefix_sizes >> bit & 1) != 0) {
            look_up(s, index_key(field, KEY_PREFIX, slice_head(text, size)), value);
        }
        if ((at->suffix_sizes >> bit & 1) != 0) {
            look_up(s, index_key(field, KEY_SUFFIX, slice_from(text, text.len - size)), value);
        }
    }
}

struct hit_context {
    struct rules_scratch *scratch;
    const struct literals *literals;
};

static int on_hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                  void *context)
{
    (void)from;
    (void)to;
    (void)flags;
    struct hit_context *hit = context;
    const struct literal *literal = &hit->literals->at[id];
    if (literal->atom != ATOM_NONE) {
        set_bit(hit->scratch->truth, literal->atom);
    }
    propose(hit->scratch, literal->rules);
    return 0;
}

static void scan(struct rules_scratch *s, const struct literals *literals, struct slice text,
                 match_event_handler on)
{
    struct hit_context hit = {s, literals};
    MUST(text.len <= UINT32_MAX);
    hs_error_t result = hs_scan(literals->database, text.at != NULL ? text.at : "",
                                (unsigned)text.len, 0, s->scan, on, &hit);
    MUST(result == HS_SUCCESS);
}

/* All values in one text, with a NUL between; the empty slice when the arena is full. */
static struct slice join(struct rules_scratch *s, const struct field_value *first)
{
    size_t size = 0;
    for (const struct field_value *at = first; at != NULL; at = at->next) {
        size += at->folded.len + 1;
    }
    char *out = arena_bytes(s->fields.arena, size);
    size_t used = 0;
    for (const struct field_value *at = first; at != NULL && out != NULL; at = at->next) {
        if (at->folded.len != 0) {
            memcpy(out + used, at->folded.at, at->folded.len);
        }
        used += at->folded.len;
        out[used++] = '\0';
    }
    return slice_of(out, used);
}

/* The expression may hold: PCRE2 is asked when a rule asks. */
static void suspect(struct rules_scratch *s, const struct literal *regex)
{
    clear_bit(s->known, regex->atom);
    propose(s, regex->rules);
}

static int on_regex(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                    void *context)
{
    (void)from;
    (void)to;
    (void)flags;
    struct hit_context *hit = context;
    suspect(hit->scratch, &hit->literals->at[id]);
    return 0;
}

/* Each value for itself, as PCRE2 looks at it; where it is no UTF-8, PCRE2 looks for all. */
static void scan_regexes(struct rules_scratch *s, const struct literals *regexes,
                         const struct field_value *first)
{
    uint32_t scanned = regexes->scanned;
    for (const struct field_value *at = first; at != NULL; at = at->next) {
        struct slice seen = slice_cut_utf8(at->raw, REGEX_SUBJECT_BYTES_MAX);
        if (scanned != 0 && utf8_is(seen)) {
            scan(s, regexes, seen, on_regex);
        } else {
            scanned = 0;
        }
    }
    for (uint32_t i = scanned; i < regexes->count; i++) {
        suspect(s, &regexes->at[i]);
    }
}

static void look_up_field(struct rules_scratch *s, uint32_t field)
{
    const struct field_index *at = &s->set->index.fields[field];
    const struct field_value *first = s->fields.slots[field].first;
    propose(s, at->present);
    if (bit_is_set(s->source->needs.keys, field)) {
        for (const struct field_value *value = first; value != NULL; value = value->next) {
            look_up_value(s, field, value);
        }
    }
    if (first == NULL || !bit_is_set(s->source->needs.texts, field)) {
        return;
    }
    if (at->literals != NULL) {
        scan(s, at->literals, first->next != NULL ? join(s, first) : first->folded, on_hit);
    }
    if (at->regexes != NULL) {
        scan_regexes(s, at->regexes, first);
    }
}

void candidates_find(struct rules_scratch *s)
{
    const struct index *index = &s->set->index;
    uint32_t atom_words = s->set->atoms.count / 64 + 1;
    memcpy(s->known, index->known, atom_words * sizeof(uint64_t));
    memset(s->truth, 0, atom_words * sizeof(uint64_t));
    memcpy(s->candidates, index->always, (s->set->count / 64 + 1u) * sizeof(uint64_t));
    for (uint32_t i = 0; i < s->fields.present_count; i++) {
        look_up_field(s, s->fields.present[i]);
    }
}
