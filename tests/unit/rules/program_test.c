/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "rules/program.h"
#include "tests/unit/rules/fixture.h"

/* Random trees over eight atoms, built and evaluated here as they read. */
struct forest {
    struct fixture *f;
    struct compile c;
    struct atoms atoms;
    uint32_t seed;
};

static uint32_t next(struct forest *w, uint32_t below)
{
    w->seed = w->seed * 1664525u + 1013904223u;
    return (w->seed >> 16) % below;
}

static struct node *grow_tree(struct forest *w, unsigned depth)
{
    struct node *node = node_new(&w->c, NODE_ATOM);
    node->atom = next(w, 8);
    if (depth == 0 || next(w, 4) == 0) {
        return node;
    }
    node->kind = (enum node_kind)(next(w, 3)); /* AND, OR, NOT */
    uint32_t count = node->kind == NODE_NOT ? 1 : 1 + next(w, 4);
    struct node *last = NULL;
    for (uint32_t i = 0; i < count; i++) {
        node_append(node, &last, grow_tree(w, depth - 1));
    }
    return node;
}

static bool evaluate(const struct node *node, uint32_t truths)
{
    if (node->kind == NODE_ATOM) {
        return (truths >> node->atom & 1) != 0;
    }
    if (node->kind == NODE_NOT) {
        return !evaluate(node->first, truths);
    }
    bool is_or = node->kind == NODE_OR;
    for (const struct node *at = node->first; at != NULL; at = at->next) {
        if (evaluate(at, truths) == is_or) {
            return is_or;
        }
    }
    return !is_or;
}

static bool run(const struct program *program, uint32_t truths)
{
    uint32_t at = program->start;
    while (at < PROGRAM_REJECT) {
        const struct step *step = &program->steps[at];
        at = (truths >> step->atom & 1) != 0 ? step->yes : step->no;
    }
    return at == PROGRAM_ACCEPT;
}

static struct forest *forest_new(void)
{
    struct forest *w = calloc(1, sizeof(*w));
    w->f = fixture_new();
    w->atoms.arena = &w->f->arena;
    w->c.set = &w->f->arena;
    w->seed = 7;
    for (uint32_t i = 0; i < 8; i++) {
        struct atom proto = {.op = i % 2 == 0 ? ATOM_EXACT : ATOM_CONTAINS, .field = i + 1};
        cr_assert_eq(atoms_add(&w->atoms, &proto), i);
    }
    return w;
}

Test(program, answers_as_the_tree_does)
{
    struct forest *w = forest_new();
    for (int round = 0; round < 500; round++) {
        struct program program;
        struct node *root = grow_tree(w, 4);
        cr_assert(program_make(&w->f->arena, &w->atoms, root, &program));
        for (uint32_t truths = 0; truths < 256; truths++) {
            cr_assert_eq(run(&program, truths), evaluate(root, truths), "round %d", round);
        }
    }
    fixture_free(w->f);
    free(w);
}

Test(program, cheap_tests_come_first)
{
    struct forest *w = forest_new();
    struct program program;
    struct node *root = node_new(&w->c, NODE_AND);
    struct node *last = NULL;
    for (uint32_t i = 0; i < 2; i++) {
        struct node *child = node_new(&w->c, NODE_ATOM);
        child->atom = 1 - i; /* the dear one first */
        node_append(root, &last, child);
    }
    cr_assert(program_make(&w->f->arena, &w->atoms, root, &program));

    cr_expect_eq(program.steps[program.start].atom, 0);
    fixture_free(w->f);
    free(w);
}
