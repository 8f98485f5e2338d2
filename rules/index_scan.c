/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/index_scan.h"
#include "ingest/base/hash.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/automaton.h"
#include "rules/bits.h"

/* What is looked for in one field, on its way into a database. */
struct collection {
    struct literal *literals;
    const char **texts;
    size_t *sizes;
    unsigned *flags;
    unsigned *ids;
    uint32_t count;
};

static bool collection_init(struct collection *all, struct compile *c, uint32_t room)
{
    *all = (struct collection){.literals = ARENA_ARRAY(c->set, room, struct literal),
                               .texts = ARENA_ARRAY(c->load, room, const char *),
                               .sizes = ARENA_ARRAY(c->load, room, size_t),
                               .flags = ARENA_ARRAY(c->load, room, unsigned),
                               .ids = ARENA_ARRAY(c->load, room, unsigned)};
    return all->literals != NULL && all->texts != NULL && all->sizes != NULL &&
           all->flags != NULL && all->ids != NULL;
}

static void collection_add(struct collection *all, struct slice text, struct literal literal,
                           unsigned flags)
{
    all->literals[all->count] = literal;
    all->texts[all->count] = text.at;
    all->sizes[all->count] = text.len;
    all->flags[all->count] = flags;
    all->ids[all->count] = all->count;
    all->count++;
}

/* ---- literals ---- */

static bool compile_literals(struct compile *c, const struct collection *all, uint32_t field,
                             struct literals *out)
{
    hs_compile_error_t *error = NULL;
    hs_error_t result =
        hs_compile_lit_multi(all->texts, all->flags, all->ids, all->sizes, all->count,
                             HS_MODE_BLOCK, NULL, &out->database, &error);
    if (result != HS_SUCCESS) {
        problem_error(c->problems, slice_of(NULL, 0), 0, 0, "literals of field `%.*s`: %s",
                      SLICE_ARG(c->names->names[field]), error->message);
        hs_free_compile_error(error);
        return false;
    }
    return true;
}

/* A few are kept as they are. */
static bool keep_literals(struct compile *c, const struct collection *all)
{
    for (uint32_t i = 0; i < all->count; i++) {
        all->literals[i].text = arena_copy(c->set, slice_of(all->texts[i], all->sizes[i]));
    }
    return !c->set->exhausted;
}

/* The atom whose truth a hit on this literal is, if there is one: `contains` of just this text. */
static uint32_t contains_atom(const struct compile *c, uint32_t field, struct slice text)
{
    struct atom proto = {.op = ATOM_CONTAINS, .field = field, .text = text};
    return atoms_find(c->atoms, &proto);
}

/* Those of one witness that only want the text found are its last. */
static uint32_t count_rules(const struct entries *entries, uint32_t from, uint32_t end)
{
    while (end > from && entries->at[end - 1].rule == ENTRY_NO_RULE) {
        end--;
    }
    return end - from;
}

static void collect_literal(struct index *index, const struct compile *c,
                            const struct entries *entries, struct posting witness,
                            struct collection *all)
{
    const struct needle *needle = &entries->at[witness.from].needle;
    uint32_t atom = contains_atom(c, needle->field, needle->text);
    if (atom != ATOM_NONE) {
        set_bit(index->known, atom);
    }
    witness.count = count_rules(entries, witness.from, witness.from + witness.count);
    collection_add(all, needle->text, (struct literal){.atom = atom, .rules = witness},
                   HS_FLAG_SINGLEMATCH);
}

static bool finish_literals(struct index *index, struct compile *c, const struct collection *all,
                            uint32_t field, struct literals *out)
{
    struct field_index *at = &index->fields[field];
    out->scanned = all->count;
    if (!(all->count <= INDEX_FEW_LITERALS ? keep_literals(c, all)
                                           : compile_literals(c, all, field, out))) {
        return false;
    }
    if (at->literals == NULL) {
        at->literals = out;
    }
    at->literals_count++;
    return true;
}

/* ---- expressions ---- */

static unsigned scan_flags(const struct atom *atom)
{
    unsigned flags = HS_FLAG_PREFILTER | HS_FLAG_SINGLEMATCH | HS_FLAG_UTF8 | HS_FLAG_ALLOWEMPTY;
    flags |= (atom->regex_flags & REGEX_CASELESS) != 0 ? HS_FLAG_CASELESS : 0;
    flags |= (atom->regex_flags & REGEX_DOTALL) != 0 ? HS_FLAG_DOTALL : 0;
    flags |= (atom->regex_flags & REGEX_MULTILINE) != 0 ? HS_FLAG_MULTILINE : 0;
    return flags;
}

/* Puts the expression behind those that are scanned for: always as if found. */
static void leave_out(struct collection *all, uint32_t expression, struct automaton *automaton)
{
    uint32_t last = --automaton->scanned;
    MUST(expression <= last);
    struct literal literal = all->literals[expression];
    all->literals[expression] = all->literals[last];
    all->literals[last] = literal;
    all->texts[expression] = all->texts[last];
    all->flags[expression] = all->flags[last];
}

/* Reading the expressions comes before the long part of compiling, so that a second try after one
 * was refused costs little. False: there is nothing to be had. */
static bool make(struct collection *all, struct automaton *automaton)
{
    while (automaton->scanned != 0) {
        hs_compile_error_t *error = NULL;
        if (hs_compile_multi(all->texts, all->flags, all->ids, automaton->scanned, HS_MODE_BLOCK,
                             NULL, &automaton->database, &error) == HS_SUCCESS) {
            return true;
        }
        int refused = error->expression;
        hs_free_compile_error(error);
        if (refused < 0) { /* all of them together */
            return false;
        }
        automaton->refused[automaton->refused_count++] = (uint32_t)refused;
        leave_out(all, (uint32_t)refused, automaton);
    }
    return false;
}

/* What is looked for decides; vectorscan knows its own version and machine. */
static void key_of(struct arena *load, const struct collection *all, uint8_t key[static 32])
{
    struct slice *texts = ARENA_ARRAY(load, (size_t)all->count * 2, struct slice);
    for (uint32_t i = 0; i < all->count && texts != NULL; i++) {
        texts[2 * i] = slice_of(all->texts[i], all->sizes[i] + 1);
        texts[2 * i + 1] = slice_of((const char *)&all->flags[i], sizeof(all->flags[i]));
    }
    hash_sha256(
        texts != NULL ? arena_concat(load, texts, (size_t)all->count * 2) : slice_of(NULL, 0), key);
}

static bool recall(struct compile *c, struct collection *all, const uint8_t key[static 32],
                   struct automaton *automaton)
{
    struct slice bytes;
    uint32_t scanned = automaton->scanned;
    if (c->memory->recall == NULL || !c->memory->recall(c->memory->context, key, c->load, &bytes) ||
        !automaton_read(bytes, automaton)) {
        return false;
    }
    automaton->scanned = scanned;
    for (uint32_t i = 0; i < automaton->refused_count; i++) {
        leave_out(all, automaton->refused[i], automaton);
    }
    return true;
}

static bool make_and_keep(struct compile *c, struct collection *all, const uint8_t key[static 32],
                          struct automaton *automaton)
{
    struct slice bytes;
    if (!make(all, automaton)) {
        return false;
    }
    if (c->memory->keep != NULL && automaton_write(c->load, automaton, &bytes)) {
        c->memory->keep(c->memory->context, key, bytes);
    }
    return true;
}

static void collect_regex(struct index *index, const struct compile *c,
                          const struct entries *entries, struct posting witness,
                          struct collection *all)
{
    const struct needle *needle = &entries->at[witness.from].needle;
    set_bit(index->known, needle->atom);
    collection_add(all, needle->text, (struct literal){.atom = needle->atom, .rules = witness},
                   scan_flags(&c->atoms->at[needle->atom]));
}

/* Recalls the automaton, or makes it, or leaves all expressions to PCRE2 for now. */
static bool finish_regexes(struct index *index, struct compile *c, struct collection *all,
                           uint32_t field, struct literals *out)
{
    uint8_t key[32];
    struct automaton automaton = {.refused = ARENA_ARRAY(c->load, all->count, uint32_t),
                                  .room = all->count};
    automaton.scanned = all->count < REGEXES_SCANNED_MAX ? all->count : REGEXES_SCANNED_MAX;
    if (automaton.refused == NULL) {
        return false;
    }
    key_of(c->load, all, key);
    bool is_there = c->memory != NULL && recall(c, all, key, &automaton);
    if (!is_there && (c->memory == NULL || !c->memory->makes)) {
        index->lacks_automata = true;
    } else if (is_there || make_and_keep(c, all, key, &automaton)) {
        out->database = automaton.database;
        out->scanned = automaton.scanned;
    }
    index->fields[field].regexes = out;
    return true;
}

/* ---- all fields ---- */

/* The entries from `from` that are of its kind, field and group. */
static struct posting field_span(const struct entries *entries, uint32_t from)
{
    const struct entry *first = &entries->at[from];
    uint32_t end = from;
    while (end < entries->count && entries->at[end].needle.kind == first->needle.kind &&
           entries->at[end].needle.field == first->needle.field &&
           entries->at[end].group == first->group) {
        end++;
    }
    return (struct posting){from, end - from};
}

static bool is_scanned(enum needle_kind kind)
{
    return kind == NEEDLE_TEXT || kind == NEEDLE_REGEX;
}

static uint32_t count_spans(const struct entries *entries)
{
    uint32_t spans = 0;
    for (uint32_t i = 0; i < entries->count;) {
        bool is_one = is_scanned(entries->at[i].needle.kind);
        spans += is_one;
        i += is_one ? field_span(entries, i).count : 1;
    }
    return spans;
}

/* The database of one kind, field and group. */
static bool build_scan(struct index *index, struct compile *c, const struct entries *entries,
                       struct posting span)
{
    struct collection all;
    const struct entry *first = &entries->at[span.from];
    bool is_text = first->needle.kind == NEEDLE_TEXT;
    struct literals *out = &index->databases[index->database_count];
    if (!collection_init(&all, c, span.count)) {
        return false;
    }
    for (uint32_t i = span.from; i < span.from + span.count;) {
        uint32_t end = index_span_end(entries, i);
        (is_text ? collect_literal : collect_regex)(index, c, entries, (struct posting){i, end - i},
                                                    &all);
        i = end;
    }
    *out = (struct literals){.group = first->group, .at = all.literals, .count = all.count};
    if (!(is_text ? finish_literals(index, c, &all, first->needle.field, out)
                  : finish_regexes(index, c, &all, first->needle.field, out))) {
        return false;
    }
    index->database_count++;
    return true;
}

bool index_build_scans(struct index *index, struct compile *c, const struct entries *entries)
{
    index->databases = ARENA_ARRAY(c->set, count_spans(entries) + 1u, struct literals);
    if (index->databases == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < entries->count;) {
        if (!is_scanned(entries->at[i].needle.kind)) {
            i++;
            continue;
        }
        struct posting span = field_span(entries, i);
        if (!build_scan(index, c, entries, span)) {
            return false;
        }
        i += span.count;
    }
    return true;
}
