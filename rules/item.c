/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/item.h"
#include "ingest/base/must.h"
#include "rules/fold.h"

/* Splits "field|mod|mod" and applies the modifiers. */
static bool read_key(struct compile *c, const struct value *at, struct slice key, struct item *item)
{
    size_t bar = slice_find(key, '|');
    *item = (struct item){.field = slice_head(key, bar), .key = at};
    struct slice rest = slice_from(key, bar + 1);
    while (bar < key.len) {
        size_t end = slice_find(rest, '|');
        struct slice name = slice_head(rest, end);
        const char *reason = NULL;
        if (item->modifier_count == MODIFIERS_MAX) {
            reason = "too many modifiers";
        } else {
            (void)modifier_apply(item, name, &reason);
        }
        if (reason != NULL) {
            problem_error(c->problems, c->file, at->line, at->column, "modifier `%.*s`: %s",
                          SLICE_ARG(name), reason);
            return false;
        }
        item->modifier_count++;
        if (end == rest.len) {
            break;
        }
        rest = slice_from(rest, end + 1);
    }
    return true;
}

static bool is_keyword_test(const struct item *item)
{
    return (item->test == ITEM_STRING && item->is_open_start == item->is_open_end) ||
           item->test == ITEM_REGEX;
}

/* Every value of the item under one AND or OR. */
static struct node *compile_values(struct compile *c, const struct item *item,
                                   const struct value *values)
{
    if (values->kind != VALUE_LIST) {
        return item_compile_value(c, item, values);
    }
    if (values->count == 0) {
        problem_error(c->problems, c->file, values->line, values->column,
                      "an empty list of values can never hold");
        return NULL;
    }
    struct node *node = node_new(c, item->is_all ? NODE_AND : NODE_OR);
    struct node *last = NULL;
    for (const struct value *at = value_first(values); at != NULL && node != NULL; at = at->next) {
        struct node *child = item_compile_value(c, item, at);
        if (child == NULL) {
            return NULL;
        }
        node_append(node, &last, child);
    }
    return node;
}

static struct node *compile_item(struct compile *c, const struct item *item,
                                 const struct value *values, struct slice key)
{
    if (slice_is_empty(item->field) && !is_keyword_test(item)) {
        problem_error(c->problems, c->file, values->line, values->column,
                      "this modifier needs a field to look at");
        return NULL;
    }
    struct node *node = compile_values(c, item, values);
    if (item->is_negated) {
        node = node_over(c, NODE_NOT, node);
    }
    if (node != NULL && node->kind != NODE_ATOM) {
        node->label = arena_copy(c->set, key);
    }
    return node;
}

struct node *item_compile(struct compile *c, const struct value *value)
{
    struct item item;
    if (!read_key(c, value, value->key, &item)) {
        return NULL;
    }
    return compile_item(c, &item, value, value->key);
}

struct node *item_compile_keyword(struct compile *c, const struct value *value)
{
    struct item item = {.key = value};
    return compile_item(c, &item, value, slice_of(NULL, 0));
}
