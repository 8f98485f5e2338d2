/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/index_build.h"
#include "ingest/base/must.h"
#include <stdlib.h>

/* By kind, then what identifies the witness, then rule: equal witnesses lie together. */
static int order(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    if (a->needle.kind != b->needle.kind) {
        return a->needle.kind < b->needle.kind ? -1 : 1;
    }
    if (a->needle.kind == NEEDLE_ATOM) {
        if (a->needle.atom != b->needle.atom) {
            return a->needle.atom < b->needle.atom ? -1 : 1;
        }
    } else {
        if (a->needle.field != b->needle.field) {
            return a->needle.field < b->needle.field ? -1 : 1;
        }
        int texts = slice_compare(a->needle.text, b->needle.text);
        if (texts != 0) {
            return texts;
        }
    }
    return a->rule < b->rule ? -1 : a->rule > b->rule;
}

static bool is_same_witness(const struct needle *a, const struct needle *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    return a->kind == NEEDLE_ATOM ? a->atom == b->atom
                                  : a->field == b->field && slice_eq(a->text, b->text);
}

/* Where the witness at `from` ends. */
static uint32_t span_end(const struct entries *entries, uint32_t from)
{
    uint32_t end = from + 1;
    while (end < entries->count &&
           is_same_witness(&entries->at[from].needle, &entries->at[end].needle)) {
        end++;
    }
    return end;
}

/* The literals of one field on their way into a database. */
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

static void collection_add(struct collection *all, struct slice text, struct literal literal)
{
    all->literals[all->count] = literal;
    all->texts[all->count] = text.at;
    all->sizes[all->count] = text.len;
    all->flags[all->count] = HS_FLAG_SINGLEMATCH;
    all->ids[all->count] = all->count;
    all->count++;
}

static bool compile(struct index *index, struct compile *c, const struct collection *all,
                    uint32_t field)
{
    struct literals *literals = &index->databases[index->database_count];
    hs_compile_error_t *error = NULL;
    hs_error_t result =
        hs_compile_lit_multi(all->texts, all->flags, all->ids, all->sizes, all->count,
                             HS_MODE_BLOCK, NULL, &literals->database, &error);
    if (result != HS_SUCCESS) {
        problem_error(c->problems, slice_of(NULL, 0), 0, 0, "literals of field `%.*s`: %s",
                      SLICE_ARG(c->names->names[field]), error->message);
        hs_free_compile_error(error);
        return false;
    }
    literals->at = all->literals;
    literals->count = all->count;
    index->fields[field].literals = literals;
    index->database_count++;
    return true;
}

/* The atom whose truth a hit on this literal is, if there is one: `contains` of just this text. */
static uint32_t contains_atom(const struct compile *c, uint32_t field, struct slice text)
{
    struct atom proto = {.op = ATOM_CONTAINS, .field = field, .text = text};
    return atoms_find(c->atoms, &proto);
}

/* One field's literals, entries `from` to `to`. */
static bool build_database(struct index *index, struct compile *c, const struct entries *entries,
                           struct posting span)
{
    struct collection all;
    uint32_t field = entries->at[span.from].needle.field;
    if (!collection_init(&all, c, span.count)) {
        return false;
    }
    for (uint32_t i = span.from; i < span.from + span.count;) {
        uint32_t end = span_end(entries, i);
        struct slice text = entries->at[i].needle.text;
        uint32_t atom = contains_atom(c, field, text);
        if (atom != ATOM_NONE) {
            index->known[atom / 64] |= UINT64_C(1) << (atom % 64);
        }
        collection_add(&all, text, (struct literal){atom, {i, end - i}});
        i = end;
    }
    return compile(index, c, &all, field);
}

static bool build_databases(struct index *index, struct compile *c, const struct entries *entries)
{
    index->databases = ARENA_ARRAY(c->set, c->names->count, struct literals);
    uint32_t i = 0;
    while (i < entries->count && entries->at[i].needle.kind != NEEDLE_TEXT) {
        i++;
    }
    while (i < entries->count && entries->at[i].needle.kind == NEEDLE_TEXT) {
        uint32_t end = i;
        while (end < entries->count && entries->at[end].needle.kind == NEEDLE_TEXT &&
               entries->at[end].needle.field == entries->at[i].needle.field) {
            end++;
        }
        if (index->databases == NULL ||
            !build_database(index, c, entries, (struct posting){i, end - i})) {
            return false;
        }
        i = end;
    }
    return true;
}

/* Entries are sorted: a posting is where they lie, so the rules are written in the same order. */
bool index_build_postings(struct index *index, struct compile *c, struct entries *entries)
{
    if (entries->count != 0) {
        qsort(entries->at, entries->count, sizeof(*entries->at), order);
    }
    index->postings = ARENA_ARRAY(c->set, entries->count + 1u, uint32_t);
    if (index->postings == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < entries->count; i++) {
        index->postings[i] = entries->at[i].rule;
    }
    for (uint32_t i = 0; i < entries->count;) {
        uint32_t end = span_end(entries, i);
        const struct needle *needle = &entries->at[i].needle;
        if (needle->kind == NEEDLE_ATOM) {
            index->atom_rules[needle->atom] = (struct posting){i, end - i};
        } else if (needle->kind == NEEDLE_PRESENT) {
            index->fields[needle->field].present = (struct posting){i, end - i};
        }
        i = end;
    }
    return build_databases(index, c, entries);
}
