/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/witness.h"
#include "ingest/base/must.h"
#include "rules/fold.h"
#include "rules/grow.h"
#include "rules/regex_needle.h"
#include "rules/regex_wide.h"

/* How often a witness is expected to hit, in no unit; NEVER_SURE: it proves nothing. */
#define NEVER_SURE   1e30
#define COST_PRESENT 5000.0
#define COST_REGEX   100.0
#define COST_CIDR    200.0
#define COST_EQUAL   10.0
#define COST_ORDER   2000.0 /* half of all values, say, are beyond a number */

static struct slice needle_of(struct arena *arena, const struct atom *atom)
{
    struct slice text = atom->text;
    if (atom->op == ATOM_PATTERN) {
        text = pattern_needle(atom->pattern);
    } else if (atom->op == ATOM_REGEX) {
        text = regex_needle(arena, atom->text);
    }
    struct slice folded = fold_text(arena, text);
    /* Values of text are joined by NUL for one scan: a needle must not reach over. */
    return memchr(folded.at != NULL ? folded.at : "", '\0', folded.len) == NULL ? folded
                                                                                : slice_of(NULL, 0);
}

static double cost_of_text(size_t length)
{
    static const double costs[] = {COST_PRESENT, 3000, 1500, 400, 25, 20, 15, 10};
    return length < 8 ? costs[length] : 4.0 + 20.0 / (double)length;
}

static double cost_of_end(size_t length)
{
    static const double costs[] = {COST_PRESENT, 600, 400, 200, 40, 20};
    return length < 6 ? costs[length] : 2;
}

/* An expression with no text worth looking for is looked for itself. */
static bool is_scanned(struct arena *arena, const struct atom *atom, struct slice *wide)
{
    if (needle_of(arena, atom).len >= 4) {
        return false;
    }
    *wide = regex_wide(arena, atom->text, (atom->regex_flags & REGEX_CASELESS) != 0);
    return wide->len != 0;
}

static double cost_of_regex(struct arena *arena, const struct atom *atom)
{
    struct slice wide;
    return is_scanned(arena, atom, &wide) ? COST_REGEX : cost_of_text(needle_of(arena, atom).len);
}

static double cost_of_atom(struct arena *arena, const struct atom *atom)
{
    switch (atom->op) {
    case ATOM_EXACT:
        return (atom->text.len < 3 ? 40 : 1) + atom->uses / 2.0;
    case ATOM_PREFIX:
    case ATOM_SUFFIX:
        return cost_of_end(atom->text.len) + atom->uses / 8.0;
    case ATOM_REGEX:
        return cost_of_regex(arena, atom);
    case ATOM_CONTAINS:
    case ATOM_PATTERN:
        return cost_of_text(needle_of(arena, atom).len);
    case ATOM_CIDR:
        return COST_CIDR;
    case ATOM_COMPARE:
        return atom->compare == COMPARE_EQ ? COST_EQUAL + atom->uses / 2.0 : COST_ORDER;
    case ATOM_NULL:
        return NEVER_SURE;
    case ATOM_NEVER:
        return 0;
    case ATOM_ANY:
    case ATOM_EXISTS:
    case ATOM_FIELD:
    case ATOM_TIME:
        return COST_PRESENT;
    }
    NEVER("atom outside its enum");
}

/* Under a `not`, AND and OR change places and an atom proves nothing. */
static bool is_conjunction(const struct node *node, bool is_negated)
{
    return (node->kind == NODE_OR) == is_negated;
}

static double cost(const struct needles *out, const struct atoms *atoms, const struct node *node,
                   bool is_negated)
{
    if (node->kind == NODE_ATOM) {
        size_t before = out->arena->used;
        double price = is_negated ? NEVER_SURE : cost_of_atom(out->arena, &atoms->at[node->atom]);
        out->arena->used = before;
        return price;
    }
    if (node->kind == NODE_NOT) {
        return cost(out, atoms, node->first, !is_negated);
    }
    bool takes_best = is_conjunction(node, is_negated);
    double total = takes_best ? NEVER_SURE : 0;
    for (const struct node *at = node->first; at != NULL; at = at->next) {
        double price = cost(out, atoms, at, is_negated);
        total = !takes_best ? total + price : price < total ? price : total;
    }
    return total;
}

/* The needle of an atom that is tested against texts. */
static struct needle needle_in_text(struct arena *arena, uint32_t index, const struct atom *atom)
{
    struct needle needle = {.kind = NEEDLE_REGEX, .atom = index, .field = atom->field};
    if (atom->op != ATOM_REGEX || !is_scanned(arena, atom, &needle.text)) {
        needle.text = needle_of(arena, atom);
        needle.kind = needle.text.len != 0 ? NEEDLE_TEXT : NEEDLE_PRESENT;
    }
    return needle;
}

static bool add_atom(struct needles *out, const struct atoms *atoms, uint32_t index)
{
    const struct atom *atom = &atoms->at[index];
    struct needle needle = {.kind = NEEDLE_PRESENT, .atom = index, .field = atom->field};
    if (atom->op == ATOM_NEVER) {
        return true; /* what cannot hold needs no witness */
    }
    if (atom->op == ATOM_EXACT || atom->op == ATOM_PREFIX || atom->op == ATOM_SUFFIX ||
        atom->op == ATOM_COMPARE || atom->op == ATOM_CIDR) {
        needle.kind = NEEDLE_ATOM;
    } else if (atom->op == ATOM_CONTAINS || atom->op == ATOM_PATTERN || atom->op == ATOM_REGEX) {
        needle = needle_in_text(out->arena, index, atom);
    }
    struct needle *at = grow(out->arena, out->at, out->count, &out->room, sizeof(*at));
    if (at == NULL) {
        return false;
    }
    out->at = at;
    at[out->count++] = needle;
    return true;
}

/* The child of a conjunction that proves most for least. */
static const struct node *best_child(const struct needles *out, const struct atoms *atoms,
                                     const struct node *node, bool is_negated)
{
    const struct node *best = NULL;
    double best_price = NEVER_SURE;
    for (const struct node *at = node->first; at != NULL; at = at->next) {
        double price = cost(out, atoms, at, is_negated);
        if (price < best_price) {
            best = at;
            best_price = price;
        }
    }
    return best;
}

static bool collect(struct needles *out, const struct atoms *atoms, const struct node *node,
                    bool is_negated)
{
    if (node->kind == NODE_ATOM) {
        return !is_negated && add_atom(out, atoms, node->atom);
    }
    if (node->kind == NODE_NOT) {
        return collect(out, atoms, node->first, !is_negated);
    }
    if (is_conjunction(node, is_negated)) {
        const struct node *best = best_child(out, atoms, node, is_negated);
        return best != NULL && collect(out, atoms, best, is_negated);
    }
    for (const struct node *at = node->first; at != NULL; at = at->next) {
        if (!collect(out, atoms, at, is_negated)) {
            return false;
        }
    }
    return true;
}

bool witness_of(const struct atoms *atoms, const struct node *root, struct needles *out)
{
    MUST(out->arena != NULL);
    out->count = 0;
    if (cost(out, atoms, root, false) >= NEVER_SURE) {
        return false;
    }
    return collect(out, atoms, root, false);
}
