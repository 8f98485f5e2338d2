/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/candidates.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/utf8.h"
#include "rules/address.h"
#include "rules/bits.h"

static void propose(struct rules_scratch *s, struct posting rules)
{
    const uint32_t *at = s->set->index.postings + rules.from;
    for (uint32_t i = 0; i < rules.count; i++) {
        set_bit(s->candidates, at[i]);
    }
}

/* The atom holds: so may the rules it is the witness of. */
static void settle(struct rules_scratch *s, uint32_t atom)
{
    if (!bit_is_set(s->truth, atom)) {
        scratch_touch(s, atom);
        set_bit(s->truth, atom);
        propose(s, s->set->index.atom_rules[atom]);
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
        if (is_hit) {
            settle(s, entry->atom);
        }
    }
}

static void compare_number(struct rules_scratch *s, const struct thresholds *numbers,
                           struct slice text)
{
    const struct value value = {.kind = VALUE_STRING, .of.text = text};
    double number = 0;
    if (!value_real(&value, &number)) {
        return;
    }
    for (unsigned compare = 0; compare < COMPARES; compare++) {
        uint32_t at = 0;
        uint32_t end = 0;
        for (thresholds_passed(numbers, (enum compare)compare, number, &at, &end); at < end; at++) {
            settle(s, numbers->at[at].atom);
        }
    }
}

static void find_networks(struct rules_scratch *s, uint32_t root, struct slice text)
{
    const struct networks *all = &s->set->index.networks;
    uint8_t address[16];
    if (!address_parse(text, address)) {
        return;
    }
    uint32_t node = networks_find(all, root, address);
    while (node != 0) {
        for (uint32_t i = all->at[node - 1].atoms; i != 0; i = all->atoms[i - 1].next) {
            settle(s, all->atoms[i - 1].atom);
        }
        node = networks_find(all, networks_below(all, node, address), address);
    }
}

static void look_up_value(struct rules_scratch *s, uint32_t field, const struct field_value *value)
{
    const struct field_index *at = &s->set->index.fields[field];
    uint32_t kinds = s->source->needs.keys[field];
    if ((kinds >> KEY_NUMBER & 1) != 0) {
        compare_number(s, at->numbers, value->raw);
    }
    if ((kinds >> KEY_ADDRESS & 1) != 0) {
        find_networks(s, at->networks, value->raw);
    }
    kinds &= (1u << KEY_KINDS) - 1;
    for (; kinds != 0; kinds &= kinds - 1) {
        unsigned kind = (unsigned)__builtin_ctz(kinds);
        struct slice part;
        if (index_key_part(value->folded, kind, &part)) {
            look_up(s, index_key(field, kind, part), value);
        }
    }
}

static void find(struct rules_scratch *s, const struct literal *literal)
{
    if (literal->atom != ATOM_NONE) {
        scratch_touch(s, literal->atom);
        set_bit(s->truth, literal->atom);
    }
    propose(s, literal->rules);
}

/* The expression may hold: PCRE2 is asked when a rule asks. */
static void suspect(struct rules_scratch *s, const struct literal *regex)
{
    scratch_touch(s, regex->atom);
    clear_bit(s->known, regex->atom);
    propose(s, regex->rules);
}

struct scanning {
    struct rules_scratch *scratch;
    const struct literals *literals;
    void (*take)(struct rules_scratch *s, const struct literal *hit);
};

static int on_hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                  void *context)
{
    (void)from;
    (void)to;
    (void)flags;
    const struct scanning *scanning = context;
    scanning->take(scanning->scratch, &scanning->literals->at[id]);
    return 0;
}

static void scan(struct scanning scanning, struct slice text)
{
    MUST(text.len <= UINT32_MAX);
    hs_error_t result = hs_scan(scanning.literals->database, text.at != NULL ? text.at : "",
                                (unsigned)text.len, 0, scanning.scratch->scan, on_hit, &scanning);
    MUST(result == HS_SUCCESS);
}

static void scan_literals(struct rules_scratch *s, const struct literals *literals,
                          struct slice text)
{
    if (literals->database != NULL) {
        scan((struct scanning){s, literals, find}, text);
        return;
    }
    for (uint32_t i = 0; i < literals->count; i++) {
        if (slice_search(text, literals->at[i].text) != text.len) {
            find(s, &literals->at[i]);
        }
    }
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

/* Each value for itself, as PCRE2 looks at it; where it is no UTF-8, PCRE2 looks for all. */
static void scan_regexes(struct rules_scratch *s, const struct literals *regexes,
                         const struct field_value *first)
{
    uint32_t scanned = regexes->scanned;
    for (const struct field_value *at = first; at != NULL; at = at->next) {
        struct slice seen = slice_cut_utf8(at->raw, REGEX_SUBJECT_BYTES_MAX);
        if (scanned != 0 && utf8_is(seen)) {
            scan((struct scanning){s, regexes, suspect}, seen);
        } else {
            scanned = 0;
        }
    }
    for (uint32_t i = scanned; i < regexes->count; i++) {
        suspect(s, &regexes->at[i]);
    }
}

/* Whether a rule that is meant for this event waits for what the database finds. */
static bool is_needed(const struct rules_scratch *s, const struct literals *literals)
{
    return bit_is_set(s->source->needs.scans, (uint32_t)(literals - s->set->index.databases));
}

static void scan_field(struct rules_scratch *s, const struct field_index *at, struct slice text)
{
    for (uint32_t i = 0; i < at->literals_count; i++) {
        if (is_needed(s, &at->literals[i])) {
            scan_literals(s, &at->literals[i], text);
        }
    }
}

static void look_up_field(struct rules_scratch *s, uint32_t field)
{
    const struct field_index *at = &s->set->index.fields[field];
    const struct field_value *first = s->fields.slots[field].first;
    propose(s, at->present);
    if (s->source->needs.keys[field] != 0) {
        for (const struct field_value *value = first; value != NULL; value = value->next) {
            look_up_value(s, field, value);
        }
    }
    if (first == NULL || !bit_is_set(s->source->needs.texts, field)) {
        return;
    }
    if (at->literals != NULL) {
        bool is_joined = field == FIELD_KEYWORDS && s->fields.joined.len != 0;
        scan_field(s, at,
                   is_joined             ? s->fields.joined
                   : first->next != NULL ? join(s, first)
                                         : first->folded);
    }
    if (at->regexes != NULL && is_needed(s, at->regexes)) {
        scan_regexes(s, at->regexes, first);
    }
}

/* The bits of atoms as an event begins with them. */
static void put_back(struct rules_scratch *s)
{
    const uint64_t *known = s->set->index.known;
    if (s->touched_count > SCRATCH_TOUCHED_MAX) {
        uint32_t atom_words = s->set->atoms.count / 64 + 1;
        memcpy(s->known, known, atom_words * sizeof(uint64_t));
        memset(s->truth, 0, atom_words * sizeof(uint64_t));
        s->touched_count = 0;
    }
    for (uint32_t i = 0; i < s->touched_count; i++) {
        s->known[s->touched[i]] = known[s->touched[i]];
        s->truth[s->touched[i]] = 0;
    }
    s->touched_count = 0;
}

void candidates_find(struct rules_scratch *s)
{
    const struct index *index = &s->set->index;
    put_back(s);
    memcpy(s->candidates, index->always, (s->set->count / 64 + 1u) * sizeof(uint64_t));
    for (uint32_t i = 0; i < s->fields.present_count; i++) {
        look_up_field(s, s->fields.present[i]);
    }
}
