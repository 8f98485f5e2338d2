/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/fingerprint/exception.h"

#define NOBODY UINT32_MAX

/* An event's exceptions by index; which holds which. */
struct tree {
    const struct event *event;
    uint32_t root;
    uint32_t parent[EXCEPTIONS_MAX]; /* NOBODY: of the root */
};

static uint32_t find(const struct event *event, int64_t id)
{
    for (uint32_t i = 0; i < event->exception_count; i++) {
        if (event->exceptions[i].exception_id == id) {
            return i;
        }
    }
    return NOBODY;
}

/* False when ids are missing, repeated, their own parent's, or there is no root: then the list is
 * all that is known. Who names a parent that is not there is just never reached. */
static bool tree_build(const struct event *event, struct tree *tree)
{
    MUST(event->exception_count <= EXCEPTIONS_MAX);
    *tree = (struct tree){.event = event, .root = find(event, 0)};
    if (event->exception_count < 2 || tree->root == NOBODY) {
        return false;
    }
    for (uint32_t i = 0; i < event->exception_count; i++) {
        const struct exception *exception = &event->exceptions[i];
        if (exception->exception_id < 0 || find(event, exception->exception_id) != i ||
            exception->exception_id == exception->parent_id) {
            return false;
        }
        tree->parent[i] = exception->parent_id >= 0 ? find(event, exception->parent_id) : NOBODY;
    }
    return true;
}

/* Of both variants: two that look alike to the application may differ in the system's frames. */
static struct id hash_of(struct arena *arena, const struct event *event, uint32_t index)
{
    struct parts parts;
    struct hash_md5 hash;
    MUST(index < event->exception_count);
    parts_init(&parts, arena);
    (void)exception_add(&parts, event, &event->exceptions[index]);
    hash_md5_init(&hash);
    parts_hash(&parts, VARIANT_APP, &hash);
    parts_hash(&parts, VARIANT_SYSTEM, &hash);
    return hash_md5_done(&hash);
}

/* By type from Z to A, so that it does not matter which failed first. */
static void insert(const struct exception **out, uint32_t count, const struct exception *exception)
{
    uint32_t at = count;
    MUST(count < EXCEPTIONS_MAX);
    while (at > 0 && slice_compare(out[at - 1]->type, exception->type) < 0) {
        out[at] = out[at - 1];
        at--;
    }
    out[at] = exception;
}

/* What a walk from the root on has found. */
struct walk {
    const struct tree *tree;
    const struct exception **out;
    uint32_t count;
    bool has_been[EXCEPTIONS_MAX];
    bool is_round; /* who holds whom goes round: nothing can be said */
};

/* Adds the members of the group `index`, and of the groups in it; else itself. The newest first. */
static void add_members(struct walk *walk, uint32_t index)
{
    uint32_t pending[EXCEPTIONS_MAX];
    uint32_t depth = 0;
    const struct event *event = walk->tree->event;
    pending[depth++] = index;
    while (depth > 0) {
        index = pending[--depth];
        walk->is_round |= walk->has_been[index];
        if (walk->is_round) {
            return;
        }
        walk->has_been[index] = true;
        if (!event->exceptions[index].is_group) {
            insert(walk->out, walk->count++, &event->exceptions[index]);
            continue;
        }
        for (uint32_t i = 0; i < event->exception_count; i++) { /* the last pushed comes first */
            if (walk->tree->parent[i] == index) {
                MUST(depth < EXCEPTIONS_MAX);
                pending[depth++] = i;
            }
        }
    }
}

/* The distinct members, sorted: of neighbours that say the same only the first. */
static uint32_t members(struct arena *arena, const struct tree *tree, const struct exception **out)
{
    struct walk walk = {.tree = tree, .out = out};
    struct id before = {{0}};
    uint32_t kept = 0;
    add_members(&walk, tree->root);
    for (uint32_t i = 0; !walk.is_round && i < walk.count; i++) {
        struct id hash = hash_of(arena, tree->event, (uint32_t)(out[i] - tree->event->exceptions));
        if (i == 0 || !id_eq(hash, before)) {
            out[kept++] = out[i];
        }
        before = hash;
    }
    MUST(kept <= walk.count);
    return kept;
}

/* The first cause of `index`; NOBODY when there is none. */
static uint32_t first_child(const struct tree *tree, uint32_t index)
{
    for (uint32_t i = tree->event->exception_count; i-- > 0;) {
        if (tree->parent[i] == index) {
            return i;
        }
    }
    return NOBODY;
}

/* `out[0]` and its causes behind it; 0 when they go round. */
static uint32_t first_path(const struct tree *tree, const struct exception **out)
{
    uint32_t count = 1;
    MUST(out[0] >= tree->event->exceptions);
    uint32_t at = first_child(tree, (uint32_t)(out[0] - tree->event->exceptions));
    while (at != NOBODY && count < tree->event->exception_count) {
        out[count++] = &tree->event->exceptions[at];
        at = first_child(tree, at);
    }
    return at == NOBODY ? count : 0;
}

/* Version 3 of Python's SDK began to say which exceptions belong together; before, the list was
 * taken as it is, and what was grouped so must stay together. */
static bool is_told_late(const struct event *event)
{
    return slice_eq(event->platform, SLICE("python")) &&
           slice_starts(event->sdk_version, SLICE("3"));
}

uint32_t exceptions_distinct(struct arena *arena, const struct event *event,
                             const struct exception **out)
{
    struct tree tree;
    uint32_t count = 0;
    MUST(event->exception_count > 0);
    if (!is_told_late(event) && tree_build(event, &tree)) {
        count = members(arena, &tree, out);
        if (count == 1) {
            count = first_path(&tree, out);
        } else if (count > 1) {
            out[count++] = &event->exceptions[tree.root];
        }
    }
    if (count > 0) {
        return count;
    }
    for (uint32_t i = 0; i < event->exception_count; i++) {
        out[i] = &event->exceptions[i];
    }
    return event->exception_count;
}
