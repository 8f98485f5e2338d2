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

/* True when going up from `index` ends at the root. */
static bool reaches_root(const struct tree *tree, uint32_t index)
{
    MUST(index < tree->event->exception_count);
    for (uint32_t step = 0; step < tree->event->exception_count; step++) {
        if (index == tree->root) {
            return true;
        }
        index = tree->parent[index];
        if (index == NOBODY) {
            return false;
        }
    }
    return false;
}

/* False when ids are missing, repeated, unknown or go round: then the list is all that is known. */
static bool tree_build(const struct event *event, struct tree *tree)
{
    MUST(event->exception_count <= EXCEPTIONS_MAX);
    *tree = (struct tree){.event = event, .root = find(event, 0)};
    if (event->exception_count < 2 || tree->root == NOBODY) {
        return false;
    }
    for (uint32_t i = 0; i < event->exception_count; i++) {
        const struct exception *exception = &event->exceptions[i];
        bool is_root = i == tree->root;
        tree->parent[i] = is_root ? NOBODY : find(event, exception->parent_id);
        if (exception->exception_id < 0 || find(event, exception->exception_id) != i ||
            (is_root ? exception->parent_id >= 0 : exception->parent_id < 0)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < event->exception_count; i++) {
        if (!reaches_root(tree, i)) {
            return false;
        }
    }
    return true;
}

/* True for what is no group itself, and has only groups above it. */
static bool is_member(const struct tree *tree, uint32_t index)
{
    if (tree->event->exceptions[index].is_group) {
        return false;
    }
    for (uint32_t up = tree->parent[index]; up != NOBODY; up = tree->parent[up]) {
        if (!tree->event->exceptions[up].is_group) {
            return false;
        }
    }
    return true;
}

static struct id hash_of(struct arena *arena, const struct event *event, uint32_t index)
{
    struct parts parts;
    struct hash_md5 hash;
    MUST(index < event->exception_count);
    parts_init(&parts, arena);
    (void)exception_add(&parts, event, &event->exceptions[index]);
    hash_md5_init(&hash);
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

static uint32_t members(struct arena *arena, const struct tree *tree, const struct exception **out)
{
    struct id seen[EXCEPTIONS_MAX];
    uint32_t count = 0;
    for (uint32_t i = tree->event->exception_count; i-- > 0;) {
        if (!is_member(tree, i)) {
            continue;
        }
        struct id hash = hash_of(arena, tree->event, i);
        uint32_t same = 0;
        while (same < count && !id_eq(seen[same], hash)) {
            same++;
        }
        if (same == count) {
            insert(out, count, &tree->event->exceptions[i]);
            seen[count++] = hash;
        }
    }
    return count;
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

/* `out[0]` and its causes behind it. */
static uint32_t first_path(const struct tree *tree, const struct exception **out)
{
    uint32_t count = 1;
    MUST(out[0] >= tree->event->exceptions);
    uint32_t at = first_child(tree, (uint32_t)(out[0] - tree->event->exceptions));
    while (at != NOBODY) {
        MUST(count < EXCEPTIONS_MAX);
        out[count++] = &tree->event->exceptions[at];
        at = first_child(tree, at);
    }
    return count;
}

uint32_t exceptions_distinct(struct arena *arena, const struct event *event,
                             const struct exception **out)
{
    struct tree tree;
    MUST(event->exception_count > 0);
    if (tree_build(event, &tree)) {
        MUST(tree.parent[tree.root] == NOBODY);
        uint32_t count = members(arena, &tree, out);
        if (count == 1) {
            return first_path(&tree, out);
        }
        if (count > 1) {
            out[count++] = &event->exceptions[tree.root];
            return count;
        }
    }
    for (uint32_t i = 0; i < event->exception_count; i++) {
        out[i] = &event->exceptions[i];
    }
    return event->exception_count;
}
