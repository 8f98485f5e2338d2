/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/detection.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/condition.h"
#include "rules/item.h"

/* The search identifiers of one detection, and what they compiled to. */
struct identifiers {
    struct slice *names;
    struct node **nodes;
    uint32_t count;
};

static struct node *refuse(struct compile *c, const struct value *at, const char *what)
{
    problem_error(c->problems, c->file, at->line, at->column, "%s", what);
    return NULL;
}

static struct node *compile_map(struct compile *c, const struct value *map)
{
    struct node *node = node_new(c, NODE_AND);
    struct node *last = NULL;
    if (map->count == 0) {
        return refuse(c, map, "an empty map holds for every event");
    }
    for (const struct value *at = value_first(map); at != NULL && node != NULL; at = at->next) {
        struct node *item = item_compile(c, at);
        if (item == NULL) {
            return NULL;
        }
        node_append(node, &last, item);
    }
    return node;
}

static struct node *compile_list(struct compile *c, const struct value *list)
{
    struct node *node = node_new(c, NODE_OR);
    struct node *last = NULL;
    if (list->count == 0) {
        return refuse(c, list, "an empty list can never hold");
    }
    for (const struct value *at = value_first(list); at != NULL && node != NULL; at = at->next) {
        if (at->kind == VALUE_LIST) {
            return refuse(c, at, "a list inside a list means nothing: write its values one by one");
        }
        struct node *child =
            at->kind == VALUE_MAP ? compile_map(c, at) : item_compile_keyword(c, at);
        if (child == NULL) {
            return NULL;
        }
        node_append(node, &last, child);
    }
    return node;
}

static struct node *compile_selection(struct compile *c, const struct value *selection)
{
    struct node *inner = NULL;
    if (selection->kind == VALUE_MAP) {
        inner = compile_map(c, selection);
    } else if (selection->kind == VALUE_LIST) {
        inner = compile_list(c, selection);
    } else {
        inner = item_compile_keyword(c, selection);
    }
    return inner;
}

static bool is_identifier(struct slice key, bool is_filter)
{
    return !slice_eq(key, SLICE("condition")) && !slice_eq(key, SLICE("timeframe")) &&
           !(is_filter && slice_eq(key, SLICE("rules")));
}

static bool compile_identifiers(struct compile *c, const struct value *detection, bool is_filter,
                                struct identifiers *ids)
{
    bool well = true;
    ids->names = ARENA_ARRAY(c->load, detection->count + 1u, struct slice);
    ids->nodes = ARENA_ARRAY(c->load, detection->count + 1u, struct node *);
    if (ids->names == NULL || ids->nodes == NULL) {
        return refuse(c, detection, "no memory left") != NULL;
    }
    for (const struct value *at = value_first(detection); at != NULL; at = at->next) {
        if (!is_identifier(at->key, is_filter)) {
            continue;
        }
        struct node *node = compile_selection(c, at);
        well = well && node != NULL;
        ids->names[ids->count] = at->key;
        ids->nodes[ids->count++] = node;
    }
    return well;
}

static struct node *build(struct compile *c, const struct identifiers *ids,
                          const struct condition *condition);

static struct node *build_children(struct compile *c, const struct identifiers *ids,
                                   const struct condition *condition, enum node_kind kind)
{
    struct node *node = node_new(c, kind);
    struct node *last = NULL;
    for (const struct condition *at = condition->first; at != NULL && node != NULL; at = at->next) {
        struct node *child = build(c, ids, at);
        if (child == NULL) {
            return NULL;
        }
        node_append(node, &last, child);
    }
    return node;
}

/* As deep as the condition, which condition_parse bounds. */
static struct node *build(struct compile *c, const struct identifiers *ids,
                          const struct condition *condition)
{
    switch (condition->kind) {
    case CONDITION_AND:
    case CONDITION_ALL:
        return build_children(c, ids, condition, NODE_AND);
    case CONDITION_OR:
    case CONDITION_ANY:
        return build_children(c, ids, condition, NODE_OR);
    case CONDITION_NOT:
        return build_children(c, ids, condition, NODE_NOT);
    case CONDITION_NAME:
        break;
    }
    MUST(condition->kind == CONDITION_NAME && condition->name < ids->count);
    struct node *node = node_over(c, NODE_GROUP, ids->nodes[condition->name]);
    if (node != NULL) {
        node->label = arena_copy(c->set, ids->names[condition->name]);
    }
    return node;
}

static struct node *compile_condition(struct compile *c, const struct identifiers *ids,
                                      const struct value *text)
{
    struct condition_error error = {0};
    if (text->kind != VALUE_STRING && text->kind != VALUE_NUMBER) {
        return refuse(c, text, "a condition is a text");
    }
    struct slice written = value_text(text);
    struct condition *tree = condition_parse(c->load, written, ids->names, ids->count, &error);
    if (tree == NULL) {
        bool is_one_line = slice_find(written, '\n') == written.len;
        uint32_t column = text->column + (is_one_line ? (uint32_t)error.offset : 0);
        problem_error(c->problems, c->file, text->line, column, "condition: %s%s%.*s%s",
                      error.reason, error.word.len != 0 ? ": `" : "", SLICE_ARG(error.word),
                      error.word.len != 0 ? "`" : "");
        return NULL;
    }
    struct node *node = build(c, ids, tree);
    return node != NULL ? node : refuse(c, text, "no memory left for this rule");
}

static struct node *compile_conditions(struct compile *c, const struct identifiers *ids,
                                       const struct value *conditions)
{
    if (conditions->kind != VALUE_LIST) {
        return compile_condition(c, ids, conditions);
    }
    struct node *node = node_new(c, NODE_OR);
    struct node *last = NULL;
    if (conditions->count == 0) {
        return refuse(c, conditions, "an empty list of conditions");
    }
    for (const struct value *at = value_first(conditions); at != NULL && node != NULL;
         at = at->next) {
        struct node *child = compile_condition(c, ids, at);
        if (child == NULL) {
            return NULL;
        }
        node_append(node, &last, child);
    }
    return node;
}

struct node *detection_compile(struct compile *c, const struct value *detection, bool is_filter)
{
    struct identifiers ids = {0};
    if (detection->kind != VALUE_MAP) {
        return refuse(c, detection, "a map of search identifiers and a condition is due here");
    }
    const struct value *condition = value_get(detection, SLICE("condition"));
    const struct value *timeframe = value_get(detection, SLICE("timeframe"));
    if (timeframe != NULL) {
        return refuse(c, timeframe, "timeframe is no longer part of Sigma: use a correlation");
    }
    if (condition == NULL) {
        return refuse(c, detection, "the condition is missing");
    }
    if (!compile_identifiers(c, detection, is_filter, &ids)) {
        return NULL;
    }
    if (ids.count == 0) {
        return refuse(c, detection, "there is no search identifier");
    }
    return compile_conditions(c, &ids, condition);
}

bool detection_has_not(const struct value *detection)
{
    const struct value *condition = value_get(detection, SLICE("condition"));
    struct slice text = value_string(condition);
    struct slice word = SLICE("not ");
    for (size_t i = 0; i + word.len <= text.len; i++) {
        bool is_start = i == 0 || text.at[i - 1] == ' ' || text.at[i - 1] == '(';
        if (is_start && slice_starts(slice_from(text, i), word)) {
            return true;
        }
    }
    return text.len == 0; /* a list, or none: said elsewhere */
}
