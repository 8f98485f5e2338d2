/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/program.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

uint32_t program_atom_cost(const struct atom *atom)
{
    switch (atom->op) {
    case ATOM_EXISTS:
    case ATOM_NULL:
    case ATOM_NEVER:
    case ATOM_ANY:
        return 1;
    case ATOM_EXACT:
    case ATOM_PREFIX:
    case ATOM_SUFFIX:
        return 2;
    case ATOM_COMPARE:
    case ATOM_CIDR:
    case ATOM_TIME:
    case ATOM_FIELD:
        return 40;
    case ATOM_CONTAINS:
        return 30;
    case ATOM_PATTERN:
        return 60;
    case ATOM_REGEX:
        return 300;
    }
    NEVER("atom outside its enum");
}

static uint32_t cost(const struct atoms *atoms, const struct node *node)
{
    if (node->kind == NODE_ATOM) {
        return program_atom_cost(&atoms->at[node->atom]);
    }
    uint32_t sum = 0;
    for (const struct node *at = node->first; at != NULL; at = at->next) {
        uint32_t more = cost(atoms, at);
        sum = sum > UINT32_MAX / 2 ? sum : sum + more;
    }
    return sum;
}

/* Insertion into a sorted list, stable: authors often put the telling value first. */
static struct node *insert(const struct atoms *atoms, struct node *sorted, struct node *node)
{
    uint32_t price = cost(atoms, node);
    struct node **at = &sorted;
    while (*at != NULL && cost(atoms, *at) <= price) {
        at = &(*at)->next;
    }
    node->next = *at;
    *at = node;
    return sorted;
}

/* Lists of values all cost the same and may be thousands: only short lists are worth sorting. */
#define SORTED_CHILDREN_MAX 32u

static void sort(const struct atoms *atoms, struct node *node)
{
    uint32_t count = 0;
    for (struct node *at = node->first; at != NULL; at = at->next) {
        sort(atoms, at);
        count++;
    }
    if (count < 2 || count > SORTED_CHILDREN_MAX) {
        return;
    }
    struct node *sorted = NULL;
    for (struct node *at = node->first; at != NULL;) {
        struct node *next = at->next;
        sorted = insert(atoms, sorted, at);
        at = next;
    }
    node->first = sorted;
}

/* Counts the tests, a shared selection as often as it is named. */
static uint32_t count_tests(const struct node *node)
{
    if (node->kind == NODE_ATOM) {
        return 1;
    }
    uint32_t sum = 0;
    for (const struct node *at = node->first; at != NULL && sum <= RULE_PROGRAM_MAX;
         at = at->next) {
        sum += count_tests(at);
    }
    return sum;
}

/* Where an evaluation goes on. */
struct targets {
    uint32_t yes;
    uint32_t no;
};

struct maker {
    struct program *program;
    struct node **stack; /* children of open nodes, to be taken from the last */
    uint32_t used;
};

/* Emits from the last test to the first, so that every target is known; gives the entry. */
static uint32_t emit(struct maker *m, const struct node *node, struct targets to)
{
    if (node->kind == NODE_ATOM) {
        m->program->steps[m->program->count] = (struct step){node->atom, to.yes, to.no};
        return m->program->count++;
    }
    if (node->kind == NODE_NOT) {
        return emit(m, node->first, (struct targets){to.no, to.yes});
    }
    uint32_t base = m->used;
    for (struct node *at = node->first; at != NULL; at = at->next) {
        m->stack[m->used++] = at;
    }
    MUST(m->used > base);
    uint32_t entry = emit(m, m->stack[--m->used], to);
    while (m->used > base) {
        struct targets each = node->kind == NODE_OR ? (struct targets){to.yes, entry}
                                                    : (struct targets){entry, to.no};
        entry = emit(m, m->stack[--m->used], each);
    }
    return entry;
}

bool program_make(struct arena *arena, const struct atoms *atoms, struct node *root,
                  struct program *program)
{
    uint32_t tests = count_tests(root);
    if (tests > RULE_PROGRAM_MAX) {
        return false;
    }
    sort(atoms, root);
    *program = (struct program){.steps = ARENA_ARRAY(arena, tests, struct step)};
    /* On the way down at most every node's children are open at once, each over a test or more. */
    struct maker m = {.program = program,
                      .stack = ARENA_ARRAY(arena, (size_t)tests * 2 + 64, struct node *)};
    if (program->steps == NULL || m.stack == NULL) {
        return false;
    }
    program->start = emit(&m, root, (struct targets){PROGRAM_ACCEPT, PROGRAM_REJECT});
    MUST(program->count == tests);
    return true;
}
