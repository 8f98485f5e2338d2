/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlation_tree.h"
#include "ingest/base/hash.h"
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/grow.h"
#include <inttypes.h>

#define TREE_BYTES_MAX (1u << 20)

/* One node on its way into a tree. */
struct branch {
    uint32_t correlation;
    uint32_t parent; /* number of the node above, from 1; 0: none */
    uint32_t source; /* which of its sources */
    const uint32_t *to_root;
};

struct tree {
    struct compile *c;
    struct ruleset *set;
    struct branch branches[CORRELATION_NODES_MAX];
    uint32_t count;
    bool is_full;
};

static const char *const type_names[] = {"event_count", "value_count", "temporal",  "ordered",
                                         "sum",         "average",     "percentile"};

/* ---- which nodes ---- */

static void add(struct tree *tree, struct branch branch)
{
    tree->is_full |= tree->count == CORRELATION_NODES_MAX;
    if (!tree->is_full) {
        tree->branches[tree->count++] = branch;
    }
}

/* Where a child's group has the values of the root's. */
static const uint32_t *climb(struct tree *tree, const struct branch *above, const uint32_t *group,
                             uint32_t root_count)
{
    uint32_t *to_root = ARENA_ARRAY(tree->c->set, root_count + 1u, uint32_t);
    for (uint32_t i = 0; i < root_count && to_root != NULL; i++) {
        to_root[i] = group[above->to_root[i]];
    }
    return to_root;
}

static void add_children(struct tree *tree, uint32_t number, uint32_t root_count)
{
    struct branch above = tree->branches[number - 1];
    const struct correlation *correlation = &tree->set->correlations[above.correlation];
    for (uint32_t s = 0; s < correlation->plan.sources; s++) {
        const struct correlation_source *source = &correlation->sources[s];
        if (source->is_correlation) {
            add(tree, (struct branch){source->index, number, s,
                                      climb(tree, &above, source->group, root_count)});
        }
    }
}

static void gather(struct tree *tree, uint32_t root)
{
    uint32_t root_count = tree->set->correlations[root].group_count;
    uint32_t *same = ARENA_ARRAY(tree->c->set, root_count + 1u, uint32_t);
    for (uint32_t i = 0; i < root_count && same != NULL; i++) {
        same[i] = i;
    }
    add(tree, (struct branch){root, 0, 0, same});
    for (uint32_t number = 1; number <= tree->count && !tree->c->set->exhausted; number++) {
        add_children(tree, number, root_count);
    }
}

/* ---- as JSON ---- */

static void put_bounds(struct json *json, const struct correlate_plan *plan)
{
    static const char *const names[] = {"eq", "lt", "lte", "gt", "gte"};
    json_key(json, "bounds");
    json_list(json);
    for (uint32_t i = 0; i < plan->bound_count; i++) {
        const struct correlate_bound *bound = &plan->bounds[i];
        json_list(json);
        json_string(json, slice_str(bound->is_negated ? "neq" : names[bound->compare]));
        json_real(json, bound->number);
        json_list_end(json);
    }
    json_list_end(json);
    json_key(json, "steps");
    json_list(json);
    for (uint32_t i = 0; i < plan->step_count; i++) {
        json_integer(json, plan->steps[i]);
    }
    json_list_end(json);
}

/* Indexes from 1, as Lua counts. */
static void put_indexes(struct json *json, const char *key, const uint32_t *at, uint32_t count)
{
    json_key(json, key);
    json_list(json);
    for (uint32_t i = 0; i < count; i++) {
        json_unsigned(json, at[i] + 1u);
    }
    json_list_end(json);
}

static void put_parent(struct json *json, const struct tree *tree, const struct branch *branch)
{
    const struct correlation *above =
        &tree->set->correlations[tree->branches[branch->parent - 1].correlation];
    const struct correlation_source *source = &above->sources[branch->source];
    json_member_integer(json, "parent", branch->parent);
    json_member_integer(json, "parent_source", branch->source);
    put_indexes(json, "parent_group", source->group, above->group_count);
    put_indexes(json, "parent_values", source->values, above->value_count);
    json_member_bool(json, "parent_counts", above->plan.type == CORRELATE_VALUE_COUNT);
}

static void put_node(struct json *json, const struct tree *tree, const struct branch *branch)
{
    const struct correlation *correlation = &tree->set->correlations[branch->correlation];
    const struct correlate_plan *plan = &correlation->plan;
    json_map(json);
    json_member_string(json, "type", slice_str(type_names[plan->type]));
    json_member_integer(json, "span", plan->span_ms);
    json_member_integer(json, "late", plan->late_ms);
    json_member_integer(json, "sources", plan->sources);
    json_member_integer(json, "enough", plan->enough);
    json_member_integer(json, "room", plan->room);
    json_member_bool(json, "waits", plan->waits);
    json_member_bool(json, "absence", plan->is_absence);
    json_key(json, "percentile");
    json_real(json, plan->percentile);
    put_bounds(json, plan);
    json_key(json, "group_by");
    json_list(json);
    for (uint32_t i = 0; i < correlation->group_count; i++) {
        json_string(json, correlation->group_by[i]);
    }
    json_list_end(json);
    if (branch->parent != 0) {
        put_parent(json, tree, branch);
    }
    json_map_end(json);
}

static void put_tree(const struct tree *tree, struct buffer *out)
{
    const struct rule_info *info = &tree->set->correlations[tree->branches[0].correlation].info;
    struct json json;
    json_init(&json, out);
    json_map(&json);
    json_member_string(&json, "id", info->id);
    json_member_string(&json, "title", info->title);
    json_member_string(&json, "level", slice_str(rule_level_name(info->level)));
    json_key(&json, "nodes");
    json_list(&json);
    for (uint32_t i = 0; i < tree->count; i++) {
        put_node(&json, tree, &tree->branches[i]);
    }
    json_list_end(&json);
    json_map_end(&json);
}

/* 52 bits of a hash in decimal: what changes a tree gives it new states. */
static struct slice digest_of(struct arena *arena, struct slice text)
{
    uint8_t digest[32];
    uint64_t number = 0;
    hash_sha256(text, digest);
    memcpy(&number, digest, sizeof(number));
    return arena_printf(arena, "%" PRIu64, number >> 12);
}

/* ---- places ---- */

static bool add_places(struct tree *tree, uint32_t root)
{
    for (uint32_t i = 0; i < tree->count; i++) {
        struct correlation *correlation = &tree->set->correlations[tree->branches[i].correlation];
        struct correlation_place *places =
            grow(tree->c->set, correlation->places, correlation->place_count,
                 &correlation->place_room, sizeof(*places));
        if (places == NULL) {
            return false;
        }
        correlation->places = places;
        places[correlation->place_count++] =
            (struct correlation_place){root, i + 1, tree->branches[i].to_root};
    }
    return true;
}

static bool make(struct compile *c, struct ruleset *set, uint32_t root)
{
    struct buffer text;
    struct tree *tree = ARENA_NEW(c->load, struct tree);
    struct correlation *correlation = &set->correlations[root];
    if (tree == NULL) {
        return false;
    }
    tree->c = c;
    tree->set = set;
    gather(tree, root);
    if (tree->is_full) {
        problem_error(c->problems, correlation->info.file, correlation->info.line, 1,
                      "more than %u correlations feed this one", CORRELATION_NODES_MAX);
        return true;
    }
    buffer_init(&text, TREE_BYTES_MAX);
    put_tree(tree, &text);
    MUST(!text.overflowed);
    correlation->tree = arena_copy(c->set, buffer_slice(&text));
    correlation->digest = digest_of(c->set, correlation->tree);
    buffer_done(&text);
    return add_places(tree, root);
}

bool correlation_trees_make(struct compile *c, struct ruleset *set)
{
    for (uint32_t i = 0; i < set->correlation_count; i++) {
        if (!set->correlations[i].info.is_referenced && !make(c, set, i)) {
            return false;
        }
    }
    return !c->set->exhausted;
}
