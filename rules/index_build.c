/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/index_build.h"
#include "rules/index_scan.h"
#include <stdlib.h>

/* By kind, then what identifies the witness, then rule: equal witnesses lie together. */
static int order(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    if (a->needle.kind != b->needle.kind) {
        return a->needle.kind < b->needle.kind ? -1 : 1;
    }
    if (a->needle.kind == NEEDLE_REGEX && a->needle.field != b->needle.field) {
        return a->needle.field < b->needle.field ? -1 : 1;
    }
    if (a->needle.kind == NEEDLE_ATOM || a->needle.kind == NEEDLE_REGEX) {
        if (a->needle.atom != b->needle.atom) {
            return a->needle.atom < b->needle.atom ? -1 : 1;
        }
    } else {
        if (a->needle.field != b->needle.field) {
            return a->needle.field < b->needle.field ? -1 : 1;
        }
        if (a->group != b->group) {
            return a->group < b->group ? -1 : 1;
        }
        int texts = slice_compare(a->needle.text, b->needle.text);
        if (texts != 0) {
            return texts;
        }
    }
    return a->rule < b->rule ? -1 : a->rule > b->rule;
}

static bool is_same_witness(const struct entry *left, const struct entry *right)
{
    const struct needle *a = &left->needle;
    const struct needle *b = &right->needle;
    if (a->kind != b->kind) {
        return false;
    }
    return a->kind == NEEDLE_ATOM || a->kind == NEEDLE_REGEX
               ? a->atom == b->atom
               : a->field == b->field && left->group == right->group && slice_eq(a->text, b->text);
}

uint32_t index_span_end(const struct entries *entries, uint32_t from)
{
    uint32_t end = from + 1;
    while (end < entries->count && is_same_witness(&entries->at[from], &entries->at[end])) {
        end++;
    }
    return end;
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
        uint32_t end = index_span_end(entries, i);
        const struct needle *needle = &entries->at[i].needle;
        if (needle->kind == NEEDLE_ATOM) {
            index->atom_rules[needle->atom] = (struct posting){i, end - i};
        } else if (needle->kind == NEEDLE_PRESENT) {
            index->fields[needle->field].present = (struct posting){i, end - i};
        }
        i = end;
    }
    return index_build_scans(index, c, entries);
}
